"""A month of readers for a site that has stories: what `make shots` and the journeys show.

Numbers fall from a story's first day on, rise and fall with the hours of a day, and are the same
by day, by hour and by where readers came from.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from articles.models import Article, DailyViews, HourlyViews, NextClicks, Referrals, Visit
from articles.readership.rankings import rank

DAYS = 60
HOURS_OF_DAYS = 30
#: How many of a day's readers come in each hour: up at seven, again at noon, and in the evening.
HOURS = (6, 3, 2, 2, 3, 8, 22, 48, 56, 44, 38, 42, 60, 52, 38, 36, 40, 52, 62, 66, 64, 52, 32, 14)
#: Monday to Sunday.
WEEKDAYS = (1.05, 1.1, 1.0, 1.0, 0.95, 0.8, 1.15)
HOSTS = {
    "search.example": 34, "news.example": 14, "social.example": 12, "m.social.example": 7,
    "letters.example": 5, "university.example": 2,
}  # fmt: skip
WITHOUT_A_HOST = 40
READING_NOW = 23
#: Stories, counted from the newest, that are rising, and the readers this brings in an hour.
RISING = {1: 700, 3: 420, 6: 1100, 8: 900}


def fill(now: datetime) -> None:
    """Give every public story readers until `now`, and write the lists."""
    chance = random.Random(20260504)  # nosec B311
    stories = list(Article.objects.published())
    days: list[DailyViews] = []
    hours: list[HourlyViews] = []
    for place, story in enumerate(stories):
        size = chance.lognormvariate(7.2, 0.8)
        for day, by_hour in _read(story, size, now, chance):
            if place in RISING:
                _find(by_hour, now, RISING[place])
            number = sum(by_hour.values())
            if number:
                days.append(DailyViews(article=story, day=day, count=number))
            if (timezone.localdate(now) - day).days < HOURS_OF_DAYS:
                hours += [
                    HourlyViews(article=story, hour=hour, count=count)
                    for hour, count in by_hour.items()
                    if count
                ]
    DailyViews.objects.bulk_create(days, ignore_conflicts=True)
    HourlyViews.objects.bulk_create(hours, ignore_conflicts=True)
    _send(days, stories, chance)
    moment = int(now.timestamp() * 1000)
    Visit.objects.bulk_create(
        Visit(visitor=reader, article=story, counted_at=at, first=at, last=at)
        for reader in range(1, READING_NOW + 1)
        for story in chance.choices(stories, [1 / (n + 1) for n in range(len(stories))])
        for at in [moment - chance.randrange(9 * 60_000)]
    )
    rank(now)


def _read(
    story: Article, size: float, now: datetime, chance: random.Random
) -> Iterator[tuple[object, Counter[datetime]]]:
    today = timezone.localdate(now)
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        age = (day - timezone.localdate(story.published_at)).days
        if age < 0:
            return
        expected = size * WEEKDAYS[day.weekday()] * (0.72**age + 0.04)
        by_hour: Counter[datetime] = Counter()
        for hour, share in enumerate(HOURS):
            start = timezone.make_aware(datetime(day.year, day.month, day.day, hour))
            if story.published_at <= start + timedelta(hours=1) and start <= now:
                wanted = expected * share / sum(HOURS) * chance.uniform(0.7, 1.3)
                by_hour[start] = int(wanted + chance.random())
        yield day, by_hour


def _find(by_hour: Counter[datetime], now: datetime, readers: int) -> None:
    """Let somebody with many friends find the story in the last three hours."""
    for hour in by_hour:
        if now - hour < timedelta(hours=3):
            by_hour[hour] += readers


def _send(days: list[DailyViews], stories: list[Article], chance: random.Random) -> None:
    hosts: Counter[tuple[int, object, str]] = Counter()
    clicks: Counter[tuple[int, int, object]] = Counter()
    names = [*HOSTS, ""]
    weights = [*HOSTS.values(), WITHOUT_A_HOST]
    for row in days:
        for name in chance.choices(names, weights, k=min(row.count, 200)):
            if name:
                hosts[row.article_id, row.day, name] += max(row.count // 200, 1)
        for other in chance.sample(stories[:12], min(2, len(stories))):
            if other.pk != row.article_id and row.count > 20:
                clicks[row.article_id, other.pk, row.day] += row.count // chance.randrange(15, 60)
    Referrals.objects.bulk_create(
        Referrals(article_id=article, day=day, host=host, count=count)
        for (article, day, host), count in hosts.items()
    )
    NextClicks.objects.bulk_create(
        NextClicks(source_id=source, article_id=article, day=day, count=count)
        for (source, article, day), count in clicks.items()
        if count
    )
