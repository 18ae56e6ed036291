"""The edition as one host knows it: a number that all its processes read for free.

It lies in eight bytes of a file that all processes of a host have mapped: reading it costs less
than a microsecond and no system call, so that what a worker remembers can be held against it at
each request. Another host learns of a change from the tables, where the edition itself lies
(edition.py), as soon as it asks them.
"""

import fcntl
import mmap
import os
import threading
from functools import lru_cache
from pathlib import Path
from struct import Struct

from django.conf import settings

_NUMBER = Struct("<Q")


class HostEdition:
    """A number that several processes of a host share; `path` is its file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._file).st_size < _NUMBER.size:
            # Longer, and all zeros where nothing was written: two who do this do no harm.
            os.ftruncate(self._file, _NUMBER.size)
        self._bytes = mmap.mmap(self._file, _NUMBER.size)
        self._lock = threading.Lock()

    def current(self) -> int:
        return int(_NUMBER.unpack_from(self._bytes)[0])

    def raise_it(self) -> int:
        """Raise the number by one and return it; all processes of the host see it at once."""
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                number = self.current() + 1
                _NUMBER.pack_into(self._bytes, 0, number)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        return number


@lru_cache(1)
def here() -> HostEdition:
    """Return the edition of this host."""
    return HostEdition(Path(settings.DATA_DIR) / "edition")
