"""Readership in numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import (
    Article,
    Byline,
    DailyViews,
    HourlyViews,
    NextClicks,
    Referrals,
    Visit,
)
from articles.readership import figures
from tests.factories import make_article, make_author, make_section

pytestmark = pytest.mark.django_db
EVERY = Article.objects.all()


def read(article, *days_and_counts):
    today = timezone.localdate()
    for age, count in days_and_counts:
        DailyViews.objects.create(article=article, day=today - timedelta(days=age), count=count)


def test_a_story_has_its_views_by_period_and_all_there_ever_were():
    article = make_article(starting_views=1000)
    read(article, (0, 1), (6, 2), (7, 4), (14, 8), (29, 8), (30, 16), (364, 32), (365, 64))
    (line,) = figures.ranked("stories", 7, EVERY, 10)
    assert (line.today, line.week, line.month, line.year, line.ever) == (1, 3, 23, 71, 1135)
    # Whole days alone: today's part is held against nothing.
    assert (line.period, line.before) == (6, 8)
    assert line.change == -25
    assert line.name == article.headline


def test_sections_authors_and_topics_add_up_their_stories():
    world = make_section()
    ada = make_author("Ada Holm")
    one = make_article("One", section=world, author=ada, tags=("Ports",), starting_views=5)
    two = make_article("Two", section=world, author=ada, tags=("Ports", "Pilots"))
    # In a second role as well: her views are hers once.
    Byline.objects.create(article=two, author=ada, role="editor", position=1)
    read(one, (0, 3), (1, 1))
    read(two, (0, 10))
    for kind, key in (("sections", world.pk), ("authors", ada.pk)):
        (line,) = figures.ranked(kind, 7, EVERY, 10)
        assert (line.key, line.today, line.week, line.ever) == (key, 13, 14, 19), kind
    tags = figures.ranked("tags", 7, EVERY, 10)
    assert [(line.name, line.week) for line in tags] == [("Ports", 14), ("Pilots", 10)]


def test_nothing_is_told_of_articles_that_a_person_may_not_see():
    hidden, shown = make_article("Hidden"), make_article("Shown")
    for article in (hidden, shown):
        read(article, (0, 5))
        Visit.objects.create(visitor=article.pk, article=article, counted_at=0, first=0,
                             last=timezone.now().timestamp() * 1000)  # fmt: skip
    allowed = Article.objects.filter(pk=shown.pk)
    assert [line.name for line in figures.ranked("stories", 7, allowed, 9)] == ["Shown"]
    (section,) = figures.ranked("sections", 7, allowed, 9)
    assert section.week == 5
    assert figures.reading_now(allowed).readers == 1


def test_who_reads_now_is_counted_once_in_the_last_minutes():
    article, other = make_article("Harbour"), make_article("River")
    now = int(timezone.now().timestamp() * 1000)
    for visitor, read_article, age in (
        (1, article, 1),
        (1, other, 2),
        (2, article, 9),
        (3, article, 11),
    ):
        moment = now - age * 60_000
        Visit.objects.create(
            visitor=visitor, article=read_article, counted_at=moment, first=moment, last=moment
        )
    found = figures.reading_now(EVERY)
    assert found.readers == 2
    assert [(row["article__headline"], row["number"]) for row in found.stories] == [
        ("Harbour", 2),
        ("River", 1),
    ]


def test_a_portrait_tells_days_sources_next_clicks_and_what_is_usual():
    article, other = make_article("Harbour"), make_article("River")
    today = timezone.localdate()
    Article.objects.filter(pk=article.pk).update(published_on=today - timedelta(days=4))
    article.refresh_from_db()
    read(article, (0, 9), (1, 4), (4, 4))
    Referrals.objects.create(article=article, day=today, host="search.example", count=3)
    NextClicks.objects.create(source=article, article=other, day=today, count=2)
    found = figures.portrait(article, 7)
    assert [day.count for day in found.days] == [0, 0, 4, 0, 0, 4, 9]
    assert found.hosts == [{"host": "search.example", "number": 3}]
    assert found.next_clicks[0]["article__headline"] == "River"
    assert found.usual == 2


def test_best_times_are_those_of_the_sites_own_clock(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    try:
        article = make_article()
        # A Monday, 23:00 in UTC: midnight of Tuesday in Berlin.
        monday = timezone.now() - timedelta(days=timezone.now().weekday() + 7)
        hour = datetime(monday.year, monday.month, monday.day, 23, tzinfo=UTC)
        HourlyViews.objects.create(article=article, hour=hour, count=6)
        found = figures.best_times(EVERY)
        offset = int(hour.astimezone(timezone.get_default_timezone()).hour)
        assert found[1][offset] == 6
        assert sum(map(sum, found)) == 6
    finally:
        timezone.get_default_timezone.cache_clear()


def test_todays_whole_hours_are_held_against_the_same_ones_before(monkeypatch):
    now = datetime(2026, 5, 6, 14, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    article = make_article(published_at=now - timedelta(days=40))
    # (days ago, hour): the running hour and later ones of other days have no part in it.
    for ago, hour, count in (
        (0, 14, 900), (0, 13, 20), (0, 0, 10), (1, 14, 900), (1, 13, 15), (1, 2, 5),
        (7, 3, 40), (7, 20, 900), (21, 1, 20),
    ):  # fmt: skip
        moment = now.replace(hour=hour, minute=0) - timedelta(days=ago)
        HourlyViews.objects.create(article=article, hour=moment, count=count)
    read(article, (0, 930), (1, 920))
    for kind in ("stories", "sections"):
        (line,) = figures.ranked(kind, 1, EVERY, 10)
        assert (line.today, line.period, line.before, line.change) == (930, 30, 20, 50), kind
    pace = figures.pace_of_today(EVERY)
    assert (pace.until.hour, pace.views, pace.usual, pace.change) == (14, 30, 30, 0)
    assert figures.pace_of_today(EVERY.none()).change is None
