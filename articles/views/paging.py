"""Pages of a newest-first list, cut by place instead of number.

A cursor names the last row of a page (its moment and id), so that rows of equal time are
neither repeated nor skipped, and a row that arrives meanwhile moves nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from articles.conf import conf

#: What in the query string makes it another page of a list.
PLACE = ("before", "after")


@dataclass(frozen=True)
class Page:
    """One page: its rows, and the query strings of its neighbours ("" where there is none)."""

    rows: list[Any]
    older: str
    newer: str

    @property
    def articles(self) -> list[Any]:
        """The rows of a list of stories."""
        return self.rows

    @property
    def is_first(self) -> bool:
        return not self.newer


def page_of(
    found: QuerySet,
    request: HttpRequest,
    *by: str,
    keep: Iterable[str] = (),
) -> Page:
    """Return the page that `?before=` or `?after=` asks for; Http404 for a cursor that is none.

    found: ordered by the columns `by`, all falling (by default the moment `published_at`, then
    the id): days or moments, and a number that is the row's own at last. keep: names in the query
    string that go along to the neighbours, such as a filter. One query.
    """
    by = by or ("published_at", "id")
    size = conf("PAGE_SIZE")
    if cursor := request.GET.get("after"):
        upward = found.filter(_beside(by, "gt", _read(cursor, by))).order_by(*by)
        rows = list(upward[: size + 1])
        has_newer, rows = len(rows) > size, rows[:size][::-1]
        has_older = True
    elif cursor := request.GET.get("before"):
        rows = list(found.filter(_beside(by, "lt", _read(cursor, by)))[: size + 1])
        has_older, rows = len(rows) > size, rows[:size]
        has_newer = True
    else:
        rows = list(found[: size + 1])
        has_older, rows = len(rows) > size, rows[:size]
        has_newer = False
    if not rows and (has_newer or has_older):
        raise Http404
    kept = {name: request.GET[name] for name in keep if request.GET.get(name)}

    def neighbour(way: str, row: Any) -> str:
        return "?" + urlencode({**kept, way: "-".join(_written(getattr(row, name)) for name in by)})

    return Page(
        rows=rows,
        older=neighbour("before", rows[-1]) if has_older and rows else "",
        newer=neighbour("after", rows[0]) if has_newer and rows else "",
    )


def _beside(by: Sequence[str], side: str, values: Sequence[Any]) -> Q:
    """The rows on one side ("lt": older, "gt": newer) of the row with these values."""
    name, value = by[0], values[0]
    if len(by) == 1:
        return Q(**{f"{name}__{side}": value})
    # The bound first: from an alternative, engines find no beginning in an index.
    deeper = Q(**{f"{name}__{side}": value}) | _beside(by[1:], side, values[1:])
    return Q(**{f"{name}__{side}e": value}) & deeper


def _written(value: date | int) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y%m%dT%H%M%S.%f}"
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)


def _read(cursor: str, by: Sequence[str]) -> list[date | int]:
    *moments, pk = cursor.split("-")
    try:
        if len(moments) + 1 != len(by) or not pk.isdecimal() or int(pk) >= 2**63:
            raise ValueError(cursor)
        return [*map(_moment, moments), int(pk)]
    except (ValueError, OverflowError):
        raise Http404 from None


def _moment(text: str) -> date:
    if "T" not in text:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    return datetime.strptime(text, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
