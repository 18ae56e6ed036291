"""The nouns of the newsroom. Import them from here."""

from articles.models.articles import Article
from articles.models.authors import Author, Byline
from articles.models.editions import Edition
from articles.models.images import Image
from articles.models.listed import Listing, Tally
from articles.models.merging import Conflict, Presence, Weave
from articles.models.neighbours import (
    DroppedNeighbour,
    KeyTerm,
    Neighbour,
    RelatedWork,
    StoryTerms,
    TermCount,
    TermRound,
)
from articles.models.people import DeskProfile, Notice
from articles.models.previews import PreviewLink
from articles.models.promos import Message, Promo
from articles.models.readership import (
    DailySalt,
    DailyViews,
    HourlyViews,
    NextClicks,
    Ranking,
    Referrals,
    ViewJournal,
    Visit,
)
from articles.models.redirects import Redirect
from articles.models.related_links import RelatedLink
from articles.models.revisions import Correction, Revision, Transition
from articles.models.schedule import ClockLease, ScheduledStep
from articles.models.sections import Section
from articles.models.tags import FormerTagName, Tag, TagChange, TaggedArticle
from articles.models.translations import Translation

__all__ = [
    "Article",
    "Author",
    "Byline",
    "ClockLease",
    "Conflict",
    "Correction",
    "DailySalt",
    "DailyViews",
    "DeskProfile",
    "DroppedNeighbour",
    "Edition",
    "FormerTagName",
    "HourlyViews",
    "Image",
    "KeyTerm",
    "Listing",
    "Message",
    "Neighbour",
    "NextClicks",
    "Notice",
    "Presence",
    "PreviewLink",
    "Promo",
    "Ranking",
    "Redirect",
    "Referrals",
    "RelatedLink",
    "RelatedWork",
    "Revision",
    "ScheduledStep",
    "Section",
    "StoryTerms",
    "Tag",
    "TagChange",
    "TaggedArticle",
    "Tally",
    "TermCount",
    "TermRound",
    "Transition",
    "Translation",
    "ViewJournal",
    "Visit",
    "Weave",
]
