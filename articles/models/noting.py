"""Rows say that they were read, to whoever wants to know what a page is made of.

Nobody listens but while a public page is made that may be kept (articles/pagecache/showing.py).
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

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
