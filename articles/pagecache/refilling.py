"""What many readers ask for is made again at once, so that none of them has to wait for it.

A thread of each server process. The process that made a change makes the pages: the first page,
the sections, the story itself, and what is read most.
"""

import logging
import threading
from collections.abc import Callable, Iterable

from django.db import connections
from django.urls import reverse

from articles.models import Article, Ranking, Section

logger = logging.getLogger(__name__)

#: How many of the most read stories, and of those that changed, are made again.
MOST_READ, MOST_CHANGED = 10, 10
#: Seconds within which what changes is made again together.
GATHERS_FOR = 0.05


class Refiller:
    """Makes pages in the background by `make`, which takes a path and keeps what is kept."""

    def __init__(self, make: Callable[[str], None]) -> None:
        self._make = make
        self._paths: dict[str, None] = {}
        self._articles: set[int] = set()
        self._has_changed = False
        self._wake = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._work, name="pages", daemon=True).start()

    def soon(self, path: str) -> None:
        """Make the page of a path again, soon; returns at once."""
        self._paths[path] = None
        self._wake.set()

    def changed(self, slots: set[int], articles: Iterable[int]) -> None:
        """Something was dropped: make again what is asked for most (see dropping.listeners)."""
        self._articles.update(articles)
        self._has_changed = True
        self._wake.set()

    def _work(self) -> None:
        pause = threading.Event().wait
        while True:
            self._wake.wait()
            pause(GATHERS_FOR)
            self._wake.clear()
            try:
                self.make_all()
            except Exception:
                # Whoever asks for the page makes it, and sees what is the matter.
                logger.exception("Pages could not be made ahead of readers")
            finally:
                connections.close_all()

    def make_all(self) -> None:
        """Make all that waits to be made."""
        paths, self._paths = self._paths, {}
        if self._has_changed:
            self._has_changed = False
            changed, self._articles = self._articles, set()
            paths |= dict.fromkeys(_asked_for_most(changed))
        for path in paths:
            self._make(path)


def _asked_for_most(changed: set[int]) -> Iterable[str]:
    yield reverse("articles:front")
    public = Article.objects.published().only("published_on", "slug")
    for article in public.filter(pk__in=list(changed)[:MOST_CHANGED]):
        yield article.get_absolute_url()
    for section in Section.objects.all():
        yield section.get_absolute_url()
    read = public.filter(rankings__scope="", rankings__kind=Ranking.Kind.WEEK)
    for article in read.order_by("rankings__place")[:MOST_READ]:
        yield article.get_absolute_url()
