"""Feeds, sitemaps and robots.txt: what machines read."""

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone
from lxml import html

from articles.editorial.transitions import correct
from tests.desk.changes import MOMENT, change, publish, save
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


def test_robots_are_kept_out_of_the_admin_and_of_previews_and_shown_the_sitemaps(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    assert "Disallow: /admin/" in text
    assert "Disallow: /preview/" in text
    assert text.count("Sitemap: http://127.0.0.1:8000/") == 2


# --- which changes move a date -------------------------------------------------------------------

#: What tells machines when a story changed: every address that carries a date of it.
DATED = (
    "/rss.xml", "/atom.xml", "/section/world/rss.xml", "/section/world/atom.xml",
    "/sitemap-articles.xml", "/news-sitemap.xml", "/corrections/rss.xml", "/corrections/atom.xml",
)  # fmt: skip
LATER = MOMENT + timedelta(hours=1)


@pytest.fixture
def changed():
    """A story that is about to change, and one that came out after it."""
    article = publish("Pilots vtoe", body="<p>They vtoe.</p>")
    other = make_article("A younger story", published_at=MOMENT + timedelta(minutes=30))
    return article, other


def read(client, address):
    """What is there, without the date on which a feed of nothing says that it was asked for."""
    content = client.get(address).content
    if b"<entry>" in content or b"<item>" in content:
        return content
    return re.sub(rb"<(lastBuildDate|updated)>.*?</\1>", b"", content)


def dates_on_the_page(client, article):
    document = html.fromstring(client.get(article.get_absolute_url()).content.decode())
    (modified,) = document.xpath("//meta[@property='article:modified_time']/@content")
    stories = map(json.loads, document.xpath("//script[@type='application/ld+json']/text()"))
    (story,) = (one for one in stories if one["@type"] == "NewsArticle")
    return datetime.fromisoformat(modified), datetime.fromisoformat(story["dateModified"]), story


def order_of(client, address):
    return [entry.title for entry in feedparser.parse(client.get(address).content).entries]


@pytest.mark.parametrize("address", DATED)
def test_a_typo_changes_nothing_in_a_feed_or_sitemap_but_the_words(client, changed, address):
    before = read(client, address)
    change(changed[0], "typo", headline="Pilots vote", body="<p>They vote.</p>")
    after = read(client, address)
    assert after == before.replace(b"vtoe", b"vote").replace(b"pilots-vote", b"pilots-vtoe")


def test_a_typo_changes_nothing_in_the_json_feed_but_the_words(client, changed):
    before = client.get("/feed.json").content.replace(b"vtoe", b"vote")
    change(changed[0], "typo", headline="Pilots vote", body="<p>They vote.</p>")
    assert client.get("/feed.json").content.replace(b"vtoe", b"vote") == before


def test_a_typo_moves_no_date_of_the_page(client, changed):
    article, _other = changed
    change(article, "typo", headline="Pilots vote")
    modified, in_data, story = dates_on_the_page(client, article)
    assert modified == in_data == MOMENT
    assert "correction" not in story


@pytest.mark.parametrize("kind", ["update", "correction"])
def test_a_real_change_moves_every_date_but_the_publication(client, changed, kind):
    article, _other = changed
    assert order_of(client, "/atom.xml") == ["A younger story", "Pilots vtoe"]
    change(article, kind, "What is new.", headline="Pilots vote")

    modified, in_data, story = dates_on_the_page(client, article)
    assert modified == in_data == LATER
    assert datetime.fromisoformat(story["datePublished"]) == MOMENT

    assert order_of(client, "/atom.xml") == ["Pilots vote", "A younger story"]
    entry = feedparser.parse(client.get("/atom.xml").content).entries[0]
    assert entry.updated == LATER.isoformat()
    assert entry.published == MOMENT.isoformat()
    assert order_of(client, "/rss.xml") == ["Pilots vote", "A younger story"]
    item = json.loads(client.get("/feed.json").content)["items"][0]
    assert datetime.fromisoformat(item["date_modified"]) == LATER
    assert datetime.fromisoformat(item["date_published"]) == MOMENT

    tree = ElementTree.fromstring(client.get("/sitemap-articles.xml").content)
    found = {
        url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod")
        for url in tree.iter(f"{SITEMAP}url")
    }
    dated = found[f"http://127.0.0.1:8000{article.get_absolute_url()}"]
    assert dated.startswith("2026-05-01")
    # Lists are by publication: a change brings no old story to their top.
    latest = client.get("/latest/").content.decode()
    assert latest.index("A younger story") < latest.index("Pilots vote")


def test_the_sitemap_dates_a_story_by_its_last_real_change(client):
    article = publish()
    change(article, "update", "News.", hours=48, headline="Pilots voted")
    change(article, "typo", hours=96, headline="The pilots voted")
    text = client.get("/sitemap-articles.xml").content.decode()
    assert "<lastmod>2026-05-03" in text


def test_the_news_sitemap_stays_by_publication(client):
    now = timezone.now()
    old = make_article("Old", published_at=now - timedelta(days=3))
    young = make_article("Young", published_at=now - timedelta(hours=5))
    younger = make_article("Younger", published_at=now - timedelta(hours=1))
    for number, article in enumerate((old, young)):
        save(article, standfirst="Another standfirst.")
        correct(article, kind="update", note="News.", at=now - timedelta(minutes=9 - number))
    text = client.get("/news-sitemap.xml").content.decode()
    assert old.get_absolute_url() not in text
    assert text.index(younger.get_absolute_url()) < text.index(young.get_absolute_url())
    assert young.published_at.strftime("%Y-%m-%dT%H:%M:%S") in text


def test_structured_data_carry_every_correction_and_update_by_name(client):
    article = publish()
    change(article, "correction", "It was <Friday>.", hours=1, headline="Pilots vote on Friday")
    change(article, "update", "It is over.", hours=2, headline="Pilots voted")
    *_dates, story = dates_on_the_page(client, article)
    assert story["correction"] == [
        {
            "@type": "CorrectionComment", "name": "Update", "text": "It is over.",
            "datePublished": (MOMENT + timedelta(hours=2)).isoformat().replace("+00:00", "Z"),
        },
        {
            "@type": "CorrectionComment", "name": "Correction", "text": "It was <Friday>.",
            "datePublished": LATER.isoformat().replace("+00:00", "Z"),
        },
    ]  # fmt: skip


def test_a_story_without_notes_has_no_empty_list_of_them(client):
    *_dates, story = dates_on_the_page(client, publish())
    assert "correction" not in story
