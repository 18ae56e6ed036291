"""Readership at the desk: one page for all of it, one for each article, and a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, DailyViews, HourlyViews, NextClicks, Referrals, Visit
from tests.factories import make_article, make_person

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:articles_dailyviews_figures")


@pytest.fixture
def story():
    article = make_article("=Pilots vote", tags=("Ports",), starting_views=4000)
    other = make_article("Rivers rise")
    now, today = timezone.now(), timezone.localdate()
    for age, count in ((0, 1200), (2, 400), (8, 200)):
        DailyViews.objects.create(article=article, day=today - timedelta(days=age), count=count)
    HourlyViews.objects.create(article=article, hour=now.replace(minute=0), count=1200)
    Referrals.objects.create(article=article, day=today, host="search.example", count=77)
    NextClicks.objects.create(source=article, article=other, day=today, count=31)
    moment = int(now.timestamp() * 1000)
    Visit.objects.create(visitor=1, article=article, counted_at=moment, first=moment, last=moment)
    return article


@pytest.fixture
def desk(client):
    client.force_login(make_person("writer"))
    return client


def test_the_page_tells_who_reads_what_when_and_from_where(desk, story):
    text = desk.get(PAGE).text
    numbers = ("<b>1</b> reader now", "5,800", "1,200", "▲ 100%", 'class="shade-5"', "<title>")
    for said in (*numbers, "=Pilots vote", "search.example", "Rivers rise"):
        assert said in text, said


@pytest.mark.parametrize("kind", ["stories", "sections", "authors", "tags"])
def test_each_ranking_is_shown_and_can_be_saved(desk, story, kind):
    assert desk.get(PAGE, {"kind": kind, "days": 30}).status_code == 200
    answer = desk.get(reverse("admin:articles_dailyviews_export"), {"kind": kind, "days": 30})
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:2] == [kind, "today"]
    assert rows[1][1:5] == ["1200", "1600", "1800", "1800"]


def test_a_headline_is_no_formula_in_a_spreadsheet(desk, story):
    text = desk.get(reverse("admin:articles_dailyviews_export")).text
    assert "'=Pilots vote" in text


@pytest.mark.parametrize(
    "query", ["?days=x&kind=y", "?days=-1", "?kind=__class__", "?days=7&days="]
)
def test_what_makes_no_sense_is_ignored(desk, query):
    assert desk.get(PAGE + query).status_code == 200


def test_an_empty_newsroom_is_told_what_will_stand_there(desk):
    text = desk.get(PAGE).text
    assert "Nothing was read in this time" in text
    assert "Nobody reported a page" in text


def test_an_article_has_a_page_of_its_own_and_the_form_leads_there(desk, story):
    address = reverse("admin:articles_article_readers", args=[story.pk])
    text = desk.get(address).text
    for said in ("5,800", "1,800", "search.example", "Rivers rise", "the numbers"):
        assert said in text, said
    form = desk.get(reverse("admin:articles_article_change", args=[story.pk])).text
    assert address in form
    # A chart, and its table behind it.
    assert form.count('class="chart-bar') == 14
    assert '<td class="number">1,200</td>' in form


def test_an_embargo_hides_a_story_and_its_numbers(desk, story):
    Article.objects.filter(pk=story.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    text = desk.get(PAGE).text
    assert "Pilots vote" not in text
    assert "1,200" not in text
    assert "Pilots vote" not in desk.get(reverse("admin:articles_dailyviews_now")).text
    assert "Pilots vote" not in desk.get(reverse("admin:articles_dailyviews_export")).text
    own = desk.get(reverse("admin:articles_article_readers", args=[story.pk]))
    assert own.status_code == 404


def test_the_page_costs_the_same_for_many_stories(desk, story, django_assert_max_num_queries):
    for number in range(20):
        article = make_article(f"Story {number}")
        DailyViews.objects.create(article=article, day=timezone.localdate(), count=number + 1)
    with django_assert_max_num_queries(20):
        desk.get(PAGE)
