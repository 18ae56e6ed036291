"""Lists of stories: pages that neither repeat nor skip, whatever the dates."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from lxml import html

from articles.conf import conf
from articles.models import Article, FormerTagName, Tag
from tests.chance import examples
from tests.factories import make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 5, 1, 8, tzinfo=UTC)


def titles_of(client, address):
    """Headlines of the list at `address` and the addresses of its neighbours."""
    page = client.get(address).context["page"]
    return [story.headline for story in page.articles], page.older, page.newer


def walk(client, address):
    """All headlines from the first page down."""
    seen, step = [], address
    while True:
        titles, older, _newer = titles_of(client, step)
        seen += titles
        if not older:
            return seen
        step = address + older


def test_pages_of_stories_of_one_moment_hold_each_story_once(client):
    for number in range(2 * conf("PAGE_SIZE") + 3):
        make_article(f"Story {number:02d}", published_at=MOMENT)
    seen = walk(client, "/latest/")
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 2 * conf("PAGE_SIZE") + 3


def test_the_way_back_up_is_the_way_down(client, settings):
    settings.NEWSROOM = {"PAGE_SIZE": 2}
    for number in range(7):
        make_article(f"Story {number}", published_at=MOMENT + timedelta(minutes=number // 3))
    first, older, newer = titles_of(client, "/latest/")
    assert newer == ""
    second, _older, newer = titles_of(client, f"/latest/{older}")
    assert titles_of(client, f"/latest/{newer}")[0] == first
    assert not set(first) & set(second)


def test_a_story_that_arrives_meanwhile_moves_nothing(client, settings):
    settings.NEWSROOM = {"PAGE_SIZE": 2}
    for number in range(4):
        make_article(f"Story {number}", published_at=MOMENT + timedelta(minutes=number))
    first, older, _newer = titles_of(client, "/latest/")
    make_article("Breaking", published_at=MOMENT + timedelta(hours=1))
    assert titles_of(client, f"/latest/{older}")[0] == ["Story 1", "Story 0"]
    assert first == ["Story 3", "Story 2"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "20260501T080000.000000", "20260501T080000.000000-", "-1", "9" * 400, "\x00", "%00",
     "20260501T080000.000000-99999999999999999999", "20261301T080000.000000-1", "²-²"],
)  # fmt: skip
def test_a_cursor_that_is_none_is_not_found(client, cursor):
    make_article()
    assert client.get("/latest/", {"before": cursor}).status_code == 404
    assert client.get("/latest/", {"after": cursor}).status_code == 404


class Pages(TestCase):
    @settings(max_examples=examples(12), deadline=None)
    @given(offsets=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 4))
    def test_any_dates_and_page_size_give_every_story_once(self, offsets, size):
        made = [
            make_article(f"Story {n}", published_at=MOMENT + timedelta(seconds=offset))
            for n, offset in enumerate(offsets)
        ]
        with self.settings(NEWSROOM={"PAGE_SIZE": size}):
            seen = walk(self.client, "/latest/")
        assert sorted(seen) == sorted(article.headline for article in made)
        Article.objects.all().delete()


def test_a_section_a_tag_and_an_author_list_their_own(client):
    science, ada = make_section("Science"), make_author("Ada Holm")
    make_article("Bats counted", section=science, author=ada, tags=("Bats",))
    make_article("Something else")
    for address in ("/section/science/", "/tag/bats/", "/author/ada-holm/"):
        assert titles_of(client, address)[0] == ["Bats counted"], address


def test_a_section_a_tag_and_an_author_lead_to_what_their_stories_are_about(client):
    author = make_author("Ada Holm")
    make_article("One", author=author, tags=("Bats", "Boats"))
    make_article("Other", author=author, tags=("Bats",))
    make_article("Elsewhere", section=make_section("Culture"), tags=("Radio",))
    for address, topics in (
        ("/section/world/", ["Bats", "Boats"]),
        ("/author/ada-holm/", ["Bats", "Boats"]),
        ("/tag/bats/", ["Boats"]),
        ("/tag/radio/", []),
    ):
        head = client.get(address).text.partition('class="stories"')[0]
        assert re.findall(r'class="pill"[^>]*><bdi>([^<]*)', head) == topics, address


def test_two_roles_of_one_author_list_a_story_once(client):
    ada = make_author("Ada Holm")
    article = make_article("Bats counted", author=ada)
    article.bylines.create(author=ada, role="photographer", position=1)
    assert titles_of(client, "/author/ada-holm/")[0] == ["Bats counted"]
    assert client.get("/author/ada-holm/rss.xml").content.count(b"<item>") == 1


def test_a_former_name_of_a_tag_leads_to_its_present_one(client):
    make_article(tags=("Bats",))
    FormerTagName.objects.create(tag=Tag.objects.get(), name="Chiroptera", slug="chiroptera")
    response = client.get("/tag/chiroptera/")
    assert (response.status_code, response.url) == (301, "/tag/bats/")


def test_the_archive_leads_by_year_month_and_day(client):
    make_article("Leap day", published_at=datetime(2024, 2, 29, 12, tzinfo=UTC))
    assert "/2024/02/" in client.get("/archive/").content.decode()
    for address in ("/2024/", "/2024/02/", "/2024/02/29/"):
        assert titles_of(client, address)[0] == ["Leap day"]
    for address in ("/2024/13/", "/2023/02/29/", "/0000/", "/2024/00/"):
        assert client.get(address).status_code == 404


def test_the_front_page_shows_each_story_once_above_most_read(client):
    image = make_image()
    for number in range(30):
        make_article(
            f"Story number {number:02d}",
            section=make_section(("World", "Science", "Culture")[number % 3]),
            published_at=timezone.now() - timedelta(hours=number + 1),
            picture=image if number == 3 else None,
        )
    response = client.get("/")
    page = html.fromstring(response.text)
    assert page.xpath("string(//section[@class='front__lead']//h2)") == "Story number 03"
    cards = page.xpath("//*[contains(@class, 'card__headline')]/a/text()")
    assert len(cards) == 5 + 3 * 4
    assert len(set(cards)) == len(cards)
    titles = page.xpath("//*[@class='block__title']/a/text()")
    assert titles == ["Culture", "Science", "World"]


def test_an_empty_site_answers_every_page(client):
    for address in ("/", "/latest/", "/archive/", "/tags/", "/search/", "/rss.xml", "/feed.json",
                    "/sitemap.xml", "/news-sitemap.xml", "/robots.txt"):  # fmt: skip
        assert client.get(address).status_code == 200, address


def test_no_public_page_sets_a_cookie_or_holds_a_token(client):
    article = make_article(tags=("Bats",))
    for address in ("/", "/latest/", "/search/?q=bats", article.get_absolute_url(), "/nothing/"):
        response = client.get(address)
        assert not response.cookies, address
        assert "csrf" not in response.content.decode().lower(), address
        assert "nonce" not in response.headers["Content-Security-Policy"], address
        assert not re.search(
            r"<script(?![^>]*(src=|ld\+json|speculationrules))", response.content.decode()
        )


def test_no_page_has_inline_styles_or_handlers(client):
    article = make_article(tags=("Bats",), picture=make_image())
    for address in ("/", "/latest/", "/search/", article.get_absolute_url(), "/nothing/"):
        text = client.get(address).content.decode()
        assert not re.search(r"\sstyle=|<style|\son\w+=\"", text), address
