"""How near two stories are, and in which order they come: pure rules.

Two stories are near by the tags that both have (a rare one says more) and by their words; one
desk and one time bring them nearer. All of it is a function of the two stories and of the counts
of a round, so it does not matter when or in which order it is computed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from articles.text.likeness import SAME_STORY, resemblance
from articles.text.weights import HALF, cosine, rarity

#: Neighbours that are kept of a story: thrice what readers are shown, so that there are enough
#: when some of them go, and a choice for their order.
KEPT = 15
#: What tags and words can give.
_TAGS, _WORDS = 0.4, 0.6
_CHOSEN = 0.2
#: What one section is worth, and what is left of nearness to a story in another language.
_SECTION, _FOREIGN = 1.1, 0.5
#: An older story loses up to this share, half of it in so many days.
_AGE, _HALF_LIFE = 0.3, 365
#: What is less near has nothing in common that a reader would see.
LEAST = 0.06
#: How much a story gives up for being like one above it (Carbonell and Goldstein 1998, MMR).
_VARIETY = 0.25
#: Words that a reason names, and what each must give: two words of twice the usual weight.
_NAMED = 3
_WORTH_NAMING = 0.01
_DAY = 86_400


@dataclass(frozen=True)
class Story:
    """One story as nearness sees it. tags: number -> weight; group: its translations, or None."""

    pk: int
    language: str
    weights: Mapping[str, float]
    written: Mapping[str, str]
    sketch: frozenset[int]
    tags: Mapping[int, float] = field(default_factory=dict)
    section: int | None = None
    moment: datetime | None = None
    group: str | None = None


@dataclass(frozen=True)
class Near:
    """How near one story is to another, and why; reasons: None for those that are stored."""

    pk: int
    score: float
    reasons: dict | None = None

    @property
    def order(self) -> tuple[float, int]:
        """Sort key: the nearest first, of two the newer row."""
        return -self.score, -self.pk


def tag_weight(stories: int, all_stories: int) -> float:
    """Return the weight of a tag that so many stories have: near 1 for one of many.

    Somebody chose it: even one that all stories have says a little.
    """
    return _CHOSEN + (1 - _CHOSEN) * rarity(stories, all_stories) / math.log(all_stories + 2)


def same_story(one: Story, other: Story) -> bool:
    """Whether they tell one story: nearly the same words, or translations of each other."""
    if one.group is not None and one.group == other.group:
        return True
    return resemblance(one.sketch, other.sketch) >= SAME_STORY


def nearness(story: Story, other: Story) -> Near | None:
    """Return how near `other` is to `story`, as its neighbour; None where it is none."""
    if story.pk == other.pk or same_story(story, other):
        return None
    tags = sorted(
        (tag for tag in story.tags if tag in other.tags), key=lambda tag: (-story.tags[tag], tag)
    )
    rare = math.fsum(story.tags[tag] for tag in tags)
    near = cosine(story.weights, other.weights) if story.language == other.language else 0.0
    score = _TAGS * rare / (rare + 1) + _WORDS * near / (near + HALF)
    in_section = story.section is not None and story.section == other.section
    if in_section:
        score *= _SECTION
    if story.language != other.language:
        score *= _FOREIGN
    score = round(score * _freshness(story.moment, other.moment), 6)
    if score < LEAST:
        return None
    reasons = {"tags": tags, "words": _shared_words(story, other), "section": in_section}
    return Near(other.pk, score, reasons)


def _shared_words(story: Story, other: Story) -> list[str]:
    """Return what of their words brings them near most, as `story` writes it."""
    if story.language != other.language:
        return []
    parts = {
        term: weight * other.weights[term]
        for term, weight in story.weights.items()
        if weight * other.weights.get(term, 0) >= _WORTH_NAMING
    }
    named = sorted(parts, key=lambda term: (-parts[term], term))[:_NAMED]
    return [story.written[term] for term in named]


def _freshness(moment: datetime | None, other: datetime | None) -> float:
    """What is left of nearness to an older story, by both dates: no day changes it."""
    if moment is None or other is None:
        return 1.0
    older = max(0.0, (moment - other).total_seconds() / _DAY)
    return 1 - _AGE * (1 - 0.5 ** (older / _HALF_LIFE))


def nearest(found: Sequence[Near]) -> list[Near]:
    """Return the `KEPT` nearest in order."""
    return sorted(found, key=lambda near: near.order)[:KEPT]


class Alike:
    """How alike two of some stories are: 1 for one story told twice, else how near their words are.

    Neighbours have neighbours in common: each pair is compared once.
    """

    def __init__(self, stories: Mapping[int, Story]) -> None:
        self.stories = stories
        self._known: dict[tuple[int, int], float] = {}

    def __call__(self, one: int, other: int) -> float:
        pair = (one, other) if one < other else (other, one)
        if pair not in self._known:
            first, second = self.stories[pair[0]], self.stories[pair[1]]
            if same_story(first, second):
                found = 1.0
            elif first.language == second.language:
                found = cosine(first.weights, second.weights)
            else:
                found = 0.0
            self._known[pair] = found
        return self._known[pair]


def arranged(
    kept: Sequence[tuple[int, float]],
    stories: Mapping[int, Story],
    back: set[int],
    alike: Alike | None = None,
) -> list[int]:
    """Return the numbers of neighbours in the order for readers; held back ones are missing.

    kept: number and score, the nearest first; back: those of them that have the story among
    their own nearest. These come first: a story that is near to everything is nobody's neighbour
    in particular, and would stand under all of them. Of two that tell one story the first one
    stays, and each gives up some nearness for being like one above it.
    """
    order: list[int] = []
    alike = Alike(stories) if alike is None else alike
    for is_back in (True, False):
        waiting = {pk: score for pk, score in kept if (pk in back) is is_back}
        likest = {pk: max((alike(pk, one) for one in order), default=0.0) for pk in waiting}
        while waiting := {pk: score for pk, score in waiting.items() if likest[pk] < 1}:
            left = {pk: waiting[pk] * (1 - _VARIETY * likest[pk]) for pk in waiting}
            best = min(waiting, key=lambda pk: (-round(left[pk], 6), -pk))
            order.append(best)
            del waiting[best]
            for pk in waiting:
                likest[pk] = max(likest[pk], alike(pk, best))
    return order
