"""What a page costs that is made to be kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.editorial import transitions
from articles.models import Promo
from tests.factories import make_article, make_author, make_image, make_related, make_section
from tests.workers import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_pages")]


def test_a_story_is_made_with_three_queries_and_no_more(django_capture_on_commit_callbacks):
    worker = Worker()
    with django_capture_on_commit_callbacks(execute=True):
        stories = [
            make_article(f"Story {number}", tags=("Harbour", f"Topic {number}"),
                         picture=make_image(), author=make_author(bio="Knows the harbour."))
            for number in range(12)
        ]  # fmt: skip
        make_related(stories[0], target=stories[1])
        Promo.objects.create(slug="boats", title="Boats for hire", position="under", url="/boats/")
    worker.get(stories[1].get_absolute_url())
    for story in (stories[0], stories[2]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = worker.get(story.get_absolute_url())
        assert page.was_made
        assert "Boats for hire" in page.text
        assert len(asked) <= 3, [one["sql"] for one in asked]
    with CaptureQueriesContext(connection) as asked:
        worker.get(stories[0].get_absolute_url())
    assert len(asked) == 0


def test_after_a_change_elsewhere_a_page_is_joined_of_what_is_kept(
    django_capture_on_commit_callbacks,
):
    worker = Worker()
    with django_capture_on_commit_callbacks(execute=True):
        stories = [make_article(f"Story {number}", picture=make_image()) for number in range(3)]
    pages = [story.get_absolute_url() for story in stories]
    for page in ("/", *pages):
        worker.get(page)
    with django_capture_on_commit_callbacks(execute=True):
        transitions.publish(make_article("The newest", status="draft"))
    # The latest news and the moment of the edition: once for all of them.
    for page, most in zip(pages, (2, 0, 0), strict=True):
        with CaptureQueriesContext(connection) as asked:
            made = worker.get(page)
        assert made.was_made
        assert "The newest" in made.text
        assert len(asked) <= most, [one["sql"] for one in asked]
    # Its head, one block, what is read most.
    with CaptureQueriesContext(connection) as asked:
        front = worker.get("/")
    assert front.was_made
    assert "The newest" in front.text
    assert len(asked) <= 3, [one["sql"] for one in asked]


def test_what_every_page_shows_is_asked_anew_when_it_changes(django_capture_on_commit_callbacks):
    worker = Worker()
    with django_capture_on_commit_callbacks(execute=True):
        page = make_article().get_absolute_url()
    worker.get("/latest/")
    assert "Ports" not in worker.get(page).text
    with django_capture_on_commit_callbacks(execute=True):
        make_section("Ports")
        Promo.objects.create(slug="boats", title="Boats for hire", position="under", url="/boats/")
    made = worker.get(page).text
    assert "Ports" in made
    assert "Boats for hire" in made
