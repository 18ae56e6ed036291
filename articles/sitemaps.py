"""Sitemaps: an index of parts, and the news sitemap with its window of two days.

A part holds what lies between two row numbers. So an article stays in its part whatever is
published, changed or withdrawn beside it, no part can outgrow the protocol's limit, and a crawler
that knows a part's date need not read it again.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles.conf import absolute
from articles.models import Article, Author, Section, Tag, Tally
from articles.models.listings import PORTRAIT
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import PART
from articles.views.freshness import FEED, MAP, public

#: Google's rules for news sitemaps: articles of the last two days, at most 1,000.
NEWS_WINDOW = timedelta(days=2)
NEWS_LIMIT = 1000
#: What is counted by parts -> what its parts are called.
KINDS = {Tally.Kind.PART: "articles", Tally.Kind.AUTHOR: "authors", Tally.Kind.TAG: "tags"}
#: Lists that are always there.
LISTS = ("front", "latest", "tags", "archive", "corrections")


@public(MAP)
def index(request: HttpRequest) -> HttpResponse:
    """All parts; those of articles say when one of theirs last changed for readers."""
    on_this_page().lists("sitemap")
    parts = [("pages", 1, None)]
    parts += [(KINDS[kind], part + 1, last) for (kind, part), last in Tally.objects.parts().items()]
    # Written out here: a large site has hundreds.
    lines = [
        (absolute(reverse("articles:sitemap_part", args=[kind, number])), last and last.isoformat())
        for kind, number, last in parts
    ]
    return _xml(request, "sitemap-index.xml", {"parts": lines})


@public(MAP)
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One part; Http404 for one that holds nothing."""
    on_this_page().lists(
        ("part of sitemap", number) if kind == "articles" else "counts", "sections"
    )
    if kind == "pages":
        rows = _pages() if number == 1 else []
    elif kind == "articles":
        rows = _articles(number)
    elif kind in {"authors", "tags"}:
        rows = [{"path": one.get_absolute_url()} for one in _within(_owners(kind), number)]
    else:
        rows = []
    if not rows:
        raise Http404
    return _xml(request, "sitemap.xml", {"rows": rows})


@public(FEED)
def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last two days, newest first.

    On a quiet weekend it names the front page alone: the protocol knows no empty sitemap.
    """
    on_this_page().lists("stories")
    since = timezone.now() - NEWS_WINDOW
    found = Article.objects.published().filter(published_at__gte=since)
    columns = ("published_on", "published_at", "slug", "headline", "language")
    stories = list(found.only(*columns)[:NEWS_LIMIT])
    if stories:
        # The oldest leaves the window.
        on_this_page().ends((stories[-1].published_at + NEWS_WINDOW).timestamp())
    return _xml(request, "news-sitemap.xml", {"articles": stories})


def _articles(number: int) -> list[dict[str, Any]]:
    columns = ("published_at", "updated_at", "published_on", "slug", "language")
    found = Article.objects.published().with_translations().select_related("picture")
    # What the names of the picture's renditions are made of.
    picture = (f"picture__{name}" for name in ("file", *PORTRAIT))
    return [
        {
            "path": one.get_absolute_url(),
            "changed": one.modified_at,
            "picture": one.picture.crops[-1].url if one.picture else "",
            "alternates": one.alternates,
        }
        for one in _within(found.only(*columns, *picture), number)
    ]


def _pages() -> list[dict[str, Any]]:
    """Lists that are always there, and sections; one without public stories is left out."""
    public_ones = Article.objects.published().order_by()
    sections = Section.objects.filter(Exists(public_ones.filter(section=OuterRef("pk"))))
    paths = [reverse(f"articles:{name}") for name in LISTS]
    return [{"path": path} for path in [*paths, *(one.get_absolute_url() for one in sections)]]


def _owners(kind: str) -> QuerySet:
    """Authors or tags that have public stories."""
    model = Author if kind == "authors" else Tag
    listed = Article.objects.published(found=True).order_by()
    listed = listed.filter(listings__kind=model._meta.model_name, listings__owner=OuterRef("pk"))
    return model.objects.filter(Exists(listed))


def _within(found: QuerySet, number: int) -> QuerySet:
    """The rows of `found` that belong to a part, counted from one."""
    first = (number - 1) * PART
    return found.filter(pk__gte=first, pk__lt=first + PART).order_by("pk")


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")
