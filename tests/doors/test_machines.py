"""Feeds, sitemaps and robots.txt: what machines read."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import feedparser
import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from lxml import etree, html
from PIL import Image as Pillow

from articles.editorial.transitions import correct, withdraw
from articles.models import Article, Author, Byline, Image, Section, Tag
from articles.models.listed import PART
from articles.views import machine
from tests.desk.changes import MOMENT, change, publish, save
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    part_of_sitemap,
)

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
    "part", "/news-sitemap.xml", "/corrections/rss.xml", "/corrections/atom.xml",
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
    address = part_of_sitemap(changed[0]) if address == "part" else address
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

    tree = ElementTree.fromstring(client.get(part_of_sitemap(article)).content)
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
    text = client.get(part_of_sitemap(article)).content.decode()
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


# --- feeds by the rules of their formats ---------------------------------------------------------


def xml(client, address):
    return etree.fromstring(client.get(address).content)


NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
SITE = "http://127.0.0.1:8000"


def test_each_feed_names_itself_and_its_page_by_the_site_s_own_address(client, article, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for owner in ("", "section/science/", "tag/bats/", "author/ada-holm/"):
        rss = etree.fromstring(client.get(f"/{owner}rss.xml", headers={"host": "x.y"}).content)
        atom = etree.fromstring(client.get(f"/{owner}atom.xml", headers={"host": "x.y"}).content)
        assert rss.xpath("channel/link/text()") == [f"{SITE}/{owner}"]
        assert rss.xpath("channel/atom:link[@rel='self']/@href", namespaces=NAMES) == [
            f"{SITE}/{owner}rss.xml"
        ]
        assert atom.xpath("atom:id/text()", namespaces=NAMES) == [f"{SITE}/{owner}atom.xml"]
        assert atom.xpath("atom:link/@href", namespaces=NAMES) == [
            f"{SITE}/{owner}", f"{SITE}/{owner}atom.xml",
        ]  # fmt: skip


def test_a_feed_carries_pictures_and_whole_addresses(client, article):
    picture = f"{SITE}{article.picture.crops[-1].url}"
    (media,) = xml(client, "/rss.xml").xpath("//media:content", namespaces=NAMES)
    assert (media.get("url"), media.get("type"), media.get("width")) == (
        picture, "image/jpeg", str(article.picture.crops[-1].width),
    )  # fmt: skip
    (content,) = xml(client, "/rss.xml").xpath("//content:encoded/text()", namespaces=NAMES)
    assert content.startswith(f'<figure><img src="{picture}" alt="A pilot boat in fog"')
    entry = xml(client, "/atom.xml").find("atom:entry", NAMES)
    (enclosure,) = entry.xpath("atom:link[@rel='enclosure']", namespaces=NAMES)
    assert (enclosure.get("href"), enclosure.get("type")) == (picture, "image/jpeg")
    (item,) = json.loads(client.get("/feed.json").content)["items"]
    assert item["attachments"] == [
        {"url": picture, "mime_type": "image/jpeg", "title": "A pilot boat in fog"}
    ]
    assert item["content_html"] == content


def test_each_writer_is_an_author_of_the_entry_with_a_page(client, article):
    Byline.objects.create(article=article, author=make_author("Mara Lind"), position=1)
    Byline.objects.create(
        article=article, author=make_author("Jo Fu"), position=2, role="photographer"
    )
    rss = feedparser.parse(client.get("/rss.xml").content).entries[0]
    assert [one.name for one in rss.authors] == ["Ada Holm", "Mara Lind"]
    atom = xml(client, "/atom.xml").xpath("//atom:entry/atom:author", namespaces=NAMES)
    assert [one.findtext("atom:uri", None, NAMES) for one in atom] == [
        f"{SITE}/author/ada-holm/", f"{SITE}/author/mara-lind/",
    ]  # fmt: skip


def test_feeds_are_well_formed_whatever_stands_in_any_field(client, article):
    hostile = "A \x07 \x0b ]]> <b> & \" ' \ufffe\uffff \u2028 end"
    Section.objects.update(name=hostile[:60], description=hostile)
    Tag.objects.update(name=hostile)
    Author.objects.update(name=hostile, bio=hostile)
    Image.objects.update(alt=hostile, caption=hostile, credit=hostile)
    Article.objects.update(seo_description=hostile)
    save(article, headline=hostile, body=f"<p>{hostile}</p>")
    correct(article, kind="correction", note=hostile)
    for owner in ("", "section/science/", "tag/bats/", "author/ada-holm/", "corrections/"):
        for kind in ("rss.xml", "atom.xml"):
            feed = feedparser.parse(client.get(f"/{owner}{kind}").content)
            assert not feed.bozo, (owner, kind, feed.get("bozo_exception"))
            assert feed.entries[0].title.endswith("end")
    for address in (part_of_sitemap(article), "/sitemap.xml", "/opensearch.xml"):
        xml(client, address)


def test_a_summary_is_text_and_stays_it(client):
    make_article("Ours", standfirst='Bats\' "<b>" & boats.')
    for kind in ("rss.xml", "atom.xml"):
        entry = feedparser.parse(client.get(f"/{kind}").content).entries[0]
        assert html.fromstring(f"<p>{entry.summary}</p>").text_content() == 'Bats\' "<b>" & boats.'


# --- sitemaps ------------------------------------------------------------------------------------


def parts_of(client):
    rows = xml(client, "/sitemap.xml").findall("map:sitemap", NAMES)
    return {
        row.findtext("map:loc", None, NAMES): row.findtext("map:lastmod", None, NAMES)
        for row in rows
    }


def test_an_article_stays_in_its_part_whatever_comes_and_goes(client, article):
    others = [make_article(f"Story {number}", id=PART - 3 + number) for number in range(5)]
    parts = [part for part in parts_of(client) if "-articles-" in part]
    assert len(parts) > 1
    before = {part: client.get(part.removeprefix(SITE)).content for part in parts}
    # A part may have room for one of these; all before it are as they were.
    for number in range(5, 9):
        make_article(f"Story {number}", id=PART - 3 + number)
    for part in parts[:-1]:
        assert client.get(part.removeprefix(SITE)).content == before[part]
    withdraw(others[2])
    found = [part for part in parts if client.get(part.removeprefix(SITE)).content != before[part]]
    assert len([part for part in found if part != parts[-1]]) <= 1


def test_a_part_has_the_date_of_its_newest_change(client, article):
    change(publish("Later"), "update", "News.", headline="Later still")
    parts = {name: date for name, date in parts_of(client).items() if "-articles-" in name}
    assert max(parts.values()) == LATER.isoformat()


def test_a_part_that_holds_nothing_is_not_there(client, article):
    for name in ("articles-0", "articles-99999", f"articles-{10**30}", "pages-2", "cats-1"):
        assert client.get(f"/sitemap-{name}.xml").status_code == 404, name


def test_a_part_shows_the_pictures_of_its_articles(client, article):
    tree = xml(client, part_of_sitemap(article))
    assert tree.xpath("//image:loc/text()", namespaces=NAMES) == [
        f"{SITE}{article.picture.crops[-1].url}"
    ]


def test_a_news_sitemap_without_news_is_still_one(client, article):
    tree = xml(client, "/news-sitemap.xml")
    assert tree.xpath("//map:loc/text()", namespaces=NAMES) == [f"{SITE}/"]
    assert not tree.xpath("//news:news", namespaces=NAMES)


# --- for machines by name ------------------------------------------------------------------------


def test_what_collects_for_language_models_is_let_in_or_kept_out(client, settings):
    def may(name, address="/2026/05/01/bats-boats/"):
        rules = RobotFileParser()
        rules.parse(client.get("/robots.txt").text.splitlines())
        return rules.can_fetch(name, SITE + address)

    assert may("GPTBot")
    assert not may("GPTBot", "/preview/x/")
    assert client.get("/llms.txt").status_code == 200
    settings.AI_CRAWLERS = False
    for name in machine.AI_CRAWLERS:
        assert not may(name), name
    assert may("Googlebot")
    assert not may("Googlebot", "/admin/")
    assert client.get("/llms.txt").status_code == 404


def test_llms_txt_leads_to_the_stories_as_text(client, article):
    text = client.get("/llms.txt").text
    assert text.startswith("# Newsroom\n\n> Reporting that shows its work\n")
    assert f"- [Bats & boats](<{SITE}/2026/05/01/bats-boats.md>): Both come at dusk." in text
    assert f"- [Science](<{SITE}/section/science/>)" in text


def test_a_story_is_there_as_markdown(client, article):
    response = client.get("/2026/05/01/bats-boats.md")
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8; variant=GFM"
    assert response.headers["Link"] == f'<{SITE}/2026/05/01/bats-boats/>; rel="canonical"'
    assert response.headers["Content-Language"] == "en"
    picture = f"{SITE}{article.picture.crops[-1].url}"
    assert response.text == (
        "# Bats & boats\n\nBoth come at dusk.\n\n"
        f"- Writer: [Ada Holm](<{SITE}/author/ada-holm/>)\n"
        "- Published: 2026-05-01 08:30 UTC\n"
        f"- Section: [Science](<{SITE}/section/science/>)\n"
        f"- Topics: [Bats](<{SITE}/tag/bats/>)\n\n"
        f"![A pilot boat in fog](<{picture}>)\n\n(Newsroom)\n\n"
        "## Dusk\n\nBats *and* boats.\n\n"
        f"From [{SITE}/2026/05/01/bats-boats/](<{SITE}/2026/05/01/bats-boats/>)\n"
    )


def test_a_moved_story_s_markdown_moves_along(client):
    article = publish("Pilots vote")
    old = article.get_absolute_url().rstrip("/")
    change(article, "correction", "It was <Friday>.", slug="pilots-voted")
    response = client.get(f"{old}.md", follow=True)
    assert response.redirect_chain == [("/2026/05/01/pilots-voted.md", 301)]
    assert "- Updated: 2026-05-01 09:00 UTC" in response.text
    assert (
        "## Corrections and updates\n\n- Correction, 2026-05-01 09:00 UTC: It was \\<Friday>."
        in (response.text)
    )


def test_a_browser_learns_to_search_here_and_to_keep_the_site(client, article, settings):
    settings.SITE_NAME = "The Harbour & Coast Daily Newspaper"
    document = html.fromstring(client.get("/").content)
    (search,) = document.xpath("//link[@rel='search']/@href")
    tree = xml(client, search)
    assert tree.findtext("{*}ShortName") == "The Harbour & Co"
    assert tree.xpath("//@template")[0] == f"{SITE}/search/?q={{searchTerms}}"
    (manifest,) = document.xpath("//link[@rel='manifest']/@href")
    data = json.loads(client.get(manifest).content)
    assert data["name"] == settings.SITE_NAME
    for icon in data["icons"]:
        with Pillow.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert {icon["purpose"] for icon in data["icons"]} == {"any", "maskable"}
    icon = client.get("/favicon.ico")
    assert Pillow.open(io.BytesIO(icon.content)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_who_finds_a_hole_learns_whom_to_tell(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@news.example"
    lines = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines()
    )
    assert lines["Contact"] == "mailto:security@news.example"
    left = datetime.fromisoformat(lines["Expires"]) - timezone.now()
    assert timedelta(days=140) < left < timedelta(days=365)


def test_the_page_to_search_on_may_be_found_and_what_was_looked_for_may_not(client):
    assert 'name="robots"' not in client.get("/search/").text
    assert '<meta name="robots" content="noindex">' in client.get("/search/?q=tides").text
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /search/?" in lines
    assert "Disallow: /search/" not in lines
