"""No index: nothing is kept and nothing is found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from articles.search.seam import Candidate, Known, Spelling, Wanted


class NullEngine:
    """For sites whose search is somewhere else, and for tests of pages around it."""

    def prepare(self) -> None:
        """The site's database stops following for an index that nobody asks."""
        from articles.search import own_engine

        own_engine().step_aside()

    def step_aside(self) -> None:
        pass

    def follow(self, limit: int = 0, *, patient: bool = True) -> int:
        return 0

    def rebuild(self, report: Callable[[int, int], Any]) -> int:
        return 0

    def know(self, words: Iterable[str], terms: Iterable[str]) -> Known:
        return Known()

    def find(self, wanted: Wanted, scope: QuerySet, most: int) -> list[Candidate]:
        return []

    def near(self, words: Iterable[str]) -> Mapping[str, Sequence[Spelling]]:
        return {}

    def beginning(self, start: str, most: int) -> Sequence[Spelling]:
        return ()
