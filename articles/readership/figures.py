"""Readership in numbers, for the desk: who is read how much, when, and from where.

Days are those of the site's time zone, and a period of n days ends today. Nothing here looks at
one reader.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Byline,
    DailyViews,
    HourlyViews,
    NextClicks,
    Referrals,
    Section,
    Tag,
    TaggedArticle,
    Visit,
)

#: Periods in days, under the names of their columns.
PERIODS = {"today": 1, "week": 7, "month": 30, "year": 365}
#: A reader counts as reading now for so many minutes after the last report.
NOW_MINUTES = 10
#: Days before today whose mean is what an article usually gets in a day.
USUAL_DAYS = 28


@dataclass
class Line:
    """The views of one story, section, author or tag: by period, and all there ever were."""

    key: int
    name: str = ""
    url: str = ""
    today: int = 0
    week: int = 0
    month: int = 0
    year: int = 0
    ever: int = 0
    #: Of the last whole days, as many as were asked for, and of as many before them; for today, of
    #: its whole hours and of the same hours yesterday. A part is never held against a whole.
    period: int = 0
    before: int = 0

    @property
    def change(self) -> int | None:
        """Per cent more (or less) than before; None if nothing was read then."""
        return round((self.period - self.before) * 100 / self.before) if self.before else None

    @property
    def change_size(self) -> int:
        return abs(self.change or 0)


@dataclass(frozen=True)
class Kind:
    """What views are added up for: `rows` lead by `path` to days; `key` names what owns them."""

    model: Any
    key: str
    path: str
    article: str

    def rows(self) -> QuerySet:
        if self.model is Author:
            # One person may stand in a byline twice, with two roles: a view is one all the same.
            earlier = Byline.objects.filter(
                article=OuterRef("article"), author=OuterRef("author"), pk__lt=OuterRef("pk")
            )
            return Byline.objects.filter(~Exists(earlier)).order_by()
        if self.model is Tag:
            return TaggedArticle.objects.order_by()
        return Article.objects.exclude(**{self.key: None}).order_by()


KINDS = {
    "stories": Kind(Article, "pk", "daily_views", "pk"),
    "sections": Kind(Section, "section", "daily_views", "pk"),
    "authors": Kind(Author, "author", "article__daily_views", "article"),
    "tags": Kind(Tag, "tag", "content_object__daily_views", "content_object"),
}


def ranked(kind: str, days: int, articles: QuerySet[Article], limit: int) -> list[Line]:
    """Return the most read of a kind within `days`, most first, from `articles` alone."""
    what = KINDS[kind]
    today = timezone.localdate()
    within = {f"{what.path}__day__gt": today - timedelta(days=days)}
    found = (
        what.rows()
        .filter(**within, **{f"{what.article}__in": articles.order_by().values("pk")})
        .values(what.key)
        .annotate(number=Sum(f"{what.path}__count"))
        .filter(number__gt=0)
        .order_by("-number", what.key)[:limit]
    )
    keys = [row[what.key] for row in found]
    lines = columns(kind, keys, days, articles)
    return [lines[key] for key in keys]


def columns(
    kind: str, keys: Iterable[int], days: int, articles: QuerySet[Article]
) -> dict[int, Line]:
    """Return the whole line of each of `keys`."""
    what, today = KINDS[kind], timezone.localdate()
    named = {one.pk: one for one in what.model.objects.filter(pk__in=keys)}
    lines = {
        key: Line(key, str(one), one.get_absolute_url() if kind != "stories" else "")
        for key, one in named.items()
    }
    day, count = f"{what.path}__day", f"{what.path}__count"

    def since(number: int) -> Q:
        return Q(**{f"{day}__gt": today - timedelta(days=number)})

    sums: dict[str, Any] = {
        name: Sum(count, filter=since(number)) for name, number in PERIODS.items()
    }
    sums["ever"] = Sum(count)
    if days > 1:
        past = Q(**{f"{day}__lt": today})
        sums["period"] = Sum(count, filter=past & since(days + 1))
        sums["before"] = Sum(count, filter=since(2 * days + 1) & ~since(days + 1))
    own = what.rows().filter(**{f"{what.key}__in": keys})
    own = own.filter(**{f"{what.article}__in": articles.order_by().values("pk")})
    for row in own.values(what.key).annotate(**sums):
        for name in sums:
            setattr(lines[row[what.key]], name, row[name] or 0)
    if days == 1:
        for key, so_far, yesterday in _hours_of_two_days(what, own):
            lines[key].period, lines[key].before = so_far, yesterday
    # Apart: beside the days, each article's own number would be added once for each of them.
    start = "starting_views" if what.article == "pk" else f"{what.article}__starting_views"
    for row in own.values(what.key).annotate(start=Sum(start)):
        lines[row[what.key]].ever += row["start"] or 0
    return lines


def _hours_of_two_days(what: Kind, own: QuerySet) -> QuerySet:
    """Return each key with the views of today's whole hours, and of the same hours yesterday."""
    path = what.path.replace("daily_views", "hourly_views")
    hour, count = f"{path}__hour", f"{path}__count"

    def sum_of(days_ago: int) -> Coalesce:
        start, end = (moment - timedelta(days=days_ago) for moment in _whole_hours())
        own = Q(**{f"{hour}__gte": start, f"{hour}__lt": end})
        return Coalesce(Sum(count, filter=own), 0)

    return own.values_list(what.key).annotate(so_far=sum_of(0), yesterday=sum_of(1))


