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


def count(
    cursor: Any,
    beside: str,
    change: Counter[tuple[str, str]],
    shown: dict[tuple[str, str], str],
    add: Callable[[Any, str, list[Row]], None],
) -> None:
    """Keep how many public stories use each (word, term), and where its misspellings lead.

    add: adds numbers to rows that may not be there yet, as the engine does it best.
    """
    more = sorted((*pair, shown[pair], number) for pair, number in change.items() if number > 0)
    less = sorted((number, *pair) for pair, number in change.items() if number < 0)
    added = {word for word, *_rest in more}
    fresh = sorted(added - _there(cursor, beside, added))
    add(cursor, beside, more)
    cursor.executemany(
        named("INSERT INTO {deletion} (part, word) VALUES (%s, %s)", beside),
        # In the table's own order, which saves most of the time of many.
        sorted((part, word) for word in fresh for part in parts_of(word)),
    )
    cursor.executemany(
        named("UPDATE {word} SET stories = stories + %s WHERE word = %s AND term = %s", beside),
        less,
    )
    left = {word for _number, word, _term in less}
    gone_from = "DELETE FROM {word} WHERE stories <= 0 AND word IN ({words})"
    for part in chunks(sorted(left)):
        cursor.execute(named(gone_from, beside, words=marks(part)), part)
    gone = sorted(left - _there(cursor, beside, left))
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
                "SELECT word, term, shown, stories FROM {word} WHERE word IN "
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
                "SELECT word, term, shown, stories FROM {word} WHERE word >= %s AND word < %s "
                "ORDER BY stories DESC, word LIMIT %s"
            ),
            [start, f"{start}\U0010ffff", most],
        )
        return [Spelling(*row) for row in cursor.fetchall()]
