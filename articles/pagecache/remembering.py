"""What every page shows, and what hardly ever changes, is asked once, not for each page."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from articles.editorial import edition
from articles.pagecache import numbers
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import EVERYTHING, named

Value = TypeVar("Value")
#: Name of a slot -> the number from before it was asked for, and the answer.
_known: dict[str, tuple[int, object]] = {}
#: The moment of the edition, by the number and the coming moment from before it was asked for.
_editions: dict[tuple[int, int | None], datetime | None] = {}


def remembered(name: str, ask: Callable[[], Value]) -> Value:
    """Return what `ask` returns, asked anew when the slot of that name has changed.

    Only for a page that is made to be kept, and that says itself what of it it shows: it is dropped
    with that. All others ask each time. The value is everybody's, and must not be changed.
    """
    if not on_this_page().is_to_be_kept:
        return ask()
    table = numbers.of_site()
    if known := _known.get(name):
        number, value = known
        newest = table.newest((EVERYTHING, named(name)))
        if newest is not None and newest <= number:
            # What is kept under a name is what was asked for under it; the table knows no types.
            return value  # type: ignore[return-value]
    # Before the question: what changes meanwhile makes the answer old at once.
    before = table.current()
    value = ask()
    if before is not None:
        _known[name] = (before, value)
    return value


def edition_moment() -> datetime | None:
    """Return `edition.changed_at()`: asked once between two changes, for pages made to be kept.

    The edition is raised before what has changed is dropped, and where time alone changes
    something, before the next such moment is written down.
    """
    table = numbers.of_site()
    if not on_this_page().is_to_be_kept or (number := table.current()) is None:
        return edition.changed_at()
    key = number, table.moment()
    if key not in _editions:
        found = edition.changed_at()
        _editions.clear()
        _editions[key] = found
        return found
    return _editions[key]


def forget() -> None:
    """Forget it all."""
    _known.clear()
    _editions.clear()
