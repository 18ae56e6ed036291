"""How like two texts are: by the runs of five words that both have."""

import re
from zlib import crc32

#: Share of common runs (of all runs of both) from which two texts are one story.
SAME_STORY = 0.6
_RUN = 5
#: Texts of fewer runs are too short to tell a copy from a coincidence.
_FEWEST_RUNS = 12
#: Hashes of a sketch: the share of common runs is then right within 0.1, in 19 of 20 cases.
SKETCH = 96


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


def sketch(text: str) -> list[int]:
    """Return the smallest hashes of the runs of `text`, ascending: enough to tell copies by."""
    return sorted({crc32(run.encode()) for run in runs(text)})[:SKETCH]


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the likeness of two texts by their sketches; exact for short texts.

    The smallest hashes of both together are a fair sample of all their runs (Broder 1997,
    "On the resemblance and containment of documents").
    """
    if min(len(one), len(other)) < _FEWEST_RUNS:
        return 1.0 if one and one == other else 0.0
    shared = one & other
    if not shared:
        return 0.0
    sample = sorted(one | other)[:SKETCH]
    return len(shared.intersection(sample)) / len(sample)
