"""The seam: what an index of articles does, whatever it is kept in.

`sqlite.py` and `postgres.py` keep it in the site's own database, beside the tables that it
follows; `null.py` keeps none. Another engine (a server of its own, such as OpenSearch) is a class
with these methods, named by `NEWSROOM["SEARCH"]`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import QuerySet

from articles.search.asking import Clause

#: Candidates whose text is read, by all of it and by the head: as many as are ranked.
RANKED = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an engine looks for. since, until: places, both included.

    any_of: beside all of `required`, one of these groups of clauses. is_public: for readers.
    ranked: of how many the texts are read, by all of them and by the head. shares: which part of
    all stories has each of `required`, by what is known of its words; none if that says nothing.
    """

    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    any_of: tuple[tuple[Clause, ...], ...] = ()
    since: int | None = None
    until: int | None = None
    is_public: bool = True
    ranked: int = RANKED
    shares: tuple[float, ...] = ()


@dataclass(slots=True)
class Candidate:
    """A story that fits. texts: its terms by field, read for the first ones only.

    is_counted: found by all of its text, and so part of the numbers; else by its head alone.
    """

    place: int
    article: int
    section: int | None
    is_counted: bool
    texts: dict[str, str] | None = None
    score: float = 0.0


@dataclass(slots=True)
class Known:
    """What the public texts know of a query's words.

    frequency: term -> in how many stories; terms: word -> terms it has there. stories: how many
    there are; first_place: the oldest one's.
    """

    frequency: dict[str, int] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    stories: int = 0
    first_place: int | None = None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word that public texts use. shown: with its accents; stories: how many use it."""

    word: str
    term: str
    shown: str
    stories: int


class Engine(Protocol):
    """An index of articles. Only `find` says which stories are there, and it asks `scope`."""

    def prepare(self) -> None:
        """Make what is missing and mark what has to be read again; safe to repeat."""

    def step_aside(self) -> None:
        """Stop following, because tables are about to be altered; `prepare` begins again."""

    def follow(self, limit: int = 0, *, patient: bool = True) -> int:
        """Bring the index up to what was committed; return how many articles it read.

        limit: of articles, 0 for all. patient: wait for others who write; whoever does not begins
        with what was written last.
        """

    def rebuild(self, report: Callable[[int, int], Any]) -> int:
        """Build a new index beside the one in use, then swap; return how many articles are in."""

    def know(self, words: Iterable[str], terms: Iterable[str]) -> Known:
        """Return what is known of folded `words` and of `terms`; up to date before it answers."""

    def find(self, wanted: Wanted, scope: QuerySet, most: int) -> list[Candidate]:
        """Return the newest stories of `scope` that fit, at most `most` of them counted.

        scope: the articles that whoever asks may see; the rows themselves are asked, not the
        index.
        """

    def near(self, words: Iterable[str]) -> Mapping[str, Sequence[Spelling]]:
        """Return for each folded word what it may have been meant to be, the likeliest first."""

    def beginning(self, start: str, most: int) -> Sequence[Spelling]:
        """Return the most used spellings that begin with the folded `start`."""
