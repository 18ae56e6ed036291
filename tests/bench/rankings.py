"""What readers wait for where much is ranked: `python -m tests.bench.rankings`.

At each of `SIZES` articles, with a year of views by day and three days of views by hour: the lists
of what is read most and what is trending, the pages and the small request that show them; and what
the clock takes to write the lists. `DATABASE_URL` takes it to PostgreSQL.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import quantiles
from typing import Any

from tests.bench.__main__ import database_of_its_own, milliseconds

SIZES = "1000,10000,100000"
RUNS = 60
RANKED = 5
YEAR = 365
#: Days on which a story is read after it came out, and later, by chance.
FIRST_DAYS, LATER_DAYS = 9, 3
#: What has to be kept: p95 in milliseconds for one list, whatever the number of articles.
TARGET = 100


def grow(start: int, size: int) -> None:
    """Add articles until there are `size`, spread over a year, with what they were read."""
    from django.utils import timezone

    from articles.models import Article, DailyViews, HourlyViews, Section
    from tests.bench import world

    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    sections = list(Section.objects.all())
    texts = [world.body(400) for _ in range(20)]

    def made(number: int) -> Article:
        moment = now - timedelta(minutes=world.chance.randrange(1, YEAR * 24 * 60))
        return Article(
            headline=f"Story {number} {' '.join(world.words(5))}",
            standfirst=" ".join(world.words(20)),
            body=world.chance.choice(texts),
            language="en",
            slug=f"story-{number}",
            section=world.chance.choice(sections),
            status=Article.Status.PUBLISHED,
            published_at=moment,
            published_on=moment.date(),
            saved_at=moment,
            working_number=1,
            live_number=1,
        )

    def days(article: Article) -> Iterator[DailyViews]:
        age = (now.date() - article.published_on).days
        later = world.chance.sample(range(age + 1), min(LATER_DAYS, age + 1))
        for ago in {*range(max(age - FIRST_DAYS, 0), age + 1), *later}:
            count = world.chance.randrange(1, 4000) // (age - ago + 1) + 1
            yield DailyViews(article=article, day=now.date() - timedelta(days=ago), count=count)

    def hours(article: Article) -> Iterator[HourlyViews]:
        for ago in range(min(int((now - article.published_at).total_seconds() // 3600), 75)):
            yield HourlyViews(
                article=article, hour=hour - timedelta(hours=ago), count=world.chance.randrange(60)
            )

    for numbers in world.batches(range(start, size), 2000):
        public = Article.objects.bulk_create(made(number) for number in numbers)
        DailyViews.objects.bulk_create(
            (row for one in public for row in days(one)), batch_size=5000
        )
        lately = [one for one in public if (now - one.published_at).days < FIRST_DAYS]
        HourlyViews.objects.bulk_create(
            (row for one in lately for row in hours(one)), batch_size=5000
        )


def say(name: str, do: Any, runs: int = RUNS, target: int = 0) -> None:
    do()
    walls, works = zip(*(milliseconds(do) for _ in range(runs)), strict=True)
    wall, work = (quantiles(one, n=20, method="inclusive") for one in (walls, works))
    verdict = f"{target}: {'kept' if wall[18] < target else 'MISSED'}" if target else ""
    row = f"{name:<26}{wall[9]:>8.1f}{wall[18]:>8.1f}{work[9]:>8.1f}{work[18]:>8.1f}"
    print(f"{row}{runs:>6}  {verdict}".rstrip(), flush=True)


def measure(sizes: list[int]) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from articles.models import DailyViews, HourlyViews, Section
    from articles.readership.rankings import rank
    from articles.views.rankings import ranked_lists

    call_command("migrate", verbosity=0)
    for number in range(8):
        Section.objects.create(name=f"Desk {number}", slug=f"desk-{number}")
    client = Client()
    before = 0
    for size in sizes:
        start = time.monotonic()
        grow(before, size)
        before = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(
            f"\n{size:,} articles on {connection.vendor}, {DailyViews.objects.count():,} days, "
            f"{HourlyViews.objects.count():,} hours (made in {time.monotonic() - start:.0f} s)\n"
            "milliseconds                  wall    wall    work    work\n"
            "                               p50     p95     p50     p95  runs  target for wall p95"
        )
        say("the clock: lists", lambda: rank(with_ever=False), RANKED)
        say("the clock: all of them", lambda: rank(with_ever=True), RANKED)
        assert ranked_lists("")
        say("lists of the site", lambda: ranked_lists(""), target=TARGET)
        say("lists of a section", lambda: ranked_lists("desk-3"), target=TARGET)
        for name, address in (
            ("counts with lists", "/counts.json?ids=1,2,3,4,5,6,7,8&lists="),
            ("front page", "/"),
            ("section page", "/section/desk-3/"),
        ):
            assert client.get(address).status_code == 200
            say(name, lambda address=address: client.get(address))


def main() -> None:
    sizes = [int(size) for size in os.environ.get("SIZES", SIZES).split(",")]
    temporary = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
    with temporary as folder, database_of_its_own(os.environ.get("DATABASE_URL", "")) as url:
        if url:
            os.environ["DATABASE_URL"] = url
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        import django

        django.setup()
        from django.conf import settings
        from django.db import connections

        settings.ALLOWED_HOSTS += ["testserver"]
        try:
            measure(sizes)
        finally:
            connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
