"""What benches add to an invented newsroom: texts of any length, and articles with a long past."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from articles.editorial.snapshots import snapshot
from articles.importers.synthetic import Plan, World
from articles.models import Article, Author, Byline, Revision, Section

Status = Article.Status
REVISIONS = 200
SYLLABLES = "ba den for gul han ir jo kel lum mar nor os pel qua rin sta tor un vel wick".split()

chance = random.Random(20260504)  # nosec B311


def words(number: int) -> list[str]:
    """Words that are none, as long as English ones."""
    return [
        "".join(chance.choices(SYLLABLES, k=chance.choice((1, 1, 2, 2, 3)))) for _ in range(number)
    ]


def body(number: int) -> str:
    """Paragraphs of forty words, with a heading before every eighth."""
    parts = []
    for place in range(0, number, 40):
        if place and place % 320 == 0:
            parts.append(f"<h2>{' '.join(words(4)).capitalize()}</h2>")
        text = " ".join(words(min(40, number - place))).capitalize()
        parts.append(f"<p>{text}.</p>")
    return "".join(parts)


def changed(text: str) -> str:
    """The text with one paragraph written anew: what an editor does between two saves."""
    parts = text.split("</p>")
    parts[chance.randrange(len(parts) - 1)] = f"<p>{' '.join(words(40)).capitalize()}."
    return "</p>".join(parts)


def build(size: int) -> None:
    """Fill an empty, migrated database as `manage.py make_world` does."""
    for _done in World(Plan(size)).build():
        pass


def with_revisions(status: str, length: int, headline: str) -> Article:
    """One article with `REVISIONS` revisions, each a little different from the one before."""
    article = Article(
        headline=headline,
        standfirst=" ".join(words(20)),
        body=body(length),
        section=Section.objects.first(),
        status=status,
    )
    if status == Status.PUBLISHED:
        article.published_at = timezone.now() - timedelta(days=1)
    article.write()
    Byline.objects.create(article=article, author=Author.objects.first())
    data = snapshot(article)
    rows = []
    for number in range(1, REVISIONS + 1):
        rows.append(Revision(article=article, number=number, snapshot=data))
        data = {**data, "body": changed(data["body"])}
    Revision.objects.bulk_create(rows)
    live = REVISIONS - 1 if status == Status.PUBLISHED else None
    article.working_number, article.live_number = REVISIONS, live
    article.body = rows[(live or REVISIONS) - 1].snapshot["body"]
    article.write()
    return article


def batches(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    numbers = iter(numbers)
    while batch := list(islice(numbers, size)):
        yield batch
