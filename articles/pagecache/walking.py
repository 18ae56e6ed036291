"""All addresses of public pages that may be kept, what is read most first.

What lies behind a query string (older stories of a list) is not among them, nor is what nobody
keeps (searches), nor what is no page of the site (pictures, forms, the desk).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from articles.models import Article, Author, Correction, Section, Tag
from articles.pagecache.slots import PART

_AT_ONCE = 500
_FEEDS = ("rss.xml", "atom.xml", "feed.json")
_LISTS = ("front", "latest", "tags", "archive", "corrections")
_FILES = (
    "site_rss", "site_atom", "site_json", "corrections_rss", "corrections_atom", "corrections_json",
    "sitemap", "news_sitemap", "robots", "opensearch", "manifest", "favicon",
)  # fmt: skip


def addresses() -> Iterator[str]:
    """Each address once; no more than a few hundred rows at a time. Some may hold no page."""
    names = [*_LISTS, *_FILES]
    names += ["llms"] if settings.AI_CRAWLERS else []
    names += ["security"] if settings.SECURITY_CONTACT else []
    yield from (reverse(f"articles:{name}") for name in names)
    yield from _with_feeds(Section)
    yield from _stories()
    yield from _with_feeds(Tag)
    yield from _with_feeds(Author)
    yield from _days()
    yield from _parts_of_sitemap()


def _stories() -> Iterator[str]:
    """Newest first: its page, its Markdown, and its versions where its page leads to them."""
    found = Article.objects.published().only("published_on", "published_at", "slug")
    last = None
    while True:
        rows = found
        if last is not None:
            rows = found.filter(published_at__lte=last.published_at).exclude(
                published_at=last.published_at, pk__gte=last.pk
            )
        rows = list(rows[:_AT_ONCE])
        if not rows:
            return
        changed = Correction.objects.filter(article__in=rows).order_by()
        corrected = set(changed.values_list("article", flat=True))
        for row in rows:
            page = row.get_absolute_url()
            yield page
            yield f"{page.removesuffix('/')}.md"
            if row.pk in corrected:
                yield f"{page}changes/"
        last = rows[-1]


def _with_feeds(model: type) -> Iterator[str]:
    for row in _by_key(_owners(model)):
        page = row.get_absolute_url()
        yield page
        yield from (f"{page}{name}" for name in _FEEDS)


def _by_key(found: QuerySet) -> Iterator[Any]:
    last = 0
    while rows := list(found.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        yield from rows
        last = rows[-1].pk


def _days() -> Iterator[str]:
    """The archive: a page for each year, month and day with stories."""
    days = Article.objects.published().order_by().values_list("published_on", flat=True).distinct()
    found: dict[str, None] = {}
    for day in sorted(days, reverse=True):
        found[reverse("articles:year", args=[day.year])] = None
        found[reverse("articles:month", args=[day.year, day.month])] = None
        found[reverse("articles:day", args=[day.year, day.month, day.day])] = None
    yield from found


def _parts_of_sitemap() -> Iterator[str]:
    """By row numbers, as articles/sitemaps.py has them."""
    yield reverse("articles:sitemap_part", args=["pages", 1])
    public = Article.objects.published()
    for kind, found in (("articles", public), ("authors", _owners(Author)), ("tags", _owners(Tag))):
        parts = found.order_by().values_list(F("pk") / PART, flat=True).distinct()
        for part in sorted(parts):
            yield reverse("articles:sitemap_part", args=[kind, part + 1])


def _owners(model: type) -> QuerySet:
    """Rows that have a page: every section, and who or what has public stories."""
    public = Article.objects.published().order_by()
    if model is Author:
        return Author.objects.filter(Exists(public.filter(bylines__author=OuterRef("pk"))))
    if model is Tag:
        return Tag.objects.filter(Exists(public.filter(tagged__tag=OuterRef("pk"))))
    return model.objects.all()


def in_parts(paths: Iterable[str], part: int, of: int) -> Iterator[list[str]]:
    """Give the addresses that fall to one of `of` who walk side by side, some at a time."""
    some: list[str] = []
    for path in paths:
        if crc32(path.encode()) % of == part:
            some.append(path)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    yield some