def _whole_hours() -> tuple[datetime, datetime]:
    """Return midnight on the site's clock, and the last full hour."""
    now = timezone.localtime(timezone.now(), timezone.get_default_timezone())
    full = now.replace(minute=0, second=0, microsecond=0)
    return full.replace(hour=0), full


@dataclass(frozen=True)
class Pace:
    """The views of today's whole hours, until `until`, and what is usual by then."""

    until: datetime
    views: int
    usual: float | None

    @property
    def change(self) -> int | None:
        """Per cent more (or less) than usual; None where nothing is usual yet."""
        return round((self.views - self.usual) * 100 / self.usual) if self.usual else None

    @property
    def change_size(self) -> int:
        return abs(self.change or 0)


def pace_of_today(articles: QuerySet[Article], weeks: int = 4) -> Pace:
    """Return how today goes against the same weekday's mean by the same hour, of the weeks before
    as far as they are known."""
    start, end = _whole_hours()
    rows = HourlyViews.objects.filter(article__in=articles.order_by().values("pk")).order_by()
    sums = {
        f"week_{number}": Sum(
            "count",
            filter=Q(
                hour__gte=start - timedelta(weeks=number), hour__lt=end - timedelta(weeks=number)
            ),
        )
        for number in range(weeks + 1)
    }
    found = rows.filter(hour__gte=start - timedelta(weeks=weeks)).aggregate(**sums)
    before = [found[f"week_{number}"] for number in range(1, weeks + 1)]
    known = [number for number in before if number is not None]
    return Pace(end, found["week_0"] or 0, sum(known) / len(known) if known else None)


@dataclass(frozen=True)
class Day:
    day: date
    count: int


@dataclass
class Portrait:
    """One article's readership: its line, its days, where readers come from and go to."""

    line: Line
    days: list[Day]
    hosts: list[dict[str, Any]] = field(default_factory=list)
    next_clicks: list[dict[str, Any]] = field(default_factory=list)
    #: Views of a usual day before today; None for a story that has none yet.
    usual: float | None = None


