"""What may be kept of a public answer, and who is told that nothing has changed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone
from django.utils.http import http_date, parse_http_date

from articles.editorial import edition
from articles.editorial.transitions import withdraw
from articles.models import Edition, Section, Tag
from tests.desk.changes import change, publish, save
from tests.factories import make_article, part_of_sitemap

pytestmark = pytest.mark.django_db
EARLIER = datetime(2026, 5, 2, 12, tzinfo=UTC)


@pytest.fixture
def article():
    article = publish("Pilots vote", tags=["Ports"])
    Edition.objects.update(changed_at=EARLIER)
    return article


def picture_in_store():
    """The address of a file among the pictures, whatever is in it."""
    if not default_storage.exists("images/fresh.webp"):
        default_storage.save("images/fresh.webp", ContentFile(b"a picture"))
    return "/media/images/fresh.webp"


@pytest.fixture
def client(client):
    """A client that puts down what it was handed, files too."""
    asked = client.request

    def request(**values):
        response = asked(**values)
        response.body = b"".join(response)
        # Closing says that the request is over, and would take the test's connection along.
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
        return response

    client.request = request
    return client


def addresses_of(article):
    page = article.get_absolute_url()
    return [
        "/", "/latest/", "/section/world/", "/tag/ports/", "/tags/", "/author/mara-lind/",
        "/archive/", "/2026/", "/2026/05/", "/2026/05/01/", "/corrections/", "/search/?q=pilots",
        page, f"{page}changes/", f"{page.rstrip('/')}.md", "/rss.xml", "/atom.xml", "/feed.json",
        "/corrections/rss.xml", "/sitemap.xml", part_of_sitemap(article), "/sitemap-pages-1.xml",
        "/news-sitemap.xml", "/robots.txt", "/llms.txt", "/opensearch.xml",
        "/manifest.webmanifest", "/favicon.ico", picture_in_store(),
    ]  # fmt: skip


def test_every_public_answer_may_be_kept_and_is_known_again(client, article):
    for address in addresses_of(article):
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.headers["Cache-Control"].startswith("public, max-age="), address
        assert "Cookie" not in response.headers.get("Vary", ""), address
        assert not response.cookies, address
        etag, date = response.headers["ETag"], response.headers["Last-Modified"]
        assert parse_http_date(date) <= timezone.now().timestamp(), address
        for asked in ({"If-None-Match": etag}, {"If-Modified-Since": date},
                      {"If-None-Match": f'"other", W/{etag}'}, {"If-None-Match": "*"}):  # fmt: skip
            for method in (client.get, client.head):
                again = method(address, headers=asked)
                assert again.status_code == 304, (address, asked)
                assert again.body == b"", address
                for name in ("ETag", "Last-Modified", "Cache-Control"):
                    assert again.headers[name] == response.headers[name], (address, name)


def test_whoever_has_another_text_gets_this_one_whatever_the_date(client, article):
    for address in addresses_of(article):
        asked = {"If-None-Match": '"other"', "If-Modified-Since": http_date()}
        assert client.get(address, headers=asked).status_code == 200, address


def test_head_is_get_without_a_body(client, article):
    for address in addresses_of(article):
        told = client.head(address)
        assert told.body == b"", address
        got = client.get(address)
        for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control"):
            assert told.headers[name] == got.headers[name], (address, name)


def test_public_addresses_take_no_other_method(client, article):
    for address in addresses_of(article):
        assert client.post(address).status_code == 405, address


def mend(article):
    change(article, "typo", headline="The pilots vote")


def rename_section(article):
    section = Section.objects.get(slug="world")
    section.name = "Abroad"
    section.save()


def drop_topic(article):
    Tag.objects.all().delete()


@pytest.mark.parametrize(
    "happens", [mend, withdraw, rename_section, drop_topic], ids=lambda one: one.__name__
)
def test_whatever_readers_see_differently_moves_the_date(
    client, article, happens, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        happens(article)
    assert edition.changed_at() > EARLIER
    Edition.objects.update(changed_at=EARLIER + timedelta(hours=1))
    for address in ("/section/world/", "/rss.xml", "/sitemap.xml"):
        # By the date alone: a reader of feeds that knows no ETags.
        asked = {"If-Modified-Since": http_date(EARLIER.timestamp())}
        assert client.get(address, headers=asked).status_code == 200, address


def test_a_draft_moves_no_date(client, article, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        save(article, headline="Nobody may read this yet")
        make_article("A draft", status="draft", author=article.authors.get())
    assert edition.changed_at() == EARLIER
    assert client.get("/rss.xml").headers["Last-Modified"] == http_date(EARLIER.timestamp())


def test_what_changed_within_this_second_has_no_date_yet(client, article):
    edition.raise_now()
    # The date may be the last second's by the time it is asked for.
    response = client.get("/rss.xml")
    date = response.headers.get("Last-Modified")
    assert date is None or parse_http_date(date) < timezone.now().timestamp()
    assert response.headers["ETag"]
    Edition.objects.update(changed_at=timezone.now() + timedelta(seconds=3))
    assert "Last-Modified" not in client.get("/rss.xml")


def test_a_page_that_names_the_day_is_another_one_after_midnight(client, article):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for address in ("/", article.get_absolute_url()):
        assert client.get(address).headers["Last-Modified"] == http_date(midnight.timestamp())


def test_what_is_not_there_is_not_kept_for_ever(client, article):
    withdraw(article)
    for address in ("/nothing/", article.get_absolute_url(), "/sitemap-articles-99.xml"):
        assert client.get(address).headers["Cache-Control"] == "no-cache", address


def test_private_doors_are_kept_by_nobody(client, article, admin_client):
    for response in (
        admin_client.get("/admin/"),
        client.post(f"/beacon/{article.pk}/", headers={"user-agent": "Mozilla/5.0 Firefox/140"}),
    ):
        assert "no-store" in response.headers["Cache-Control"]
        assert "private" in response.headers["Cache-Control"]


def test_a_picture_is_kept_for_good(client):
    response = client.get(picture_in_store())
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for name in ("images/none.webp", "../manage.py", "%00"):
        assert client.get(f"/media/{name}").status_code in {400, 404}, name
