"""The palette: who finds what, what comes first, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.editorial.revisions import record
from articles.models import Tag
from articles.search import engine
from tests.factories import Status, make_article, make_author, make_person, make_section

pytestmark = pytest.mark.django_db
PALETTE = "/admin/articles/article/palette/"


def groups_of(client, query="", **more):
    """Title of each group -> the titles in it, in order."""
    found = client.get(PALETTE, {"q": query, **more}).json()["groups"]
    return {group["name"]: [item["title"] for item in group["items"]] for group in found}


def test_some_letters_find_articles_people_tags_sections_rooms_and_actions(as_role):
    make_article("Tagus ferry returns", section=make_section("Tagblatt"), tags=("Tagus",))
    make_author("Lena Tagore")
    found = groups_of(as_role("editor"), "tag")
    assert found["articles"] == ["Tagus ferry returns"]
    assert found["people"] == ["Lena Tagore"]
    assert found["tags"] == ["Tagus"]
    assert found["sections"] == ["Tagblatt"]
    assert "Tags" in found["rooms"]
    assert "Add tag" in found["actions"]


def test_a_line_says_state_section_and_where_it_leads(as_role):
    article = make_article("Pilots vote", status="in_review", section=make_section("World"))
    line = as_role("editor").get(PALETTE, {"q": "pilots"}).json()["groups"][0]["items"][0]
    assert line["address"] == reverse("admin:articles_article_change", args=[article.pk])
    assert (line["state"], line["state_title"]) == ("in_review", "In review")
    assert line["line"].startswith("World · saved ")


@pytest.mark.parametrize(
    "query", ["sorby", "SØRBY", "sør", "hel sor", "sor helena", "Helena-Sørby"]
)
def test_case_accents_and_the_order_of_words_do_not_matter(as_role, query):
    make_author("Helena Sørby", slug="helena-sorby")
    make_author("Helena Marsh")
    assert groups_of(as_role("editor"), query)["people"] == ["Helena Sørby"]


def test_capitals_that_a_database_does_not_know_are_capitals_all_the_same(as_role):
    make_author("ØRSTED", slug="orsted")
    assert groups_of(as_role("editor"), "ørsted")["people"] == ["ØRSTED"]


def test_a_headline_is_found_without_its_accents(as_role):
    make_article("Sørby und die Brücke")
    client = as_role("editor")
    assert groups_of(client, "brücke")["articles"] == ["Sørby und die Brücke"]
    assert groups_of(client, "sorby")["articles"] == ["Sørby und die Brücke"]


def test_exact_comes_before_prefix_before_inside_and_newer_before_older(as_role):
    for headline in ("Overharbour", "Old harbour", "Harbour pilots", "Harbour", "Harbour tolls"):
        make_article(headline)
    found = groups_of(as_role("editor"), "harbour")["articles"]
    assert found == ["Harbour", "Harbour tolls", "Harbour pilots", "Old harbour", "Overharbour"]


def test_the_group_with_the_very_word_comes_first(as_role):
    make_article("Notes from the calendar makers")
    groups = list(groups_of(as_role("editor"), "calendar"))
    assert groups == ["rooms", "articles"]


def test_a_writer_never_finds_an_embargoed_draft_of_somebody_else(as_role, sign_in):
    embargo = timezone.now() + timedelta(days=1)
    secret = make_article("Merger secret", status=Status.DRAFT, embargo_until=embargo)
    wren = make_person("writer", "wren")
    own = make_article(
        "Merger of mine", status=Status.DRAFT, embargo_until=embargo,
        author=make_author("Wren", user=wren),
    )  # fmt: skip
    record(own, by=wren)
    assert groups_of(sign_in(wren), "merger")["articles"] == ["Merger of mine"]
    # Neither its steps, nor its name, by the number of its row.
    answer = as_role("writer").get(PALETTE, {"article": secret.pk}).text
    assert "Merger" not in answer
    assert f"/{secret.pk}/" not in answer
    assert set(groups_of(as_role("editor"), "merger")["articles"]) == {str(secret), str(own)}


def test_accounts_are_found_by_those_who_look_after_them(as_role):
    make_person("writer", "wrenfield")
    assert groups_of(as_role("chief editor"), "wrenf")["people"] == ["wrenfield"]
    assert "people" not in groups_of(as_role("editor"), "wrenf")


def test_without_a_word_it_shows_what_one_worked_on_last_and_what_one_may_do(sign_in):
    edda = make_person("editor", "edda")
    older, newer = (make_article(headline, status="draft") for headline in ("Older", "Newer"))
    make_article("Somebody else's")
    for article in (older, newer):
        record(article, by=edda)
    found = groups_of(sign_in(edda))
    assert found == {
        "articles": ["Newer", "Older"],
        "actions": ["New article", "Upload picture"],
    }


def test_in_an_article_it_offers_the_steps_that_its_page_would(as_role):
    article = make_article("Pilots vote", status="in_review")
    client = as_role("editor")
    found = groups_of(client, article=article.pk)
    assert found["actions"][:4] == ["Send back to the writer", "Approve", "Schedule", "Publish"]
    assert groups_of(client, "appr", article=article.pk)["actions"] == ["Approve"]
    line = client.get(PALETTE, {"q": "approve", "article": article.pk}).json()["groups"][0]
    address = reverse("admin:articles_article_verb", args=[article.pk, "approve"])
    assert line["items"][0]["address"] == address
    writers = groups_of(as_role("writer"), article=article.pk)["actions"]
    assert not {"Approve", "Publish"} & set(writers)


@pytest.mark.parametrize("article", ["", "x", "-1", "9" * 30, "999999", "１"])
def test_a_wrong_number_of_an_article_is_no_error(as_role, article):
    assert "New article" in groups_of(as_role("writer"), article=article)["actions"]


@pytest.mark.parametrize("query", ["%", "_", "'", '"', "\\", "\x00", "<b>", "  ", "🦀", "x" * 5000])
def test_signs_that_mean_something_to_a_database_find_nothing_by_that(as_role, query):
    make_article("Pilots vote")
    answer = as_role("editor").get(PALETTE, {"q": query})
    assert answer.status_code == 200
    assert "Pilots vote" not in answer.text


def test_its_cost_does_not_grow_with_the_newsroom(as_role):
    client = as_role("chief editor")

    def cost(**asked):
        with CaptureQueriesContext(connection) as queries:
            client.get(PALETTE, asked)
        return len(queries)

    article = make_article("Harbour", status="draft")
    engine().follow()
    few = cost(q="harbour"), cost(q="harb", article=article.pk), cost()
    for number in range(12):
        make_article(f"Harbour {number}", section=make_section(f"Harbour {number}"))
        make_author(f"Harbour {number}")
        Tag.objects.create(name=f"Harbour {number}", slug=f"harbour-{number}")
    engine().follow()
    many = cost(q="harbour"), cost(q="harb", article=article.pk), cost()
    # Where few headlines fit, the other words are asked too.
    assert all(one <= other for one, other in zip(many, few, strict=True))
    # Four of them belong to every page: session, account, and its permissions in two.
    assert max(few) - 4 <= 10
    assert cost(q="publish", article=article.pk) - 4 <= 12


def test_it_is_kept_by_no_cache(as_role):
    assert "no-store" in as_role("writer").get(PALETTE)["Cache-Control"]
