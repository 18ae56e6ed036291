"""Which runs two sequences share: the ground of every comparison."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

#: Stretches that share nothing rare are searched up to this many pairs.
_SEARCHED = 20_000


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Return runs (place in old, place in new, length) that both have, in order, not crossing.

    What stands once on both sides is held on to first (it is what a reader would recognise);
    between those, short stretches are searched whole. The work is bounded, so a run may be missed.
    """
    pairs: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        i, i_end, j, j_end = waiting.pop()
        while i < i_end and j < j_end and old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and old[i_end - 1] == new[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            pairs.append((i_end, j_end))
        if i == i_end or j == j_end:
            continue
        held = _held(old, new, i, i_end, j, j_end)
        if held:
            for a, b in [*held, (i_end, j_end)]:
                waiting.append((i, a, j, b))
                i, j = a + 1, b + 1
            pairs += held
        elif (i_end - i) * (j_end - j) <= _SEARCHED:
            matcher = SequenceMatcher(None, old[i:i_end], new[j:j_end], autojunk=False)
            pairs += [
                (i + run.a + step, j + run.b + step)
                for run in matcher.get_matching_blocks()
                for step in range(run.size)
            ]
    return _runs(sorted(pairs))


def _held(
    old: Sequence[Hashable], new: Sequence[Hashable], i: int, i_end: int, j: int, j_end: int
) -> list[tuple[int, int]]:
    """Pairs of what stands exactly once in both stretches: the longest series in one order."""
    often = Counter(old[i:i_end]), Counter(new[j:j_end])
    there = {token: place for place, token in enumerate(new[j:j_end], j) if often[1][token] == 1}
    pairs = [
        (place, there[token])
        for place, token in enumerate(old[i:i_end], i)
        if token in there and often[0][token] == 1
    ]
    # Patience: each pair goes on the first pile whose top it can precede.
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_place, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(other)
            piles.append(index)
        else:
            tops[pile], piles[pile] = other, index
    series = []
    index = piles[-1] if piles else -1
    while index >= 0:
        series.append(pairs[index])
        index = before[index]
    return series[::-1]


def _runs(pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    runs: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if runs and runs[-1][0] + runs[-1][2] == i and runs[-1][1] + runs[-1][2] == j:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return runs
