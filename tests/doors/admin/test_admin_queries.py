"""The cost of a list does not grow with its rows."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.editorial.revisions import record
from articles.models import Correction, DailyViews, Promo, Redirect, Section, Transition
from articles.search import engine
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_person,
    make_picture_bytes,
    make_related,
)


def make_rows(number):
    """Make one more row of every table, each with neighbours of its own."""
    section = Section.objects.create(name=f"Section {number}", slug=f"section-{number}")
    person = make_person("writer", username=f"writer-{number}")
    author = make_author(f"Author {number}", user=person)
    image = make_image(make_picture_bytes(size=(90, 60), colour=f"#0000{number:02x}"))
    for status in ("published", "draft", "in_review", "approved"):
        article = make_article(
            f"Story {number} {status}",
            status=status,
            section=section,
            author=author,
            picture=image,
            tags=(f"Tag {number}",),
            import_warnings=[{"code": "gap", "message": "A gap."}],
        )
    make_related(article, title="Elsewhere")
    record(article, by=person)
    Transition.objects.create(
        article=article, number=1, verb="submit", from_status="draft", to_status="in_review",
        made_by=person,
    )  # fmt: skip
    DailyViews.objects.create(article=article, day=timezone.localdate(), count=number)
    Promo.objects.create(slug=f"promo-{number}", title="Letter", section=section)
    Redirect.objects.create(old_path=f"/old/{number}/", new_path="/new/", article=article)
    Correction.objects.create(article=article, note="A name was misspelt.")


TABLES = (
    "articles_article", "articles_author", "articles_correction", "articles_dailyviews",
    "articles_image", "articles_promo", "articles_redirect", "articles_revision",
    "articles_section", "articles_tag", "articles_transition", "auth_user",
)  # fmt: skip
PAGES = [*(f"admin:{table}_changelist" for table in TABLES), "admin:index"]


def test_the_number_of_queries_does_not_grow_with_the_rows(as_role):
    client = as_role("chief editor")

    def cost(page):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(page)).status_code == 200, page
        return len(queries)

    # The first page looks through the gate for at most twelve articles, whatever there are.
    first = 13
    for number in range(first):
        make_rows(number)
    for page in PAGES:
        cost(page)  # Content types are asked for once in a process.
    few = {page: cost(page) for page in PAGES}
    for number in range(first, first + 3):
        make_rows(number)
    assert {page: cost(page) for page in PAGES} == few


@pytest.mark.parametrize("address", ["?q=story", "?whose=mine", "?warnings=yes", "?o=-6"])
def test_the_list_of_articles_costs_little_however_it_is_asked(as_role, address):
    client = as_role("chief editor")
    for number in range(1, 4):
        make_rows(number)
    client.get(reverse("admin:articles_article_changelist"))
    # As the clock does a moment after a write.
    engine().follow()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("admin:articles_article_changelist") + address)
    assert response.status_code == 200
    assert len(queries) <= 14


def test_opening_an_article_costs_the_same_with_a_long_history(as_role):
    client = as_role("editor")
    article = make_article(status="draft")
    address = reverse("admin:articles_article_change", args=[article.pk])

    def add_line(number):
        make_related(article, title=f"Elsewhere {number}")
        article.headline = f"Headline {number}"
        article.save()
        Transition.objects.create(
            article=article, number=number, verb="submit", from_status="draft",
            to_status="in_review", revision=record(article),
        )  # fmt: skip

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    add_line(1)
    cost()
    few = cost()
    for number in range(2, 12):
        add_line(number)
    cost()  # The first look takes in what was recorded past the merging.
    assert cost() == few
