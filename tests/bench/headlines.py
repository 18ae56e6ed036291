"""How often a headline finds its story when only bodies are indexed, beside plain bm25.

usage: python -m tests.bench.headlines FOLDER [NUMBER]

FOLDER holds news as text files, in folders of any depth: the first line of a file is its headline.
NUMBER asks for so many headlines only, drawn by chance, the same each time.
The articles get no headline, standfirst, topic or author, so that only the body can be found.
Plain bm25 is SQLite's FTS5 as it comes, with all words of the headline joined by OR.
"""

import os
import random
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

AMONG = (1, 5, 20)


def stories(folder: Path) -> list[tuple[str, str]]:
    """Headlines and bodies; a story that stands in two files is taken once."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.txt")):
        headline, _line, body = path.read_text(errors="replace").strip().partition("\n")
        if body.strip():
            found.setdefault(headline.strip(), body.strip())
    bodies: dict[str, str] = {}
    for headline, body in found.items():
        bodies.setdefault(body, headline)
    return [(headline, body) for body, headline in bodies.items()]


def plain(texts: list[tuple[str, str]], tokenizer: str) -> Callable[[str], list[int]]:
    """Return a search by FTS5's own bm25."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE VIRTUAL TABLE story USING fts5(body, tokenize='{tokenizer}')")
    base.executemany(
        "INSERT INTO story (rowid, body) VALUES (?, ?)",
        [(number, body) for number, (_headline, body) in enumerate(texts)],
    )

    def search(headline: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", headline))
        found = base.execute(
            "SELECT rowid FROM story WHERE story MATCH ? ORDER BY rank LIMIT ?",
            [words or '""', max(AMONG)],
        )
        return [number for (number,) in found]

    return search


def ours(texts: list[tuple[str, str]]) -> Callable[[str], list[int]]:
    """Return the site's own search, over articles that have nothing but a body."""
    from django.core.management import call_command
    from django.utils import timezone

    from articles.models import Article, Section
    from articles.search import engine
    from articles.search.finding import for_readers

    call_command("migrate", verbosity=0)
    section = Section.objects.create(name="News", slug="news")
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            pk=number + 1, body_text=body, language="en", section=section, status="published",
            slug=f"story-{number}", published_on=now.date(),
            # Alike for all: what is newer shall not help.
            published_at=now - timedelta(days=1),
        )
        for number, (_headline, body) in enumerate(texts)
    )  # fmt: skip
    engine().follow()

    def search(headline: str) -> list[int]:
        return [story.pk - 1 for story in for_readers(headline, size=max(AMONG)).stories]

    return search


def main(folder: str, most: int = 0) -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ["DATA_DIR"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
        import django

        django.setup()
        texts = stories(Path(folder))
        numbers = range(len(texts))
        asked = random.Random(3).sample(numbers, most) if most else numbers  # nosec B311
        print(
            f"{len(asked)} of {len(texts)} stories; the headline finds its own among the first",
            *AMONG,
        )
        for name, search in (
            ("plain bm25", plain(texts, "unicode61")),
            ("plain bm25, porter", plain(texts, "porter unicode61")),
            ("this search", ours(texts)),
        ):
            hits = dict.fromkeys(AMONG, 0)
            for number in asked:
                found = search(texts[number][0])
                for place in AMONG:
                    hits[place] += number in found[:place]
            shares = "  ".join(f"{100 * hits[place] / len(asked):5.1f} %" for place in AMONG)
            print(f"{name:<20}{shares}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 0)
