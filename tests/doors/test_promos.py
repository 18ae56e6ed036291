"""Promos stand where their rule says, and the closer rule wins."""

import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from articles.models import Promo, Tag
from articles.models.promos import winners
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article("Pilots vote", tags=("Harbours", "Votes"))


def make_promo(title, **values):
    return Promo.objects.create(slug=title.lower().replace(" ", "-"), title=title, **values)


def shown(client, address):
    """Return (title, devices) of the promos on a page, from top to bottom."""
    found = re.findall(
        r'<section class="promo promo--(?:\w+)(?: promo--on-(\w+))?" aria-label="([^"]+)"',
        client.get(address).text,
    )
    return [(title, devices or "all") for devices, title in found]


def test_each_position_is_a_place_of_its_own(client, article):
    for position in Promo.Position:
        make_promo(f"Here {position}", position=position)
    page = article.get_absolute_url()
    assert shown(client, page) == [("Here beside", "all"), ("Here under", "all")]
    assert shown(client, "/") == [("Here front", "all")]
    assert shown(client, "/section/world/") == [("Here list", "all")]
    assert shown(client, "/tag/harbours/") == [("Here list", "all")]
    for address in ("/latest/", "/archive/", "/search/?q=pilots", "/author/mara-lind/"):
        assert shown(client, address) == []


def test_no_promo_stands_inside_a_text(client, article):
    for position in Promo.Position:
        make_promo(f"Here {position}", position=position)
    text = client.get(article.get_absolute_url()).text
    body = text[text.index('class="story__body') : text.index("</article>")]
    assert "promo" not in body


def test_the_closer_rule_wins_then_the_priority_then_the_older(client, article):
    world, tag = article.section, Tag.objects.get(slug="votes")
    page = article.get_absolute_url()
    for title, values in (
        ("Site", {}),
        ("Second", {}),
        ("Loud", {"priority": 9}),
        ("World", {"section": world}),
        ("Votes", {"tag": tag}),
        ("Votes in World", {"tag": tag, "section": world}),
    ):
        make_promo(title, **values)
        make_promo(f"Not {title}", section=make_section("Sport"), priority=99)
        expected = "Site" if title == "Second" else title
        assert shown(client, page) == [(expected, "all")]


def test_a_list_shows_promos_of_its_own_section_or_tag_alone(client, article):
    tag = Tag.objects.get(slug="harbours")
    make_promo("World", section=article.section, position="list")
    make_promo("Ports", tag=tag, position="list")
    assert shown(client, "/section/world/") == [("World", "all")]
    assert shown(client, "/tag/harbours/") == [("Ports", "all")]
    assert shown(client, "/tag/votes/") == []


def test_each_kind_of_device_has_its_own_winner_on_one_page_for_all(client, article):
    page = article.get_absolute_url()
    make_promo("For all")
    assert shown(client, page) == [("For all", "all")]
    make_promo("For phones", devices="phone", priority=1)
    assert shown(client, page) == [("For phones", "phone"), ("For all", "desk")]
    make_promo("For desks", devices="desk", priority=2)
    assert shown(client, page) == [("For phones", "phone"), ("For desks", "desk")]
    telephone = {"user-agent": "Mozilla/5.0 (iPhone) Mobile"}
    assert client.get(page, headers=telephone).content == client.get(page).content


def test_nobody_wins_where_nobody_may_stand():
    assert winners([]) == []


@pytest.mark.parametrize(
    "values",
    [
        {"is_active": False},
        {"starts_at": datetime(2999, 1, 1, tzinfo=UTC)},
        {"ends_at": datetime(2001, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
def test_a_promo_stands_in_its_time_only(client, article, values):
    assert make_promo("Later", priority=9, **values).stands_now is False
    make_promo("Now")
    assert shown(client, article.get_absolute_url()) == [("Now", "all")]


def test_kinds_with_a_form_lead_to_it_unless_they_have_an_address(client, article):
    promo = make_promo("Write to us", kind="contact")
    page = article.get_absolute_url()
    assert 'href="/contact/write-to-us/"' in client.get(page).text
    promo.url = "tel:+442079460123"
    promo.save()
    text = client.get(page).text
    assert 'href="tel:+442079460123"' in text
    assert "/contact/" not in text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "chat", "url": ""}, "url"),
        ({"kind": "chat", "url": "https://wa.me.evil.example/44"}, "url"),
        ({"kind": "chat", "url": "https://evil.example/?https://wa.me/44"}, "url"),
        ({"kind": "chat", "url": "https://user@wa.me/44"}, "url"),
        ({"kind": "chat", "url": "https://wa.me:444/44"}, "url"),
        ({"kind": "chat", "url": "https://wa.me/"}, "url"),
        ({"kind": "chat", "url": "tel:+44"}, "url"),
        ({"kind": "newsletter", "url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "JavaScript:alert(1)"}, "url"),
        ({"url": "http://a.example/"}, "url"),
        ({"url": "//evil.example/"}, "url"),
        ({"url": "/\\evil.example/"}, "url"),
        ({"url": "/\t/evil.example/"}, "url"),
        ({"url": "https://a.example/\n"}, "url"),
        ({"url": "data:text/html,x"}, "url"),
        ({"mail_to": "desk@news.example"}, "mail_to"),
        ({"kind": "contact", "mail_to": "a@b.example, c@d.example"}, "mail_to"),
    ],
    ids=str,
)
def test_an_address_that_leads_somewhere_else_is_refused(values, field):
    promo = Promo(slug="p", title="P", **values)
    with pytest.raises(ValidationError) as caught:
        promo.full_clean()
    assert set(caught.value.message_dict) == {field}


@pytest.mark.parametrize(
    "url", ["https://wa.me/442079460123", "https://t.me/newsroom", "https://m.me/newsroom?ref=a"]
)
def test_chats_that_are_known_are_taken(url):
    Promo(slug="p", title="P", kind="chat", url=url).full_clean()
