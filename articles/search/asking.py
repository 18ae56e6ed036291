"""What a query asks for: words, phrases, exclusions, fields and days, read from any input.

Nothing that is typed reaches a database as it is: a query becomes `Part`s here, and `Clause`s of
terms (articles/text/terms.py) before an engine sees it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from articles.text.terms import LONGEST, pairs, primary, spellings, stem, words

#: Characters that are read; words and phrases that are looked for. More only makes a query slow.
LONGEST_QUERY = 300
MOST_PARTS = 12
MOST_IN_A_PHRASE = 16
#: Fields that a part may be held to, and their names in a query.
FIELDS = ("author", "tag", "section")
_DAYS = ("from", "to")
_PART = re.compile(
    r"(?P<minus>(?<![^\s\"])[-−–]+)?"
    rf"(?:(?P<field>{'|'.join((*FIELDS, *_DAYS))}):)?"
    r"(?:\"(?P<phrase>[^\"]*)\"|(?P<word>[^\s\"]+))",
    re.IGNORECASE,
)
_QUOTES = re.compile("[“”„«»]")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Part:
    """One word or phrase of a query. field: one of `FIELDS`, or "" for everywhere."""

    text: str
    field: str = ""
    is_phrase: bool = False
    is_excluded: bool = False

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if self.is_phrase else self.text
        return f"{'-' if self.is_excluded else ''}{f'{self.field}:' if self.field else ''}{quoted}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was read. since, until: the first and the last day."""

    parts: tuple[Part, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.parts or self.since or self.until)

    def __str__(self) -> str:
        """As it would be typed: reading it gives the same."""
        days = ((name, day) for name, day in (("from", self.since), ("to", self.until)) if day)
        return " ".join([*map(str, self.parts), *(f"{name}:{day}" for name, day in days)])

    def only(self, name: str) -> list[Part]:
        """The parts that are held to the field `name`."""
        return [part for part in self.parts if part.field == name and not part.is_excluded]


@dataclass(frozen=True, slots=True)
class Clause:
    """What a story has to have: one of several rows of terms, in one field or anywhere.

    begins: the only term is the beginning of one. word: as typed, where it is a single word that
    may be mistyped.
    """

    ways: tuple[tuple[str, ...], ...]
    field: str = ""
    begins: bool = False
    word: str = ""
    terms: frozenset[str] = frozenset()

    @property
    def is_single(self) -> bool:
        return all(len(way) == 1 for way in self.ways)


def parse(text: str) -> Asked:
    """Return what `text` asks for; whatever it is, there is an answer."""
    text = _QUOTES.sub('"', text[:LONGEST_QUERY].replace("\0", " "))
    if text.count('"') % 2:
        # A phrase that does not end is none.
        text = " ".join(text.rsplit('"', 1))
    parts: list[Part] = []
    days: dict[str, date] = {}
    for found in _PART.finditer(text):
        name = (found["field"] or "").lower()
        is_phrase = found["phrase"] is not None
        value = (found["phrase"] if is_phrase else found["word"]).strip()
        if name in _DAYS:
            day = read_day(value, last=name == "to")
            if day:
                days[name] = day
                continue
            name, value = "", value if is_phrase else found.group()
        # A sign that excluded nothing says nothing.
        value = value.lstrip("-−– ")
        if not any(True for _word in words(value)) or len(parts) >= MOST_PARTS:
            continue
        part = Part(value, name, is_phrase, found["minus"] is not None)
        if part not in parts:
            parts.append(part)
    return Asked(tuple(parts), days.get("from"), days.get("to"))


def read_day(value: str, last: bool = False) -> date | None:
    """Return the first (or the last) day of "2026", "2026-05" or "2026-05-01"; None if none."""
    found = _DAY.fullmatch(value)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if not MINYEAR < year < MAXYEAR:
        return None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not last or day:
        return first
    after = date(year + 1, 1, 1) if not month else (first + timedelta(days=31)).replace(day=1)
    return after - timedelta(days=1)


def clause(part: Part, languages: Iterable[str]) -> Clause:
    """Return what a story in one of `languages` has to have for `part`."""
    languages = list(dict.fromkeys(primary(language) for language in languages)) or [""]
    pieces = list(words(part.text))[:MOST_IN_A_PHRASE]
    only = pieces[0] if len(pieces) == 1 else None
    if only and not only.unspaced:
        written = only.written.replace(".", "")
        ways = [(term,) for term in spellings(written, languages)]
        return _made(ways, part.field, word=written[:LONGEST])
    if only and len(pairs(only.written)) == 1:
        return _made([(pairs(only.written)[0],)], part.field, begins=True)
    # A word that holds several ("well-known", "iPhone手机") and a phrase are rows of terms.
    return _made([_row(pieces, language) for language in languages], part.field)


def _row(pieces: list, language: str) -> tuple[str, ...]:
    row: list[str] = []
    for place, piece in enumerate(pieces):
        if piece.unspaced:
            letters = pairs(piece.written)
            # The last letter alone stands in texts only at the end of a run.
            is_inside = len(letters) > 1 and place + 1 == len(pieces)
            row.extend(letters[:-1] if is_inside else letters)
        elif term := stem(piece.written.replace(".", ""), language):
            row.append(term)
    return tuple(row[: 2 * MOST_IN_A_PHRASE])


def _made(ways: Iterable[tuple[str, ...]], name: str, **rest: object) -> Clause:
    kept = tuple(dict.fromkeys(way for way in ways if way))
    terms = frozenset(term for way in kept for term in way)
    return Clause(kept, name, terms=terms, **rest)
