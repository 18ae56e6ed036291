"""Near-duplicates: the same story told twice in nearly the same words."""

import re

from django.db.models import Q

from articles.models import Article

#: Share of common five-word runs (of all runs of both) from which two texts are one story.
SAME_STORY = 0.6
_RUN = 5
_PROBES = 6
_PROBE_LENGTH = 48
#: Texts of fewer runs are too short to tell a copy from a coincidence.
_FEWEST_RUNS = 12


def runs(text: str) -> set[str]:
    """Return the runs of five words of `text` (of characters, where words are not spaced)."""
    words = re.findall(r"\w+", text.casefold())
    if sum(map(len, words)) > 12 * max(len(words), 1):
        words = list("".join(words))
    return {" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}


def likeness(one: set[str], other: set[str]) -> float:
    """Return the Jaccard index of two sets of runs: 0 (nothing in common) to 1 (the same)."""
    if min(len(one), len(other)) < _FEWEST_RUNS:
        return 1.0 if one and one == other else 0.0
    return len(one & other) / len(one | other)


def near_duplicate(text: str, *, exclude: int | None = None) -> Article | None:
    """Return an article of any state that tells `text` already, or None.

    Candidates share one of the longest lines' middles, so that the comparison itself reads a
    handful of rows.
    """
    ours = runs(text)
    lines = sorted(text.split("\n"), key=len, reverse=True)[:_PROBES]
    probes = Q()
    for line in lines:
        start = max(0, (len(line) - _PROBE_LENGTH) // 2)
        if probe := line[start : start + _PROBE_LENGTH].strip():
            probes |= Q(body_text__contains=probe)
    if not probes:
        return None
    for article in Article.objects.filter(probes).exclude(pk=exclude).order_by("id")[:20]:
        if likeness(ours, runs(article.body_text)) >= SAME_STORY:
            return article
    return None
