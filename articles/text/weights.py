"""What a text is about: its words by weight, and how near two texts are by them.

The weight of a word is 1 + ln f (f: how often it stands there, a headline's words counted more)
times the logarithm of how rare it is among all stories; nearness is the cosine of two texts'
weights (Salton and Buckley 1988, "Term-weighting approaches in automatic text retrieval").
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from articles.text.language import small_words
from articles.text.terms import pairs, primary, stem, words

#: How often a word of each part counts: a headline says what a story is about.
HEADLINE, STANDFIRST, BODY = 3.0, 2.0, 1.0
#: Words that are kept of a story, and those among them by which stories find each other.
KEPT, KEYS = 96, 32
#: A text that is longer is as well known by its beginning.
LONGEST = 200_000
#: How near texts must be for half of the nearness there is: stories on one subject, by our seeds.
HALF = 0.2

#: [stem, weight, as written] of each word.
Terms = list[list]


def frequencies(
    parts: Iterable[tuple[str, float]], language: str
) -> tuple[dict[str, float], dict[str, str]]:
    """Return how often each stem stands in the parts of a text, and how it is written mostly.

    parts: text and how much a word of it counts. Numbers, single letters and the language's small
    words are left out: they say nothing of a subject.
    """
    language = primary(language)
    small = small_words(language)
    found: defaultdict[str, float] = defaultdict(float)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, counts in parts:
        for word in words(text[:LONGEST]):
            if word.unspaced:
                for pair in pairs(word.written)[:-1]:
                    found[pair] += counts
                    written[pair][pair] += 1
                continue
            plain = word.written.replace(".", "")
            if len(plain) < 2 or plain.isdecimal() or plain.lower() in small:
                continue
            term = stem(plain, language)
            found[term] += counts
            written[term][word.written] += 1
    return dict(found), {
        term: max(sorted(forms), key=lambda form: forms[form]) for term, forms in written.items()
    }


def key_of(language: str, term: str) -> int:
    """Return the number of a word of a language, of 63 bits, with a sign."""
    data = f"{primary(language)} {term}".encode()
    return int.from_bytes(blake2b(data, digest_size=8).digest(), signed=True)


def rarity(stories: int, all_stories: int) -> float:
    """Return how much a word weighs that `stories` of `all_stories` have: 0 for one of all."""
    return max(0.0, math.log((all_stories + 1) / (stories + 0.5)))


def weighed(
    found: Mapping[str, float],
    written: Mapping[str, str],
    counts: Mapping[str, int],
    all_stories: int,
) -> Terms:
    """Return the `KEPT` weightiest words, the weightiest first, the same for the same input.

    counts: stories that have a stem; one that is not there stands in this story alone.
    """
    raw = {
        term: (1 + math.log(often)) * rarity(counts.get(term, 1), all_stories)
        for term, often in found.items()
    }
    kept = sorted(((-weight, term) for term, weight in raw.items() if weight > 0))[:KEPT]
    length = math.sqrt(sum(weight * weight for weight, _term in kept))
    return [[term, round(-weight / length, 5), written[term]] for weight, term in kept]


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how near two texts are by the weights of their words: 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    # In the order of the words, so that it is the same number from both sides.
    return math.fsum(weight * other[term] for term, weight in one.items() if term in other)
