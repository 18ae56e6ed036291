"""Names of tables and columns in SQL. Values never come this way: they are parameters."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

#: Every touched article, once for each touch: rows of one's own make no writer wait for another.
QUEUE = "search_queue"
#: Tables of one index; a whole set stands beside another while an index is built anew.
TABLES = ("document", "index", "word", "deletion", "state")
#: What the names of the set end with that is being built.
BESIDE = "_beside"
_NAME = re.compile(r"\{(\w+)\}")


def named(sql: str, beside: str = "", **parts: str) -> str:
    """Return `sql` with names in place of `{document}`, `{queue}` and the like.

    beside: "" or `BESIDE`. parts: what else stands in braces, made by this package and not typed
    by anybody.
    """
    names = {name: f"search_{name}{beside}" for name in TABLES} | {"queue": QUEUE} | parts
    return _NAME.sub(lambda found: names[found[1]], sql)


def marks(values: Sequence[Any]) -> str:
    """Return as many parameters' places as there are values; NULL, which equals none, for none."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def chunks(values: Sequence[Any], size: int = 500) -> Iterator[list[Any]]:
    """Yield `values` in lists short enough for one statement."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
