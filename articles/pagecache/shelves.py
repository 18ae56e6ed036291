"""A shelf: a folder of baked pages, with the index of what each of them shows.

The index lies in the folder that it speaks of. So one rename drops all of them, whatever their
number, and the next shelf begins with an empty one. Everything here runs under the lock of the bake
(baking.py), and opens the index anew: another process may have put the shelf away meanwhile.
"""

import json
import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from articles.pagecache.kinds import ENDINGS, Kind, file_of
from articles.pagecache.pages import IDENTITY, Headers, Page
from articles.pagecache.slots import EVERYTHING

#: With more pages than these to go, the whole shelf does: whoever made the change waits for it.
MOST_REMOVED = 200
#: The slot of a page that any change drops.
ANY = -1
#: Placeholders in one question to the index.
_AT_ONCE = 500
_INDEX = "index.sqlite3"
_TABLES = """
CREATE TABLE made_by (release TEXT, boot TEXT);
CREATE TABLE headers (digest TEXT PRIMARY KEY, kind TEXT, lines TEXT);
CREATE TABLE page (
  id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE, digest TEXT, tag TEXT,
  number INTEGER, slots BLOB, until REAL, stale_from REAL
);
CREATE INDEX page_until ON page (until);
CREATE INDEX page_stale_from ON page (stale_from);
CREATE TABLE shows (slot INTEGER, page INTEGER, PRIMARY KEY (slot, page)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Row:
    """One baked page, as the index has it."""

    id: int
    path: str
    digest: str
    tag: str
    number: int
    slots: array
    until: float
    stale_from: float


class Shelf:
    """One shelf of the bake in `folder`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.folder = name, folder / name
        self._bake = folder

    @property
    def is_there(self) -> bool:
        return (self.folder / _INDEX).is_file()

    @contextmanager
    def index(self) -> Iterator[sqlite3.Connection]:
        """Open the index, for one transaction. Raises sqlite3.Error and OSError."""
        if not self.is_there:
            raise FileNotFoundError(self.folder)
        index = sqlite3.connect(self.folder / _INDEX, timeout=10)
        try:
            # A machine that went down has lost its bake anyway (see baking.py): nothing waits for
            # the disk.
            index.execute("PRAGMA synchronous=OFF")
            with index:
                yield index
        finally:
            index.close()

    def begin(self, release: str, boot: str, new: Path) -> None:
        """Make an empty shelf, which is there at once or not at all. new: a folder for halves."""
        beginning = new / f"{self.name}-{os.getpid()}"
        (beginning / "www").mkdir(parents=True)
        index = sqlite3.connect(beginning / _INDEX)
        try:
            with index:
                index.executescript(_TABLES)
                index.execute("INSERT INTO made_by VALUES (?, ?)", (release, boot))
        finally:
            index.close()
        beginning.rename(self.folder)

    def made_by(self, index: sqlite3.Connection) -> tuple[str, str]:
        """Return the release that it is of, and the time since the machine was started."""
        return index.execute("SELECT release, boot FROM made_by").fetchone()

    def put_away(self) -> None:
        """Drop all at once. What is put away is emptied later (baking.py). Raises OSError."""
        for number in range(1_000_000):
            away = self._bake / f"gone-{self.name}-{os.getpid()}-{number}"
            if not away.exists():
                break
        self.folder.rename(away)

    # --- one page ---------------------------------------------------------------------------

    def files(self, digest: str, path: str) -> dict[str, Path]:
        """Return the file of each encoding; the plain one first, by which the page is there."""
        plain = str(self.folder / "www" / digest / file_of(path))
        return {name: Path(plain + ending) for name, ending in ENDINGS.items()}

    def row(self, index: sqlite3.Connection, path: str) -> Row | None:
        return next(iter(_rows(index, "WHERE path = ?", (path,))), None)

    def put(
        self,
        index: sqlite3.Connection,
        kind: Kind,
        path: str,
        page: Page,
        headers: Headers,
        digest: str,
        halves: dict[str, Path],
        second: int,
    ) -> None:
        """Put a page where none is. halves: its files as they were written. second: their date.

        A file is never there without a row that says what it shows: the row comes first, and the
        plain file comes last. Killed in between, there is no page.
        """
        index.execute(
            "INSERT OR IGNORE INTO headers VALUES (?, ?, ?)",
            (digest, kind.name, json.dumps(headers)),
        )
        number = index.execute(
            "INSERT INTO page (path, digest, tag, number, slots, until, stale_from)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (path, digest, page.tag, *_what_holds(page)),
        ).lastrowid
        index.executemany(
            "INSERT INTO shows VALUES (?, ?)", [(slot, number) for slot in _shown(page.slots)]
        )
        index.commit()
        files = self.files(digest, path)
        try:
            files[IDENTITY].parent.mkdir(parents=True, exist_ok=True)
            for name in reversed(ENDINGS):
                if name in halves:
                    os.utime(halves[name], (second, second))
                    os.replace(halves[name], files[name])
        except OSError:
            index.execute("DELETE FROM page WHERE id = ?", (number,))
            index.commit()
            raise

    def still_holds(self, index: sqlite3.Connection, row: Row, page: Page) -> None:
        """A page was made anew, and is as it was: its files stay."""
        index.executemany(
            "DELETE FROM shows WHERE slot = ? AND page = ?",
            [(slot, row.id) for slot in _shown(row.slots)],
        )
        index.executemany(
            "INSERT INTO shows VALUES (?, ?)", [(slot, row.id) for slot in _shown(page.slots)]
        )
        index.execute(
            "UPDATE page SET number = ?, slots = ?, until = ?, stale_from = ? WHERE id = ?",
            (*_what_holds(page), row.id),
        )

    def remove(self, index: sqlite3.Connection, row: Row) -> None:
        """Remove a page; the file by which it is there first. Raises OSError."""
        for file in self.files(row.digest, row.path).values():
            file.unlink(missing_ok=True)
        index.execute("DELETE FROM page WHERE id = ?", (row.id,))
        index.executemany(
            "DELETE FROM shows WHERE slot = ? AND page = ?",
            [(slot, row.id) for slot in _shown(row.slots)],
        )

    # --- many pages -------------------------------------------------------------------------

    def showing(self, index: sqlite3.Connection, slots: Iterable[int]) -> list[Row] | None:
        """Return the pages that show any of `slots`; None for all, or for more than a few."""
        wanted = [ANY, *slots]
        if EVERYTHING in wanted:
            return None
        found: set[int] = set()
        for place in range(0, len(wanted), _AT_ONCE):
            some = wanted[place : place + _AT_ONCE]
            # Marks alone, here and below: every value is a parameter.
            asked = f"SELECT DISTINCT page FROM shows WHERE slot IN ({_marks(some)})"  # noqa: S608  # nosec B608
            # One more than a few is enough to know.
            rows = index.execute(f"{asked} LIMIT ?", (*some, MOST_REMOVED + 1))
            found.update(one for (one,) in rows)
            if len(found) > MOST_REMOVED:
                return None
        return self.rows(index, found)

    def rows(self, index: sqlite3.Connection, ids: Iterable[int]) -> list[Row]:
        ids = list(ids)
        found: list[Row] = []
        for place in range(0, len(ids), _AT_ONCE):
            some = ids[place : place + _AT_ONCE]
            found += _rows(index, f"WHERE id IN ({_marks(some)})", some)
        return found

    def after(self, index: sqlite3.Connection, last: int) -> list[Row]:
        """Return some pages, in the order in which they came, behind the one with the id `last`."""
        return list(_rows(index, "WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_ONCE)))

    def ending(self, index: sqlite3.Connection, moment: float) -> list[Row]:
        """Return the pages that end until `moment`; one more than a few at most."""
        return list(_rows(index, "WHERE until <= ? LIMIT ?", (moment, MOST_REMOVED + 1)))

    def aging(self, index: sqlite3.Connection, moment: float) -> list[str]:
        """Return the addresses of pages that want to be made anew at `moment`."""
        asked = "SELECT path FROM page WHERE stale_from <= ?"
        return [path for (path,) in index.execute(asked, (moment,))]

    def next_end(self, index: sqlite3.Connection) -> float | None:
        return index.execute("SELECT min(until) FROM page").fetchone()[0]

    def known(self, index: sqlite3.Connection, paths: list[str]) -> set[str]:
        """Return those of `paths` that are baked."""
        asked = f"SELECT path FROM page WHERE path IN ({_marks(paths)})"  # noqa: S608  # nosec B608
        return {path for (path,) in index.execute(asked, paths)}

    def variants(self, index: sqlite3.Connection) -> list[tuple[str, str, Headers]]:
        """Return (kind, digest, headers) of what lies here, what is most frequent first."""
        asked = (
            "SELECT kind, headers.digest, lines FROM headers JOIN page USING (digest)"
            " GROUP BY headers.digest ORDER BY count(*) DESC, headers.digest"
        )
        return [
            (kind, digest, [(name, value) for name, value in json.loads(lines)])
            for kind, digest, lines in index.execute(asked)
        ]


def _rows(index: sqlite3.Connection, where: str, values: Iterable[object]) -> Iterator[Row]:
    columns = "id, path, digest, tag, number, slots, until, stale_from"
    asked = f"SELECT {columns} FROM page {where}"  # noqa: S608  # nosec B608
    for found in index.execute(asked, tuple(values)):
        slots = array("I")
        slots.frombytes(found[5])
        yield Row(*found[:5], slots, *found[6:])


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _one in values)


def _what_holds(page: Page) -> tuple[int, bytes, float, float]:
    return page.number, page.slots.tobytes(), page.until, page.stale_from


def _shown(slots: Iterable[int]) -> list[int]:
    """The slots that a page is found by. What drops everything puts the shelf away."""
    return [slot for slot in slots if slot != EVERYTHING] if slots else [ANY]
