"""Baked pages: kept pages as files that a web server sends by itself, dropped by the same keys.

Nothing old, and no race, by three rules:

- A page is put in its place under the lock of the bake, after a last look at the numbers there. A
  change writes its numbers first, then takes the same lock and removes the files that show it. So a
  page is either in its place before the change has the lock, and removed; or after, and then the
  numbers say that it is old.
- A file is there after the row of the index that says what it shows, and goes before it. A process
  that is killed leaves rows without files, never files that nothing can drop.
- What cannot be removed singly, because it is much or because the index is broken, goes at once:
  its shelf is renamed away.

A web server finds no file then, and asks the application.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings

from articles.pagecache import numbers as site_numbers
from articles.pagecache import release as site_release
from articles.pagecache.kinds import SHELVES, digest_of, headers_of, kind_of
from articles.pagecache.numbers import Numbers
from articles.pagecache.pages import IDENTITY, Page
from articles.pagecache.shelves import MOST_REMOVED, Row, Shelf

logger = logging.getLogger(__name__)

#: A page leaves so many seconds before time makes it another one, so that no web server sends the
#: one from before when this process is a little late.
LEAVES_EARLY = 2.0
#: A page that ends sooner is not baked.
NEAR = 10.0
#: Says that a folder is a bake. Changes with what lies in it and how.
MARK, LAYOUT = "newsroom-bake", "1\n"
_LOCK, _NEW, _GONE = "lock", "new", "gone-"
#: A half file that is so old belongs to nobody.
_GIVEN_UP = 3600.0
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class BakeError(Exception):
    """A folder that cannot hold a bake; says why."""


class Placed(Enum):
    """What became of a page that was to be baked."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    #: Within the second of its date: a change in it could not be told apart by its date.
    TOO_FRESH = "too fresh"
    #: Old already, ending soon, of another release, or no page that files are made of.
    LEFT = "left"


