"""What was changed: the site's list of corrections, and the versions of one article."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.editorial.corrections import (
    VERSIONS_A_PAGE,
    address_of,
    changes_address,
    live_lines,
    public_corrections,
    steps_of,
    versions_of,
)
from articles.models import Article, Correction, Redirect
from articles.models.rows import moment
from articles.views.errors import gone
from articles.views.paging import page_of

#: What in the query string makes it another page of the list.
PLACE = ("kind", "before", "after")


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction and update of public articles, newest first; `?kind=` narrows the list."""
    kind = request.GET.get("kind", "")
    if kind and kind not in Correction.Kind.values:
        raise Http404
    page = page_of(public_corrections(kind), request, moment="made_at", keep=("kind",))
    for row in page.rows:
        row.address = address_of(row)
    place = {name: request.GET[name] for name in PLACE if request.GET.get(name)}
    query = f"?{urlencode(place)}" if place else ""
    return render(request, "corrections.html", {"page": page, "kind": kind, "query": query})


@require_safe
def changes(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """The versions of one public article that readers saw, and what changed between them.

    `?before=` a version's number shows the older ones. At most six queries.
    """
    try:
        published_on = date(year, month, day)
    except ValueError:
        raise Http404 from None
    found = Article.objects.published().for_page().annotate(lines=live_lines())
    article = found.filter(published_on=published_on, slug=slug).first()
    if article is None:
        return _elsewhere(request, Article.address(published_on, slug))
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
    return render(request, "changes.html", context)


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


def _elsewhere(request: HttpRequest, path: str) -> HttpResponse:
    """The answer where no public article is: it moved, it is gone, or it never was."""
    found = Redirect.objects.filter(old_path=path).first()
    if found is None:
        raise Http404
    if not found.new_path:
        return gone(request)
    moved = Article.objects.published().filter(pk=found.article_id).first()
    if moved is not None and moved.get_absolute_url() == found.new_path:
        return HttpResponsePermanentRedirect(changes_address(moved))
    return HttpResponsePermanentRedirect(found.new_path)
