"""What every page shows, and what hardly ever changes, is asked once, not for each page."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from articles.editorial import edition
from articles.models import Article
from articles.pagecache import numbers
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import EVERYTHING, named

Value = TypeVar("Value")
#: Name of a slot -> the number at which the answer was last found to hold, the one from before it
#: was asked for, and the answer.
_known: dict[str, tuple[int, int, object]] = {}
#: The number and the coming moment from before the edition's moment was asked for, and it.
_edition: dict[str, tuple[tuple[int, int | None], datetime | None]] = {}


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
    key = _key_of_edition()
    if key is None:
        return edition.changed_at()
    if (known := _edition.get("")) and known[0] == key:
        return known[1]
    return _now_known(key, edition.changed_at())


def with_edition(ask: Callable[[], list[Article]]) -> list[Article]:
    """Return the articles that `ask` reads. The edition's moment, which comes with them
    (`site_changed_at`), is not asked for then."""
    key, found = _key_of_edition(), ask()
    if key is not None and found:
        _now_known(key, found[0].site_changed_at)
    return found


def _key_of_edition() -> tuple[int, int | None] | None:
    begun = on_this_page().number
    return None if begun is None else (begun, numbers.of_site().moment())


def _now_known(key: tuple[int, int | None], moment: datetime | None) -> datetime | None:
    _edition[""] = key, moment
    return moment


def forget() -> None:
    """Forget it all."""
    _known.clear()
    _edition.clear()
