"""The journal: where a view is kept at the moment it is accepted, before anything is counted.

Each process writes to a file of its own, one line a view. The file has its full size from the
beginning and is mapped into memory: a line that was copied there outlives the process, however
that ends, and costs no call of the system, in which other threads would take turns. Nothing is
locked that anybody else waits for. A process holds a lock on its file for as long as it lives, so
that others can tell a journal that is finished from one that grows.
"""

import contextlib
import errno
import fcntl
import mmap
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from articles.readership.windows import Report

SUFFIX = ".views"
#: Bytes of a file: when they are used up the process begins a new one, and the old one can go.
SIZE = 8 * 2**20
#: Seconds for which a disk that is full is left alone: each try takes up what is left of it.
LEAVES_ALONE = 1.0


class JournalUnwritable(Exception):
    """The disk did not take the line: the view was not accepted."""


class Journal:
    """This process's journal in a folder; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._memory: mmap.mmap | None = None
        self._process = 0
        self._end = 0
        self._full_until = 0.0

    def append(self, report: Report) -> None:
        """Keep `report`; when this returns, no end of the process loses it.

        Raises JournalUnwritable; nothing was written then.
        """
        line = line_of(report)
        with self._lock:
            memory = self._memory
            # After a fork the file belongs to the parent.
            if memory is None or self._process != os.getpid() or self._end + len(line) > SIZE:
                memory = self._begin()
            last = self._end + len(line) - 1
            memory[self._end : last] = line[:-1]
            # By itself and last: what is read up to here is whole, whenever the process dies.
            memory[last] = line[-1]
            self._end = last + 1

    def close(self) -> None:
        """Let others take the file for finished."""
        if self._memory is not None:
            # With the last hold on the file its lock goes.
            self._memory.close()
            self._memory = None

    def _begin(self) -> mmap.mmap:
        if time.monotonic() < self._full_until:
            raise JournalUnwritable("The disk was full a moment ago")
        try:
            memory = self._new_file()
        except OSError as error:
            self._full_until = time.monotonic() + LEAVES_ALONE
            raise JournalUnwritable(str(error)) from error
        self.close()
        self._memory, self._process, self._end = memory, os.getpid(), 0
        return memory

    def _new_file(self) -> mmap.mmap:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{host_name(self.folder)}-{uuid.uuid4().hex}{SUFFIX}"
        # Locked before it has its name: nobody may take it for one that is finished.
        unnamed = self.folder / f".{name}"
        file = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Written, not only measured: a disk that is full has to say so here, because a line
            # in memory that it cannot take would end the process.
            if os.write(file, bytes(SIZE)) != SIZE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fcntl.flock(file, fcntl.LOCK_EX)
            memory = mmap.mmap(file, SIZE)
            unnamed.rename(self.folder / name)
        except OSError:
            unnamed.unlink()
            raise
        finally:
            os.close(file)
        return memory


def line_of(report: Report) -> bytes:
    words = (report.at, report.article, report.visitor, report.former, report.referrer)
    return (" ".join(map(str, words)) + "\n").encode()


def report_of(line: bytes) -> Report:
    at, article, visitor, former, referrer = line.decode().split(" ", 4)
    return Report(int(at), int(article), int(visitor), int(former), referrer)


def journals(folder: Path) -> list[Path]:
    """Return the journals of a folder, by name."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))


def read(path: Path, offset: int, most: int) -> tuple[list[Report], int]:
    """Return whole lines from `offset` on, about `most` bytes of them, and where they end."""
    with path.open("rb") as file:
        file.seek(offset)
        # What was not written to yet is zeros.
        data = file.read(most).partition(b"\0")[0]
    # A line that a dying process began was never accepted.
    whole = data[: data.rfind(b"\n") + 1]
    return [report_of(line) for line in whole.splitlines()], offset + len(whole)


def is_finished(path: Path) -> bool:
    """Whether nobody writes to the journal any more: its process ended, or took a new one."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Be the only one on this host who adds up the folder's journals; False if somebody is."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def host_name(folder: Path) -> str:
    """Return the folder's own name among all hosts of a site; made once."""
    path = folder / "name"
    if not path.exists():
        mine = folder / f".name-{uuid.uuid4().hex}"
        try:
            mine.write_text(f"{socket.gethostname()[:40]}.{uuid.uuid4().hex[:12]}")
            # A link is made whole or not at all, whoever comes first.
            with contextlib.suppress(FileExistsError):
                os.link(mine, path)
        finally:
            mine.unlink(missing_ok=True)
    return path.read_text()
