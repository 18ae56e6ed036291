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
#: Locks between the processes of a host. Two pages that share one wait for each other, no more.
_LOCKS = 64
_OPEN = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


class Turns:
    """Whose turn it is to make which page, among the threads of a process and those of a host."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def turn(self, key: str, patience: float = PATIENCE) -> Iterator[bool]:
        """Wait for the turn; give whether it came. Leaving ends it."""
        end = time.monotonic() + patience
        lock = self._lock_of(key)
        is_mine = lock.acquire(timeout=patience) if patience else lock.acquire(blocking=False)
        try:
            with (
                self._among_processes(key, end) if is_mine else contextlib.nullcontext(False) as ok
            ):
                yield ok
        finally:
            if is_mine:
                lock.release()
            self._done_with(key)

    def _lock_of(self, key: str) -> threading.Lock:
        with self._guard:
            lock, users = self._held.get(key) or (threading.Lock(), 0)
            self._held[key] = (lock, users + 1)
            return lock

    def _done_with(self, key: str) -> None:
        with self._guard:
            lock, users = self._held[key]
            if users > 1:
                self._held[key] = (lock, users - 1)
            else:
                del self._held[key]

    @contextlib.contextmanager
    def _among_processes(self, key: str, end: float) -> Iterator[bool]:
        """A lock on a file, one of many. Where there is none to be had, nobody waits."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            place = crc32(key.encode("utf-8", "surrogateescape")) % _LOCKS
            # Each turn opens the file anew: a lock belongs to what was opened.
            file = os.open(self._folder / f"{place:02x}", _OPEN, 0o600)
        except OSError:
            yield True
            return
        try:
            yield self._lock(file, end)
        finally:
            # The lock goes with it.
            os.close(file)

    @staticmethod
    def _lock(file: int, end: float) -> bool:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    return False
                time.sleep(_LOOKS_EVERY)
            else:
                return True
