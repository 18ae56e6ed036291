"""Where packed pages are kept beyond a process: a folder of files, or Redis.

A store may lose what it likes; what it gives back is checked by whoever reads it. It never raises:
a full disk or a Redis that is down costs speed, and nothing else.
"""

import contextlib
import errno
import logging
import math
import os
import threading
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

logger = logging.getLogger(__name__)

#: The part of its room that a folder is emptied to, and the part after which it looks again.
_EMPTIED_TO, _LOOKS_AFTER = 0.75, 16
#: Seconds between two complaints about one store.
_COMPLAINS_EVERY = 60.0
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
#: Redis forgets what nobody made anew for so long.
_FORGETS_AFTER = 2 * 86400


class Store(Protocol):
    """Bytes by key."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes, until: float = math.inf) -> None: ...


class ReadOnly:
    """A store that is read, and neither filled nor emptied."""

    def __init__(self, store: Store) -> None:
        self.get = store.get

    def put(self, key: str, data: bytes, until: float = math.inf) -> None:
        pass


class _Complaint:
    """Says that something fails, but not for every request."""

    def __init__(self) -> None:
        self._said_at = -_COMPLAINS_EVERY

    def about(self, what: str, error: Exception) -> None:
        if time.monotonic() - self._said_at >= _COMPLAINS_EVERY:
            self._said_at = time.monotonic()
            logger.warning("%s: %s", what, error)


class FileStore:
    """A folder that several processes share and that outlives them, up to about `room` bytes.

    What was read longest ago goes first. A file is written where it stands, which costs a tenth of
    making another one; who reads it half written finds that its checksum is wrong.
    """

    def __init__(self, folder: Path, room: int) -> None:
        self.folder, self.room = folder, room
        self._written = 0
        self._lock = threading.Lock()
        self._complaint = _Complaint()

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            # Read lately: it goes last.
            os.utime(file)
            return os.read(file, os.fstat(file).st_size)
        except OSError:
            return None
        finally:
            os.close(file)

    def put(self, key: str, data: bytes, until: float = math.inf) -> None:
        if len(data) > self.room // 4:
            return
        path = self._path(key)
        try:
            self._written += _write(path, data)
        except OSError as error:
            self._complaint.about("A page could not be kept", error)
            with contextlib.suppress(OSError):
                os.unlink(path)
            # What is old may be what fills the disk.
            self._make_room()
            return
        if self._written > self.room // _LOOKS_AFTER:
            self._make_room()

    def _path(self, key: str) -> str:
        name = blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        return f"{self.folder}/{name[:2]}/{name}"

    def _make_room(self) -> None:
        """Remove what was read longest ago; one thread of a process at a time."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._written = 0
            found = sorted(self._files())
            size = sum(length for _read, length, _path in found)
            for _read, length, path in found:
                if size <= self.room * _EMPTIED_TO:
                    break
                path.unlink(missing_ok=True)
                size -= length
        except OSError as error:
            self._complaint.about("Old pages could not be removed", error)
        finally:
            self._lock.release()

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.glob("??/*"):
            # Another process may remove it at this moment.
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        return found


def _write(path: str, data: bytes) -> int:
    """Write a file; return by how many bytes it has grown. Its folder is made where it is missing,
    which it is once."""
    try:
        file = os.open(path, _WRITE, 0o600)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(path, _WRITE, 0o600)
    try:
        before = os.fstat(file).st_size
        if os.write(file, data) < len(data):
            raise OSError(errno.ENOSPC, "No room for a page", path)
        if len(data) < before:
            os.ftruncate(file, len(data))
    finally:
        os.close(file)
    return max(0, len(data) - before)


class RedisStore:
    """Redis, for several hosts. It bounds itself: by time, and by its own `maxmemory`."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._complaint = _Complaint()

    def get(self, key: str) -> bytes | None:
        return self._ask(lambda: self._client.get(self._name(key)))

    def put(self, key: str, data: bytes, until: float = math.inf) -> None:
        seconds = _FORGETS_AFTER if math.isinf(until) else max(1, math.ceil(until - time.time()))
        self._ask(lambda: self._client.set(self._name(key), data, ex=seconds))

    def _name(self, key: str) -> bytes:
        return f"{self._prefix}:page:{key}".encode("utf-8", "surrogateescape")

    def _ask(self, question: Any) -> Any:
        from redis.exceptions import RedisError

        try:
            return question()
        except RedisError as error:
            self._complaint.about("Redis keeps no pages", error)
            return None
