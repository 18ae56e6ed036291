"""The gate follows links to this site, and agrees with its doors about where they lead."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.editorial import transitions
from articles.editorial.checks import blocking, findings
from articles.editorial.revisions import working_copy
from articles.editorial.snapshots import laid_over, snapshot
from articles.models import FormerTagName, Redirect, Tag
from tests.desk.test_checks import LINKED, MOMENT, codes, make_draft, stops
from tests.factories import Status, make_article, make_author, make_image, make_related

pytestmark = pytest.mark.django_db


@pytest.fixture
def site_of_pages():
    story = make_article("An earlier story", published_at=MOMENT, tags=("Harbours",))
    make_article("A hidden story", status=Status.WITHDRAWN, published_at=MOMENT)
    FormerTagName.objects.create(tag=Tag.objects.get(), name="Ports", slug="ports")
    Redirect.objects.create(old_path="/old/", new_path="/latest/")
    Redirect.objects.create(old_path="/2026/03/04/gone/", new_path="")
    return story


@pytest.mark.parametrize(
    "path",
    [
        "/", "/latest/", "/latest", "/latest/?page=2", "/archive/", "/2026/", "/2026/03/04/",
        "/2026/03/04/an-earlier-story/", "/2026/03/04/an-earlier-story", "/section/world/",
        "/section/world/rss.xml", "/tag/harbours/", "/tag/ports/", "/author/mara-lind/",
        "/old/", "/old", "/rss.xml", "/search/?q=boat", "/media/images/a.jpg", "#top",
        "https://other.example/nothing/", "mailto:desk@news.example",
    ],
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_fine(site_of_pages, path):
    assert codes(make_draft(body=LINKED.format(path))) == set()
    if path.startswith("/"):
        assert codes(make_draft("Another", body=LINKED.format(site.SITE_URL + path))) == set()


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/", "/2026/02/30/", "/2026/03/04/no-such-story/", "/2026/03/05/an-earlier-story/",
        "/2026/03/04/a-hidden-story/", "/2026/03/04/gone/", "/section/nowhere/", "/tag/nowhere/",
        "/author/nobody/", "/author/nobody/rss.xml", "/admin/", "/admin/articles/article/",
        "/preview/abc/", "nowhere", "#no-such-heading", "http://localhost:9/",
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_stops(site_of_pages, path):
    [issue] = blocking(working_copy(make_draft(body=LINKED.format(path))), "publish")
    assert (issue.code, issue.field) == ("dead-links", "body")
    assert "as they did" in issue.message


def test_the_door_agrees_with_the_gate_about_every_page(site_of_pages, client):
    """A page that the gate calls alive answers; one that it calls dead does not."""
    for path in ("/latest/", "/section/world/", "/tag/ports/", "/old/", "/2026/03/04/",
                 "/2026/03/04/an-earlier-story/", "/nowhere/", "/2026/03/04/gone/",
                 "/section/nowhere/", "/author/nobody/", "/2026/02/30/"):  # fmt: skip
        is_dead = "dead-links" in stops(make_draft(body=LINKED.format(path)))
        assert is_dead == (client.get(path).status_code in {404, 410}), path


def test_a_link_to_a_story_that_is_not_out_yet_is_dead():
    later = make_article("Later", published_at=timezone.now() + timedelta(days=1))
    secret = make_article("Secret", embargo_until=timezone.now() + timedelta(days=1))
    for article in (later, secret):
        assert stops(make_draft(body=LINKED.format(article.get_absolute_url()))) == {"dead-links"}


def test_a_link_to_a_heading_of_its_own_text_is_fine():
    body = LINKED.format("#why-now") + "<h2>Why now?</h2><p>Because.</p>"
    assert codes(make_draft(body=body)) == set()


def test_a_live_article_may_link_to_itself():
    article = make_draft()
    transitions.publish(article)
    body = LINKED.format(article.get_absolute_url())
    copy = laid_over(article, {**snapshot(article), "body": body})
    assert blocking(copy, "publish") == []


def test_a_related_link_that_leads_nowhere_names_its_field():
    article = make_draft()
    make_related(article, title="Elsewhere", url="https://other.example/")
    make_related(article, title="A story that is not here")
    assert codes(article) == set()
    make_related(article, title="Dead", url=f"{site.SITE_URL}/nowhere/")
    [issue] = blocking(working_copy(article), "publish")
    assert (issue.code, issue.field) == ("dead-links", "related")


def test_a_long_article_with_links_of_every_kind_asks_eight_times(site_of_pages):
    sentence = "The pilots of the northern harbour will vote on Friday on a rota, they say. "
    links = "".join(
        LINKED.format(path)
        for path in (
            site_of_pages.get_absolute_url(), reverse("articles:section", args=["world"]),
            reverse("articles:author", args=["mara-lind"]), "/tag/harbours/", "/tag/ports/",
            "/old/", "/nowhere/", "#top",
        )
    )  # fmt: skip
    body = f"<p>{sentence * 5}</p>" * 30 + links
    article = make_draft(body=body, picture=make_image(), author=make_author("Ada Holm"))
    assert article.words > 2000
    copy = working_copy(article)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = findings(copy, "publish")
    assert [issue.code for issue in found] == ["dead-links"]
    # Articles, sections, authors, tags, former names, redirects; headline; conflicts.
    assert len(asked) == 8
