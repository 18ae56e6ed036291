"""How long related news takes with 1,000, 10,000 and 100,000 articles.

`python -m tests.bench.related`, or the end of `make bench`.

`SIZE` is the largest of them; `DATABASE_URL` takes it to PostgreSQL. The archive is made of
stories on subjects: each has words of its subject, words of its own, and words that all share, by
how often words of a language are used (Zipf). What is kept of each story is written straight to the
tables, with as many rows as a round would leave; the stories that are measured are weighed and
listed by the code that is measured.
"""

import os
import random
import sys
import time
from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from statistics import quantiles
from typing import Any

from tests.bench.__main__ import database_of_its_own, milliseconds

SIZES = (1_000, 10_000, 100_000)
SAMPLES = 40
#: Words of a body, stories on one subject, and words of a subject.
LENGTH, ON_ONE, OF_ONE = 300, 25, 40
#: What has to be kept: p95 in milliseconds of a publication's computation.
TARGET = 1_000


class Maker:
    """Texts on subjects; the same seed makes the same archive."""

    def __init__(self, size: int) -> None:
        from tests.bench.world import words

        self.chance = random.Random(size)
        self.size = size
        self.subjects = max(size // ON_ONE, 4)
        # Words of a language, of which few are used often.
        self.common = [f"{word}{number}" for number, word in enumerate(words(6_000))]
        shares = list(accumulate(1 / (rank + 3) for rank in range(len(self.common))))
        pick = [bisect(shares, self.chance.random() * shares[-1]) for _ in range(60_000)]
        # Making each line anew would take longer than all that is measured.
        self.lines = [
            [self.common[at] for at in pick[start : start + 40]] for start in range(0, 60_000, 40)
        ]

    def theme(self, subject: int) -> list[str]:
        """The words of a subject: ten are its alone, the others it shares with some."""
        own = random.Random(subject)
        theme = [f"subject{subject}x{one}" for one in range(10)]
        return theme + [self.common[200 + own.randrange(3_000)] for _ in range(OF_ONE - 10)]

    def story(self, number: int) -> dict[str, Any]:
        """Return headline, standfirst, text and subject of the story with this number."""
        chance, subject = self.chance, number % self.subjects
        theme = self.theme(subject)
        lines = []
        for _place in range(LENGTH // 40):
            line = list(chance.choice(self.lines))
            for _word in range(8):
                line[chance.randrange(40)] = chance.choice(theme)
            lines.append(" ".join(line))
        return {
            "headline": f"{chance.choice(theme)} {lines[0][:40]} {number}".capitalize(),
            "standfirst": lines[-1][:120],
            "body_text": "\n".join(lines),
            "subject": subject,
        }

    def terms(self, number: int) -> list[list]:
        """What a story with this number would keep: its subject's words first."""
        from articles.text.weights import KEPT

        chance = random.Random(number)
        words = dict.fromkeys(self.theme(number % self.subjects))
        while len(words) < KEPT:
            words[self.common[chance.randrange(1_500, 6_000)]] = None
        return [[word, round(0.3 - 0.003 * at, 5), word] for at, word in enumerate(words)]


def build(size: int) -> None:
    """Fill an empty, migrated database with an archive and what is kept of each story."""
    from articles.models import Article, RelatedWork
    from articles.related import work

    maker = Maker(size)
    _articles(maker)
    RelatedWork.objects.all().delete()
    assert work.hold("bench")
    pks = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    _kept(maker, pks)


def _kept(maker: Maker, pks: list[int]) -> None:
    """Write what is kept of all stories, as a round would leave it."""
    import json

    from articles.models import KeyTerm, Neighbour, StoryTerms, TermCount, TermRound
    from articles.related.stories import Kind
    from articles.text.weights import KEYS, key_of

    counts: Counter[int] = Counter()
    keys: dict[str, int] = {}

    def key(word: str) -> int:
        if word not in keys:
            keys[word] = key_of("en", word)
        return keys[word]

    for start in range(0, len(pks), 5_000):
        part = list(enumerate(pks))[start : start + 5_000]
        terms = {pk: maker.terms(number) for number, pk in part}
        counts.update(key(word) for one in terms.values() for word, *_rest in one)
        columns = "article_id language terms sketch is_listed words_round list_round order_round"
        pour(StoryTerms, columns, (
            (pk, "en", json.dumps(one), json.dumps(sorted(pk * 97 + n for n in range(96))), True,
             1, 1, 1)
            for pk, one in terms.items()
        ))  # fmt: skip
        pour(KeyTerm, "article_id key", (
            (pk, key(word)) for pk, one in terms.items() for word, *_rest in one[:KEYS]
        ))  # fmt: skip
        reasons = json.dumps({"tags": [], "words": ["wind"], "section": False})
        pour(Neighbour, "article_id neighbour_id score place rank reasons", (
            (pk, pks[other], 0.3 + 0.02 * (15 - place), place, place, reasons)
            for number, pk in part
            for place, other in enumerate(_of_subject(number, maker), start=1)
        ))  # fmt: skip
    rows = [(1, Kind.WORD.value, one, stories) for one, stories in counts.items() if stories > 1]
    rows += [(1, Kind.LANGUAGE.value, key_of("en", ""), len(pks))]
    pour(TermCount, "number kind key stories", rows)
    TermRound.objects.update(number=1, stories=len(pks))


def pour(model: Any, columns: str, rows: Iterable[tuple]) -> None:
    """Write many rows at once, as fast as the database takes them."""
    from django.db import connection, transaction

    names = columns.split()
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", list(rows)
            )


def _of_subject(at: int, maker: Maker) -> list[int]:
    others = range(at % maker.subjects, maker.size, maker.subjects)
    return [other for other in others if other != at][:15]


def _articles(maker: Maker) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from articles.models import Article, Author, Byline, Section, Tag, TaggedArticle
    from tests.bench.world import Status, batches

    size = maker.size
    sections = [Section.objects.create(name=f"Desk {n}", slug=f"desk-{n}") for n in range(8)]
    author = Author.objects.create(name="Author", slug="author")
    # Some topics stand on thousands of stories, most on few.
    number = max(size // 100, 20)
    tags = Tag.objects.bulk_create(Tag(name=f"Topic {n}", slug=f"topic-{n}") for n in range(number))
    shares = list(accumulate(1 / (rank + 5) for rank in range(number)))
    now = timezone.now()
    for numbers in batches(range(size), 2_000):
        rows = []
        for one in numbers:
            story = maker.story(one)
            moment = now - timedelta(minutes=25 * (size - one))
            rows.append(
                Article(
                    headline=story["headline"],
                    standfirst=story["standfirst"],
                    body=f"<p>{story['body_text']}</p>",
                    body_text=story["body_text"],
                    language="en",
                    slug=f"story-{one}",
                    section=sections[story["subject"] % 8],
                    status=Status.PUBLISHED,
                    published_at=moment,
                    published_on=moment.date(),
                    saved_at=moment,
                    words=LENGTH,
                )
            )
        made = Article.objects.bulk_create(rows)
        pour(Byline, "article_id author_id role position",
             ((one.pk, author.pk, "writer", 1) for one in made))  # fmt: skip
        pour(TaggedArticle, "content_object_id tag_id", (
            (one.pk, tags[at].pk)
            for one in made
            for at in {bisect(shares, maker.chance.random() * shares[-1]) for _ in range(3)}
        ))  # fmt: skip


def measure(size: int) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Q, Value
    from django.db.models.functions import Concat

    from articles.models import Article, Neighbour, RelatedWork
    from articles.related import work
    from articles.related.neighbours import related_news
    from articles.related.suggestions import Desk

    call_command("migrate", verbosity=0)
    start = time.monotonic()
    build(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    built = time.monotonic() - start
    chance = random.Random(7)
    pks = list(Article.objects.values_list("pk", flat=True))
    chosen = chance.sample(pks, min(SAMPLES, len(pks)))
    say = f"{size:>8,}"
    pages = list(Article.objects.published().for_page().filter(pk__in=chosen))
    for page in pages:
        page.curated = []
    say += _p95([milliseconds(related_news, page) for page in pages])
    times = []
    for pk in chosen:
        # As if it came out now: it stands in no list, and then in those of its neighbours.
        Neighbour.objects.filter(Q(article=pk) | Q(neighbour=pk)).delete()
        Article.objects.filter(pk=pk).update(headline=Concat("headline", Value(" again")))
        assert RelatedWork.objects.get().article_id == pk
        times.append(milliseconds(work._take_notes))
        RelatedWork.objects.all().delete()
    say += _p95(times)
    copies = [Article.objects.get(pk=pk) for pk in chosen[:20]]
    say += _p95([milliseconds(lambda one=one: _ask(Desk, one)) for one in copies])
    kept = "kept" if _quantile(times) < TARGET else "MISSED"
    print(f"{say}   {kept}   built in {built:.0f} s", flush=True)


def _ask(desk: Any, copy: Any) -> None:
    asked = desk(copy, [])
    asked.near()
    asked.doubles(copy.__class__.objects.all())
    asked.tags(6)
    asked.links(copy.body)


def _quantile(times: list[tuple[float, float]]) -> float:
    return quantiles([wall for wall, _work in times], n=20, method="inclusive")[18]


def _p95(times: list[tuple[float, float]]) -> str:
    walls, works = (quantiles(one, n=20, method="inclusive") for one in zip(*times, strict=True))
    return f"{walls[9]:>8.0f}{walls[18]:>6.0f}{works[9]:>8.0f}{works[18]:>6.0f}"


def main() -> None:
    largest = int(os.environ.get("SIZE", SIZES[-1]))
    url = os.environ.get("DATABASE_URL", "")
    if len(sys.argv) > 1:
        return one(int(sys.argv[1]))
    engine = "PostgreSQL" if url else "SQLite"
    print(f"Related news on {engine}, milliseconds: wall p50 and p95, work p50 and p95")
    print(f"{'articles':>8}{'read':>28}{'a publication':>28}{'hints':>28}   target {TARGET}")
    import subprocess

    for size in SIZES:
        if size <= largest:
            # A process and a database for each: nothing of one helps the next.
            subprocess.run([sys.executable, "-m", "tests.bench.related", str(size)], check=True)
    return None


def one(size: int) -> None:
    with database_of_its_own(os.environ.get("DATABASE_URL", "")) as url:
        if url:
            os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.db import connections

        try:
            measure(size)
        finally:
            connections.close_all()


if __name__ == "__main__":
    main()
