"""`published()` is the one spelling of public, and lists keep their order."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import Article, DailyViews, Section
from tests.factories import HIDDEN_STATES, make_article, make_author, make_hidden, make_section

pytestmark = pytest.mark.django_db


def test_a_published_article_is_public():
    article = make_article()
    assert list(Article.objects.published()) == [article]
    assert article.is_public


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_no_other_state_is_public(state):
    article = make_hidden(state)
    assert not Article.objects.published().exists()
    assert not article.is_public


def test_articles_of_one_moment_keep_one_order():
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    made = [make_article(f"Story {n}", published_at=moment) for n in range(4)]
    assert list(Article.objects.published()) == made[::-1]


def test_a_card_carries_its_byline_in_order_without_another_query(django_assert_num_queries):
    article = make_article(author=make_author("Zoe Albrecht"))
    article.bylines.create(author=make_author("Adam Quist"), position=1)
    with django_assert_num_queries(1):
        card = Article.objects.published().for_listing().get()
        assert card.writers == ["Zoe Albrecht", "Adam Quist"]
        assert card.section.name == "World"


def test_an_article_without_a_byline_has_an_empty_one():
    article = make_article()
    article.bylines.all().delete()
    assert Article.objects.published().for_listing().get().credits == []


def test_a_page_carries_byline_tags_and_corrections_in_one_query(django_assert_num_queries):
    article = make_article(tags=("Harbours", "Labour"))
    article.corrections.create(note="The vote is on Friday.", kind="correction")
    with django_assert_num_queries(1):
        page = Article.objects.published().for_page().get()
        assert [row["name"] for row in page.tag_rows] == ["Harbours", "Labour"]
        assert page.correction_rows[0]["note"] == "The vote is on Friday."
        assert page.views == 0


def test_views_are_those_before_this_site_and_all_days_since():
    article = make_article(starting_views=40)
    today = timezone.localdate()
    for age, count in ((0, 3), (1, 20)):
        DailyViews.objects.create(article=article, day=today - timedelta(days=age), count=count)
    assert article.views == 63
    assert Article.objects.published().for_listing().get().views == 63


def test_newest_per_section_gives_each_section_its_share():
    for name in ("World", "Science"):
        for number in range(5):
            make_article(f"{name} {number}", section=make_section(name))
    found = Article.objects.published().newest_per_section(Section.objects.all(), 2)
    assert sorted(found.values_list("headline", flat=True)) == [
        "Science 3", "Science 4", "World 3", "World 4",
    ]  # fmt: skip
