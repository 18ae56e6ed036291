"""What a page costs that is not kept: made from nothing, and made anew after a change elsewhere.

`python -m tests.bench.misses`, with `DATABASE_URL` or on SQLite in a folder of its own. In one
process, as a worker answers: by the edge, with a browser's `Accept-Encoding`, kept in the store
afterwards. Counted is the thread's own CPU for each request, medians of rounds in which all kinds
take turns, and compared with an empty view behind the same middleware. `PROFILE=1` says what a
story and the front page cost where. A story's page has ten related and ten latest stories, three
tags, a byline with a portrait, and a picture.
"""

import io
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from statistics import median
from typing import Any

from tests.bench.__main__ import database_of_its_own

ROUNDS, STORIES = int(os.environ.get("ROUNDS", "100")), 70
#: What has to be kept: CPU of an empty view.
STORY, FRONT = 5, 8
#: What the others are held against.
EMPTY, LEAST = BESIDE = "an empty view", "a story before a word is written"
SECTIONS = ("World", "Politics", "Science", "Culture", "Sport")


def build() -> list[Any]:
    """Return stories, oldest first."""
    import random
    from datetime import timedelta

    from django.core.management import call_command
    from django.utils import timezone

    from articles.readership.rankings import rank
    from articles.related.work import settle
    from tests.factories import (
        make_article,
        make_author,
        make_image,
        make_picture_bytes,
        make_section,
    )

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    chance = random.Random(1)
    pictures = [
        make_image(make_picture_bytes(colour=f"#{chance.randrange(1 << 24):06x}"))
        for _number in range(STORIES)
    ]
    portrait = make_image(make_picture_bytes(colour="#884411"))

    def text(number: int) -> str:
        words = (f"word{number % 7}x{chance.randrange(40)}" for _ in range(90))
        return f"<p>{' '.join(words)}.</p><h2>What it is about</h2>"

    stories = [
        make_article(
            f"Story {number} about the harbour",
            tags=(f"Topic {number % 7}", "Harbour", "Boats"),
            body=text(number) * 6,
            picture=pictures[number],
            section=make_section(SECTIONS[number % len(SECTIONS)]),
            author=make_author(f"Writer {number % 9}", bio="Knows the harbour.", portrait=portrait),
            published_at=timezone.now() - timedelta(hours=STORIES - number),
        )
        for number in range(STORIES)
    ]
    for number, story in enumerate(stories):
        story.daily_views.create(day=timezone.localdate(), count=number + 1)
    settle("bench")
    rank()
    return stories


class Worker:
    """A worker's edge, and what is done to what it keeps."""

    def __init__(self) -> None:
        from django.core.handlers.wsgi import WSGIHandler

        from articles.edge import Edge
        from articles.pagecache import numbers
        from newsroom.garbage import set_apart

        self._edge, self._table = Edge(WSGIHandler()), numbers.of_site()
        set_apart()

    def get(self, path: str) -> float:
        """Ask for a path; return the microseconds of work that it took."""
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": "",
            "HTTP_HOST": "127.0.0.1:8000", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
        }  # fmt: skip
        begun: list[str] = []
        start = time.thread_time()
        result = self._edge(environ, lambda status, headers: begun.append(status))
        b"".join(result)
        if close := getattr(result, "close", None):
            close()
        took = (time.thread_time() - start) * 1e6
        assert begun[0].startswith("200"), path
        return took

    def drop(self, *keys: Any) -> None:
        from articles.pagecache.slots import named, slot

        self._table.drop([named(key) if isinstance(key, str) else slot(*key) for key in keys])

    def forget_pictures(self) -> None:
        """As if no page had shown the same pictures lately."""
        from articles.models import images
        from articles.views import pieces

        pieces._files.clear()
        images._version.cache_clear()

    def drop_for_a_story(self, section: int) -> None:
        """As if a story of that section had come out, newer than all others."""
        self.drop(
            "newest 8", "newest 16", "newest 32", "stories", "counts", "topics", "feed",
            ("of section", section), ("feed of section", section),
        )  # fmt: skip


