"""Tell a hub when feeds have changed, so that subscribers hear of it at once (WebSub).

What is to be told waits in memory and goes out from a thread of its own: a hub that is slow, or
down, costs nobody at the desk a moment. What is lost with the process is no harm: the feeds
themselves are complete, and are asked for sooner or later.
"""

import logging
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from articles.conf import absolute
from articles.models import Article, Transition

logger = logging.getLogger(__name__)

#: Seconds within which what changes is told together: a bulk step moves many articles.
GATHERS_FOR = 1.0
#: Seconds for which the hub is waited for, at each step of asking it.
PATIENCE = 5.0
#: Feeds told of in one request.
MOST = 200
FORMATS = ("rss", "atom", "json")
#: Verbs that change what readers see.
CHANGES = frozenset({"publish", "correct", "withdraw"})


class Hub:
    """What one process has to tell the hub."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, feeds: list[str]) -> None:
        """Tell the hub of these addresses soon; returns at once."""
        with self._lock:
            self._waiting.update(dict.fromkeys(feeds))
            if self._thread is None:
                # No daemon: a command that publishes and ends lets the hub hear of it.
                self._thread = threading.Thread(target=self._work, name="websub")
                self._thread.start()

    def _work(self) -> None:
        while True:
            time.sleep(GATHERS_FOR)
            with self._lock:
                feeds = list(self._waiting)[:MOST]
                for feed in feeds:
                    del self._waiting[feed]
                if not feeds:
                    self._thread = None
                    return
            _tell_now(feeds)


def _tell_now(feeds: list[str]) -> None:
    form = urlencode([("hub.mode", "publish"), *_named(feeds)])
    try:
        status = _post(settings.WEBSUB_HUB, form)
    except (OSError, HTTPException, ValueError) as problem:
        logger.warning("The hub cannot be told of changed feeds: %s", problem)
    else:
        if status >= 300:
            logger.warning("The hub answers %s to %s changed feeds.", status, len(feeds))


_hub = Hub()


def announce(sender: Any, article: Article, transition: Transition, **kwargs: Any) -> None:
    """Receiver of `article_moved`: whatever changes what readers see, changes feeds."""
    if settings.WEBSUB_HUB and transition.verb in CHANGES:
        _hub.tell(feeds_of(article, is_corrected=transition.verb == "correct"))


def feeds_of(article: Article, *, is_corrected: bool = False) -> list[str]:
    """Return the full addresses of the feeds that an article stands in; two queries at most."""
    owners: list[tuple[str, list[str]]] = [("site", [])]
    if article.section:
        owners.append(("section", [article.section.slug]))
    owners += [("tag", [tag.slug]) for tag in article.tags.all()]
    owners += [("author", [row["slug"]]) for row in article.credits]
    if is_corrected:
        owners.append(("corrections", []))
    return [
        absolute(reverse(f"articles:{name}_{form}", args=which))
        for name, which in owners
        for form in FORMATS
    ]


def _named(feeds: list[str]) -> list[tuple[str, str]]:
    """By both names that hubs know a changed feed under."""
    return [(name, feed) for feed in feeds for name in ("hub.url", "hub.topic")]


def _post(address: str, form: str) -> int:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        query = f"?{parts.query}" if parts.query else ""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": f"Newsroom (+{settings.SITE_URL}/)",
        }
        line.request("POST", f"{parts.path or '/'}{query}", form, headers)
        return line.getresponse().status
    finally:
        line.close()
