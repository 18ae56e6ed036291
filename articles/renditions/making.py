"""Making renditions: one at a time on a machine, ahead of readers or while the first one waits.

No save waits for it. A reader waits for a moment at most, and gets the original then.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files import locks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from articles.models import Article

logger = logging.getLogger(__name__)

#: Requests of one process that may wait for a rendition; the other threads answer readers.
PLACES = 3
#: How long a reader's request waits until it is made.
PATIENCE = 1.0
_LOOKS_EVERY = 0.02
#: Newest public articles whose pictures a server makes ready when it starts.
AHEAD = 40
#: How much a server's own work goes before this one, as Unix counts it.
NICENESS = 10

_places = threading.BoundedSemaphore(PLACES)
_wanted: queue.SimpleQueue["Makeable"] = queue.SimpleQueue()
_is_listened_to = threading.Event()


class Makeable(Protocol):
    """A file by its name, and how its bytes are made."""

    @property
    def name(self) -> str: ...

    def render(self) -> bytes: ...


def make_for_reader(one: Makeable, patience: float = PATIENCE) -> bool:
    """Make the file that a request asks for, unless enough requests wait for one already.

    Returns whether it is there.
    """
    if not _places.acquire(blocking=False):
        return False
    try:
        return make(one, patience)
    finally:
        _places.release()


def make(one: Makeable, patience: float = PATIENCE) -> bool:
    """Make the file if it is not there; return whether it is there in the end.

    False when others are at it for longer than `patience` seconds, or when it cannot be made.
    """
    try:
        with _turn(patience) as is_ours:
            if default_storage.exists(one.name):
                return True
            if is_ours:
                default_storage.save(one.name, ContentFile(one.render()))
            return is_ours
    except OSError as error:
        # A full disk, an original that is gone: the page can do without.
        logger.warning("%s cannot be made: %s", one.name, error)
        return False


@contextmanager
def _turn(patience: float) -> Iterator[bool]:
    """Wait until nobody else on this machine makes a rendition; False after `patience` seconds.

    A lock on a file goes with its process, so that a killed one blocks nobody.
    """
    path = Path(settings.DATA_DIR) / "renditions.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + patience
    with path.open("a") as file:
        while not (is_ours := locks.lock(file, locks.LOCK_EX | locks.LOCK_NB)):
            if time.monotonic() > ends:
                break
            time.sleep(_LOOKS_EVERY)
        yield is_ours


def soon(*wanted: Makeable) -> None:
    """Have files made in the background, if this process has one; else the first reader waits."""
    if _is_listened_to.is_set():
        for one in wanted:
            _wanted.put(one)


def make_ahead() -> float:
    """Make the next file that `soon` was told of; for the thread that articles/clock.py keeps.

    It begins with what the first pages show. Returns how long to sleep: not at all.
    """
    if not _is_listened_to.is_set():
        _is_listened_to.set()
        _give_way()
        for article in Article.objects.published().select_related("section", "picture")[:AHEAD]:
            soon(*(article.picture.usual_renditions if article.picture else ()), article.card)
    one = _wanted.get()
    if not default_storage.exists(one.name):
        # Whoever is at it will be done by then.
        make(one, patience=60)
    return 0.0


def _give_way() -> None:
    """Let the rest of the server go first; only where one thread alone can be asked to."""
    if hasattr(os, "setpriority") and os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
