"""Caches in front are told what was dropped, by the same keys that their answers carry.

A page that may be kept names what it shows in a header; a change purges those names at the cache.
That goes out from a thread, after the commit, and is tried again for some minutes: an editor never
waits for it. What is lost with the process lasts no longer than the cache was told to keep it.
"""

import json
import logging
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from articles.pagecache.slots import EVERYTHING

logger = logging.getLogger(__name__)

#: Seconds within which what changes is purged together.
GATHERS_FOR = 0.2
#: Seconds for which a cache is waited for, at each step of asking it.
PATIENCE = 5.0
#: Seconds until the next try; after the last one it is given up.
TRIES_AFTER = (1, 2, 5, 10, 30, 60, 120)
#: A page that shows more is purged with any change: caches take only so long a header.
MOST_KEYS = 500
#: The key of a page that any change drops, and of every page.
ANY, ALL = "any", "all"
#: How long a cache that is told of changes may keep a page, should a purge be lost; and a page that
#: it may show while it fetches the next, or while the site does not answer. A purged one is gone.
KEEPS = "max-age=3600, stale-while-revalidate=30, stale-if-error=86400"


@dataclass(frozen=True)
class Kind:
    """How one kind of cache is told.

    header: names an answer's keys, which `joint` parts. most: keys in one request. lives: the
    header by which this cache alone is told how long to keep an answer.
    """

    header: str
    joint: str
    most: int
    lives: str


KINDS = {
    "webhook": Kind("Surrogate-Key", " ", 1000, "Surrogate-Control"),
    "fastly": Kind("Surrogate-Key", " ", 256, "Surrogate-Control"),
    "cloudflare": Kind("Cache-Tag", ",", 30, "Cloudflare-CDN-Cache-Control"),
    "varnish": Kind("xkey", " ", 200, "Surrogate-Control"),
}


@dataclass(frozen=True)
class Front:
    """The cache in front: its kind, the address that is told, and the word that opens it."""

    name: str
    address: str
    token: str = field(repr=False)

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]


@lru_cache(1)
def of_site() -> Front | None:
    """Return the cache in front of this site. Raises ImproperlyConfigured."""
    if not settings.CDN_PURGE:
        return None
    name, plus, address = settings.CDN_PURGE.partition("+")
    parts = urlsplit(address)
    if name not in KINDS or not plus or parts.scheme not in {"http", "https"} or not parts.hostname:
        kinds = ", ".join(KINDS)
        raise ImproperlyConfigured(
            f"CDN_PURGE must be one of {kinds}, a plus sign and an http(s) address."
        )
    return Front(name, address, settings.CDN_TOKEN)


def headers_of(slots: Sequence[int]) -> list[tuple[str, str]]:
    """Return the headers by which a cache in front knows a kept page again."""
    front = of_site()
    if front is None:
        return []
    names = [ALL, ANY] if not slots or len(slots) > MOST_KEYS else [ALL, *_names(slots)]
    return [(front.kind.header, front.kind.joint.join(names)), (front.kind.lives, KEEPS)]


def _names(slots: Iterable[int]) -> list[str]:
    return [f"{slot:x}" for slot in slots if slot != EVERYTHING]


class Purges:
    """What one process has to tell the cache in front."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._waiting: dict[str, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def changed(self, slots: set[int], articles: Iterable[int] = ()) -> None:
        """Slots were dropped: the cache is told soon; returns at once (see dropping.listeners)."""
        names = [ALL] if EVERYTHING in slots else [ANY, *_names(sorted(slots))]
        with self._lock:
            self._waiting.update(dict.fromkeys(names))
            if self._thread is None:
                # No daemon: a command that publishes and ends lets the cache hear of it.
                self._thread = threading.Thread(target=self._work, name="pages-purge")
                self._thread.start()

    def _work(self) -> None:
        while True:
            time.sleep(GATHERS_FOR)
            with self._lock:
                names = list(self._waiting)
                self._waiting.clear()
                if not names:
                    self._thread = None
                    return
            if ALL in names:
                names = [ALL]
            for place in range(0, len(names), self._front.kind.most):
                self._tell(names[place : place + self._front.kind.most])

    def _tell(self, names: list[str]) -> None:
        problem = ""
        for seconds in (*TRIES_AFTER, 0):
            try:
                status = _ask(self._front, names)
                if status < 300:
                    return
                problem = f"it answers {status}"
            except (OSError, HTTPException, ValueError) as error:
                problem = str(error) or error.__class__.__name__
            if seconds:
                time.sleep(seconds)
        logger.error("The cache in front was not told of %d changes: %s", len(names), problem)


def _ask(front: Front, names: list[str]) -> int:
    """Send one request; return the status of the answer."""
    parts = urlsplit(front.address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    headers = {"User-Agent": f"Newsroom (+{settings.SITE_URL}/)"}
    method, body = "POST", ""
    if front.name == "fastly":
        headers |= {"Surrogate-Key": " ".join(names), "Fastly-Key": front.token}
    elif front.name == "varnish":
        # For the module xkey; docs/page-cache.md shows its side.
        method, headers["xkey-purge"] = "PURGE", " ".join(names)
    else:
        body = json.dumps({"tags" if front.name == "cloudflare" else "keys": names})
        headers["Content-Type"] = "application/json"
    if front.token and front.name != "fastly":
        headers["Authorization"] = f"Bearer {front.token}"
    line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        query = f"?{parts.query}" if parts.query else ""
        line.request(method, f"{parts.path or '/'}{query}", body, headers)
        return line.getresponse().status
    finally:
        line.close()
