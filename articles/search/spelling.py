"""Words that a slip of the hand may have made of others.

Two words that are one edit apart become the same when one letter is taken from each or from one
of them (Garbe's symmetric deletes): what is left of each known word with one letter less is kept
in a table, and looked up by what is left of the word that was typed.
"""

import zlib

#: Shorter words are too many for a guess to mean anything.
SHORTEST = 3
#: From this length on, two slips are forgiven.
LONG = 8
LONGEST = 32


def parts_of(word: str, *, asked: bool = False) -> set[int]:
    """Return numbers for `word` and for what is left of it with one letter less.

    asked: the word was typed; a long one may then lack two letters of its own.
    """
    if not SHORTEST <= len(word) <= LONGEST or word.isdecimal():
        return set()
    shorter = {word[:place] + word[place + 1 :] for place in range(len(word))}
    found = {word} | shorter
    if asked and len(word) >= LONG:
        for part in shorter:
            found |= {part[:place] + part[place + 1 :] for place in range(len(part))}
    return {zlib.crc32(part.encode()) for part in found}


def fits(typed: str, word: str) -> tuple[int, bool, bool] | None:
    """Return how far `word` is from what was typed, or None if too far to be meant.

    A beginning that differs counts as further, since people seldom miss the first letter, and so
    does a letter too many, since they more often leave one out.
    """
    allowed = 2 if len(typed) >= LONG else 1
    if abs(len(typed) - len(word)) > allowed:
        return None
    steps = distance(typed, word)
    if steps > allowed:
        return None
    return steps, typed[0] != word[0], len(word) < len(typed)


def distance(one: str, other: str) -> int:
    """Return the number of edits between two words: a letter more, less, another, or two swapped.

    Damerau's distance in its restricted form (optimal string alignment).
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, against in enumerate(other, start=1):
            steps = min(
                above[column] + 1, line[column - 1] + 1, above[column - 1] + (letter != against)
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                steps = min(steps, before[column - 2] + 1)
            line.append(steps)
        before, above = above, line
    return above[-1]
