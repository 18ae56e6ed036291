"""The front page, joined of parts: its head, a block of each section, what is read most."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, DateTimeField
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.editorial import edition
from articles.models import Article, Promo, Section
from articles.models.listings import ArticleQuerySet
from articles.models.prepared import Given, Prepared
from articles.models.rows import shared_rows
from articles.pagecache.parts import Begun, is_kept, joined, kept, with_holes
from articles.pagecache.remembering import edition_moment
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import newest_stories
from articles.views import structured
from articles.views.freshness import PAGE, public
from articles.views.pieces import headline_of, headline_of_row
from articles.views.promos import html_of, promos_at
from articles.views.rankings import kept_rankings
from articles.views.site import footer, masthead, menu_of_sections

#: One lead story, some beside it, then blocks of each section.
TOP_STORIES = 5
SECTION_STORIES = 4
LATEST_STORIES = 8
_MOST = TOP_STORIES + LATEST_STORIES
#: How blocks look, by turns.
LAYOUTS = ("feature", "half", "half", "row")
#: What is joined to the page.
_PARTS = ("masthead", "footer", "head", "rankings", "promos", "blocks")


@public(PAGE, dates_itself=True)
def front(request: HttpRequest, trial: Promo | None = None) -> HttpResponse:
    """The front page: lead and top stories with pictures first, each story once."""
    on_this_page().lists("sections")
    # Before the menu, which blocks are made of, too.
    begun = Begun()
    # The edition's moment from before all else that is shown, or with the first stories.
    is_there = is_kept("front head")
    changed_at = edition_moment() if is_there else None

    def made() -> dict[str, Any]:
        nonlocal changed_at
        shown, latest = _newest()
        changed_at = changed_at or (shown[0].site_changed_at if shown else None)
        return _head(shown, latest)

    head = kept("front head", made, is_missing=not is_there)
    page = kept("front" if head["shown"] else "front, empty", lambda: _page(request, head))
    places = promos_at(Promo.Position.FRONT, trial=trial)
    blocks = "".join(_blocks(menu_of_sections(request), head["shown"], begun))
    text = joined(
        page,
        {
            "masthead": masthead(request),
            "footer": footer(request),
            "head": head["text"],
            "rankings": kept_rankings(""),
            "promos": html_of(places[Promo.Position.FRONT]),
            "blocks": f'<div class="blocks">\n{blocks}</div>' if blocks else "",
        },
    )
    response = HttpResponse(text)
    response.changed_at = changed_at
    return response


def _page(request: HttpRequest, head: dict[str, Any]) -> list[str]:
    on_this_page().lists()
    context = {"has_stories": bool(head["shown"]), "structured": structured.of_front()}
    return with_holes(
        _PARTS, lambda holes: render_to_string("front.html", context | holes, request)
    )


def illustrated_first(stories: list[Article]) -> list[Article]:
    """Return `stories` with the newest illustrated one, if any, before the others."""
    first = next((story for story in stories if story.picture), None)
    return [first, *(story for story in stories if story is not first)] if first else stories


def _head(shown: list[Article], latest: list[SafeString]) -> dict[str, Any]:
    """Lead, top stories and lines of the latest; `shown`: lead and top, as (key, key of the
    section)."""
    # The lead carries the page, so it has the picture; the others stand beside it.
    context = {
        "lead": next(iter(shown), None),
        "top": illustrated_first(shown[1:]),
        "latest": latest,
    }
    return {
        "shown": [[story.pk, story.section_id] for story in shown],
        "text": render_to_string("_front_head.html", context),
    }


def _newest() -> tuple[list[Article], list[SafeString]]:
    """Return lead and top stories, the lead first, and lines of the latest but for them.

    Mostly one of the very newest is illustrated, and of all others a headline will do.
    """
    on_this_page().lists(newest_stories(_MOST))
    now = timezone.now()
    stories = illustrated_first(_TOP.rows(now=now))
    if len(stories) < TOP_STORIES:
        return stories, []
    if stories[0].picture:
        rows = shared_rows(stories[0].next_headlines, {"article": "id"})
        return stories, [headline_of_row(row) for row in rows]
    stories = illustrated_first(_ALL.rows(now=now))
    return stories[:TOP_STORIES], [headline_of(story) for story in stories[TOP_STORIES:]]


def _cards(now: Given, number: int) -> ArticleQuerySet:
    stories = Article.objects.published(now).for_front()
    return stories.annotate(site_changed_at=edition.with_page())[:number]


_TOP = Prepared(
    lambda now: _cards(now, TOP_STORIES).with_next(TOP_STORIES, _MOST, now), now=DateTimeField()
)
_ALL = Prepared(lambda now: _cards(now, _MOST), now=DateTimeField())


#: Places of the keys of what stands at the head.
_SHOWN = tuple(f"shown_{place}" for place in range(TOP_STORIES))


# --- blocks of sections --------------------------------------------------------------------------


def _blocks(menu: list[Section], shown: list[list[int]], begun: Begun) -> Iterable[str]:
    """Each section's newest stories, but for those at the head of the page."""
    newest, number = _NewestOfEach(menu, [pk for pk, _section in shown], begun), 0
    for section in menu:
        others = sorted(pk for pk, its_section in shown if its_section == section.pk)
        layout = LAYOUTS[number % len(LAYOUTS)]
        text = kept(
            f"block {section.pk} {layout} {others}",
            _block(section, layout, newest),
            since=begun,
        )
        if text:
            number += 1
            yield text


def _block(section: Section, layout: str, newest: "_NewestOfEach") -> Callable[[], str]:
    def make() -> str:
        on_this_page().lists(("of section", section.pk), ("section", section.pk))
        stories = newest.of(section)
        for story in stories:
            story.read_again()
        if not stories:
            return ""
        context = {"section": section, "layout": layout, "stories": illustrated_first(stories)}
        return render_to_string("_block.html", context)

    return make


class _NewestOfEach:
    """The newest stories of sections but for those `shown`, by the section's key; at most two
    queries.

    Mostly one block is made anew, after a change of its section. Whoever needs a second one needs
    many.
    """

    def __init__(self, menu: list[Section], shown: list[int], begun: Begun) -> None:
        self._unread = [section.pk for section in menu]
        # Always as many keys: no story has the key 0.
        self._shown = dict(zip(_SHOWN, shown + [0] * TOP_STORIES, strict=False))
        self._stories: dict[int, list[Article]] = defaultdict(list)
        self._begun = begun

    def of(self, section: Section) -> list[Article]:
        if section.pk in self._unread:
            is_first = not self._stories and self._begun.number is not None
            self._read([section.pk] if is_first else self._unread)
        return self._stories[section.pk]

    def _read(self, sections: list[int]) -> None:
        self._unread = [one for one in self._unread if one not in sections]
        keys = {f"section_{number}": pk for number, pk in enumerate(sections)}
        ask = _newest_of_each(len(keys))
        for story in self._begun.read(lambda: ask.rows(now=timezone.now(), **keys, **self._shown)):
            self._stories[story.section_id].append(story)


@lru_cache(8)
def _newest_of_each(number: int) -> Prepared:
    sections = [f"section_{place}" for place in range(number)]

    def build(now: Given, **keys: Given) -> ArticleQuerySet:
        but = [keys[name] for name in _SHOWN]
        return (
            Article.objects.published(now, found=True)
            .newest_per_section([keys[name] for name in sections], SECTION_STORIES, now, but=but)
            .for_front()
        )

    keys = {name: BigIntegerField() for name in (*sections, *_SHOWN)}
    return Prepared(build, now=DateTimeField(), **keys)
