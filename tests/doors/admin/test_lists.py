"""The list of articles at a glance, its trend, and what empty lists say."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from lxml import html

from articles.admin.articles import ArticleAdmin
from articles.admin.trend import DAYS, Trend
from articles.editorial import planning, schedule
from articles.editorial.revisions import record, working_data
from articles.models import DailyViews, Image, Presence
from tests.factories import make_article, make_author, make_person

LIST = "/admin/articles/article/"


def days(before, recent):
    """A fortnight with so many views a day."""
    return [before] * 7 + [recent] * 7


@pytest.mark.parametrize("language", ["en", "de", "he"])
def test_what_one_may_search_for_fits_the_field(language):
    """On a telephone, and beside six filters, the field has room for so many letters."""
    with translation.override(language):
        assert len(str(ArticleAdmin.search_help_text)) <= 26


@pytest.mark.parametrize(
    ("views", "direction", "percent"),
    [
        (days(10, 14), "up", 40),
        (days(10, 5), "down", 50),
        (days(100, 101), "steady", 1),
        (days(0, 3), "new", None),
        (days(3, 0), "down", 100),
        (days(0, 0), "", None),
    ],
)
def test_a_trend_is_the_last_week_against_the_one_before(views, direction, percent):
    trend = Trend(views)
    assert (trend.direction, trend.percent) == (direction, percent)


def test_the_line_of_a_trend_stays_in_its_box():
    for views in (days(0, 9), days(10**9, 0), [0] * 13 + [1]):
        points = [tuple(map(float, pair.split(","))) for pair in Trend(views).points.split()]
        assert len(points) == DAYS
        assert all(0 <= x <= 84 and 0 <= y <= 24 for x, y in points)


def row_of(client, headline, address=LIST):
    page = html.fromstring(client.get(address).text)
    for row in page.xpath("//table[@id='result_list']/tbody/tr"):
        if headline in row.text_content():
            return row
    return None


def words(element):
    return " ".join(element.text_content().split())


@pytest.mark.django_db
class TestTheList:
    def test_headline_and_byline_are_one_cell(self, as_role):
        make_article("Pilots vote", author=make_author("Mara Lind"))
        cell = row_of(as_role("writer"), "Pilots vote").xpath("./th")[0]
        assert words(cell) == "Pilots vote Mara Lind"

    def test_views_come_with_their_trend_in_a_line_and_in_words(self, as_role):
        article = make_article("Pilots vote", starting_views=1000)
        today = timezone.localdate()
        for back, count in ((0, 6), (6, 8), (7, 10), (13, 0), (14, 99)):
            day = today - timedelta(days=back)
            DailyViews.objects.create(article=article, day=day, count=count)
        row = row_of(as_role("writer"), "Pilots vote")
        cell = row.xpath("./td[contains(@class, 'field-read')]")[0]
        assert "1,123" in words(cell)
        assert "14 views in the last 7 days, 40% more than in the 7 before" in words(cell)
        assert cell.xpath(".//svg[@aria-hidden='true']/polyline")
        assert not cell.xpath(".//*[@style]")

    def test_a_draft_has_no_views_to_show(self, as_role):
        make_article("Not out", status="draft")
        cell = row_of(as_role("writer"), "Not out").xpath("./td[contains(@class, 'field-read')]")[0]
        assert words(cell) == "–"

    def test_a_state_says_what_waits_who_has_it_and_what_is_late(self, as_role, sign_in):
        edda, wren = make_person("editor", "edda"), make_person("writer", "wren")
        now = timezone.now()
        late = make_article("Late work", status="draft", embargo_until=now + timedelta(days=9))
        record(late, by=edda)
        due = timezone.localdate() - timedelta(days=2)
        planning.plan(late, assignee=wren, due_on=due, by=edda)
        Presence.objects.create(article=late, client="a", user=wren)
        Presence.objects.create(
            article=late, client="b", user=edda, seen_at=now - timedelta(hours=1)
        )
        text = words(row_of(sign_in(edda), "Late work"))
        for part in ("Draft", "Was due", "Embargo until", "wren has it open"):
            assert part in text
        assert "edda has it open" not in text

        live = make_article("Live story")
        record(live, by=edda)
        record(live, {**working_data(live), "headline": "Live story, mended"}, by=edda)
        assert "changes wait" in words(row_of(sign_in(edda), "Live story"))

        ready = make_article("Ready story", status="approved")
        record(ready, by=edda)
        moment = timezone.make_aware(timezone.datetime(2099, 1, 2, 12, 30))
        schedule.schedule(ready, at=moment, by=edda)
        assert "Publish 2 Jan, 12:30" in words(row_of(sign_in(edda), "Ready story"))

    def test_trend_schedule_and_presence_cost_one_query_each(self, as_role):
        client = as_role("chief editor")
        for number in range(4):
            DailyViews.objects.create(
                article=make_article(f"Story {number}"), day=timezone.localdate(), count=3
            )
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        asked = [query["sql"] for query in queries]
        for table in ("articles_scheduledstep", "articles_presence"):
            assert sum(f'FROM "{table}"' in sql for sql in asked) == 1
        trend = [sql for sql in asked if re.match(r'SELECT "articles_dailyviews"', sql)]
        assert len(trend) == 1
        assert len(asked) <= 13


@pytest.mark.django_db
class TestEmptyLists:
    def test_every_empty_table_of_ours_says_what_to_do_next(self, as_role):
        client, said = as_role("chief editor"), set()
        for model in admin.site._registry:
            if model._meta.app_label != "articles" or model is Image:
                continue  # The library of pictures is a page of its own.
            name = model._meta.model_name
            page = html.fromstring(client.get(reverse(f"admin:articles_{name}_changelist")).text)
            [empty] = page.xpath("//div[@class='list-empty']")
            said.add(words(empty.xpath("./h2")[0]))
            assert empty.xpath("./p[not(a)]"), f"{name}: one sentence"
            assert empty.xpath(".//a[contains(@class, 'button')]"), f"{name}: and a button"
        assert "Nothing here yet" not in said
        assert len(said) == 12

    def test_whoever_may_not_add_gets_no_button_to_do_it(self, as_role):
        text = as_role("writer").get("/admin/articles/section/").text
        assert "No section yet" in text
        assert "Add the first section" not in text

    def test_a_search_without_result_leads_back_to_all(self, as_role):
        make_article("Pilots vote")
        page = html.fromstring(as_role("writer").get(LIST + "?q=nothing-like-it").text)
        [empty] = page.xpath("//div[@class='list-empty']")
        assert "Nothing matches" in words(empty)
        assert [link.get("href") for link in empty.xpath(".//a")] == ["?"]
