"""Add what the journals hold to the tables: each line once, whatever is killed and whenever.

How far a journal was added is stored in the transaction that adds it, so that both happen or
neither. One process of a host does it at a time, and one host of a site.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from articles.conf import conf
from articles.models import (
    Article,
    DailyViews,
    HourlyViews,
    NextClicks,
    Referrals,
    ViewJournal,
    Visit,
)
from articles.readership import journal
from articles.readership.origins import Origins
from articles.readership.windows import WINDOW, Report, Stay, Tally, tally

logger = logging.getLogger(__name__)

#: Bytes of each journal that one transaction adds: some ten thousand views.
AT_ONCE = 2**20
#: Values in one statement; engines take several times as many.
VALUES = 3000
#: How long a stay is known: a host that was down for longer may bring a repeat as a view.
KEPT = 4 * WINDOW
#: Any number that no other program on the database uses for its advisory locks.
LOCK = 0x76696577  # "view"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "views"


def fold() -> int:
    """Add a portion of what is there to the tables; return how many reports that was.

    0 when nothing is there, or when another process is at it.
    """
    with journal.alone(folder()) as is_ours:
        if not is_ours:
            return 0
        paths = journal.journals(folder())
        finished = {path.name for path in paths if journal.is_finished(path)}
        with transaction.atomic():
            _one_host_at_a_time()
            names = [path.name for path in paths]
            offsets = dict(ViewJournal.objects.filter(name__in=names).values_list("name", "offset"))
            reports, ends = [], {}
            for path in paths:
                start = offsets.get(path.name, 0)
                more, end = journal.read(path, start, AT_ONCE)
                if more:
                    reports += more
                    ends[path.name] = end
            if reports:
                _add(reports)
            ViewJournal.objects.bulk_create(
                [ViewJournal(name=name, offset=end) for name, end in ends.items()],
                update_conflicts=True,
                unique_fields=["name"],
                update_fields=["offset"],
            )
        _remove(paths, finished, offsets | ends)
        return len(reports)


def fold_all() -> int:
    """Add everything that is there; return how many reports that was."""
    number = 0
    while portion := fold():
        number += portion
    return number


def forget() -> None:
    """Remove what has served its time: stays, hours and, if the site says so, days."""
    now = timezone.now()
    Visit.objects.filter(last__lt=int(now.timestamp() * 1000) - KEPT).delete()
    hours = now - timedelta(days=conf("HOURS_KEPT_DAYS"))
    HourlyViews.objects.filter(hour__lt=hours).delete()
    kept = conf("ORIGINS_KEPT_DAYS")
    oldest = timezone.localdate() - timedelta(days=kept)
    for model in (Referrals, NextClicks):
        model.objects.filter(day__lt=oldest).delete()


def _one_host_at_a_time() -> None:
    """Two hosts that add the same visitor's reports at once would both count them."""
    # On SQLite the transaction itself is the only writer.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _add(reports: list[Report]) -> None:
    known = _known({report.article for report in reports})
    reports = [report for report in reports if report.article in known]
    change = tally(reports, _stays(reports))
    _store(change)
    days: Counter[tuple[int, date]] = Counter()
    hours: Counter[tuple[int, datetime]] = Counter()
    for (article, at), number in change.views.items():
        day, hour = _when(at // QUARTER)
        days[article, day] += number
        hours[article, hour] += number
    _raise(DailyViews, ("article_id", "day"), days)
    _raise(HourlyViews, ("article_id", "hour"), hours)
    origins = Origins(change.counted, lambda at: _when(at // QUARTER)[0])
    _raise(Referrals, ("article_id", "day", "host"), origins.hosts)
    _raise(NextClicks, ("source_id", "article_id", "day"), origins.clicks)


#: Milliseconds that share their hour and day in every time zone there is.
QUARTER = 15 * 60 * 1000


@lru_cache(64)
def _when(quarter: int) -> tuple[date, datetime]:
    """Return the day, in the site's time zone, and the hour's first moment of a quarter."""
    moment = datetime.fromtimestamp(quarter * QUARTER / 1000, UTC)
    return timezone.localdate(moment), moment.replace(minute=0)


def _known(articles: Iterable[int]) -> set[int]:
    """Return those of `articles` that are (still) there: a view of a deleted one has no place."""
    found: set[int] = set()
    for part in _parts(sorted(articles)):
        found.update(Article.objects.filter(pk__in=part).values_list("pk", flat=True))
    return found


def _stays(reports: list[Report]) -> list[Stay]:
    """Return all stays of the visitors that report something."""
    visitors = {report.visitor for report in reports} | {report.former for report in reports}
    table = connection.ops.quote_name(Visit._meta.db_table)
    found: list[Stay] = []
    with connection.cursor() as cursor:
        for part in _parts(sorted(visitors - {0})):
            # Whole numbers of our own making: as parameters they would cost three times as much.
            numbers = ", ".join(f"{visitor:d}" for visitor in part)
            cursor.execute(
                "SELECT visitor, article_id, counted_at, first, last, id "  # noqa: S608  # nosec B608
                f"FROM {table} WHERE visitor IN ({numbers})"
            )
            found += [Stay(*row) for row in cursor.fetchall()]
    return found


def _store(change: Tally) -> None:
    for part in _parts(change.removed):
        Visit.objects.filter(pk__in=part).delete()
    columns = ("visitor", "article_id", "counted_at", "first", "last")
    _insert(Visit, columns, [_row(stay) for stay in change.new])
    # Their rows are there: what looks like an insertion is one statement that changes many.
    changed = [(stay.pk, *_row(stay)) for stay in change.changed.values()]
    _insert(Visit, ("id", *columns), changed, _EXTENDED)


#: What becomes of a stay that is stored already.
_EXTENDED = (
    "ON CONFLICT (id) DO UPDATE "
    "SET visitor = excluded.visitor, first = excluded.first, last = excluded.last"
)


def _row(stay: Stay) -> tuple[int, ...]:
    return (stay.visitor, stay.article, stay.counted_at, stay.first, stay.last)


def _raise(model: type[models.Model], key: tuple[str, ...], numbers: Counter[Any]) -> None:
    """Add `numbers` to the rows with their keys, and make the rows that are not there."""
    rows = sorted((*keys, number) for keys, number in numbers.items() if number > 0)
    table = connection.ops.quote_name(model._meta.db_table)
    clash = (
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE "  # nosec B608
        f"SET count = {table}.count + excluded.count"
    )
    _insert(model, (*key, "count"), rows, clash)
    for keys, number in numbers.items():
        if number < 0:
            # One view too many was added before, so the row is there; as one to insert, a number
            # below zero would be refused.
            named = dict(zip(key, keys, strict=True))
            model.objects.filter(**named).update(count=F("count") + number)


def _insert(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    clash: str = "",
) -> None:
    """Insert rows as they are, without an object for each; `clash` is the end of the statement.

    Whole numbers stand in the statement itself: handing over each as a parameter would cost
    most of the time that a fold takes.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    # As Django itself writes them: SQLite keeps moments as texts, and another one is another hour.
    written = {
        value: model._meta.get_field(name).get_db_prep_value(value, connection)
        for row in rows
        for name, value in zip(columns, row, strict=True)
        if type(value) is not int
    }
    for part in _parts(rows, VALUES // len(columns)):
        others = [written[value] for row in part for value in row if type(value) is not int]
        values = ", ".join(
            f"({', '.join([f'{value:d}' if type(value) is int else '%s' for value in row])})"
            for row in part
        )
        with connection.cursor() as cursor:
            # Names of our own columns, numbers, and marks: nothing that anybody typed.
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {values} {clash}",  # noqa: S608  # nosec B608
                others or None,
            )


def _parts(items: list[Any], size: int = VALUES) -> Iterable[list[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _remove(paths: list[Path], finished: set[str], ends: dict[str, int]) -> None:
    """Remove journals that are finished and added whole, and the rows of those that are gone."""
    for path in paths:
        if path.name in finished and not journal.read(path, ends.get(path.name, 0), AT_ONCE)[0]:
            path.unlink()
    here = [path.name for path in journal.journals(folder())]
    own = journal.host_name(folder())
    gone = ViewJournal.objects.filter(name__startswith=f"{own}-").exclude(name__in=here)
    if gone.exists():
        gone.delete()
