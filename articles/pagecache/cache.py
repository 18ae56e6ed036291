"""Kept pages: found by address, held against the numbers at each request.

Two shelves: plain addresses, and those with a place in a list behind them, of which anybody can
think up any number. The second can never crowd out the first. Each has a layer in the process's
memory over a store that outlives it. Parts of pages (parts.py) lie beside them in the same way.
"""

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from articles.conf import conf
from articles.pagecache import numbers as site_numbers
from articles.pagecache import release as site_release
from articles.pagecache.numbers import Numbers
from articles.pagecache.pages import CorruptPage, Page, Slots, unpacked
from articles.pagecache.stores import FileStore, ReadOnly, RedisStore, Store

#: The part of all room that addresses with a query string may have, and parts of pages.
_ASKED = _PARTS = 4
#: How often a process finds a page until it compresses it thoroughly: that takes as long as a tenth
#: of so many answers, and is wasted on none that few ask for.
CONDENSED_AFTER = 512


class Memory:
    """Pages in a process's memory, up to about `room` bytes; safe for several threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._pages: dict[str, Page] = {}
        self._size = 0
        self._lock = threading.Lock()
        #: Reading needs no lock.
        self.get = self._pages.get

    def put(self, key: str, page: Page) -> None:
        with self._lock:
            self._remove(key)
            self._put(key, page)

    def weigh(self, key: str, page: Page) -> None:
        """A page that is kept here has grown."""
        with self._lock:
            if self._pages.get(key) is page:
                self._remove(key)
                page.weigh()
                self._put(key, page)

    def remove(self, key: str) -> None:
        with self._lock:
            self._remove(key)

    def _put(self, key: str, page: Page) -> None:
        if page.size > self._room // 4:
            return
        self._pages[key] = page
        self._size += page.size
        while self._size > self._room:
            oldest = next(iter(self._pages))
            kept = self._pages[oldest]
            self._remove(oldest)
            # Whoever was read since its last turn gets another one.
            if kept.was_used and kept is not page:
                kept.was_used = False
                self._pages[oldest] = kept
                self._size += kept.size

    def _remove(self, key: str) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size


class PageCache:
    """What one process knows of kept pages."""

    #: What pages are joined of, kept by the same numbers; None keeps none.
    parts: "PageCache | None" = None

    def __init__(
        self, numbers: Numbers, stores: tuple[Store, ...], room: int, release: str
    ) -> None:
        """stores: for plain addresses, and for those with a query string. room: in memory."""
        self.numbers = numbers
        self._stores = stores
        self._memories = (Memory(room - room // _ASKED), Memory(room // _ASKED))
        self._release = release

    def find(self, key: str, now: float, number: int | None = None) -> Page | None:
        """Return the page that is kept for `key`, if it is what would be made now.

        number: what was current a moment ago, for whoever keeps nothing younger by what is found.
        """
        memory = self._memories["?" in key]
        page = memory.get(key)
        if number is None:
            number = self.numbers.recent()
        if number is None:
            return None
        if page is not None:
            if now < page.until and (page.checked == number or self._holds(page, number)):
                if now >= page.compose_at:
                    page.compose(now)
                    memory.weigh(key, page)
                page.was_used = True
                page.uses += 1
                if page.uses == CONDENSED_AFTER:
                    self._condense(key, page)
                return page
            memory.remove(key)
        return self._from_store(key, number, now)

    def keep(self, key: str, page: Page, now: float) -> bool:
        """Keep a page, unless what it shows has changed since it was begun; return whether."""
        number = self.numbers.current()
        if number is None or now >= page.until or not self._holds(page, number):
            return False
        place = "?" in key
        page.lighten()
        self._memories[place].put(key, page)
        self._stores[place].put(key, page.packed(key, self._release), page.until)
        return True

    def _condense(self, key: str, page: Page) -> None:
        """Compress a page thoroughly, for all processes: if it was dropped meanwhile, what is
        written here is found old, as what it replaces would be."""
        if page.condense():
            self._stores["?" in key].put(key, page.packed(key, self._release), page.until)

    def forget(self, key: str) -> None:
        """Look for the page in the store next time."""
        self._memories["?" in key].remove(key)

    def aside(self) -> "PageCache":
        """Return a cache that finds what is kept here, and keeps nothing that is new: for whoever
        makes all pages, which would crowd out those that are read."""
        return PageCache(self.numbers, tuple(map(ReadOnly, self._stores)), 0, self._release)

    def _from_store(self, key: str, number: int, now: float) -> Page | None:
        place = "?" in key
        data = self._stores[place].get(key)
        if data is None:
            return None

        def holds(begun: int, slots: Slots, until: float) -> bool:
            return now < until and self._is_current(begun, slots, number)

        try:
            page = unpacked(data, key, self._release, holds)
        except (CorruptPage, ValueError, KeyError, TypeError):
            # Half written, or of another release: the next one that is made is written over it.
            return None
        if page is None:
            return None
        page.checked = number
        page.compose(now)
        self._memories[place].put(key, page)
        return page

    def _holds(self, page: Page, number: int) -> bool:
        """Whether nothing that the page shows has changed up to `number`."""
        if not self._is_current(page.number, page.slots, number):
            return False
        page.checked = number
        return True

    def _is_current(self, begun: int, slots: Slots, number: int) -> bool:
        """Whether what was begun at one number, and shows this, holds at another."""
        if begun == number:
            return True
        newest = self.numbers.newest(slots) if slots else number
        return newest is not None and newest <= begun


@lru_cache(1)
def of_site() -> PageCache:
    """Return the page cache of this process."""
    release, numbers = site_release.of_site(), site_numbers.of_site()
    room, memory = conf("PAGES_ON_DISK"), conf("PAGES_IN_MEMORY")
    asked, parts = room // _ASKED, room // _PARTS
    store: Callable[[str, int], Store]
    if site_numbers.redis_address():
        shared = RedisStore(site_numbers.redis_client(), f"newsroom:{release}")

        def store(name: str, room: int) -> Store:
            return shared
    else:
        folder = Path(settings.DATA_DIR) / "pages"

        def store(name: str, room: int) -> Store:
            return FileStore(folder / name, room)

    stores = store("plain", room - asked - parts), store("asked", asked)
    found = PageCache(numbers, stores, memory - memory // _PARTS, release)
    found.parts = PageCache(numbers, (store("parts", parts),) * 2, memory // _PARTS, release)
    return found
