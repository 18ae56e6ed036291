"""The journal: where a view is kept at the moment it is accepted, before anything is counted.

Each process appends to a file of its own, one line a view, with one write. A line that was
written outlives the process, however that ends; nothing is locked that anybody else waits for.
A process holds a lock on its file for as long as it lives, so that others can tell a journal that
is finished from one that grows.
"""

import contextlib
import fcntl
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from articles.readership.windows import Report

SUFFIX = ".views"
#: Bytes after which a process begins a new file, so that the old one can be removed.
FULL = 8 * 2**20


class JournalUnwritable(Exception):
    """The disk did not take the line: the view was not accepted."""


class Journal:
    """This process's journal in a folder; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._file = -1
        self._process = 0
        self._size = 0

    def append(self, report: Report) -> None:
        """Keep `report`; when this returns, no end of the process loses it.

        Raises JournalUnwritable; nothing was written then.
        """
        line = line_of(report)
        with self._lock:
            try:
                # After a fork the file belongs to the parent.
                if self._process != os.getpid() or self._size > FULL:
                    self._open()
                if os.write(self._file, line) != len(line):
                    os.ftruncate(self._file, self._size)
                    raise JournalUnwritable("the disk is full")
            except OSError as error:
                raise JournalUnwritable(str(error)) from error
            self._size += len(line)

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{host_name(self.folder)}-{uuid.uuid4().hex}{SUFFIX}"
        # Locked before it has its name: nobody may take it for one that is finished.
        unnamed = self.folder / f".{name}"
        file = os.open(unnamed, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        unnamed.rename(self.folder / name)
        if self._process == os.getpid():
            os.close(self._file)
        self._file, self._process, self._size = file, os.getpid(), 0


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
        data = file.read(most)
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
        mine.write_text(f"{socket.gethostname()[:40]}.{uuid.uuid4().hex[:12]}")
        # A link is made whole or not at all, whoever comes first.
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text()
