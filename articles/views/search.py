"""The search page, and what a search field suggests while somebody types."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.conf import conf
from articles.models import Section
from articles.search.asking import LONGEST_QUERY, Asked, Part, parse
from articles.search.finding import Found, for_readers
from articles.search.suggesting import Suggestion, suggest
from articles.views.freshness import PAGE, TEXT, public
from articles.views.site import menu_of_sections

#: Pages that can be asked for: what is ranked is no more than some hundred stories.
LAST_PAGE = 30
#: Sections and years that are offered to narrow a search.
MOST_CHOICES = 10


# There are as many pages as words.
@public(PAGE, is_kept=False)
def search_page(request: HttpRequest) -> HttpResponse:
    """Results for `?q=`, by how well they fit or (`sort=newest`) by time, from page `page` on."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    page = _number(request.GET.get("page", ""))
    newest = request.GET.get("sort") == "newest"
    found = for_readers(query, page=page, size=conf("PAGE_SIZE"), newest=newest)
    for story in found.stories:
        story.found = found.snippets[story.pk]
    menu = menu_of_sections(request)
    order = {"sort": "newest"} if newest else {}
    answered = found.corrected or query
    context: dict[str, Any] = {
        "query": query,
        "found": found,
        "page_number": page,
        "newest": newest,
        "by_fit": _address(answered),
        "by_time": _address(answered, sort="newest"),
        "older": _address(query, **order, page=page + 1)
        if found.has_more and page < LAST_PAGE
        else "",
        "newer": _address(query, **order, **({"page": page - 1} if page > 2 else {}))
        if page > 1
        else "",
        "meant": _address(found.meant) if found.meant else "",
        "held": list(_held(found.asked, menu, order)),
        "sections": _sections(found, menu, order),
        "years": list(_years(found, order)),
    }
    return render(request, "search.html", context)


@public(TEXT, is_kept=False)
def suggestions(request: HttpRequest) -> JsonResponse:
    """What `?q=` may lead to, as a list of `kind`, `title`, `address`."""
    names = {"section": _("Section"), "topic": _("Topic"), "author": _("Author"), "story": ""}

    def shown(one: Suggestion) -> dict[str, str]:
        return {"kind": names[one.kind], "title": one.title, "address": one.address}

    return JsonResponse({"lines": [shown(one) for one in suggest(request.GET.get("q", ""))]})


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    return min(max(int(text), 1), LAST_PAGE) if is_number else 1


def _address(query: str, **more: Any) -> str:
    return f"{reverse('articles:search')}?{urlencode({'q': query, **more})}"


def _held(asked: Asked, menu: list[Section], order: dict[str, str]) -> Any:
    """What the search is held to: its words, and the address without it."""
    names = {"author": _("Author: %s"), "tag": _("Topic: %s"), "section": _("Section: %s")}
    for part in asked.parts:
        if part.field and not part.is_excluded:
            rest = replace(asked, parts=tuple(one for one in asked.parts if one != part))
            sections = {section.slug: section.name for section in menu}
            named = sections.get(part.text) if part.field == "section" else None
            yield names[part.field] % (named or part.text), _address(str(rest), **order)
    if asked.since and asked.until and _is_year(asked.since, asked.until):
        rest = replace(asked, since=None, until=None)
        yield str(asked.since.year), _address(str(rest), **order)
        return
    for name, label in (("since", _("From %s")), ("until", _("To %s"))):
        if day := getattr(asked, name):
            rest = replace(asked, **{name: None})
            yield label % date_format(day, "DATE_FORMAT"), _address(str(rest), **order)


def _is_year(since: date, until: date) -> bool:
    return since == date(since.year, 1, 1) and until == date(since.year, 12, 31)


def _sections(found: Found, menu: list[Section], order: dict[str, str]) -> list[dict[str, Any]]:
    """Sections that the stories found are in, most stories first."""
    asked = _answered(found)
    if asked.only("section"):
        return []
    counts = found.facets.sections
    rows = [
        {
            "name": section.name,
            "count": counts[section.pk],
            "address": _address(str(_held_to(asked, section)), **order),
        }
        for section in menu
        if counts[section.pk]
    ]
    return sorted(rows, key=lambda row: -row["count"])[:MOST_CHOICES] if len(rows) > 1 else []


def _held_to(asked: Asked, section: Section) -> Asked:
    return replace(asked, parts=(*asked.parts, Part(section.slug, "section")))


def _answered(found: Found) -> Asked:
    return parse(found.corrected) if found.corrected else found.asked


def _years(found: Found, order: dict[str, str]) -> Any:
    """Years of the stories found, the newest first; of a cut list also those that were cut off."""
    asked = _answered(found)
    if asked.since or asked.until or not found.total:
        return
    years = sorted(found.facets.years, reverse=True)
    if found.is_capped and found.first_year:
        years = list(range(years[0], found.first_year - 1, -1))
    if len(years) < 2:
        return
    for year in years[:MOST_CHOICES]:
        since = date(year, 1, 1)
        narrowed = replace(asked, since=since, until=since.replace(month=12, day=31))
        yield {
            "name": str(year),
            "count": found.facets.years[year],
            "address": _address(str(narrowed), **order),
        }
