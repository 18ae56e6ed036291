"""Pages of a newest-first list, cut by place instead of number.

A cursor names the last row of a page (its moment and id), so that rows of equal time are
neither repeated nor skipped, and a row that arrives meanwhile moves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
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
    found: QuerySet, request: HttpRequest, *, moment: str = "published_at", keep: Iterable[str] = ()
) -> Page:
    """Return the page that `?before=` or `?after=` asks for; Http404 for a cursor that is none.

    found: newest first by the column `moment`, then by id. keep: names in the query string that
    go along to the neighbours, such as a filter. One query.
    """
    size = conf("PAGE_SIZE")
    if cursor := request.GET.get("after"):
        upward = found.filter(_beside(moment, "gt", *_read(cursor))).order_by(moment, "id")
        rows = list(upward[: size + 1])
        has_newer, rows = len(rows) > size, rows[:size][::-1]
        has_older = True
    elif cursor := request.GET.get("before"):
        rows = list(found.filter(_beside(moment, "lt", *_read(cursor)))[: size + 1])
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
        return "?" + urlencode({**kept, way: f"{getattr(row, moment):%Y%m%dT%H%M%S.%f}-{row.pk}"})

    return Page(
        rows=rows,
        older=neighbour("before", rows[-1]) if has_older and rows else "",
        newer=neighbour("after", rows[0]) if has_newer and rows else "",
    )


def _beside(moment: str, side: str, when: datetime, pk: int) -> Q:
    """The rows on one side ("lt": older, "gt": newer) of the row (`when`, `pk`)."""
    return Q(**{f"{moment}__{side}": when}) | Q(**{moment: when, f"pk__{side}": pk})


def _read(cursor: str) -> tuple[datetime, int]:
    moment, _, pk = cursor.partition("-")
    try:
        if not pk.isdecimal() or int(pk) >= 2**63:
            raise ValueError(pk)
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk)
    except (ValueError, OverflowError):
        raise Http404 from None
