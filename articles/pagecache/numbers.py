"""The numbers that say which kept pages still hold.

One number grows with every change. Each slot (slots.py) remembers the number of its last change. A
page remembers the number that was current before it was rendered; it holds as long as no slot of
what it shows has a later one. So nothing has to know where pages are kept to drop them: the
moment the slots are written, no process answers them.
"""

import errno
import fcntl
import logging
import mmap
import os
import threading
import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from articles.pagecache.slots import ALL, EVERYTHING, LAYOUT

logger = logging.getLogger(__name__)

#: Cells of the table before its slots: the number, when time alone changes something next, layout.
_NUMBER, _MOMENT, _LAYOUT, _FIRST = 0, 1, 2, 8
_BYTES = 8 * (_FIRST + ALL)
#: Seconds for which Redis is waited for, and then left alone.
_PATIENCE, _LEAVES_ALONE = 0.5, 1.0
#: Seconds for which a number of Redis is gone by; whoever changes something waits as long.
_LEASE = 0.005


class Numbers(Protocol):
    """What a page cache asks of its numbers."""

    def current(self) -> int | None:
        """The number of the last change; None if it cannot be known, and nothing can be kept."""

    def recent(self) -> int | None:
        """The same, for whoever answers what is kept: without a change that `drop` still waits
        for."""

    def newest(self, slots: Iterable[int]) -> int | None:
        """The number of the last change of any of `slots`; None if it cannot be known."""

    def drop(self, slots: Iterable[int]) -> None:
        """Write down a change of `slots`; when it returns, no process answers a page with them."""

    def moment(self) -> int | None:
        """Microseconds since 1970 at which time alone changes what is public; None: not known."""

    def set_moment(self, moment: int) -> None: ...


def _beginning() -> int:
    """A first number that is later than any of a table that was lost: the clock's microseconds."""
    return time.time_ns() // 1000


class HostNumbers:
    """The numbers of one host, in a file that all its processes have mapped: read for free."""

    def __init__(self, path: Path) -> None:
        """Map the file, made if need be. Raises OSError, as on a full disk."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock = threading.Lock()
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            if os.fstat(self._file).st_size < _BYTES:
                # Written, not only made so long: a hole in a file that cannot be filled, on a full
                # disk, ends the process.
                if os.pwrite(self._file, bytes(_BYTES), 0) < _BYTES:
                    raise OSError(errno.ENOSPC, "No room for the numbers of pages", str(path))
                os.fsync(self._file)
            self._cells = memoryview(mmap.mmap(self._file, _BYTES)).cast("Q")
            if self._cells[_LAYOUT] != LAYOUT:
                number = max(_beginning(), self._cells[_NUMBER] + 1)
                self._cells[_FIRST + EVERYTHING] = number
                self._cells[_NUMBER], self._cells[_MOMENT] = number, 0
                self._cells[_LAYOUT] = LAYOUT
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def current(self) -> int | None:
        return self._cells[_NUMBER]

    recent = current

    def newest(self, slots: Iterable[int]) -> int | None:
        cells = self._cells
        return max([cells[_FIRST + slot] for slot in slots], default=0)

    def drop(self, slots: Iterable[int]) -> None:
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                number = self._cells[_NUMBER] + 1
                for slot in slots:
                    self._cells[_FIRST + slot] = number
                # Last: whoever sees the new number must find its slots.
                self._cells[_NUMBER] = number
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def moment(self) -> int | None:
        return self._cells[_MOMENT] or None

    def set_moment(self, moment: int) -> None:
        self._cells[_MOMENT] = moment


#: All or nothing, so that no page is found to hold between the number and its slots. A table that
#: has lost either begins anew, later than any number it had: EVERYTHING, 0, always has one.
_DROP = """
local number = redis.call('GET', KEYS[1])
if not number or redis.call('HEXISTS', KEYS[2], '0') == 0 then
  if not number or tonumber(number) < tonumber(ARGV[1]) then
    redis.call('SET', KEYS[1], ARGV[1])
  end
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[2], '0', redis.call('INCR', KEYS[1]))
end
if #ARGV > 1 then
  number = redis.call('INCR', KEYS[1])
  for place = 2, #ARGV do redis.call('HSET', KEYS[2], ARGV[place], number) end
