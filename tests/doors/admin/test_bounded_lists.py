"""The desk's lists lead to so many rows, and say that there are more."""

import pytest
from django.urls import reverse

from articles.admin import desk
from articles.models import Article
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(desk, "MOST_LISTED", 4)
    monkeypatch.setattr(desk.DeskAdmin, "list_per_page", 3)


def listed(client, **query):
    page = client.get(reverse("admin:articles_article_changelist"), query)
    return page, [article.headline for article in page.context["cl"].result_list]


def test_a_list_says_that_there_are_more_and_leads_to_the_newest(admin_client, few):
    stories = [make_article(f"Story {number}") for number in range(6)]
    page, headlines = listed(admin_client)
    assert "more than 4 articles" in page.text
    newest = [story.headline for story in reversed(stories)]
    assert headlines == newest[:3]
    assert listed(admin_client, p=2)[1] == newest[3:4]


def test_a_list_that_is_whole_says_how_many_there_are(admin_client, few):
    for number in range(4):
        make_article(f"Story {number}")
    page, _headlines = listed(admin_client)
    assert "4 articles" in page.text
    assert "more than" not in page.text


def test_a_column_without_an_index_sorts_what_the_list_leads_to(admin_client, few):
    for name in "abcdef":
        make_article(f"Story {name}")
    page, headlines = listed(admin_client, o="2")
    assert headlines == ["Story c", "Story d", "Story e"]
    assert "more than 4 articles" in page.text
    assert listed(admin_client, o="2", p=2)[1] == ["Story f"]
    assert listed(admin_client, o="-2")[1] == ["Story f", "Story e", "Story d"]


def test_all_of_a_list_are_those_that_it_leads_to(admin_client, few):
    for number in range(6):
        make_article(f"Story {number}", status="draft")
    chosen = Article.objects.order_by("-pk")[:3]
    admin_client.post(
        reverse("admin:articles_article_changelist"),
        {
            "action": "delete_selected",
            "select_across": "1",
            "_selected_action": [story.pk for story in chosen],
            "post": "yes",
        },
    )
    assert sorted(Article.objects.values_list("headline", flat=True)) == ["Story 0", "Story 1"]


def test_the_sections_of_the_filter_are_those_with_articles(admin_client):
    make_article("One", section=make_section("World"))
    make_section("Empty")
    page, _headlines = listed(admin_client)
    names = [label for spec in page.context["cl"].filter_specs for label in _labels(spec, page)]
    assert "World" in names
    assert "Empty" not in names


def _labels(spec, page):
    return [choice["display"] for choice in spec.choices(page.context["cl"])]
