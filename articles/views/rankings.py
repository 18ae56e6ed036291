"""The lists of what is read most and of what is trending, as pages show them."""

import time
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import CharField, DateTimeField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Ranking
from articles.models.prepared import Prepared
from articles.pagecache.parts import kept
from articles.pagecache.showing import on_this_page

Kind = Ranking.Kind
#: Seconds after which a page is made anew for its most read stories alone.
GROWS_OLD = 300
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


_RANKED = Prepared(
    lambda now, scope: Article.objects.published(now, found=True).ranked(scope),
    now=DateTimeField(),
    scope=CharField(),
)


@dataclass(frozen=True)
class RankedList:
    kind: str
    title: Promise
    stories: list[Article]


def kept_rankings(scope: str) -> SafeString:
    """Return the lists as a part of a page, which grows old for their sake."""
    text = kept(f"rankings {scope}", lambda: _rankings(scope))
    return SafeString(text)  # nosec B703


def _rankings(scope: str) -> str:
    # A story that comes back has its place as before; another one that comes has none yet.
    on_this_page().lists("rankings")
    on_this_page().grows_old(time.time() + GROWS_OLD)
    return render_to_string("_rankings.html", {"rankings": ranked_lists(scope)})


def ranked_lists(scope: str) -> list[RankedList]:
    """Return the lists of a section's address, or of the whole site (""), in one query.

    Where neither day nor week has enough to fill a list, what was read most of all time stands
    in; a day that is like the week is not shown twice.
    """
    stories: dict[str, list[Article]] = defaultdict(list)
    for story in _RANKED.rows(now=timezone.now(), scope=scope):
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
