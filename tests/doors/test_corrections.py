"""What readers are told of changes: on the story, on its page of versions, and in one list."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.editorial import transitions
from articles.editorial.corrections import VERSIONS_A_PAGE
from articles.models import Article
from tests.desk.changes import MOMENT, change, come_back, publish, save
from tests.factories import (
    HIDDEN_STATES,
    make_article,
    make_hidden,
    make_section,
    part_of_sitemap,
)

pytestmark = pytest.mark.django_db
LIST = "/corrections/"


def changes_of(article):
    return f"{article.get_absolute_url()}changes/"


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def versions(client, article, query=""):
    """The versions on the page, newest first, each as (kind, its text)."""
    items = page(client, changes_of(article) + query).xpath("//li[@class='version']")
    return [
        (item.xpath(".//h2")[0].text_content(), " ".join(item.text_content().split()))
        for item in items
    ]


# --- on the story --------------------------------------------------------------------------------


def test_a_note_stands_on_its_story_with_its_time_and_a_link_to_what_changed(client):
    article = publish()
    change(article, "correction", "It was Friday, <b>not</b> Thursday.", headline="On Friday")
    story = page(client, article.get_absolute_url())
    (note,) = story.xpath("//section[@id='corrections']//li")
    assert "Correction" in note.text_content()
    assert "It was Friday, <b>not</b> Thursday." in note.text_content()
    (moment,) = note.xpath(".//p[1]/time/@datetime")
    assert moment.startswith("2026-05-01T09:00:00")
    (link,) = note.xpath(".//a/@href")
    assert link == f"{changes_of(article)}#version-2"
    (seen,) = story.xpath("//a[@class='facts__corrected']/@href")
    assert seen == changes_of(article)
    target = page(client, changes_of(article)).xpath("//*[@id='version-2']")
    assert "Correction" in target[0].text_content()


def test_a_story_that_only_had_typos_shows_no_mark_and_yet_leads_to_its_versions(client):
    article = publish("Pilots vtoe")
    change(article, "typo", headline="Pilots vote")
    story = page(client, article.get_absolute_url())
    assert not story.xpath("//*[@id='corrections']")
    assert not story.xpath("//*[@class='facts__corrected']")
    assert "Updated" not in story.xpath("//ul[@class='facts']")[0].text_content()
    assert story.xpath("//a[@href=$address]", address=changes_of(article))


def test_a_story_that_never_changed_links_to_no_versions(client):
    article = publish()
    assert "changes/" not in client.get(article.get_absolute_url()).content.decode()


def test_a_note_without_a_change_of_its_own_leads_nowhere(client):
    article = make_article()
    article.corrections.create(note="It was Friday.")
    story = page(client, article.get_absolute_url())
    assert not story.xpath("//section[@id='corrections']//a")
    (link,) = story.xpath("//a[@class='facts__corrected']/@href")
    assert link == "#corrections"


# --- the versions --------------------------------------------------------------------------------


def test_versions_stand_newest_first_with_the_words_that_changed(client):
    article = publish(body="<p>The vote closes on Thursday.</p><p>No other day.</p>")
    change(article, "correction", "It was Friday.", body="<p>The vote closes on Friday.</p><p>No other day.</p>")  # fmt: skip # noqa: E501
    change(article, "update", "It is over.", hours=2, headline="Pilots voted")
    shown = versions(client, article)
    assert [kind for kind, _text in shown] == ["Update", "Correction", "First published"]
    document = page(client, changes_of(article))
    (older,) = document.xpath("//*[@id='version-2']")
    assert [one.xpath("text()") for one in older.xpath(".//del|.//ins")] == [
        ["Thursday"], ["Friday"],
    ]  # fmt: skip
    # In words, too: not everybody sees colours and lines.
    assert "removed: Thursday" in shown[1][1]
    assert "added: Friday" in shown[1][1]
    assert "It was Friday." in shown[1][1]
    assert "No other day" not in shown[1][1]
    assert "1 paragraph without change" in shown[1][1]


def test_a_story_that_never_changed_shows_its_one_version(client):
    article = publish()
    ((kind, _text),) = versions(client, article)
    assert kind == "First published"
    document = page(client, changes_of(article))
    assert "has not been changed" in document.xpath("//main")[0].text_content()
    assert document.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not document.xpath("//del|//ins")


def test_no_working_copy_is_read_to_anybody(client):
    article = publish()
    save(article, headline="SECRET plan", body="<p>SECRET body.</p>")
    change(article, "update", "News.", headline="Pilots voted", body="<p>They voted.</p>")
    save(article, headline="SECRET again")
    assert "SECRET" not in client.get(changes_of(article)).content.decode()


def test_a_note_that_was_not_for_readers_is_not_shown(client):
    article = make_article(status="draft")
    transitions.publish(article, note="SECRET: cleared by the lawyers.")
    save(article, headline="Pilots voted")
    transitions.correct(article, kind="typo", note="SECRET: the chief was angry.")
    come_back(article, hours=99, headline="Pilots")
    assert "SECRET" not in client.get(changes_of(article)).content.decode()


@pytest.mark.parametrize("kind", ["typo", "update", "correction"])
def test_words_that_were_hidden_are_readable_nowhere(client, kind):
    article = publish("Pilot Jandoe votes", body="<p>Jandoe votes.</p>", tags=("Jandoe",))
    change(article, "update", "More.", hours=1, standfirst="Jandoe has voted.")
    change(
        article, kind, "A name was taken out.", hours=2, hides=True,
        headline="A pilot votes", body="<p>A pilot votes.</p>", standfirst="A pilot.", tags=[],
        slug="a-pilot-votes",
    )  # fmt: skip
    change(article, "update", "Much more.", hours=3, standfirst="A pilot voted.")
    text = client.get(changes_of(article)).content.decode()
    assert "What stood here before is not shown." in text
    assert "no longer shown" in text
    address = article.get_absolute_url()
    for door in (
        address, changes_of(article), LIST, "/corrections/rss.xml", "/corrections/atom.xml",
        "/corrections/feed.json", "/", "/latest/", "/rss.xml", "/atom.xml", "/feed.json",
        "/search/?q=pilot", "/tags/", part_of_sitemap(article), "/news-sitemap.xml",
        f"{address.rstrip('/')}.md", "/llms.txt",
    ):  # fmt: skip
        response = client.get(door)
        assert response.status_code == 200, door
        assert "jandoe" not in response.content.decode().lower(), door
    # What came after the cut is compared as ever.
    assert "added: voted" in dict(versions(client, article)[:1])["Update"]


def test_a_story_that_came_back_changed_says_so_and_no_more(client):
    article = publish("Pilot Jandoe votes")
    come_back(article, headline="A pilot votes")
    shown = versions(client, article)
    assert [kind for kind, _text in shown] == ["Published again", "First published"]
    assert "was withdrawn" in shown[0][1]
    text = client.get(changes_of(article)).content.decode()
    assert "Jandoe" not in text


HOSTILE = '<img src=x onerror="alert(1)"></ins><script>alert(2)</script>&amp;\u202e'


def test_whatever_stood_in_a_text_is_text_here(client):
    article = publish(body="<p>Before.</p>", tags=("Plain",))
    change(
        article,
        "correction",
        HOSTILE,
        headline=HOSTILE,
        standfirst=HOSTILE,
        tags=[HOSTILE.replace(",", "")],
        body=f'<p>After <a href="https://example.org/?a=1&amp;b=%22">it</a> {HOSTILE}</p>',
    )
    for address in (changes_of(article), LIST, article.get_absolute_url()):
        document = page(client, address)
        assert not document.xpath("//img[@src='x']|//*[@onerror]"), address
        scripts = document.xpath("//script[not(@src)]/@type")
        assert set(scripts) <= {"application/ld+json"}, address


def test_an_old_address_leads_to_the_versions_of_today(client):
    article = publish()
    old = changes_of(article)
    change(article, "typo", slug="another-address")
    response = client.get(old)
    assert response.status_code == 301
    assert response.url == changes_of(article) != old


def test_the_versions_of_a_withdrawn_story_are_gone(client):
    article = publish()
    change(article, "typo", headline="Pilots vote on Friday")
    old = changes_of(article)
    transitions.withdraw(article)
    assert client.get(old).status_code == 410


def test_the_versions_of_a_story_led_elsewhere_lead_there(client):
    article, other = publish(), publish("Another")
    old = changes_of(article)
    transitions.withdraw(article, redirect_to=other.get_absolute_url())
    response = client.get(old)
    assert (response.status_code, response.url) == (301, other.get_absolute_url())


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_the_versions_of_a_hidden_story_are_not_found(client, state):
    article = make_hidden(state, "SECRET", slug="a-secret")
    address = Article.address(article.published_at.date(), "a-secret") + "changes/"
    response = client.get(address)
    assert response.status_code == 404
    assert "SECRET" not in response.content.decode()


def test_long_histories_come_in_pages_and_links_into_them_are_right(client):
    article = publish()
    change(article, "correction", "The first note.", headline="Number 1")
    for number in range(2, 2 * VERSIONS_A_PAGE + 5):
        change(article, "typo", hours=number, headline=f"Number {number}")
    seen, query = [], ""
    while query is not None:
        document = page(client, changes_of(article) + query)
        shown = document.xpath("//li[@class='version']/@id")
        assert len(shown) <= VERSIONS_A_PAGE
        seen += shown
        older = document.xpath("//a[@rel='next']/@href")
        if query:
            newer = document.xpath("//a[@rel='prev']/@href")[0].removeprefix("?")
            above = page(client, f"{changes_of(article)}?{newer}")
            assert int(above.xpath("//li[@class='version']/@id")[-1][8:]) == int(shown[0][8:]) + 1
        query = older[0] if older else None
    assert seen == [f"version-{n}" for n in range(2 * VERSIONS_A_PAGE + 5, 0, -1)]
    story = page(client, article.get_absolute_url())
    (link,) = story.xpath("//section[@id='corrections']//a/@href")
    address, _hash, anchor = link.partition("#")
    assert page(client, address).xpath("//*[@id=$anchor]", anchor=anchor)
    assert page(client, LIST).xpath("//a[@href=$link]", link=link)


@pytest.mark.parametrize("cursor", ["", "0", "1", "x", "-3", "4", "99999999999999999999", "²", "\x00"])  # fmt: skip # noqa: E501
def test_a_page_of_versions_that_is_none_is_not_found(client, cursor):
    article = publish()
    change(article, "typo", headline="Pilots vote on Friday")
    assert client.get(changes_of(article), {"before": cursor}).status_code == 404


def test_a_story_in_another_language_keeps_its_direction(client):
    article = publish("הטייסים מצביעים", language="he")
    change(article, "correction", "תיקון.", headline="הטייסים הצביעו")
    document = page(client, changes_of(article))
    for words in document.xpath("//div[@class='change__words']"):
        assert (words.get("lang"), words.get("dir")) == ("he", "rtl")
    hint = document.xpath("//del/span[@lang]")[0]
    assert hint.get("dir") == "ltr"


# --- the list and its feeds ----------------------------------------------------------------------


def test_every_note_stands_in_the_list_newest_first(client):
    one, other = publish(), publish("Another")
    change(one, "correction", "It was Friday.", hours=1, headline="Pilots vote on Friday")
    change(other, "update", "It is over.", hours=2, headline="Another one")
    change(one, "typo", hours=3, headline="Pilots vote on a Friday")
    document = page(client, LIST)
    items = [item.text_content() for item in document.xpath("//ol[@class='notes']/li")]
    assert len(items) == 2
    assert "Update" in items[0]
    assert "It is over." in items[0]
    assert "Correction" in items[1]
    assert document.xpath("//a[@href=$story]", story=one.get_absolute_url())
    assert document.xpath("//a[@href=$changes]", changes=f"{changes_of(one)}#version-2")


@pytest.mark.parametrize(("kind", "shown"), [("correction", "It was"), ("update", "It is over")])
def test_the_list_is_narrowed_by_a_link(client, kind, shown):
    change(publish(), "correction", "It was Friday.", headline="Pilots vote on Friday")
    change(publish("Another"), "update", "It is over.", headline="Another one")
    (link,) = page(client, LIST).xpath("//nav[@class='sorts']/a[contains(@href, $kind)]/@href", kind=f"={kind}")  # fmt: skip # noqa: E501
    document = page(client, link)
    (item,) = document.xpath("//ol[@class='notes']/li")
    assert shown in item.text_content()
    assert document.xpath("//nav[@class='sorts']/a[@aria-current]/@href") == [link]
    assert document.xpath("//link[@rel='canonical']/@href")[0].endswith(link)


def test_a_kind_that_is_none_is_not_found(client):
    assert client.get(LIST, {"kind": "typo"}).status_code == 404


def test_pages_of_notes_of_one_moment_hold_each_note_once_and_keep_the_filter(client, settings):
    settings.NEWSROOM = {"PAGE_SIZE": 2}
    for number in range(5):
        story = make_article(f"Story {number}")
        story.corrections.create(note=f"Note {number}.", kind="correction", made_at=MOMENT)
        story.corrections.create(note="News.", kind="update", made_at=MOMENT + timedelta(1))
    seen, query = [], "?kind=correction"
    first = None
    while query:
        context = client.get(LIST + query).context
        seen += [row.note for row in context["page"].rows]
        if first is not None and context["page"].newer and len(seen) == 4:
            assert "kind=correction" in context["page"].newer
            again = client.get(LIST + context["page"].newer).context["page"]
            assert [row.note for row in again.rows] == first
        first = first or list(seen)
        query = context["page"].older
    assert sorted(seen) == [f"Note {n}." for n in range(5)]


def test_an_empty_list_says_so(client):
    assert "Nothing had to be corrected." in client.get(LIST).content.decode()


@pytest.mark.parametrize("kind", ["rss.xml", "atom.xml"])
def test_the_notes_have_feeds(client, kind):
    article = publish()
    change(article, "correction", "It was <Friday> & nothing else.", headline="On Friday")
    feed = feedparser.parse(client.get(LIST + kind).content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "Correction: On Friday"
    assert entry.link == f"http://127.0.0.1:8000{changes_of(article)}#version-2"
    assert entry.summary == "It was &lt;Friday&gt; &amp; nothing else."
    assert entry.published_parsed[:5] == (2026, 5, 1, 9, 0)
    assert entry.id.startswith("urn:uuid:")


def test_the_notes_have_a_json_feed_with_the_same_names(client):
    article = publish()
    change(article, "update", "It is <over>.", headline="Pilots voted")
    feed = json.loads(client.get("/corrections/feed.json").content)
    (item,) = feed["items"]
    assert item["content_text"] == "It is <over>."
    atom = feedparser.parse(client.get("/corrections/atom.xml").content)
    assert item["id"] == atom.entries[0].id
    assert item["url"] == atom.entries[0].link
    assert feed["home_page_url"].endswith(LIST)


def test_feeds_are_well_formed_whatever_a_note_holds(client):
    publish().corrections.create(note="A \u0007 bell & a <b>.", made_at=MOMENT)
    for kind in ("rss.xml", "atom.xml"):
        assert b"A bell" in client.get(LIST + kind).content
        ElementTree.fromstring(client.get(LIST + kind).content)


def test_every_page_leads_to_the_list_and_its_feeds(client):
    document = page(client, "/")
    assert document.xpath("//footer//a/@href='/corrections/'")
    for kind in ("rss.xml", "atom.xml", "feed.json"):
        assert document.xpath("//head/link[@rel='alternate'][@href=$to]", to=LIST + kind)


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_notes_of_a_story_that_is_not_public_are_in_no_list(client, state):
    hidden = make_hidden(state, "SECRET headline")
    hidden.corrections.create(note="SECRET note.", made_at=MOMENT)
    for address in (LIST, f"{LIST}?kind=correction", "/corrections/rss.xml",
                    "/corrections/atom.xml", "/corrections/feed.json"):  # fmt: skip
        assert "SECRET" not in client.get(address).content.decode()


def test_a_long_list_asks_the_database_no_more_than_a_short_one(client, settings):
    # The second is longer than a page and a feed.
    settings.NEWSROOM = {"PAGE_SIZE": 5, "FEED_SIZE": 5}
    counts = []
    section = make_section()
    for number in (2, 8):
        for n in range(number):
            story = publish(f"Story {number} {n}", section=section)
            change(story, "update", "News.", headline=f"Story {number} {n} and more")
        for address in (LIST, "/corrections/rss.xml", "/corrections/feed.json"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 6
