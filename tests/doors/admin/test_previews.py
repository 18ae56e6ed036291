"""Previews at the admin's door: the page for the desk, and the screen of links for others."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from PIL import Image as Pillow

from articles.editorial import previews
from articles.editorial.revisions import record, working_data
from articles.models import Article, PreviewLink
from tests.factories import make_article, make_author, make_person

SECRET = "Nobody may read this yet"


@pytest.fixture
def editor(db):
    return make_person("editor")


@pytest.fixture
def story(db):
    """A live story with a working copy ahead of it."""
    article = make_article(tags=("Ports",))
    record(article)
    record(article, {**working_data(article), "headline": SECRET, "tags": ["Quokkas"]})
    return article


def staff(article, query=""):
    return reverse("admin:articles_article_preview", args=[article.pk]) + query


def test_the_desk_previews_the_working_copy_or_any_revision(story, editor, sign_in):
    client = sign_in(editor)
    old = "Harbour pilots vote on a new rota"
    for query, headline in (
        ("", SECRET), ("?revision=working", SECRET), ("?revision=2", SECRET),
        ("?revision=live", old), ("?revision=1", old),
    ):  # fmt: skip
        page = html.fromstring(client.get(staff(story, query)).text)
        assert page.xpath("//h1")[0].text_content() == headline
    for wrong in ("9", "x", "-1", "0"):
        assert client.get(staff(story, f"?revision={wrong}")).status_code == 404
    assert (
        client.get(staff(make_article("Raw", status="draft"), "?revision=live")).status_code == 404
    )


def test_the_desk_sees_the_card_of_a_working_copy_before_anybody_shares_it(story, editor, sign_in):
    client = sign_in(editor)
    page = html.fromstring(client.get(staff(story)).text)
    (address,) = page.xpath("//img[@class='social-card__picture']/@src")
    shown = {query: client.get(address.replace("?revision=2", query)) for query in
             ("?revision=2", "?revision=live")}  # fmt: skip
    for answer in shown.values():
        assert "no-store" in answer.headers["Cache-Control"]
        assert Pillow.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert shown["?revision=2"].content != shown["?revision=live"].content
    assert client.get(address.replace("?revision=2", "?revision=9")).status_code == 404


def test_the_desks_preview_and_links_are_shut_by_an_embargo_too(story, editor, sign_in):
    until = timezone.now() + timedelta(days=1)
    Article.objects.filter(pk=story.pk).update(embargo_until=until)
    links = reverse("admin:articles_article_previews", args=[story.pk])
    writer = make_person()
    for person, status in ((writer, 404), (editor, 200)):
        client = sign_in(person)
        assert client.get(staff(story)).status_code == status
        assert client.get(links).status_code == status


def test_the_screen_of_links_shows_a_new_address_once(story, editor, sign_in):
    client = sign_in(editor)
    screen = reverse("admin:articles_article_previews", args=[story.pk])
    said = {"days": "5", "label": "Lawyer", "revision": "1", "opens_embargoed": "on"}
    response = client.post(screen, said)
    (shown,) = html.fromstring(response.text).xpath("//input[@id='made-address']/@value")
    link = PreviewLink.objects.get()
    assert (link.label, link.revision.number, link.opens_embargoed) == ("Lawyer", 1, True)
    assert link.expires_at - link.made_at == timedelta(days=5)
    path = "/" + shown.split("/", 3)[3]
    assert Client().get(path).status_code == 200

    again = client.get(screen)
    assert "Lawyer" in again.text
    assert "opened once" in again.text
    assert path not in again.text
    assert "no-store" in response["Cache-Control"]


def test_the_screen_of_links_says_what_is_wrong_with_a_form(story, editor, sign_in):
    client = sign_in(editor)
    screen = reverse("admin:articles_article_previews", args=[story.pk])
    for wrong in ({"days": "31"}, {"days": ""}, {"days": "3", "revision": "99"}):
        response = client.post(screen, wrong)
        assert html.fromstring(response.text).xpath("//ul[contains(@class, 'errorlist')]")
    assert not PreviewLink.objects.exists()


def test_a_link_is_revoked_from_the_screen(story, editor, sign_in):
    client = sign_in(editor)
    link, token = previews.make_link(story, editor)
    other = make_article("Other")
    wrong = reverse("admin:articles_article_preview_revoke", args=[other.pk, link.pk])
    assert client.post(wrong).status_code == 404
    right = reverse("admin:articles_article_preview_revoke", args=[story.pk, link.pk])
    assert client.get(right).status_code == 405
    response = client.post(right, follow=True)
    assert "revoked" in response.text
    assert Client().get(reverse("articles:preview", args=[token])).status_code == 410


def test_who_may_not_edit_sees_the_links_and_makes_none(story, editor, sign_in):
    link, _token = previews.make_link(story, editor, label="Lawyer")
    client = sign_in(make_person())
    screen = reverse("admin:articles_article_previews", args=[story.pk])
    page = client.get(screen).text
    assert "Lawyer" in page
    assert "Make the link" not in page
    assert client.post(screen, {"days": "3"}).status_code == 403
    revoke = reverse("admin:articles_article_preview_revoke", args=[story.pk, link.pk])
    assert client.post(revoke).status_code == 403
    link.refresh_from_db()
    assert link.revoked_at is None


def test_who_may_not_see_through_an_embargo_is_not_offered_to_open_it(db, sign_in):
    writer = make_person()
    own = make_article("Mine", author=make_author("Wren", user=writer), status="draft")
    record(own)
    client = sign_in(writer)
    screen = reverse("admin:articles_article_previews", args=[own.pk])
    assert "opens_embargoed" not in client.get(screen).text
    client.post(screen, {"days": "3", "opens_embargoed": "on"})
    assert not PreviewLink.objects.get().opens_embargoed