end
return redis.call('GET', KEYS[1])
"""


class SharedNumbers:
    """The numbers of several hosts, in Redis. Without Redis nothing is kept, and nothing is old.

    Not every answer asks Redis: a number is gone by for some milliseconds from before it was asked
    for, and a change waits until nobody can go by the one before (decision 0038).
    """

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._number, self._slots, self._moment = (
            f"{prefix}:{name}" for name in ("number", "slots", "moment")
        )
        self._left_alone_until = 0.0
        self._owed: set[int] = set()
        self._lock = threading.Lock()
        #: A number, and until when it is gone by, by this process's own clock.
        self._leased = (0, 0.0)

    def current(self) -> int | None:
        if self._owed:
            # Pages that Redis does not know to be old.
            self._pay()
        if self._owed:
            return None
        asked_at = time.monotonic()
        found = self._ask(lambda: self._client.get(self._number) or self._run(()))
        if not found:
            return None
        self._leased = int(found), asked_at + _LEASE
        return int(found)

    def recent(self) -> int | None:
        number, until = self._leased
        if time.monotonic() < until and not self._owed:
            return number
        return self.current()

    def newest(self, slots: Iterable[int]) -> int | None:
        found = self._ask(lambda: self._client.hmget(self._slots, [EVERYTHING, *slots]))
        if found and found[0] is None:
            # A table that was lost says of nothing that it has changed: it begins anew, and all is
            # older than that.
            found = [self._ask(lambda: self._run(()))]
        return max((int(one) for one in found if one), default=None) if found else None

    def drop(self, slots: Iterable[int]) -> None:
        with self._lock:
            self._owed.update(slots)
        self._left_alone_until = 0.0
        self._pay()
        time.sleep(_LEASE)
        if self._owed:
            threading.Thread(target=self._go_on_paying, name="pages-owed", daemon=True).start()

    def moment(self) -> int | None:
        found = self._ask(lambda: self._client.get(self._moment))
        return int(found) if found else None

    def set_moment(self, moment: int) -> None:
        self._ask(lambda: self._client.set(self._moment, moment))

    def _pay(self) -> None:
        with self._lock:
            if self._owed and self._ask(lambda: self._run(self._owed)):
                self._owed = set()

    def _go_on_paying(self) -> None:
        while self._owed:
            time.sleep(_LEAVES_ALONE)
            self._pay()

    def _run(self, slots: Iterable[int]) -> Any:
        keys = (self._number, self._slots, self._moment)
        return self._client.eval(_DROP, len(keys), *keys, _beginning(), *slots)

    def _ask(self, question: Any) -> Any:
        """Return what Redis answers; None if it does not, and for a while after."""
        from redis.exceptions import RedisError

        now = time.monotonic()
        if now < self._left_alone_until:
            return None
        try:
            return question()
        except RedisError as error:
            self._left_alone_until = now + _LEAVES_ALONE
            logger.warning("No page is kept or answered without Redis: %s", error)
            return None


class NoNumbers:
    """Where no numbers can be had, nothing is kept."""

    def current(self) -> int | None:
        return None

    recent = current

    def newest(self, slots: Iterable[int]) -> int | None:
        return None

    def drop(self, slots: Iterable[int]) -> None:
        pass

    def moment(self) -> int | None:
        return None

    def set_moment(self, moment: int) -> None:
        pass


def redis_address() -> str:
    """Return where the site's Redis is; "" for a site without one."""
    cache = settings.CACHES["default"]
    return str(cache["LOCATION"]) if "redis" in cache["BACKEND"].lower() else ""


@lru_cache(1)
def redis_client() -> Any:
    """Return the connection to the site's Redis."""
    from redis import Redis

    return Redis.from_url(
        redis_address(), socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
    )


@lru_cache(1)
def of_site() -> Numbers:
    """Return the numbers of this site."""
    if not settings.PAGE_CACHE:
        return NoNumbers()
    if redis_address():
        return SharedNumbers(redis_client(), f"{settings.CACHES['default']['KEY_PREFIX']}:pages")
    try:
        return HostNumbers(Path(settings.DATA_DIR) / "pages" / "numbers")
    except OSError as error:
        logger.error("No page is kept: %s", error)
        return NoNumbers()
