"""The order of what was found: how well a story fits, and a little how new it is.

BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, 3.6): occurrences
are weighed by field and made comparable by the field's length, then saturate; rare terms count
more. It is computed here and not by the engines, so that both answer alike, and so that a very
common word costs no more than `seam.RANKED` stories.
"""

from collections.abc import Iterable, Mapping
from math import log
from time import time

from articles.search.asking import Clause
from articles.search.documents import HEAD, moment_of
from articles.search.seam import Candidate, Known

#: What an occurrence counts in each field, how long the field is in a usual story, and how much
#: its length tells: nothing where each word is a name.
FIELDS = {
    "headline": (8.0, 10, 0.3),
    "standfirst": (4.0, 25, 0.3),
    "tags": (3.0, 8, 0.0),
    "byline": (2.5, 3, 0.0),
    "body": (1.0, 400, 0.75),
}
#: Saturation (Robertson's usual value).
K1 = 1.2
#: All of a query in a row: in the headline, elsewhere. As shares of what its words are worth.
IN_HEADLINE, IN_A_ROW = 0.5, 0.15
#: A story of now is worth so much more; half of that after so many days.
FRESH, FRESH_DAYS = 0.25, 60
_HELD = {"author": ("byline",), "tag": ("tags",), "section": ("section",)}


def frequency(clause: Clause, known: Known) -> int:
    """Return in how many public stories a clause stands, by what is known of its terms."""
    if any(len(way) > 1 for way in clause.ways):
        # A row of terms is as rare as its rarest.
        return min((known.frequency.get(term, 1) for term in clause.terms), default=0)
    return sum(known.frequency.get(term, 0) for term in clause.terms)


def shares(clauses: tuple[Clause, ...], known: Known) -> tuple[float, ...]:
    """Return which part of all public stories has each clause, by what is known of its words."""
    everything = max(known.stories, 1)
    return tuple(min(frequency(clause, known) / everything, 1.0) for clause in clauses)


def rank(
    candidates: Iterable[Candidate],
    clauses: tuple[Clause, ...],
    excluded: tuple[Clause, ...],
    known: Known,
) -> list[Candidate]:
    """Return those candidates whose texts were read, the best first; the newer of two equals."""
    everything = max(known.stories, 1)
    worth = [
        log(1 + (everything - min(seen, everything) + 0.5) / (min(seen, everything) + 0.5))
        for seen in (frequency(clause, known) for clause in clauses)
    ]
    whole = _row(clauses)
    now = time()
    kept = []
    for one in candidates:
        if one.texts is None or any(occurs(clause, one.texts) for clause in excluded):
            continue
        texts = {name: f" {text} " for name, text in one.texts.items()}
        score = sum(
            value * _fit(clause, texts) for clause, value in zip(clauses, worth, strict=True)
        )
        if whole and len(clauses) > 1:
            if whole in texts["headline"]:
                score += IN_HEADLINE * sum(worth)
            elif any(whole in texts[name] for name in (*HEAD, "body")):
                score += IN_A_ROW * sum(worth)
        age = max(now - moment_of(one.place), 0) / 86_400
        one.score = score * (1 + FRESH * FRESH_DAYS / (FRESH_DAYS + age))
        kept.append(one)
    return sorted(kept, key=lambda one: (-one.score, -one.place))


def occurs(clause: Clause, texts: Mapping[str, str]) -> bool:
    """Whether a clause stands in the texts of a story."""
    names = _HELD.get(clause.field, tuple(FIELDS))
    return any(_times(clause, f" {texts[name]} ") for name in names)


def _fit(clause: Clause, texts: Mapping[str, str]) -> float:
    names = _HELD.get(clause.field, tuple(FIELDS))
    weighed = 0.0
    for name in names:
        text = texts[name]
        times = _times(clause, text)
        if times:
            weight, usual, telling = FIELDS.get(name, (1.0, 10, 0.0))
            length = text.count(" ") - 1
            weighed += weight * times / (1 - telling + telling * length / usual)
    return weighed * (K1 + 1) / (weighed + K1)


def _times(clause: Clause, text: str) -> int:
    """How often one of a clause's rows of terms stands in a text with a space at both ends."""
    if clause.begins:
        return sum(text.count(f" {way[0]}") for way in clause.ways)
    return sum(text.count(f" {' '.join(way)} ") for way in clause.ways)


def _row(clauses: tuple[Clause, ...]) -> str:
    """All of a query in a row, in its likeliest terms; "" where it is held to fields."""
    if any(clause.field or not clause.ways for clause in clauses):
        return ""
    return f" {' '.join(term for clause in clauses for term in clause.ways[0])} "
