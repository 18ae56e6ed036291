"""How long a search and a suggestion take: `python -m tests.bench.search [SIZE …]`.

Bodies are drawn from words as English uses them: a few stand in nearly every story, most in few
(Zipf's law). Times are of the engine and of all that a page asks it, without the page.
"""

import os
import random
import sys
import tempfile
import time
from itertools import accumulate
from typing import Any

from tests.bench.__main__ import database_of_its_own, milliseconds, say

SIZES = (1_000, 10_000, 100_000)
VOCABULARY = 60_000
RUNS = 60

chance = random.Random(20261127)  # nosec B311


def vocabulary() -> list[str]:
    """Words that are none, the commonest first and shortest."""
    from tests.bench.world import SYLLABLES

    found: dict[str, None] = {}
    for length, until in ((1, 12), (2, 250), (3, 5000), (4, VOCABULARY)):
        while len(found) < until:
            found["".join(chance.choices(SYLLABLES, k=length))] = None
    return list(found)


def fill(size: int, words: list[str]) -> None:
    """Give each article of a new world a text of its own, past the forms, and index them."""
    from django.db import connection, transaction

    from articles.models import Article
    from articles.search import engine
    from tests.bench import world

    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    engine().step_aside()
    world.build(size)
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    update = (
        f"UPDATE {Article._meta.db_table} SET headline = %s, standfirst = %s, body_text = %s "
        "WHERE id = %s"
    )
    for part in world.batches(keys, 1000):
        texts = [
            [" ".join(chance.choices(words, cum_weights=weights, k=n)) for n in (8, 20, 350)]
            for _key in part
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                update, [(*text, key) for text, key in zip(texts, part, strict=True)]
            )
    start = time.monotonic()
    number = engine().rebuild(lambda done, of: None)
    seconds = time.monotonic() - start
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"manage.py reindex: {number:,} articles in {seconds:.0f} s.")


def slip(word: str) -> str:
    """The word with two letters swapped."""
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def questions(words: list[str], names: list[str]) -> dict[str, list[str]]:
    """What people ask, by kind. names: of authors."""
    usual, rare = words[200:5000], words[5000:30_000]

    def some(make: Any) -> list[str]:
        return [make() for _ in range(RUNS)]

    pick = chance.choice
    return {
        "one word": some(lambda: pick(usual)),
        "two words": some(lambda: f"{pick(usual[:1000])} {pick(usual)}"),
        "rare word": some(lambda: pick(rare)),
        "commonest": some(lambda: pick(words[:10])),
        "three common": some(lambda: " ".join(chance.sample(words[:12], 3))),
        "phrase": some(lambda: f'"{pick(words[:40])} {pick(words[:40])}"'),
        "common phrase": some(lambda: f'"{pick(words[:5])} {pick(words[:5])}"'),
        "without": some(lambda: f"{pick(words[:10])} -{pick(words[:10])}"),
        "by field": some(lambda: f"author:{pick(names)} {pick(words[:100])}"),
        "in a month": some(lambda: f"{pick(words[:100])} from:2026-05 to:2026-06"),
        "headline": some(lambda: " ".join(pick(usual) for _ in range(8))),
        "two slips": some(lambda: f"{slip(pick(usual[500:]))} {slip(pick(usual[500:]))}"),
        "10 KB": some(lambda: " ".join(pick(words) for _ in range(1500))),
    }


def measure(size: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from articles.models import Article, Author
    from articles.search.finding import for_desk, for_readers
    from articles.search.suggesting import suggest

    call_command("migrate", verbosity=0)
    words = vocabulary()
    print(f"\n{size:,} articles on {connection.vendor}", flush=True)
    fill(size, words)
    print("milliseconds        wall    wall    work    work")
    print("                     p50     p95     p50     p95  runs")
    for_readers("once")
    names = [name.split()[0] for name in Author.objects.values_list("name", flat=True)]
    for name, asked in questions(words, names).items():
        say(name, [milliseconds(for_readers, text) for text in asked])
    starts = [chance.choice(words[50:5000])[: chance.randrange(2, 6)] for _ in range(RUNS)]
    say("suggestions", [milliseconds(suggest, text) for text in starts])
    pairs = [f"{chance.choice(words[50:2000])} {start}" for start in starts]
    say("suggest second", [milliseconds(suggest, text) for text in pairs])
    say(
        "desk, all states",
        [
            milliseconds(for_desk, chance.choice(words[200:5000]), Article.objects.all())
            for _ in range(RUNS)
        ],
    )
    article = Article.objects.published().first()
    from articles.search import engine

    def touch() -> None:
        Article.objects.filter(pk=article.pk).update(headline=f"Changed {chance.random()}")
        engine().follow()

    say("follow a write", [milliseconds(touch) for _ in range(RUNS)])


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    for size in sizes:
        with (
            database_of_its_own(os.environ.get("DATABASE_URL", "")) as url,
            tempfile.TemporaryDirectory() as folder,
        ):
            # A process of its own for each size: Django reads its settings once.
            pid = os.fork()
            if not pid:
                os.environ["DATA_DIR"] = folder
                if url:
                    os.environ["DATABASE_URL"] = url
                os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
                import django

                django.setup()
                measure(size)
                sys.stdout.flush()
                os._exit(0)
            os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
