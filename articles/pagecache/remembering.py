"""What every page shows, and what hardly ever changes, is asked once, not for each page."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from articles.editorial import edition
from articles.pagecache import numbers
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import EVERYTHING, named

Value = TypeVar("Value")
#: Name of a slot -> the number at which the answer was last found to hold, the one from before it
#: was asked for, and the answer.
_known: dict[str, tuple[int, int, object]] = {}
#: The moment of the edition, by the number and the coming moment from before it was asked for.
_editions: dict[tuple[int, int | None], datetime | None] = {}


def remembered(name: str, ask: Callable[[], Value]) -> Value:
    """Return what `ask` returns, asked anew when the slot of that name has changed.

    Only for a page that is made to be kept, and that says itself what of it it shows: it is dropped
    with that. All others ask each time. The value is everybody's, and must not be changed.
    """
    # From before the question: what changes meanwhile makes the answer old at once.
    begun = on_this_page().number
    if begun is None:
        return ask()
    if known := _known.get(name):
        checked, before, value = known
        if checked != begun:
            newest = numbers.of_site().newest((EVERYTHING, named(name)))
            if newest is None or newest > before:
                known = None
            else:
                _known[name] = (begun, before, value)
        if known:
            # What is kept under a name is what was asked for under it; the table knows no types.
            return value  # type: ignore[return-value]
    value = ask()
    _known[name] = (begun, begun, value)
    return value


def edition_moment() -> datetime | None:
    """Return `edition.changed_at()`: asked once between two changes, for pages made to be kept.

    The edition is raised before what has changed is dropped, and where time alone changes
    something, before the next such moment is written down.
    """
    begun = on_this_page().number
    if begun is None:
        return edition.changed_at()
    key = begun, numbers.of_site().moment()
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
