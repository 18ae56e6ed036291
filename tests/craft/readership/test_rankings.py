"""The lists that the clock writes for readers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import Article, DailyViews, HourlyViews, Ranking
from articles.readership.rankings import PLACES, rank
from articles.views.rankings import ranked_lists
from tests.factories import HIDDEN_STATES, make_article, make_hidden, make_section

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 6, 14, 30, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=400)
HOUR = timedelta(hours=1)


def read(article, count, days_ago=0, at=AT):
    moment = at - timedelta(days=days_ago)
    day = timezone.localdate(moment)
    DailyViews.objects.create(article=article, day=day, count=count)
    HourlyViews.objects.create(article=article, hour=moment.replace(minute=0), count=count)


def shown(scope=""):
    return {one.kind: [story.headline for story in one.stories] for one in ranked_lists(scope)}


@pytest.fixture
def stories():
    """Ten stories of two sections, published long ago; the tenth came with views."""
    sections = make_section("World"), make_section("Science")
    return [
        make_article(
            f"Story {number}",
            section=sections[number % 2],
            published_at=LONG_AGO,
            starting_views=500 if number == 9 else 0,
        )
        for number in range(10)
    ]


def test_day_week_and_all_time_are_lists_of_their_own(stories):
    for number, story in enumerate(stories[:6]):
        read(story, 10 + number)
        read(story, 90 - 10 * number, days_ago=3)
        read(story, 1, days_ago=9)
    rank(AT)
    assert shown() == {
        "day": [f"Story {n}" for n in (5, 4, 3, 2, 1)],
        "week": [f"Story {n}" for n in (0, 1, 2, 3, 4)],
    }
    assert shown("science") == {
        "day": ["Story 5", "Story 3", "Story 1"],
        "week": ["Story 1", "Story 3", "Story 5"],
    }
    ever = Ranking.objects.filter(kind="ever", scope="").values_list("article__headline", "count")
    assert list(ever)[:2] == [("Story 9", 500), ("Story 0", 101)]
    # Half a year later nobody has come back.
    rank(AT + timedelta(days=180), with_ever=True)
    assert shown() == {"ever": ["Story 9", *(f"Story {n}" for n in (0, 1, 2, 3))]}
    assert shown("nowhere") == {}


def test_the_first_day_is_not_shown_as_the_week_too(stories):
    for story in stories[:4]:
        read(story, 5)
    rank(AT)
    assert list(shown()) == ["week"]
    # A day is one of 24 hours, whenever they began.
    HourlyViews.objects.filter(article=stories[0]).update(
        count=9, hour=AT.replace(minute=0) - 23 * HOUR
    )
    rank(AT)
    assert shown()["day"] == ["Story 0", "Story 3", "Story 2", "Story 1"]


def test_two_stories_are_no_list(stories):
    read(stories[0], 5)
    rank(AT)
    assert Ranking.objects.filter(scope="", kind="ever").count() == 2
    assert shown() == {}


def test_what_rises_is_trending_in_the_site_and_in_its_section(stories):
    fresh = make_article("Fresh", section=stories[0].section, published_at=AT - 9 * HOUR)
    for article in (*stories, fresh):
        for hour in range(74):
            moment = AT.replace(minute=0) - hour * HOUR
            if moment >= article.published_at:
                HourlyViews.objects.create(article=article, hour=moment, count=10)
    rank(AT)
    assert "trending" not in shown()
    now = HourlyViews.objects.filter(hour__gte=AT - 2 * HOUR)
    now.filter(article__in=(fresh, stories[2])).update(count=60)
    # Yesterday's evening was as high, and is over.
    HourlyViews.objects.filter(article=stories[4], hour=AT.replace(minute=0) - 20 * HOUR).update(
        count=900
    )
    rank(AT)
    assert Ranking.objects.filter(kind="trending", scope="").first().article == fresh
    ranked = Ranking.objects.filter(kind="trending").values_list("scope", "article__headline")
    assert set(ranked) == {("", "Fresh"), ("world", "Fresh")}
    Article.objects.filter(pk=stories[2].pk).update(published_at=AT - 50 * HOUR)
    rank(AT)
    assert shown()["trending"] == ["Fresh", "Story 2"]


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_what_is_not_public_has_no_place(stories, state):
    hidden = make_hidden(state, "Quokka shipment", section=stories[0].section)
    for story in (*stories[:4], hidden):
        read(story, 900 if story == hidden else 5)
    rank(AT)
    assert not Ranking.objects.filter(article=hidden).exists()
    # Withdrawn since the clock looked last: the next one of the list moves up.
    Ranking.objects.create(scope="", kind="week", place=0, article=hidden, count=900)
    assert shown()["week"] == [f"Story {n}" for n in (3, 2, 1, 0)]


def test_a_list_keeps_some_places_to_spare_and_is_written_anew(stories):
    for number, story in enumerate([*stories, *(make_article(f"More {n}") for n in range(5))]):
        read(story, 1 + number)
    rank(AT)
    assert Ranking.objects.filter(kind="week", scope="").count() == PLACES
    before = list(Ranking.objects.values_list("pk", flat=True))
    rank(AT)
    assert list(Ranking.objects.values_list("pk", flat=True)) == before, "the same stays"
    for model in (DailyViews, HourlyViews):
        model.objects.all().delete()
    rank(AT)
    assert set(Ranking.objects.values_list("kind", flat=True)) == {"ever"}


def test_hours_that_are_to_come_break_nothing():
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    HourlyViews.objects.create(article=make_article(), hour=hour, count=3)
    rank(at=hour - timedelta(days=30))
