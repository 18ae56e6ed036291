"""Previews: the page of an article before readers see it, for the desk and by secret links."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.editorial import previews
from articles.editorial.revisions import newest, record, restore, working_data
from articles.editorial.transitions import correct, withdraw
from articles.models import Article, PreviewLink, Promo
from tests.factories import make_article, make_author, make_image, make_person, make_related
from tests.pages import BACKEND

SECRET = "Nobody may read this yet"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


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


def address(token):
    return reverse("articles:preview", args=[token])


def staff(article, query=""):
    return reverse("admin:articles_article_preview", args=[article.pk]) + query


def signed_in(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def open_for_embargo(article, days=1):
    until = timezone.now() + timedelta(days=days)
    Article.objects.filter(pk=article.pk).update(embargo_until=until)
    article.refresh_from_db()


# --- what it shows -------------------------------------------------------------------------------


def test_a_link_shows_the_working_copy_and_the_site_still_the_live_text(story, editor, client):
    _link, token = previews.make_link(story, editor)
    assert SECRET in client.get(address(token)).text
    assert SECRET not in client.get(story.get_absolute_url()).text
    record(story, {**working_data(story), "headline": "Later still"})
    assert "Later still" in client.get(address(token)).text


def test_a_link_to_a_revision_stays_with_it(story, editor, client):
    _link, token = previews.make_link(story, editor, newest(story))
    record(story, {**working_data(story), "headline": "Later still"})
    restore(story, 1)
    assert SECRET in client.get(address(token)).text


def the_page(response):
    """The main part and the frame, without the bar and what tells machines of the page."""
    page = html.fromstring(response.text)
    # Nothing counts the reading of a preview.
    for extra in page.xpath("//aside[contains(@class, 'preview-bar')] | //main//noscript"):
        extra.drop_tree()
    # What stands in a frame of the desk has a name of its own.
    page.body.find("main").attrib.pop("aria-label", None)
    return re.sub(r"\s+", " ", html.tostring(page.body.find("main"), encoding="unicode"))


def test_it_is_exactly_the_page_that_readers_get(editor, client):
    picture = make_image(caption="A caption")
    body = "<h2>One</h2><p>Text.</p><h2>Two</h2><p>Text.</p><h2>Three</h2><p>Text.</p>"
    article = make_article(picture=picture, tags=("Ports", "Boats"), body=body)
    make_article("A neighbour", tags=("Ports",))
    make_related(article, title="A story elsewhere", author="Somebody")
    Promo.objects.create(slug="letter", title="The letter")
    record(article)
    data = {**working_data(article), "headline": "Another headline", "tags": ["Ports"]}
    record(article, data)
    correct(article, kind="correction", note="It was Friday.")
    article.daily_views.create(day="2026-05-04", count=1234)
    record(article, {**working_data(article), "standfirst": "Changed.", "section": None})
    record(article, {**working_data(article), **data})

    public = Article.objects.get(pk=article.pk)
    as_read = the_page(client.get(public.get_absolute_url()))
    assert "It was Friday." in as_read
    assert "A story elsewhere" in as_read
    assert "The letter" in as_read
    assert "1,234" in as_read
    _link, token = previews.make_link(article, editor)
    assert the_page(client.get(address(token))) == as_read
    for name in ("live", "working", "2"):
        response = signed_in(client, editor).get(staff(article, f"?revision={name}"))
        assert the_page(response) == as_read


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "scheduled", "withdrawn"])
def test_every_state_can_be_previewed(editor, client, status):
    article = make_article(SECRET, status=status)
    record(article)
    _link, token = previews.make_link(article, editor)
    assert SECRET in client.get(address(token)).text
    assert SECRET in signed_in(client, editor).get(staff(article)).text


def test_an_article_of_which_no_revision_is_kept_shows_its_rows(editor, client):
    article = make_article(SECRET, status="draft")
    _link, token = previews.make_link(article, editor)
    assert SECRET in client.get(address(token)).text
    assert SECRET in signed_in(client, editor).get(staff(article)).text


def test_a_draft_bears_the_time_at_which_it_would_come_out(editor, client):
    article = make_article(status="draft")
    record(article)
    page = client.get(address(previews.make_link(article, editor)[1]))
    (moment,) = html.fromstring(page.text).xpath("//ul[@class='facts']//time/@datetime")
    assert moment[:10] == timezone.localdate().isoformat()


def test_the_social_card_says_what_other_sites_will_show(editor, client):
    picture = make_image()
    article = make_article(SECRET, status="draft", picture=picture, standfirst="Summary.")
    record(article)
    page = html.fromstring(client.get(address(previews.make_link(article, editor)[1])).text)
    (card,) = page.xpath("//div[@class='social-card']")
    assert card.xpath("./img/@src") == [picture.social_url]
    assert [line.text_content() for line in card.xpath("./p")] == ["Newsroom", SECRET, "Summary."]


# --- nothing leaks from it -----------------------------------------------------------------------


def both_doors(article, editor, client):
    _link, token = previews.make_link(article, editor, opens_embargoed=True)
    yield client.get(address(token))
    yield signed_in(client, editor).get(staff(article))


def test_a_preview_is_kept_by_no_cache_and_found_by_no_search_engine(story, editor, client):
    for response in both_doors(story, editor, client):
        assert {"no-store", "private"} <= set(re.split(r",\s*", response["Cache-Control"]))
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "ETag" not in response
        assert "Last-Modified" not in response
        head = html.fromstring(response.text).head
        assert head.xpath("./meta[@name='robots']/@content") == ["noindex, nofollow, noarchive"]
        for leak in ("./link[@rel='canonical']", "./meta[@property]", "./script[@type]"):
            assert head.xpath(leak) == [], leak


def test_a_preview_counts_no_view_and_starts_no_script_that_would(story, editor, client):
    for response in both_doors(story, editor, client):
        assert "site.js" not in response.text
    assert not story.daily_views.exists()


def test_a_closed_preview_is_kept_by_no_cache_either(story, editor, client):
    link, token = previews.make_link(story, editor)
    previews.revoke(link, editor)
    response = client.get(address(token))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "ETag" not in response


def test_no_preview_is_in_a_sitemap(story, editor, client):
    _link, token = previews.make_link(story, editor)
    for page in ("/sitemap.xml", "/sitemap-pages-1.xml", "/news-sitemap.xml", "/llms.txt", "/"):
        assert "/preview/" not in client.get(page).text
        assert token not in client.get(page).text


def test_a_link_opens_its_own_article_only(story, editor, client):
    other = make_article("Somebody else's secret", status="draft")
    make_related(story, target=other, title="What a source called it")
    record(story)
    restore(story, 1)
    _link, token = previews.make_link(story, editor)
    page = client.get(address(token)).text
    assert "else's secret" not in html.fromstring(page).text_content()
    assert client.get(staff(story)).status_code == 302


def test_the_page_of_a_link_leads_nobody_into_the_admin_and_names_nobody_of_the_desk(
    story, editor, client
):
    editor.first_name = "Inga"
    editor.save()
    record(story, {**working_data(story), "standfirst": "By Inga's hand."}, by=editor)
    text = client.get(address(previews.make_link(story, editor, label="Lawyer")[1])).text
    assert "/admin/" not in text
    assert "Inga<" not in text
    assert "Lawyer" not in text


# --- until when ----------------------------------------------------------------------------------


def closed(response, status=410):
    assert response.status_code == status
    assert SECRET not in response.text
    assert "quokkas" not in response.text.lower()
    return True


def test_a_token_that_never_was_is_not_found(story, editor, client):
    _link, token = previews.make_link(story, editor)
    for wrong in (token[:-1], token + "x", token.swapcase(), "x", "ø", "%00"):
        assert client.get(f"/preview/{wrong}/").status_code == 404
        assert client.get(f"/preview/{previews._hash(token)}/").status_code == 404


def test_a_link_ends_with_its_days(story, editor, client):
    link, token = previews.make_link(story, editor, days=3)
    assert link.expires_at - link.made_at == timedelta(days=3)
    assert not previews.has_ended(link, link.expires_at - timedelta(seconds=1))
    assert previews.has_ended(link, link.expires_at)
    assert SECRET in client.get(address(token)).text
    PreviewLink.objects.update(
        made_at=timezone.now() - timedelta(days=4), expires_at=timezone.now()
    )
    response = client.get(address(token))
    assert closed(response)
    assert "This preview has ended." in response.text


def test_a_link_that_is_revoked_opens_no_more(story, editor, client):
    link, token = previews.make_link(story, editor)
    previews.revoke(link, editor)
    first = link.revoked_at
    previews.revoke(link, editor)
    assert link.revoked_at == first
    assert closed(client.get(address(token)))
    assert closed(client.head(address(token)))


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, None])
def test_the_links_of_somebody_who_left_open_no_more(story, editor, client, change):
    _link, token = previews.make_link(story, editor)
    if change is None:
        editor.delete()
    else:
        type(editor).objects.filter(pk=editor.pk).update(**change)
    assert closed(client.get(address(token)))


def test_an_embargo_shuts_a_link_unless_it_was_made_to_open(story, editor, client):
    _link, token = previews.make_link(story, editor)
    _other, opener = previews.make_link(story, editor, opens_embargoed=True)
    open_for_embargo(story)
    response = client.get(address(token))
    assert closed(response, 403)
    assert "embargo" not in response.text
    assert SECRET in client.get(address(opener)).text
    open_for_embargo(story, days=-1)
    assert SECRET in client.get(address(token)).text


def test_openings_are_counted_and_the_article_is_not_touched(story, editor, client):
    link, token = previews.make_link(story, editor)
    before = Article.objects.filter(pk=story.pk).values().get()
    assert client.head(address(token)).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address(token))
    client.get(address(token))
    link.refresh_from_db()
    assert link.opened == 2
    assert timezone.now() - link.opened_at < timedelta(minutes=1)
    assert Article.objects.filter(pk=story.pk).values().get() == before
    writes = [one["sql"] for one in queries if one["sql"].startswith(("UPDATE", "INSERT"))]
    assert [sql for sql in writes if '"articles_previewlink"' not in sql] == []
    assert client.post(address(token)).status_code == 405


# --- who makes them ------------------------------------------------------------------------------


def test_the_table_keeps_no_token(story, editor):
    link, token = previews.make_link(story, editor, label="Lawyer")
    row = PreviewLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(row)
    assert len(token) >= 43
    assert previews.make_link(story, editor)[1] != token


def test_links_are_made_and_revoked_by_those_who_may_edit(story, editor):
    writer = make_person()
    with pytest.raises(PermissionDenied):
        previews.make_link(story, writer)
    link, _token = previews.make_link(story, editor)
    with pytest.raises(PermissionDenied):
        previews.revoke(link, writer)
    own = make_article("Mine", author=make_author("Wren", user=writer), status="draft")
    link, _token = previews.make_link(own, writer)
    previews.revoke(link, writer)


def test_only_who_may_see_through_an_embargo_opens_it_for_others(db):
    writer = make_person()
    own = make_article("Mine", author=make_author("Wren", user=writer), status="draft")
    with pytest.raises(PermissionDenied):
        previews.make_link(own, writer, opens_embargoed=True)
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 31, 10_000])
def test_a_link_is_open_for_one_to_thirty_days(story, editor, days):
    with pytest.raises(ValidationError):
        previews.make_link(story, editor, days=days)


def test_a_link_shows_no_revision_of_another_article(story, editor):
    other = make_article("Other", status="draft")
    with pytest.raises(ValidationError):
        previews.make_link(story, editor, record(other))


def test_a_withdrawn_article_previews_what_might_come_back(story, editor, client):
    withdraw(story)
    _link, token = previews.make_link(story, editor)
    assert SECRET in client.get(address(token)).text
    assert client.get(story.get_absolute_url()).status_code == 410