def kinds(worker: Worker, stories: list[Any]) -> dict[str, Callable[[int], float]]:
    """Return what is measured: what is done in a round, and what it took."""
    # Their own changes touch no list that all pages share.
    old = stories[: STORIES // 2]
    path = {story.pk: story.get_absolute_url() for story in stories}

    def of(number: int, *, after: int = 0) -> Any:
        return old[(number + after) % len(old)]

    def from_nothing(number: int) -> float:
        worker.drop("everything")
        worker.forget_pictures()
        return worker.get(path[of(number).pk])

    def its_first(number: int) -> float:
        # What all stories of its section share is there.
        worker.get(path[of(number, after=len(SECTIONS)).pk])
        story = of(number)
        worker.drop(("article", story.pk), ("related", story.pk))
        worker.forget_pictures()
        return worker.get(path[story.pk])

    def after_a_change(number: int, *, first: bool) -> float:
        story, other = of(number), of(number, after=1)
        worker.get(path[story.pk])
        worker.get(path[other.pk])
        worker.drop_for_a_story(of(number, after=2).section_id)
        took = worker.get(path[other.pk])
        return took if first else worker.get(path[story.pk])

    def front_from_nothing(number: int) -> float:
        worker.drop("everything")
        worker.forget_pictures()
        return worker.get("/")

    def front_after_a_change(number: int) -> float:
        worker.get("/")
        worker.drop_for_a_story(of(number).section_id)
        return worker.get("/")

    def front_after_a_correction(number: int) -> float:
        # The lowest card of a block.
        worker.get("/")
        worker.drop(("article", stories[-len(SECTIONS) * 3].pk))
        return worker.get("/")

    least = the_least(worker, path[old[0].pk], lambda: its_first(0))
    return {
        EMPTY: lambda number: worker.get("/empty/"),
        LEAST: lambda number: least(),
        "a story, nothing kept at all": from_nothing,
        "a story, its first request": its_first,
        "a story, first after a change": lambda number: after_a_change(number, first=True),
        "a story, any other after it": lambda number: after_a_change(number, first=False),
        "front page, nothing kept at all": front_from_nothing,
        "front page, a story came": front_after_a_change,
        "front page, a correction": front_after_a_correction,
    }


def the_least(worker: Worker, path: str, make: Callable[[], float]) -> Callable[[], float]:
    """Return what a story's first request costs without reading a row or writing a word of it: an
    empty view, the questions answered, the bytes compressed and kept."""
    from django.db import connection

    from articles.models import prepared
    from articles.pagecache import cache
    from articles.pagecache.pages import IDENTITY, Page, encoded

    asked, ask = [], prepared._answer
    prepared._answer = lambda on, sql, params: asked.append((sql, params)) or ask(on, sql, params)
    make()
    prepared._answer = ask
    kept, pages = cache.of_site().find(path, time.time()), cache.of_site()
    assert kept is not None
    body, about = kept.body(IDENTITY), {"status": kept.status, "headers": kept.headers}

    def once() -> float:
        took, start = worker.get("/empty/"), time.thread_time()
        for sql, params in asked:
            ask(connection, sql, params)
        page = Page(
            bodies=encoded(body, "text/html"), number=pages.numbers.current(), slots=kept.slots,
            **about,
        )  # fmt: skip
        assert pages.keep("/least/", page, time.time())
        return took + (time.thread_time() - start) * 1e6

    return once


def measure(worker: Worker, stories: list[Any]) -> None:
    found: dict[str, list[float]] = defaultdict(list)
    all_kinds = kinds(worker, stories)
    for number in range(ROUNDS + 3):
        for name, do in all_kinds.items():
            took = do(number)
            # The first rounds read modules and templates.
            if number >= 3:
                found[name].append(took)
    empty = median(found[EMPTY])
    print(f"{'CPU of a request':<34}{'µs':>8}{'of an empty view':>18}")
    for name, times in found.items():
        target = FRONT if name.startswith("front") else STORY
        ratio = median(times) / empty
        verdict = f"  {target}: {'kept' if ratio <= target else 'MISSED'}"
        verdict = "" if name in BESIDE else verdict
        print(f"{name:<34}{median(times):>8.0f}{ratio:>18.1f}{verdict}")


# --- what costs what -----------------------------------------------------------------------------


class Ledger:
    """Where the time of the last request went: each piece without those inside it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    def watch(self, owner: Any, attribute: str, name: Callable[..., str] | str) -> None:
        do = getattr(owner, attribute)

        @wraps(do)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if not self._inner:
                self.spent.clear()
            self._inner.append(0.0)
            start = time.thread_time()
            try:
                return do(*args, **kwargs)
            finally:
                took = time.thread_time() - start
                within = self._inner.pop()
                if self._inner:
                    self._inner[-1] += took
                said = name if isinstance(name, str) else name(*args, **kwargs)
                self.spent[said] += took - within

        setattr(owner, attribute, watched)


def profile(worker: Worker, stories: list[Any]) -> None:
    from django.db.backends.utils import CursorWrapper

    from articles import edge
    from articles.models.prepared import Prepared
    from articles.pagecache import cache
    from articles.views import around, article, front, rankings, site, structured

    ledger = Ledger()
    ledger.watch(CursorWrapper, "execute", "the database")
    ledger.watch(Prepared, "rows", "rows of prepared queries")
    for module in (around, article, front, rankings, site):
        ledger.watch(module, "render_to_string", lambda name, *rest, **more: f"template {name}")
    ledger.watch(structured, "of_article", "structured data")
    ledger.watch(article, "readable", "the body")
    ledger.watch(edge, "encoded", "gzip and br")
    ledger.watch(cache.PageCache, "keep", "keeping pages and parts")
    ledger.watch(cache.PageCache, "find", "looking for pages and parts")
    ledger.watch(worker, "get", "Django, middleware, the edge, all else")
    for name, do in kinds(worker, stories).items():
        if name == LEAST:
            continue
        for number in range(3):
            do(number)
        spent: dict[str, list[float]] = defaultdict(list)
        for number in range(ROUNDS):
            do(number)
            for piece, seconds in ledger.spent.items():
                spent[piece].append(seconds * 1e6)
        means = {piece: sum(times) / ROUNDS for piece, times in spent.items()}
        print(f"\n{name}: {sum(means.values()):.0f} µs")
        for piece, mean in sorted(means.items(), key=lambda one: -one[1]):
            print(f"{mean:>9.0f}  {piece}")


def main() -> None:
    temporary = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
    url = os.environ.get("DATABASE_URL", "")
    with temporary as folder, database_of_its_own(url) as own:
        os.environ |= {
            "DATA_DIR": folder,
            "SITE_URL": "http://127.0.0.1:8000",
            "CLOCK": "off",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }
        if own:
            os.environ["DATABASE_URL"] = own
        import django
        from django.conf import settings
        from django.db import connections

        django.setup()
        settings.NEWSROOM = {"RELATED_SIZE": 10, "LATEST_SIZE": 10}
        settings.ROOT_URLCONF = "tests.bench.plain_urls"
        print(f"Pages that are made, on {'PostgreSQL' if own else 'SQLite'}")
        stories = build()
        worker = Worker()
        measure(worker, stories)
        if os.environ.get("PROFILE"):
            profile(worker, stories)
        connections.close_all()


if __name__ == "__main__":
    main()
