"""Where packed pages are kept beyond a process: a folder of files, or Redis.

A store may lose what it likes; what it gives back is checked by whoever reads it. It never raises:
a full disk or a Redis that is down costs speed, and nothing else.
"""

import contextlib
import logging
import math
import os
import secrets
import threading
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

logger = logging.getLogger(__name__)

#: The part of its room that a folder is emptied to, and the part after which it looks again.
_EMPTIED_TO, _LOOKS_AFTER = 0.75, 16
#: A file that was being written so long ago was given up.
_GIVEN_UP = 3600.0
#: Seconds between two complaints about one store.
_COMPLAINS_EVERY = 60.0
_HALF_WRITTEN = ".new-"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
#: Redis forgets what nobody made anew for so long.
_FORGETS_AFTER = 2 * 86400


class Store(Protocol):
    """Bytes by key."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes, until: float = math.inf) -> None: ...

    def remove(self, key: str) -> None: ...


class ReadOnly:
    """A store that is read, and neither filled nor emptied."""

    def __init__(self, store: Store) -> None:
        self.get = store.get

    def put(self, key: str, data: bytes, until: float = math.inf) -> None:
        pass

    def remove(self, key: str) -> None:
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

    What was read longest ago goes first.
    """

    def __init__(self, folder: Path, room: int) -> None:
        self.folder, self.room = folder, room
        self._written = 0
        self._lock = threading.Lock()
        self._complaint = _Complaint()

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            data = path.read_bytes()
            # Read lately: it goes last.
            os.utime(path)
        except OSError:
            return None
        return data

    def put(self, key: str, data: bytes, until: float = math.inf) -> None:
        if len(data) > self.room // 4:
            return
        path = self._path(key)
        try:
            new = path.with_name(f"{_HALF_WRITTEN}{secrets.token_hex(8)}")
            try:
                _write(new, data)
                os.replace(new, path)
            except BaseException:
                new.unlink(missing_ok=True)
                raise
        except OSError as error:
            self._complaint.about("A page could not be kept", error)
            # What is old may be what fills the disk.
            self._make_room()
            return
        self._written += len(data)
        if self._written > self.room // _LOOKS_AFTER:
            self._make_room()

    def remove(self, key: str) -> None:
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        name = blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        return self.folder / name[:2] / name

    def _make_room(self) -> None:
        """Remove what was read longest ago; one thread of a process at a time."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._written = 0
            found = sorted(self._files())
            size = sum(length for _read, length, _path in found)
            now = time.time()
            for read, length, path in found:
                is_rest = path.name.startswith(_HALF_WRITTEN)
                if is_rest and now - read < _GIVEN_UP:
                    continue
                if is_rest or size > self.room * _EMPTIED_TO:
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


def _write(path: Path, data: bytes) -> None:
    """Write a file; its folder is made where it is missing, which it is once."""
    try:
        file = os.open(path, _NEW, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, _NEW, 0o600)
    with open(file, "wb") as opened:
        opened.write(data)


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

    def remove(self, key: str) -> None:
        self._ask(lambda: self._client.delete(self._name(key)))

    def _name(self, key: str) -> bytes:
        return f"{self._prefix}:page:{key}".encode("utf-8", "surrogateescape")

    def _ask(self, question: Any) -> Any:
        from redis.exceptions import RedisError

        try:
            return question()
        except RedisError as error:
            self._complaint.about("Redis keeps no pages", error)
            return None
