"""Build the large newsroom, measure, and say it: `make bench`, `make bench SIZE=10000`."""

import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

#: What has to be kept: p95 in milliseconds.
TARGETS = {"publish": 100, "correct": 100, "a due step": 100, "compare": 300, "history": 300}
SAMPLES = 40


@contextmanager
def database_of_its_own(url: str) -> Iterator[str]:
    """A new database beside the one of a PostgreSQL address; "" stays SQLite in a folder."""
    if not url:
        yield ""
        return
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def milliseconds(do: Callable[..., Any], *arguments: Any) -> tuple[float, float]:
    """Return how long it took by the clock on the wall, and how long processors worked on it."""
    start, work = time.perf_counter(), seconds_worked()
    do(*arguments)
    return (time.perf_counter() - start) * 1000, (seconds_worked() - work) * 1000


def seconds_worked() -> float:
    """Return what this process and the database's process that serves it have computed so far.

    The latter is known of a PostgreSQL on this machine, if it is Linux.
    """
    worked = time.process_time()
    if (server := _server()) is not None:
        # Nanoseconds on a processor (Documentation/scheduler/sched-stats.rst of the kernel).
        worked += int(server.read_text().split()[0]) / 1e9
    return worked


def _server() -> Path | None:
    from django.db import connection

    here = ("", "localhost", "127.0.0.1", "::1")
    if connection.vendor != "postgresql" or connection.settings_dict["HOST"] not in here:
        return None
    connection.ensure_connection()
    found = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return found if found.exists() else None


def say(name: str, times: list[tuple[float, float]]) -> None:
    walls, works = zip(*times, strict=True)
    wall, work = (quantiles(one, n=20, method="inclusive") for one in (walls, works))
    target = TARGETS.get(name)
    verdict = f"{target}: {'kept' if wall[18] < target else 'MISSED'}" if target else ""
    row = f"{name:<16}{wall[9]:>8.1f}{wall[18]:>8.1f}{work[9]:>8.1f}{work[18]:>8.1f}"
    print(f"{row}{len(times):>6}  {verdict}".rstrip(), flush=True)


def measure(size: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.bench import world

    call_command("migrate", verbosity=0)
    start = time.monotonic()
    print(f"Building {size:,} articles on {connection.vendor} …", flush=True)
    world.build(size)
    long = world.with_revisions(world.Status.PUBLISHED, 2000, "A long story")
    kept = {
        status: [world.with_revisions(status, 400, f"Story {status} {n}") for n in range(SAMPLES)]
        for status in (world.Status.DRAFT, world.Status.PUBLISHED, world.Status.APPROVED)
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"Built in {time.monotonic() - start:.0f} s.\n")
    print("milliseconds        wall    wall    work    work")
    print("                     p50     p95     p50     p95  runs  target for wall p95")
    measure_verbs(long, *kept.values())
    measure_pages(long)
    measure_revisions(long)


def measure_verbs(long: Any, drafts: list[Any], live: list[Any], approved: list[Any]) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from articles.editorial import revisions, schedule, transitions
    from articles.models import ScheduledStep
    from tests.bench import world
    from tests.factories import make_person

    editor = make_person("editor")
    say("publish", [milliseconds(lambda a=a: transitions.publish(a, by=editor)) for a in drafts])
    say(
        "correct",
        [
            milliseconds(lambda a=a: transitions.correct(a, kind="update", note="News.", by=editor))
            for a in live
        ],
    )
    for article in approved:
        schedule.schedule(article, at=timezone.now() + timedelta(hours=1), by=editor)
    ScheduledStep.objects.update(due_at=timezone.now())
    steps = schedule.taking_due()
    say("a due step", [milliseconds(lambda: next(steps)) for _ in approved])
    idle = [milliseconds(lambda: (schedule.publish_due(), schedule.next_due())) for _ in range(100)]
    say("nothing due", idle)
    say(
        "save", [milliseconds(lambda: save(revisions, world, long, editor)) for _ in range(SAMPLES)]
    )


def save(revisions: Any, world: Any, article: Any, by: Any) -> None:
    data = revisions.working_data(article)
    revisions.record(article, {**data, "body": world.changed(data["body"])}, by=by)


def measure_pages(long: Any) -> None:
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from tests.factories import make_person

    client = Client()
    client.force_login(
        make_person("admin", "bench"), backend="django.contrib.auth.backends.ModelBackend"
    )
    newest = long.revisions.order_by("-number").first().number
    for name, door, arguments, query in (
        ("history", "articles_article_revisions", [long.pk], {}),
        ("compare", "articles_article_compare", [long.pk], {"from": 1, "to": newest}),
        ("compare two", "articles_article_compare", [long.pk], {"from": newest - 1, "to": newest}),
        ("article's form", "articles_article_change", [long.pk], {}),
        ("dashboard", "index", [], {}),
        ("calendar", "articles_article_calendar", [], {}),
        ("change list", "articles_article_changelist", [], {}),
    ):
        try:
            address = reverse(f"admin:{door}", args=arguments)
        except NoReverseMatch:
            print(f"{name:<16} is not there")
            continue
        answer = client.get(address, query)
        if answer.status_code != 200:
            print(f"{name:<16} answers {answer.status_code}")
            continue
        say(name, [milliseconds(client.get, address, query) for _ in range(SAMPLES)])


def measure_revisions(long: Any) -> None:
    from django.db import connection
    from django.db.models import Sum, TextField
    from django.db.models.functions import Cast, Length

    rows = long.revisions.filter(number__lte=200)
    text = rows.aggregate(all=Sum(Length(Cast("snapshot", TextField()))))["all"]
    print(f"\n200 revisions of 2,000 words: {text / 2**20:.1f} MiB as text", end="")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_column_size(snapshot)) FROM articles_revision"
                " WHERE article_id = %s AND number <= 200",
                [long.pk],
            )
            print(f", {cursor.fetchone()[0] / 2**20:.1f} MiB in the table", end="")
    print(".")


def main() -> None:
    size = int(os.environ.get("SIZE", "100000"))
    with database_of_its_own(os.environ.get("DATABASE_URL", "")) as url:
        if url:
            os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.conf import settings
        from django.db import connections

        settings.ALLOWED_HOSTS += ["testserver"]
        try:
            measure(size)
        finally:
            connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
