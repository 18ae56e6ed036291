"""The words that public texts use: how many stories use each, and which one was meant."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from articles.search.naming import chunks, marks, named
from articles.search.seam import Spelling
from articles.search.spelling import fits, parts_of

#: (word, term, as shown, how many stories more use it)
Row = tuple[str, str, str, int]


class Changes:
    """How many public stories more or fewer use each (word, term), and how a word is shown."""

    def __init__(self) -> None:
        self.steps: Counter[tuple[str, str]] = Counter()
        self.shown: dict[tuple[str, str], str] = {}

    def rows(self) -> list[Row]:
        return sorted(
            (*pair, self.shown.get(pair, pair[0]), step)
            for pair, step in self.steps.items()
            if step
        )


def count(
    cursor: Any, beside: str, changes: Changes, add: Callable[[Any, str, list[Row]], None]
) -> None:
    """Keep how many public stories use each (word, term), and where its misspellings lead.

    add: adds numbers to rows that may not be there yet, as the engine does it best. In whatever
    order changes come, the sums are right in the end; on the way one may be below nothing.
    """
    rows = changes.rows()
    words = {word for word, *_rest in rows}
    fresh = words - _there(cursor, beside, words)
    add(cursor, beside, rows)
    cursor.executemany(
        named("INSERT INTO {deletion} (part, word) VALUES (%s, %s)", beside),
        # In the table's own order, which saves most of the time of many.
        sorted((part, word) for word in fresh for part in parts_of(word)),
    )
    if all(step > 0 for *_word, step in rows):
        return
    unused = "DELETE FROM {word} WHERE stories = 0 AND word IN ({words})"
    for part in chunks(sorted(words)):
        cursor.execute(named(unused, beside, words=marks(part)), part)
    gone = words - _there(cursor, beside, words)
    cursor.executemany(
        named("DELETE FROM {deletion} WHERE part = %s AND word = %s", beside),
        sorted((part, word) for word in gone for part in parts_of(word)),
    )


def _there(cursor: Any, beside: str, words: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in chunks(sorted(words)):
        sql = named("SELECT word FROM {word} WHERE word IN ({words})", beside, words=marks(part))
        cursor.execute(sql, part)
        found.update(word for (word,) in cursor.fetchall())
    return found


def near(words: list[str]) -> dict[str, list[Spelling]]:
    """Return for each folded word what it may have been meant to be, the likeliest first."""
    parts = sorted({part for word in words for part in parts_of(word, asked=True)})
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            named(
                "SELECT word, term, shown, stories FROM {word} WHERE stories > 0 AND word IN "
                "(SELECT word FROM {deletion} WHERE part IN ({parts}))",
                parts=marks(parts),
            ),
            parts,
        )
        spellings = [Spelling(*row) for row in cursor.fetchall()]
    found = {}
    for word in words:
        far = {one: fits(word, one.word) for one in spellings if one.word != word}
        close = [one for one, steps in far.items() if steps is not None]
        found[word] = sorted(close, key=lambda one, far=far: (far[one], -one.stories, one.word))
    return found


def beginning(start: str, most: int) -> list[Spelling]:
    """Return the most used spellings that begin with the folded `start`."""
    with connection.cursor() as cursor:
        cursor.execute(
            named(
                "SELECT word, term, shown, stories FROM {word} "
                "WHERE word >= %s AND word < %s AND stories > 0 "
                "ORDER BY stories DESC, word LIMIT %s"
            ),
            [start, f"{start}\U0010ffff", most],
        )
        return [Spelling(*row) for row in cursor.fetchall()]
