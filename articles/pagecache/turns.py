"""One at a time makes a page; the others wait a little, and find it made."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

#: How long somebody waits for another's page before making it, too: a fault there is no fault here.
PATIENCE = 3.0
_LOOKS_EVERY = 0.005
#: Two pages that share a place wait for each other, no more.
_PLACES = 64
_OPEN = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


class Turns:
    """Whose turn it is to make which page, among the threads of a process and those of a host."""

    def __init__(self, folder: Path) -> None:
        self._places = [_Place(folder / f"{place:02x}") for place in range(_PLACES)]

    @contextlib.contextmanager
    def turn(self, key: str, patience: float = PATIENCE) -> Iterator[bool]:
        """Wait for the turn; give whether it came. Leaving ends it."""
        place = self._places[crc32(key.encode("utf-8", "surrogateescape")) % _PLACES]
        end = time.monotonic() + patience
        if not place.lock.acquire(timeout=patience):
            yield False
            return
        try:
            file = place.file()
            # Where there is no file to be had, nobody waits.
            if file is None:
                yield True
                return
            is_mine = _locked(file, end)
            try:
                yield is_mine
            finally:
                if is_mine:
                    fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            place.lock.release()


class _Place:
    """A lock among threads, and a file that is locked among processes. It stays open: one thread
    of a process has it at a time."""

    def __init__(self, path: Path) -> None:
        self.lock = threading.Lock()
        self._path = path
        self._file: int | None = None

    def file(self) -> int | None:
        if self._file is None:
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, _OPEN, 0o600)
        return self._file


def _locked(file: int, end: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_LOOKS_EVERY)
        else:
            return True
