"""The lists that readers are shown: what is read most, and what is rising.

The clock writes them (articles/clock.py), so that a page asks for a few rows by their index,
however many articles there are. What a page shows is held against `published()` once more; each
list has some places to spare for what is withdrawn in between.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Article, DailyViews, HourlyViews, Ranking, Section
from articles.readership import rising

Kind = Ranking.Kind
#: Places of each list: what a page shows, and as many again to spare.
PLACES = 10
#: What is read less than so many others stands in no list, of the smallest section neither.
LOOKED_AT = 5000
_AT_ONCE = 500
WEEK_DAYS = 7
DAY_HOURS = 24
#: Hours that count as now: the running one, and so many before it.
NOW_HOURS = 2
#: Hours before those from which the usual is known: three days, each hour of the day as often.
USUAL_HOURS = 72
#: A story's first hours, in which most stories are read most.
OPENING_HOURS = 6
HOUR = timedelta(hours=1)


class Place(NamedTuple):
    """What a list says of one article; the larger comes first, and of equals the younger."""

    count: int
    article: int


#: (scope, kind) -> its places in order; a scope is a section's address, or "" for the whole site.
Lists = dict[tuple[str, str], list[Place]]


def rank(at: datetime | None = None, *, with_ever: bool | None = None) -> None:
    """Write all lists as of `at`.

    What was read most of all time is looked for at the full hour, and where no such list is
    there, since that has to look at every day there is; `with_ever` says so at any time.
    """
    at = at or timezone.now()
    if with_ever is None:
        with_ever = not at.minute or not Ranking.objects.filter(kind=Kind.EVER).exists()
    kinds = {Kind.DAY, Kind.WEEK, Kind.TRENDING}
    lists = _of_hours(at) | _largest(Kind.WEEK, _week(at))
    if with_ever:
        kinds.add(Kind.EVER)
        lists |= _largest(Kind.EVER, _ever())
    _write(kinds, lists)


def _week(at: datetime) -> list[Place]:
    today = timezone.localdate(at)
    rows = DailyViews.objects.filter(day__range=(today - timedelta(days=WEEK_DAYS - 1), today))
    rows = rows.order_by().values_list("article").annotate(number=Sum("count"))
    return [Place(number, article) for article, number in rows]


def _ever() -> list[Place]:
    """By all views there ever were, those that came with the stories included."""
    rows = DailyViews.objects.order_by().values_list("article").annotate(number=Sum("count"))
    numbers = defaultdict(int, rows)
    came = Article.objects.filter(starting_views__gt=0).order_by()
    for article, number in came.values_list("pk", "starting_views"):
        numbers[article] += number
    return [Place(number, article) for article, number in numbers.items()]


class Known(NamedTuple):
    """What the lists have to know of a public article."""

    section: str | None
    published_at: datetime


def _known(articles: Iterable[int]) -> dict[int, Known]:
    """Return what is to be known of those that readers may see."""
    public = Article.objects.published(found=True).order_by().filter(pk__in=list(articles))
    rows = public.values_list("pk", "section__slug", "published_at")
    return {article: Known(*known) for article, *known in rows}


def _largest(kind: str, places: list[Place]) -> Lists:
    """Return the lists of a kind. Views are added up without a look at the articles, of which
    only those are asked for that may stand in a list."""
    places.sort(reverse=True)
    lists: Lists = defaultdict(list)
    scopes = Section.objects.count() + 1
    for part in _parts(places[:LOOKED_AT]):
        known = _known(place.article for place in part if place.count > 0)
        for place in part:
            if place.article in known:
                _append(lists, kind, known[place.article].section, place)
        if len(lists) == scopes and min(map(len, lists.values())) == PLACES:
            break
    return lists


def _parts(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def _append(lists: Lists, kind: str, section: str | None, place: Place) -> None:
    for scope in {"", section or ""}:
        if len(lists[scope, kind]) < PLACES:
            lists[scope, kind].append(place)


def _of_hours(at: datetime) -> Lists:
    """Return what is read most within a day, and what is trending: by the hours of three days."""
    full = at.replace(minute=0, second=0, microsecond=0)
    start = full - NOW_HOURS * HOUR
    first = start - USUAL_HOURS * HOUR
    # A host whose clock is ahead may have brought hours that are to come.
    counted = HourlyViews.objects.filter(hour__range=(first, at))
    rows = (
        counted.order_by()
        .values_list("article")
        .annotate(
            day=Coalesce(Sum("count", filter=Q(hour__gt=full - DAY_HOURS * HOUR)), 0),
            now=Coalesce(Sum("count", filter=Q(hour__gte=start)), 0),
            before=Coalesce(Sum("count", filter=Q(hour__lt=start)), 0),
        )
    )
    every = list(rows)
    hours_now = (at - start) / HOUR
    since = counted.order_by("hour").values_list("hour").first()
    usual_hours = (start - since[0]) / HOUR if since else 0.0
    level = rising.tide([(now, before) for _a, _d, now, before in every], hours_now, usual_hours)
    pulses, known = [], {}
    lively = [row for row in every if row[2] >= rising.LEAST_VIEWS]
    for part in _parts(lively):
        known |= _known(row[0] for row in part)
    for article, _day, now, before in lively:
        if article in known:
            out = known[article].published_at
            hours = max((start - max(first, out)) / HOUR, 0.0)
            pulses.append(rising.Pulse(article, now, before, hours, (at - out) / HOUR))
    lists: Lists = defaultdict(list)
    opening = _opening(first, start)
    if not opening and usual_hours:
        # Nothing came out in three days: a story is held against the stories that are read.
        opening = sum(row[3] for row in every) / len(every) / usual_hours
    for pulse in rising.trending(pulses, opening, hours_now, level):
        place = Place(pulse.now, pulse.article)
        _append(lists, Kind.TRENDING, known[pulse.article].section, place)
    return lists | _largest(Kind.DAY, [Place(day, article) for article, day, _n, _b in every])


def _opening(first: datetime, start: datetime) -> float:
    """Return the views an hour that stories get at first, of those that came out in between."""
    fresh = Article.objects.published().filter(published_at__range=(first, start)).order_by()
    hours = sum(
        min((start - out) / HOUR, OPENING_HOURS)
        for out in fresh.values_list("published_at", flat=True)
    )
    early = Q(hourly_views__hour__lt=start)
    early &= Q(hourly_views__hour__lt=F("published_at") + OPENING_HOURS * HOUR)
    views = fresh.aggregate(number=Sum("hourly_views__count", filter=early))["number"]
    return (views or 0) / hours if hours else 0.0


def _write(kinds: set[Kind], lists: Lists) -> None:
    """Put `lists` in the place of all that are kept of `kinds`; what is the same stays."""
    with transaction.atomic():
        kept: Lists = defaultdict(list)
        for row in Ranking.objects.filter(kind__in=kinds):
            kept[row.scope, row.kind].append(Place(row.count, row.article_id))
        changed = [key for key in kept.keys() | lists.keys() if kept.get(key) != lists.get(key)]
        for scope, kind in changed:
            Ranking.objects.filter(scope=scope, kind=kind).delete()
        Ranking.objects.bulk_create(
            Ranking(scope=scope, kind=kind, place=place, count=one.count, article_id=one.article)
            for scope, kind in changed
            for place, one in enumerate(lists.get((scope, kind), []), start=1)
        )