class Bake:
    """The baked pages in one folder. Any number of processes may work on it."""

    def __init__(self, folder: Path, table: Numbers) -> None:
        self.folder = folder
        self.shelves = {name: Shelf(folder, name) for name in SHELVES}
        self._table = table

    @cached_property
    def _makers(self) -> tuple[str, str]:
        """What a shelf is made by: the release, and the time since the machine was started."""
        return site_release.of_site(), boot()

    def adopt(self) -> None:
        """Take the folder, made if need be. What another release baked is dropped, and so is what
        lay there when the machine went down: it may have lost the last changes.

        Raises BakeError for a folder that holds anything else, or that cannot be written.
        """
        try:
            if not (self.folder / MARK).is_file():
                if self.folder.is_dir() and any(self.folder.iterdir()):
                    raise BakeError(f"{self.folder} holds other things than baked pages.")
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / MARK).write_text(LAYOUT)
            if (self.folder / MARK.upper()).exists():
                raise BakeError(f"{self.folder} does not tell capital letters from small ones.")
            (self.folder / _NEW).mkdir(exist_ok=True)
            is_ours = (self.folder / MARK).read_text() == LAYOUT
            with self._locked():
                for shelf in self.shelves.values():
                    if not (is_ours and self._is_ours(shelf)) and shelf.folder.exists():
                        shelf.put_away()
                (self.folder / MARK).write_text(LAYOUT)
        except OSError as error:
            raise BakeError(f"{self.folder} cannot be written: {error.strerror or error}") from None

    def _is_ours(self, shelf: Shelf) -> bool:
        try:
            with shelf.index() as index:
                return shelf.made_by(index) == self._makers
        except (FileNotFoundError, sqlite3.Error):
            return False

    # --- putting pages in their places ------------------------------------------------------

    def place(self, path: str, page: Page) -> tuple[Placed, int]:
        """Bake a page as it is kept; return what became of it, and how many bytes were written.

        Raises OSError (a full disk) and sqlite3.Error; the page is not there then.
        """
        kind, now = kind_of(path), time.time()
        if kind is None or not page.status.startswith("200"):
            return Placed.LEFT, 0
        if not now < min(page.until - NEAR, page.stale_from):
            return Placed.LEFT, 0
        if now < page.changed + 1:
            return Placed.TOO_FRESH, 0
        headers = headers_of(path, page)
        digest, shelf = digest_of(headers), self.shelves[kind.shelf]
        page.condense()
        bodies = {name: page.body(name) for name in page.encodings}
        with self._halves(bodies) as halves, self._locked():
            if not shelf.is_there:
                shelf.begin(*self._makers, self.folder / _NEW)
            with shelf.index() as index:
                is_ours = shelf.made_by(index) == self._makers
                if not (is_ours and self._holds(page.number, page.slots)):
                    return Placed.LEFT, 0
                row = shelf.row(index, path)
                if row and self._is_the_same(shelf, row, page, digest):
                    shelf.still_holds(index, row, page)
                    return Placed.UNCHANGED, 0
                if row:
                    shelf.remove(index, row)
                # Later than its date, and earlier than any change from now on: no two versions of
                # a page have one second, by which web servers know them again.
                second = int(time.time()) - 1
                shelf.put(index, kind, path, page, headers, digest, halves, second)
        return Placed.WRITTEN, sum(map(len, bodies.values()))

    @staticmethod
    def _is_the_same(shelf: Shelf, row: Row, page: Page, digest: str) -> bool:
        """Whether what is baked has every byte of a page."""
        is_there = shelf.files(digest, row.path)[IDENTITY].is_file()
        return is_there and bool(page.tag) and (row.tag, row.digest) == (page.tag, digest)

    @contextlib.contextmanager
    def _halves(self, bodies: dict[str, bytes]) -> Iterator[dict[str, Path]]:
        """The files of a page, written where no web server looks; what is not moved is removed."""
        halves: dict[str, Path] = {}
        try:
            for name, body in bodies.items():
                handle, half = tempfile.mkstemp(dir=self.folder / _NEW)
                halves[name] = Path(half)
                with open(handle, "wb") as file:
                    file.write(body)
                    # A web server is another user.
                    os.fchmod(file.fileno(), 0o644)
            yield halves
        finally:
            for file in halves.values():
                file.unlink(missing_ok=True)

    def _holds(self, number: int, slots: Iterable[int]) -> bool:
        """Whether nothing that a page shows has changed since `number`."""
        current = self._table.current()
        if current is None:
            return False
        slots = list(slots)
        newest = self._table.newest(slots) if slots else current
        return newest is not None and newest <= number

    def known(self, paths: Iterable[str]) -> set[str]:
        """Return those of `paths` that are baked."""
        by_shelf: dict[str, list[str]] = {}
        for path in paths:
            if kind := kind_of(path):
                by_shelf.setdefault(kind.shelf, []).append(path)
        found: set[str] = set()
        for name, some in by_shelf.items():
            shelf = self.shelves[name]
            with self._locked(), contextlib.suppress(FileNotFoundError), shelf.index() as index:
                found |= shelf.known(index, some)
        return found

    # --- taking them away -------------------------------------------------------------------

    def drop(self, slots: Iterable[int]) -> None:
        """Remove what shows any of `slots`; no web server finds it when this returns.

        The numbers have to say so before. Raises OSError where not even a shelf can be renamed.
        """
        slots = set(slots)
        self._take(lambda shelf, index: shelf.showing(index, slots))

    def expire(self) -> None:
        """Remove what time makes another page of within seconds."""
        moment = time.time() + LEAVES_EARLY
        self._take(lambda shelf, index: _few(shelf.ending(index, moment)))

    def _take(self, which: Callable[[Shelf, sqlite3.Connection], list[Row] | None]) -> None:
        """Remove the pages that `which` names on each shelf; the shelf, where it names none."""
        if not (self.folder / MARK).is_file():
            return
        with self._locked():
            for shelf in self.shelves.values():
                if not shelf.folder.exists():
                    continue
                try:
                    with shelf.index() as index:
                        rows = which(shelf, index)
                        for row in rows or ():
                            shelf.remove(index, row)
                except (OSError, sqlite3.Error) as error:
                    logger.warning("Baked pages are dropped together: %s", error)
                    rows = None
                if rows is None:
                    shelf.put_away()

    def sweep(self) -> int:
        """Remove whatever does not hold; return how many pages. It finds what a process left that
        was killed between its change and the removing."""
        removed = 0
        for shelf in self.shelves.values():
            last = 0
            while shelf.is_there:
                with self._locked(), shelf.index() as index:
                    rows = shelf.after(index, last)
                now = time.time() + LEAVES_EARLY
                old = [row.id for row in rows if not self._is_right(shelf, row, now)]
                if old:
                    removed += self._remove(shelf, old)
                if not rows:
                    break
                last = rows[-1].id
        return removed

    def _is_right(self, shelf: Shelf, row: Row, now: float) -> bool:
        return (
            now < row.until
            and self._holds(row.number, row.slots)
            and shelf.files(row.digest, row.path)[IDENTITY].is_file()
        )

    def _remove(self, shelf: Shelf, ids: list[int]) -> int:
        with self._locked(), contextlib.suppress(FileNotFoundError), shelf.index() as index:
            # Ids are never used twice: a page that came meanwhile has another one.
            rows = shelf.rows(index, ids)
            for row in rows:
                shelf.remove(index, row)
            return len(rows)
        return 0

    def tidy(self) -> int:
        """Remove files that no row speaks of, and empty folders; return how many files."""
        removed = 0
        for shelf in self.shelves.values():
            www = shelf.folder / "www"
            for folder, _names, files in os.walk(www, topdown=False):
                removed += self._tidied(shelf, Path(folder), files)
        return removed

    def _tidied(self, shelf: Shelf, folder: Path, files: list[str]) -> int:
        removed = 0
        with self._locked(), contextlib.suppress(OSError):
            with shelf.index() as index:
                for name in files:
                    if not self._has_row(shelf, index, folder / name):
                        (folder / name).unlink()
                        removed += 1
            if folder != shelf.folder / "www":
                folder.rmdir()
        return removed

    @staticmethod
    def _has_row(shelf: Shelf, index: sqlite3.Connection, file: Path) -> bool:
        digest, *parts = file.relative_to(shelf.folder / "www").parts
        plain = "/".join(parts)
        path = "/" + plain.removesuffix(".gz").removesuffix(".br").removesuffix("index.html")
        row = shelf.row(index, path)
        return (
            row is not None
            and row.digest == digest
            and file in set(shelf.files(digest, path).values())
        )

    def empty(self) -> None:
        """Remove for good what was put away, and halves that nobody will finish."""
        for away in self.folder.glob(f"{_GONE}*"):
            shutil.rmtree(away, ignore_errors=True)
        for half in (self.folder / _NEW).glob("*"):
            with contextlib.suppress(OSError):
                if time.time() - half.stat().st_mtime > _GIVEN_UP:
                    shutil.rmtree(half) if half.is_dir() else half.unlink()

    # --- what is there ----------------------------------------------------------------------

    def aging(self) -> list[str]:
        """Return the addresses of pages that want to be made anew, while readers get them."""
        now = time.time()
        return [path for shelf, index in self._indexes() for path in shelf.aging(index, now)]

    def next_end(self) -> float | None:
        """When the first page has to go; None for never."""
        ends = [shelf.next_end(index) for shelf, index in self._indexes()]
        return min((end - LEAVES_EARLY for end in ends if end is not None), default=None)

    def variants(self) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
        """Return (kind, shelf, digest, headers) of all that lies here, what is most first."""
        return [
            (kind, shelf.name, digest, headers)
            for shelf, index in self._indexes()
            for kind, digest, headers in shelf.variants(index)
        ]

    def _indexes(self) -> Iterator[tuple[Shelf, sqlite3.Connection]]:
        for shelf in self.shelves.values():
            with self._locked(), contextlib.suppress(FileNotFoundError), shelf.index() as index:
                yield shelf, index

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Have the folder alone, among all threads and processes. Raises OSError."""
        lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            # The lock goes with it.
            os.close(lock)


def boot() -> str:
    """Return a name for the time since the machine was started; "" where it has none."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""


def _few(rows: list[Row]) -> list[Row] | None:
    return rows if len(rows) <= MOST_REMOVED else None


def at(folder: Path) -> Bake:
    """Return the bake in a folder, of this site."""
    return Bake(folder, site_numbers.of_site())


@lru_cache(1)
def of_site() -> Bake | None:
    """Return the bake that is kept current (`BAKE_DIR`); None without one."""
    return at(Path(settings.BAKE_DIR)) if settings.BAKE_DIR else None


def dropped(slots: Iterable[int]) -> None:
    """Slots were dropped: what is baked of them goes, before whoever changed them goes on."""
    bake = of_site()
    if bake is None:
        return
    try:
        bake.drop(slots)
    except OSError as error:
        logger.critical(
            "Web servers may send old pages: what is baked in %s cannot be removed: %s",
            bake.folder,
            error,
        )
