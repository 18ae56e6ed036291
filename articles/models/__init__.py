"""The nouns of the newsroom. Import them from here."""

from articles.models.articles import Article
from articles.models.authors import Author, Byline
from articles.models.images import Image
from articles.models.promos import Promo
from articles.models.readership import DailyViews
from articles.models.redirects import Redirect
from articles.models.related_links import RelatedLink
from articles.models.revisions import Correction, Revision, Transition
from articles.models.sections import Section
from articles.models.tags import FormerTagName, Tag, TaggedArticle

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Correction",
    "DailyViews",
    "FormerTagName",
    "Image",
    "Promo",
    "Redirect",
    "RelatedLink",
    "Revision",
    "Section",
    "Tag",
    "TaggedArticle",
    "Transition",
]
