"""What other sites' pages say about themselves."""

import json
from itertools import product

import pytest

from articles.text.pages import PageFacts, read_page

ADDRESS = "https://www.example.org/2026/story?utm_source=mail&id=7#top"
pytestmark = pytest.mark.once


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def linked(data: object) -> str:
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{text}</script>'


def test_a_page_that_says_everything_is_believed_in_its_social_card_first():
    facts = read_page(
        page(
            '<meta property="og:title" content="Pilots vote">'
            '<meta property="og:site_name" content="The Example">'
            '<meta property="article:published_time" content="2026-11-12T23:30:00-05:00">'
            '<meta name="author" content="Mara Lind">'
            '<link rel="canonical" href="/2026/pilots-vote/"><title>Something else</title>'
        ),
        ADDRESS,
    )
    assert facts == PageFacts(
        "Pilots vote",
        "The Example",
        "Mara Lind",
        "2026-11-12",
        "https://www.example.org/2026/pilots-vote/",
    )


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle"},
        {"@graph": [{"@type": "WebSite", "name": "x", "headline": "no"}, {"@type": "NewsArticle"}]},
        [{"@type": "WebPage", "headline": "no"}, {"@type": ["Thing", "BlogPosting"]}],
    ],
)
def test_linked_data_names_the_story_wherever_it_stands(data):
    story = {
        "headline": "Pilots vote",
        "datePublished": "2026-11-12",
        "author": [{"@type": "Person", "name": "Mara Lind"}, "Ada Holm", {"name": "Mara Lind"}],
        "publisher": {"name": "The Example"},
    }
    (data.get("@graph", [data]) if isinstance(data, dict) else data)[-1].update(story)
    facts = read_page(page(linked(data)), ADDRESS)
    assert (facts.title, facts.source, facts.author, facts.date) == (
        "Pilots vote", "The Example", "Mara Lind, Ada Holm", "2026-11-12",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Pilots vote - The Example", "Pilots vote"),
        ("Pilots vote | example.org", "Pilots vote"),
        ("Example: Pilots vote", "Example: Pilots vote"),
        ("Example » Pilots vote", "Pilots vote"),
        ("Pilots vote – on Friday", "Pilots vote – on Friday"),
        ("Fish &amp;#8217;n&amp;#8217; chips", "Fish ’n’ chips"),
        ("  Two \n lines ", "Two lines"),
        ("A" * 400, "A" * 299 + "…"),
    ],
)
def test_a_title_loses_the_name_of_its_site_and_nothing_else(title, expected):
    assert read_page(page(f"<title>{title}</title>"), ADDRESS).title == expected


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ('<time datetime="2026-11-12T08:00">Thursday</time>', "2026-11-12"),
        ("<time>12 November 2026</time>", "2026-11-12"),
        ('<time datetime="2026-13-40">soon</time>', ""),
        ("<time>yesterday</time>", ""),
    ],
)
def test_a_date_is_a_day_of_the_calendar_or_none(body, day):
    assert read_page(page(body=body), ADDRESS).date == day


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://evil.example/", "https://www.example.org/2026/story?id=7"),
        ("javascript:alert(1)", "https://www.example.org/2026/story?id=7"),
        ("https://[broken", "https://www.example.org/2026/story?id=7"),
        ("https://example.org/", "https://www.example.org/2026/story?id=7"),
        ("https://example.org/pilots", "https://example.org/pilots"),
    ],
)
def test_only_an_address_of_its_own_host_replaces_the_one_that_was_asked(href, address):
    assert read_page(page(f'<link rel="canonical" href="{href}">'), ADDRESS).address == address


@pytest.mark.parametrize(
    ("encoding", "said", "title"),
    [
        ("utf-8", "", "Søndag i Ærø"),
        ("cp1252", "iso-8859-1", "Søndag i Ærø"),
        ("cp1251", "windows-1251", "Лоцманы голосуют"),
        ("shift_jis", "shift_jis", "水先人が投票する"),
        ("gb18030", "gb2312", "引航员周五投票"),
        ("utf-16", "utf-8", "Лоцманы голосуют"),
    ],
)
def test_every_encoding_is_read_from_the_header_the_page_or_the_bytes(encoding, said, title):
    inside = f'<meta charset="{said}">' if said else ""
    bare = f"<html><head>{inside}<title>{title}</title></head></html>".encode(encoding)
    assert read_page(bare, ADDRESS).title == title
    assert read_page(bare, ADDRESS, said).title == title


@pytest.mark.parametrize(
    "charset", ["zlib", "hex", "idna", "punycode", "unicode_escape", "no such"]
)
def test_a_name_that_is_no_encoding_of_the_web_is_not_obeyed(charset):
    data = page("<title>Pilots vote</title>")
    assert read_page(data, ADDRESS, charset).title == "Pilots vote"


def test_markup_and_addresses_are_no_names():
    facts = read_page(
        page(
            '<meta property="article:author" content="https://social.example/mara">'
            '<meta property="og:title" content="&lt;b&gt;Bold&lt;/b&gt; \x00\x07">'
        ),
        ADDRESS,
    )
    # Kept as the characters that they are: templates escape them.
    assert facts.title == "<b>Bold</b>"
    assert facts.author == ""


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00", b"<", b"<!--", b"<html" * 9_000, b"\xff\xfe", b"\xff" * 999, b"%PDF-1.7\n",
        b"<div>" * 20_000, b"<title>" + b"x" * 300_000, b"<?xml version='1.0' encoding='x'?>",
        page(linked("[" * 100_000)), page(linked("{}")), page(linked('{"@type": 5}')),
        page(linked({"@type": "Article", "headline": {"name": ["x", []]}, "author": [[["y"]]]})),
        page(linked('{"@graph": ' * 500)), page("<link rel=canonical><meta content><time>"),
    ],
)  # fmt: skip
def test_whatever_comes_is_answered_and_the_host_is_named(data):
    facts = read_page(data, ADDRESS)
    assert facts.source == "example.org"
    assert facts.address == "https://www.example.org/2026/story?id=7"


def test_a_page_that_is_cut_anywhere_is_read_as_far_as_it_goes():
    whole = page(
        '<meta charset="utf-8"><meta property="og:title" content="Søndag">'
        + linked({"@type": "NewsArticle", "datePublished": "2026-11-12"})
    )
    for end, charset in product(range(0, len(whole), 3), ("", "utf-8")):
        facts = read_page(whole[:end], ADDRESS, charset)
        assert facts.title in {"", "Søndag"}, end
