"""What a page shows, collected while it is rendered.

Rows say themselves that they were read (models/noting.py). Lists are named by the view, because a
list also depends on stories that are not on it yet. A view that names no list has its page dropped
with any change at all.
"""

import math
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from articles.models.noting import listener
from articles.pagecache.slots import EVERYTHING, ROOM, named, slot

Key = str | tuple[str, int | str]

#: A page that shows more holds until anything changes.
MOST_SLOTS = 16_000


class Shown:
    """What one answer was made of, and whether and how long it may be kept.

    number: what was current when the answer was begun; None where nothing is to be kept. All parts
    of an answer are held against the same number, which is asked for once.
    """

    def __init__(self, number: int | None = None) -> None:
        self.number = number
        self.is_to_be_kept = number is not None
        #: When time alone changes anything next, once somebody has asked.
        self.coming: float | None = None
        self._slots = {EVERYTHING}
        self._is_named = False
        self._ends_with_any_change = False
        self.may_be_kept = False
        self.changed = 0
        self.until = math.inf
        self.stale_from = math.inf

    @property
    def slots(self) -> list[int]:
        """The slots of all that it shows; none for a page that any change drops."""
        is_known = self._is_named and not self._ends_with_any_change
        if not is_known or len(self._slots) > MOST_SLOTS:
            return []
        return sorted(self._slots)

    def row(self, kind: str, number: int) -> None:
        """A row was read."""
        if kind in ROOM:
            self._slots.add(slot(kind, number))

    def lists(self, *keys: Key) -> None:
        """These are all the lists that the page shows, beside what every page shows: names
        (slots.NAMES), or kinds with numbers."""
        self._is_named = True
        self.also(*keys)

    def also(self, *keys: Key) -> None:
        """The page shows these, too."""
        self._slots.update(named(key) if isinstance(key, str) else slot(*key) for key in keys)

    def part(self, slots: Collection[int], until: float, stale_from: float) -> None:
        """A part of the page shows this: `slots` (none: any change changes it), until then."""
        self._slots.update(slots)
        self._ends_with_any_change = self._ends_with_any_change or not slots
        self.ends(until)
        self.grows_old(stale_from)

    def ends(self, moment: float) -> None:
        """At `moment` (seconds since 1970) the page is another one."""
        self.until = min(self.until, moment)

    def grows_old(self, moment: float) -> None:
        """From `moment` on it should be made anew, while readers still get it."""
        self.stale_from = min(self.stale_from, moment)


_shown: ContextVar[Shown | None] = ContextVar("shown", default=None)


@contextmanager
def collecting(number: int | None = None) -> Iterator[Shown]:
    """Collect what is shown within, for an answer that was begun at `number` (see Shown)."""
    shown = Shown(number)
    with noted_for(shown):
        yield shown


@contextmanager
def noted_for(shown: Shown) -> Iterator[None]:
    """What is read within is shown by `shown`."""
    token, listening = _shown.set(shown), listener.set(shown.row)
    try:
        yield
    finally:
        listener.reset(listening)
        _shown.reset(token)


def on_this_page() -> Shown:
    """Return where the page under way says what it shows; nowhere, if nobody collects."""
    return _shown.get() or Shown()
