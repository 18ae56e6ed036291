"""What counts as one view: reports of one visitor for one article, without a break of 30 minutes.

Pure functions. Reports may come in any order (from several hosts, or late from one that was
down): the sum is always the same.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

#: Milliseconds of silence after which the same visitor's next report is a new view.
WINDOW = 30 * 60 * 1000


class Report(NamedTuple):
    """One accepted report. `former` is the visitor's hash with the salt of the day before, told
    in the first half hour of a day, so that midnight does not make a second view of a reload;
    0 is none. `referrer` is a host, a path of this site, or ""."""

    at: int
    article: int
    visitor: int
    former: int = 0
    referrer: str = ""


@dataclass(eq=False, slots=True)
class Stay:
    """Reports of one visitor for one article without a long break: one view."""

    visitor: int
    article: int
    counted_at: int
    first: int
    last: int
    #: The row that holds it; None for a new one.
    pk: int | None = None

    def touches(self, at: int) -> bool:
        return self.first - WINDOW < at < self.last + WINDOW


@dataclass
class Tally:
    """What reports change: views to add or take back, and stays to store or remove."""

    #: (article, milliseconds) of a view, and how many: -1 where two stays turned out to be one.
    views: Counter[tuple[int, int]] = field(default_factory=Counter)
    #: Reports that were counted.
    counted: list[Report] = field(default_factory=list)
    new: list[Stay] = field(default_factory=list)
    changed: dict[int, Stay] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)


def tally(reports: Iterable[Report], stays: Iterable[Stay]) -> Tally:
    """Add `reports` to the `stays` that are known of their visitors; return what that changes."""
    result = Tally()
    known: dict[tuple[int, int], list[Stay]] = {}
    for stay in stays:
        known.setdefault((stay.visitor, stay.article), []).append(stay)
    fresh: dict[int, Stay] = {}
    for report in sorted(reports):
        own = known.setdefault((report.visitor, report.article), [])
        other = report.former if report.former != report.visitor else 0
        former = known.get((other, report.article), []) if other else []
        touched = [stay for stay in (*own, *former) if stay.touches(report.at)]
        if not touched:
            stay = Stay(report.visitor, report.article, report.at, report.at, report.at)
            own.append(stay)
            fresh[id(stay)] = stay
            result.views[report.article, report.at] += 1
            result.counted.append(report)
            continue
        kept, *others = sorted(touched, key=lambda stay: stay.counted_at)
        for stay in others:
            # The report between two stays makes one of them: one view was too many.
            result.views[stay.article, stay.counted_at] -= 1
            (own if stay in own else former).remove(stay)
            if stay.pk is None:
                del fresh[id(stay)]
            else:
                result.removed.append(stay.pk)
                result.changed.pop(stay.pk, None)
        if kept not in own:
            former.remove(kept)
            own.append(kept)
            kept.visitor = report.visitor
        kept.first = min(report.at, *(stay.first for stay in touched))
        kept.last = max(report.at, *(stay.last for stay in touched))
        if kept.pk is not None:
            result.changed[kept.pk] = kept
    result.new = list(fresh.values())
    return result
