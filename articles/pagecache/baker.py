"""The baker: a thread of each server process that writes baked pages, and removes them in time.

A page that is made for a reader, or anew after a change, is baked by the process that made it. One
process of a folder does more: it makes what grew old, looks for what a killed process left, and
bakes, slowly, whatever is not there, the newest first.
"""

import fcntl
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator

from django.db import connections

from articles.pagecache import walking
from articles.pagecache.baking import LEAVES_EARLY, Bake, BakeError, Placed
from articles.pagecache.cache import PageCache
from articles.pagecache.pages import Page

logger = logging.getLogger(__name__)

#: Seconds after which it looks whether anything is to be done.
LOOKS_EVERY = 1.0
#: Seconds for which it works before it looks what is more pressing, and how many times as long it
#: leaves the processor to readers.
WORKS_FOR, RESTS = 0.05, 4
#: Seconds within which what readers ask for is baked together.
GATHERS_FOR = 0.05
#: Seconds between two searches for what a killed process left; only after a change.
SWEEPS_EVERY = 60.0
#: Addresses that wait at most: the walk finds the others.
MOST_WAITING = 2000
#: Seconds between two beginnings of a walk.
_WALKS_EVERY = 5.0


Make = Callable[[str], Page | None]


class Baker:
    """What one process bakes. make: makes a page, keeps it in `cache`, and returns it. make_aside:
    the same for a page that nobody asked for; it is not kept."""

    def __init__(self, bake: Bake, cache: PageCache, make: Make, make_aside: Make) -> None:
        self.bake = bake
        self._cache, self._make, self._make_aside = cache, make, make_aside
        #: Address -> when it is baked, and the page; None for the one that is kept then.
        self._waiting: dict[str, tuple[float, Page | None]] = {}
        self._wake = threading.Event()
        self._walk: Iterator[str] | None = None
        #: The number of the last change that it was begun, or looked for what is left, after.
        self._walked: int | None = None
        self._swept: int | None = None
        self._walks_from = self._rests_until = 0.0
        self._swept_at = -SWEEPS_EVERY
        self._end: float | None = None
        self._lease: int | None = None
        self._failing = ""

    def soon(self, path: str) -> None:
        """Bake the page that is kept for a path, soon; returns at once."""
        if "?" not in path and len(self._waiting) < MOST_WAITING:
            self._waiting[path] = (0.0, None)
            self._wake.set()

    def start(self) -> None:
        """Begin. A folder that cannot be had is said once, and left alone."""
        threading.Thread(target=self._work, name="bake", daemon=True).start()

    def _work(self) -> None:
        try:
            self.bake.adopt()
        except BakeError as error:
            logger.critical("No page is baked, and what is baked may be old: %s", error)
            return
        pause = LOOKS_EVERY
        while True:
            if self._wake.wait(pause):
                time.sleep(GATHERS_FOR)
            self._wake.clear()
            try:
                pause = self.turn()
                self._failing = ""
            except Exception as error:
                pause = LOOKS_EVERY
                # Where it broke off, it would not go on.
                self._walked = None
                self._complain(error)
            finally:
                connections.close_all()

    def _complain(self, error: Exception) -> None:
        trouble = f"{error.__class__.__name__}: {error}"
        if trouble != self._failing:
            is_expected = isinstance(error, (OSError, sqlite3.Error))
            logger.error("Pages cannot be baked: %s", trouble, exc_info=not is_expected)
        self._failing = trouble

    def turn(self) -> float:
        """Do what is due; return how many seconds to sleep."""
        self.bake.expire()
        self._bake_waiting()
        rest = self._all_else() if self._has_lease() else LOOKS_EVERY
        now = time.time()
        if self._end is not None and now >= self._end:
            # Pages went with their time. What is made before that is over goes, too.
            self._walked, self._walks_from = None, time.monotonic() + LEAVES_EARLY + 1
        self._end = self.bake.next_end()
        moments = [at for at, _page in list(self._waiting.values())]
        if self._end is not None:
            moments.append(self._end)
        return max(0.01, min([rest, LOOKS_EVERY, *(moment - now for moment in moments)]))

    def _bake_waiting(self) -> None:
        now = time.time()
        for path, (at, page) in list(self._waiting.items()):
            if at <= now:
                self._waiting.pop(path, None)
                self._put(path, page or self._cache.find(path, now))

    def _put(self, path: str, page: Page | None) -> None:
        if page and self.bake.place(path, page)[0] is Placed.TOO_FRESH:
            self._waiting[path] = (page.changed + 1.0, page)

    def _all_else(self) -> float:
        """What one process does for all; a piece of it. Return how many seconds to rest."""
        for path in self.bake.aging():
            self._put(path, self._make(path))
        begun = time.monotonic()
        number = self._cache.numbers.current()
        if number != self._swept and begun - self._swept_at >= SWEEPS_EVERY:
            self._swept, self._swept_at = number, begun
            self.bake.sweep()
            self.bake.empty()
        if number != self._walked and begun >= self._walks_from:
            # Anew from the newest: they are read most.
            self._walk, self._walked = self._missing(), number
            self._walks_from = begun + _WALKS_EVERY
        if begun < self._rests_until:
            return self._rests_until - begun
        for path in self._walk or ():
            self._put(path, self._make_aside(path))
            now = time.monotonic()
            if now - begun > WORKS_FOR:
                # Whoever wakes it meanwhile has other work for it.
                self._rests_until = now + RESTS * (now - begun)
                return self._rests_until - now
        self._walk = None
        return LOOKS_EVERY

    def _missing(self) -> Iterator[str]:
        """Addresses that are not baked."""
        for some in walking.in_parts(walking.addresses(), 0, 1):
            known = self.bake.known(some)
            yield from (path for path in some if path not in known)

    def _has_lease(self) -> bool:
        """Whether this is the process that does it for all; as long as it lives, then."""
        if self._lease is None:
            file = os.open(self.bake.folder / "baker", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                return False
            self._lease = file
        return True
