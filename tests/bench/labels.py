"""How often related news is of the same label: `python -m tests.bench.labels FILE`.

FILE is labelled news text that is no part of this repository: a CSV with the columns `category`
and `text` (the headline is its beginning), as the BBC news articles of Greene and Cunningham are
spread (2,225 texts of 2004 and 2005, five labels; http://mlg.ucd.ie/datasets/bbc.html, free for
non-commercial research, the texts are the BBC's). Says of how many of the first five neighbours the
label is the story's own, without any tag, section or date, beside plain BM25 (k1 1.2, b 0.75,
Robertson and Zaragoza 2009) over the same words with the whole story as the question.
"""

import csv
import math
import os
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

#: Related stories that readers get.
FIRST = 5
#: Words of a text that count as its headline where the file does not part them.
_HEADLINE = 5
_K1, _B = 1.2, 0.75


def read(path: Path) -> list[tuple[str, str, str]]:
    """Return label, headline and text of each different text of a file."""
    found: dict[str, tuple[str, str, str]] = {}
    csv.field_size_limit(10**8)
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        for row in csv.DictReader(file):
            text = " ".join(row["text"].split())
            words = text.split()
            headline = row.get("title") or " ".join(words[:_HEADLINE])
            body = text if row.get("title") else " ".join(words[_HEADLINE:])
            found.setdefault(text, (row["category"], headline, body))
    return list(found.values())


def bm25(texts: list[str]) -> list[list[int]]:
    """Return for each text the others by plain BM25, the best first."""
    from articles.text.terms import terms

    counted = [Counter(terms(text, "en")) for text in texts]
    lengths = [sum(one.values()) for one in counted]
    mean = sum(lengths) / len(lengths)
    holds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, one in enumerate(counted):
        for term, often in one.items():
            holds[term].append((at, often))
    ranked = []
    for at, one in enumerate(counted):
        scores: dict[int, float] = defaultdict(float)
        for term, asked in one.items():
            rows = holds[term]
            rare = math.log(1 + (len(texts) - len(rows) + 0.5) / (len(rows) + 0.5))
            for other, often in rows:
                norm = _K1 * (1 - _B + _B * lengths[other] / mean)
                scores[other] += asked * rare * often * (_K1 + 1) / (often + norm)
        scores.pop(at, None)
        ranked.append(sorted(scores, key=lambda pk: (-scores[pk], pk))[:FIRST])
    return ranked


def _made(at: int, headline: str, body: str, section: Any) -> int:
    from tests.factories import make_article

    article = make_article(
        headline[:300], standfirst="", body=f"<p>{body}</p>", slug=f"story-{at}", section=section
    )
    return article.pk


def related(rows: list[tuple[str, str, str]]) -> list[list[int]]:
    """Return for each text what readers would get under it, by the site's own computation."""
    from django.core.management import call_command
    from django.db import transaction

    from articles.models import Neighbour, Section
    from articles.related import work

    call_command("migrate", verbosity=0)
    section = Section.objects.create(name="All", slug="all")
    with transaction.atomic():
        made = [
            _made(at, headline, body, section) for at, (_label, headline, body) in enumerate(rows)
        ]
    assert work.settle("labels")
    place = {pk: at for at, pk in enumerate(made)}
    found = []
    for pk in made:
        ranked = Neighbour.objects.filter(article=pk, rank__lte=FIRST).order_by("rank")
        found.append([place[other] for other in ranked.values_list("neighbour", flat=True)])
    return found


def share(rows: list[tuple[str, str, str]], ranked: list[list[int]]) -> float:
    """Return which share of the first five has the label of the story they stand under."""
    pairs = [(at, other) for at, others in enumerate(ranked) for other in others]
    same = sum(rows[other][0] == rows[at][0] for at, other in pairs)
    return same / len(pairs)


def main() -> None:
    rows = read(Path(sys.argv[1]))
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="newsroom-labels-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    import django

    django.setup()
    labels = Counter(label for label, _headline, _body in rows)
    told = ", ".join(f"{label} {n}" for label, n in sorted(labels.items()))
    print(f"{len(rows):,} texts: {told}")
    plain = bm25([f"{headline} {body}" for _label, headline, body in rows])
    ours = related(rows)
    stand = Counter(other for others in ours for other in others)
    stand_plain = Counter(other for others in plain for other in others)
    for name, ranked, in_lists in (("plain BM25", plain, stand_plain), ("related", ours, stand)):
        print(
            f"{name:<12} same label among the first {FIRST}: {share(rows, ranked):.1%}; "
            f"{sum(map(len, ranked)) / len(rows):.2f} shown; one story stands under at most "
            f"{max(in_lists.values())}, and {len(in_lists) / len(rows):.0%} stand somewhere"
        )


if __name__ == "__main__":
    main()
