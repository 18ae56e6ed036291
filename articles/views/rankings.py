"""The lists of what is read most and of what is trending, as pages show them."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Ranking

Kind = Ranking.Kind
#: Stories of a list.
LISTED = 5
#: Fewer stories than these are no list: (of what is read most, of what is trending).
FEWEST_READ, FEWEST_TRENDING = 3, 2
TITLES = {
    Kind.DAY: _("Most read in 24 hours"),
    Kind.WEEK: _("Most read this week"),
    Kind.EVER: _("Most read"),
    Kind.TRENDING: _("Trending"),
}


@dataclass(frozen=True)
class RankedList:
    kind: str
    title: Promise
    stories: list[Article]


def ranked_lists(scope: str) -> list[RankedList]:
    """Return the lists of a section's address, or of the whole site (""), in one query.

    Where neither day nor week has enough to fill a list, what was read most of all time stands
    in; a day that is like the week is not shown twice.
    """
    stories: dict[str, list[Article]] = defaultdict(list)
    for story in Article.objects.published(found=True).ranked(scope):
        if len(stories[story.list_kind]) < LISTED:
            stories[story.list_kind].append(story)
    shown = [kind for kind in (Kind.DAY, Kind.WEEK) if len(stories[kind]) >= FEWEST_READ]
    if stories[Kind.DAY] == stories[Kind.WEEK]:
        shown = shown[1:]
    if not shown and len(stories[Kind.EVER]) >= FEWEST_READ:
        shown = [Kind.EVER]
    if len(stories[Kind.TRENDING]) >= FEWEST_TRENDING:
        shown.append(Kind.TRENDING)
    return [RankedList(kind, TITLES[kind], stories[kind]) for kind in shown]
