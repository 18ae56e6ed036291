"""A small archive for tests of related news: stories on a few subjects, in words of their own."""

import random
from typing import Any

from articles.models import Article, Neighbour
from articles.related import work
from tests.factories import make_article, make_section

#: Subject -> words that only its stories have.
SUBJECTS = {
    "Bats": "bat roost echo dusk wing cave moth colony fur census".split(),
    "Ports": "port quay crane docker ship cargo pilot berth tide harbour".split(),
    "Bread": "loaf flour oven baker crust yeast wheat dough mill rye".split(),
    "Trams": "tram rail depot driver fare timetable platform conductor wire stop".split(),
}
_OTHERS = "letter window garden paper coffee morning street voice table stone corner summer".split()


def make_story(subject: str, number: int = 0, **values: Any) -> Article:
    """Return a story on a subject whose words nobody else put in this order."""
    chance = random.Random(f"{subject} {number}")
    lines = [
        " ".join(chance.sample(SUBJECTS[subject], 4) + chance.sample(_OTHERS, 4)) for _ in range(5)
    ]
    headline = values.pop("headline", " ".join(chance.sample(SUBJECTS[subject], 3)).capitalize())
    values.setdefault("tags", (subject,))
    values.setdefault("section", make_section())
    return make_article(
        f"{headline} {number}", body="".join(f"<p>{line}.</p>" for line in lines),
        standfirst=" ".join(chance.sample(_OTHERS, 5)), **values,
    )  # fmt: skip


def settle() -> None:
    """Do what the clock would do."""
    assert work.settle("test")


def lists() -> dict[tuple[str, str], tuple]:
    """Everything that is kept of neighbours, by headlines: row numbers differ between sites."""
    return {
        (row.article.headline, row.neighbour.headline): (
            row.score, row.place, row.rank, row.reasons["words"], row.reasons["section"],
        )
        for row in Neighbour.objects.select_related("article", "neighbour")
    }  # fmt: skip


def under(article: Article) -> list[str]:
    """The headlines of an article's neighbours in their order."""
    rows = article.neighbours.filter(rank__isnull=False).order_by("rank")
    return [row.neighbour.headline for row in rows.select_related("neighbour")]
