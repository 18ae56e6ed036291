"""What was changed: the site's list of corrections, and the versions of one article."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.editorial.corrections import (
    VERSIONS_A_PAGE,
    address_of,
    public_corrections,
    steps_of,
    versions_of,
)
from articles.models import Correction
from articles.models.rows import moment
from articles.pagecache.showing import on_this_page
from articles.views import paging
from articles.views.article import article_at
from articles.views.freshness import PAGE, public
from articles.views.paging import page_of

#: What in the query string makes it another page of the list.
PLACE = ("kind", *paging.PLACE)


@public(PAGE, asks=PLACE)
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction and update of public articles, newest first; `?kind=` narrows the list."""
    kind = request.GET.get("kind", "")
    if kind and kind not in Correction.Kind.values:
        raise Http404
    on_this_page().lists("corrections")
    page = page_of(public_corrections(kind), request, "made_at", "id", keep=("kind",))
    for row in page.rows:
        row.address = address_of(row)
    place = {name: request.GET[name] for name in PLACE if request.GET.get(name)}
    query = f"?{urlencode(place)}" if place else ""
    return render(request, "corrections.html", {"page": page, "kind": kind, "query": query})


@public(PAGE, dates_itself=True, asks=["before"])
def changes(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """The versions of one public article that readers saw, and what changed between them.

    `?before=` a version's number shows the older ones. At most six queries.
    """
    on_this_page().lists("names")
    article = article_at(year, month, day, slug)
    for row in article.correction_rows:
        row["made_at"] = moment(row["made_at"])
    versions = versions_of(article, article.lines, article.correction_rows)
    last = _last_place(request, len(versions))
    shown = versions[max(0, last - VERSIONS_A_PAGE) : last]
    steps = steps_of(article, versions, shown)[::-1]
    context = {
        "article": article,
        "steps": steps,
        "number": len(versions),
        "shows_words": any(step.differences for step in steps),
        "older": f"?before={shown[0].place}" if shown[0].place > 1 else "",
        "newer": _newer(last, len(versions)),
    }
    response = render(request, "changes.html", context)
    response.changed_at = article.site_changed_at
    return response


def _last_place(request: HttpRequest, number: int) -> int:
    """The place of the newest version on the page that `?before=` asks for."""
    cursor = request.GET.get("before")
    if cursor is None:
        return number
    if not (cursor.isascii() and cursor.isdecimal() and 1 < int(cursor[:9]) <= number + 1):
        raise Http404
    return int(cursor) - 1


def _newer(last: int, number: int) -> str:
    if last >= number:
        return ""
    upper = last + VERSIONS_A_PAGE
    # The newest page has one address.
    return f"?before={upper + 1}" if upper < number else "?"
