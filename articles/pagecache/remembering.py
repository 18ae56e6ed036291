"""What every page shows, and what hardly ever changes, is asked once, not for each page."""

from collections.abc import Callable
from typing import TypeVar

from articles.pagecache import numbers
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import EVERYTHING, named

Value = TypeVar("Value")
#: Name of a slot -> the number from before it was asked for, and the answer.
_known: dict[str, tuple[int, object]] = {}


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


def forget() -> None:
    """Forget it all."""
    _known.clear()
