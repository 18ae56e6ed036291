"""Rows say that they were read, to whoever wants to know what a page is made of.

Nobody listens but while a public page is made that may be kept (articles/pagecache/showing.py).
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, NamedTuple, Self

#: Called with a kind of row ("article") and its key.
listener: ContextVar[Callable[[str, int], None] | None] = ContextVar("listener", default=None)


def row_read(row: Any) -> None:
    """A row of a table was read."""
    if (listen := listener.get()) is not None:
        listen(row._meta.model_name, row.pk)


def rows_read(kind: str, keys: Iterable[int | None]) -> None:
    """Rows were read as plain data; None stands for no row."""
    if (listen := listener.get()) is not None:
        for key in keys:
            if key is not None:
                listen(kind, key)


class Place(NamedTuple):
    """What says on which lists an article stands, and at last when readers got something new.

    As far as it is known: None for the rest.
    """

    status: str | None
    published_at: datetime | None
    published_on: date | None
    section_id: int | None
    embargo_until: datetime | None
    updated_at: datetime | None

    @classmethod
    def of(cls, article: Any) -> Self:
        # Columns that were not read are not asked for.
        return cls(*map(article.__dict__.get, cls._fields))