def portrait(article: Article, days: int = 30) -> Portrait:
    """Return the readership of one article, with a row for each of the last `days`."""
    everything = Article.objects.filter(pk=article.pk)
    line = columns("stories", [article.pk], days, everything)[article.pk]
    own = article.daily_views.all()
    return Portrait(
        line=line,
        days=days_of(own, days),
        hosts=hosts_of(article.referrals.all(), days),
        next_clicks=list(
            article.next_clicks.filter(day__gt=timezone.localdate() - timedelta(days=days))
            .order_by()
            .values("article", "article__headline")
            .annotate(number=Sum("count"))
            .order_by("-number", "article")[:10]
        ),
        usual=_usual(article, own),
    )


def _usual(article: Article, own: QuerySet[DailyViews]) -> float | None:
    """The mean of the days before today, of those since the story is out."""
    today = timezone.localdate()
    first = max(today - timedelta(days=USUAL_DAYS), article.published_on or today)
    number = (today - first).days
    if number < 1:
        return None
    total = own.filter(day__gte=first, day__lt=today).aggregate(total=Sum("count"))["total"]
    return (total or 0) / number


def days_of(rows: QuerySet[DailyViews], days: int) -> list[Day]:
    """Return the last `days`, the oldest first, those without a view included."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    found = dict(
        rows.filter(day__gte=first).order_by().values_list("day").annotate(number=Sum("count"))
    )
    every = (first + timedelta(days=number) for number in range(days))
    return [Day(day, found.get(day, 0)) for day in every]


def hosts_of(rows: QuerySet[Referrals], days: int, limit: int = 10) -> list[dict[str, Any]]:
    """Return the hosts that sent most readers: `host` and `number`."""
    return list(
        rows.filter(day__gt=timezone.localdate() - timedelta(days=days))
        .order_by()
        .values("host")
        .annotate(number=Sum("count"))
        .order_by("-number", "host")[:limit]
    )


def clicks_between(articles: QuerySet[Article], days: int, limit: int = 10) -> list[dict[str, Any]]:
    """Return the ways that readers took most from story to story."""
    return list(
        NextClicks.objects.filter(
            day__gt=timezone.localdate() - timedelta(days=days),
            source__in=articles,
            article__in=articles,
        )
        .order_by()
        .values("source", "source__headline", "article", "article__headline")
        .annotate(number=Sum("count"))
        .order_by("-number", "source", "article")[:limit]
    )


@dataclass(frozen=True)
class Now:
    """Readers of the last minutes: how many, and of which stories."""

    readers: int
    stories: list[dict[str, Any]]


def reading_now(articles: QuerySet[Article], limit: int = 8) -> Now:
    """Return who reads now, as far as anybody can know it of a reader without asking."""
    since = int(timezone.now().timestamp() * 1000) - NOW_MINUTES * 60_000
    visits = Visit.objects.filter(last__gte=since, article__in=articles.order_by().values("pk"))
    stories = (
        visits.values("article", "article__headline")
        .annotate(number=Count("visitor", distinct=True), latest=Max("last"))
        .order_by("-number", "-latest", "article")[:limit]
    )
    readers = visits.aggregate(number=Count("visitor", distinct=True))["number"]
    return Now(readers, list(stories))


def best_times(articles: QuerySet[Article], weeks: int = 4) -> list[list[int]]:
    """Return views of the last whole weeks by weekday (Monday first) and hour of the day."""
    zone = timezone.get_default_timezone()
    rows = (
        HourlyViews.objects.filter(
            hour__gte=timezone.now() - timedelta(weeks=weeks),
            article__in=articles.order_by().values("pk"),
        )
        .order_by()
        .annotate(
            weekday=ExtractIsoWeekDay("hour", tzinfo=zone), at=ExtractHour("hour", tzinfo=zone)
        )
        .values_list("weekday", "at")
        .annotate(number=Sum("count"))
    )
    found: dict[tuple[int, int], int] = defaultdict(int, {(d, h): n for d, h, n in rows})
    return [[found[weekday, hour] for hour in range(24)] for weekday in range(1, 8)]
