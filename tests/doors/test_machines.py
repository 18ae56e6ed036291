"""Feeds, sitemaps and robots.txt: what machines read."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from tests.factories import make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def article():
    return make_article(
        "Bats & boats",
        standfirst="Both come at dusk.",
        body="<h2>Dusk</h2><p>Bats <em>and</em> boats.</p>",
        section=make_section("Science"),
        author=make_author("Ada Holm"),
        tags=("Bats",),
        picture=make_image(),
        published_at=datetime(2026, 5, 1, 8, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("owner", ["", "section/science/", "tag/bats/", "author/ada-holm/"])
@pytest.mark.parametrize("kind", ["rss.xml", "atom.xml"])
def test_a_feed_holds_the_whole_story(client, article, owner, kind):
    response = client.get(f"/{owner}{kind}")
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "Bats &amp; boats" or entry.title == "Bats & boats"
    assert entry.link == "http://127.0.0.1:8000/2026/05/01/bats-boats/"
    assert entry.id == f"urn:uuid:{article.uid}"
    assert entry.published_parsed[:5] == (2026, 5, 1, 8, 30)
    assert "Bats <em>and</em> boats." in entry.content[0].value
    assert entry.author == "Ada Holm"


def test_a_json_feed_holds_the_whole_story(client, article):
    response = client.get("/section/science/feed.json")
    assert response.headers["Content-Type"] == "application/feed+json"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["authors"][0]["name"] == "Ada Holm"
    assert item["tags"] == ["Bats"]
    assert item["image"].startswith("http://127.0.0.1:8000/media/")


def test_feeds_of_nobody_are_not_found(client):
    for owner in ("section", "tag", "author"):
        for kind in ("rss.xml", "atom.xml", "feed.json"):
            assert client.get(f"/{owner}/nobody/{kind}").status_code == 404


def test_the_sitemap_index_leads_to_every_article(client, article):
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = [element.text for element in index.iter(f"{SITEMAP}loc")]
    found = set()
    for part in parts:
        tree = ElementTree.fromstring(
            client.get(part.removeprefix("http://127.0.0.1:8000")).content
        )
        found |= {element.text for element in tree.iter(f"{SITEMAP}loc")}
    assert "http://127.0.0.1:8000/2026/05/01/bats-boats/" in found
    assert {"http://127.0.0.1:8000/section/science/", "http://127.0.0.1:8000/tag/bats/"} <= found


def test_the_news_sitemap_holds_two_days(client, article):
    make_article("Fresh", published_at=timezone.now() - timedelta(hours=47))
    text = client.get("/news-sitemap.xml").content.decode()
    ElementTree.fromstring(text)
    assert "Fresh" in text
    assert "boats" not in text


def test_robots_are_kept_out_of_the_admin_and_shown_the_sitemaps(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    assert "Disallow: /admin/" in text
    assert text.count("Sitemap: http://127.0.0.1:8000/") == 2
