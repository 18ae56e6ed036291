"""The desk's side of promos: who wins, how it looks, and what readers wrote."""

import pytest
from django.urls import reverse

from articles.models import DeskProfile, Message, Promo, Tag
from tests.factories import make_article, make_person, make_section

pytestmark = pytest.mark.django_db


def make_promo(title="Write to us", **values):
    slug = title.lower().replace(" ", "-")
    return Promo.objects.create(**{"slug": slug, "title": title, "kind": "contact", **values})


def page_of(client, promo, name="change"):
    return client.get(reverse(f"admin:articles_promo_{name}", args=[promo.pk]))


def test_a_promo_says_who_stands_at_its_place(as_role):
    client, world = as_role("editor"), make_section("World")
    promo = make_promo()
    assert "This promo, on all devices." in page_of(client, promo).text
    make_promo("Louder", priority=5, devices="phone")
    text = page_of(client, promo).text
    assert "This promo, on large screens." in text
    assert text.index("Louder") < text.rindex("Write to us")
    make_promo("Loudest", priority=9)
    make_promo("Only in World", section=world)
    text = page_of(client, promo).text
    assert "one that comes before it stands there" in text
    before, _title, after = text.partition("On some pages, these stand there instead")
    assert "Only in World" in after
    assert "Only in World" not in before
    Promo.objects.filter(pk=promo.pk).update(is_active=False)
    assert "it is switched off" in page_of(client, promo).text


@pytest.mark.parametrize("position", Promo.Position)
def test_a_promo_is_seen_on_a_page_before_readers_see_it(as_role, position):
    make_article("The newest one", tags=("Harbours",))
    promo = make_promo("Not yet", position=position, is_active=False)
    make_promo("In its place", slug="now", position=position)
    page = page_of(as_role("writer"), promo, "preview")
    assert page.status_code == 200
    assert 'aria-label="Not yet"' in page.text
    assert 'aria-label="In its place"' not in page.text
    assert "no-store" in page["Cache-Control"]


def test_it_is_seen_on_a_page_that_its_rule_fits(as_role):
    make_article("Of the sea", tags=("Harbours",), section=make_section("Sea"))
    make_article("Newer, of the world")
    client, tag = as_role("editor"), Tag.objects.get()
    text = page_of(client, make_promo(tag=tag), "preview").text
    assert "<h1" in text
    assert "Of the sea</h1>" in text
    nowhere = make_promo("Nowhere", section=make_section("Empty"))
    response = page_of(client, nowhere, "preview")
    assert response.status_code == 302
    assert "stands nowhere" in client.get(response["Location"]).text


def test_a_telephone_number_becomes_the_address_of_a_chat(as_role):
    form = {
        "title": "Ask us", "kind": "chat", "url": "+44 (20) 7946-0123", "position": "beside",
        "devices": "all", "priority": 0, "is_active": "on",
    }  # fmt: skip
    response = as_role("editor").post(reverse("admin:articles_promo_add"), form)
    assert response.status_code == 302
    assert Promo.objects.get().url == "https://wa.me/442079460123"


# --- messages ----------------------------------------------------------------------------------


def make_message(**values):
    said = {"name": "Ada", "email": "ada@example.org", "text": "A lamp is on.", "subject": "Us"}
    return Message.objects.create(**{**said, **values})


def test_opening_a_message_is_reading_it_and_nothing_else_of_it_can_be_changed(as_role):
    client, message = as_role("editor"), make_message()
    address = reverse("admin:articles_message_change", args=[message.pk])
    assert "<p>A lamp is on.</p>" in client.get(address).text
    message.refresh_from_db()
    assert message.state == "read"
    client.post(address, {"state": "done", "text": "Something else", "email": "x@example.org"})
    message.refresh_from_db()
    assert (message.state, message.text, message.email) == (
        "done", "A lamp is on.", "ada@example.org",
    )  # fmt: skip
    client.get(address)
    message.refresh_from_db()
    assert message.state == "done"


def test_several_messages_are_done_at_once(as_role):
    messages = [make_message() for _number in range(3)]
    as_role("editor").post(
        reverse("admin:articles_message_changelist"),
        {"action": "mark_done", "_selected_action": [one.pk for one in messages[:2]]},
    )
    assert [one.state for one in Message.objects.order_by("pk")] == ["done", "done", "new"]


def test_an_editor_of_some_sections_reads_what_was_written_there(sign_in):
    sea = make_promo("Of the sea", section=make_section("Sea"))
    world = make_promo("Of the world", section=make_section("World"))
    theirs = make_message(promo=sea, text="About the sea")
    foreign = make_message(promo=world, text="About the world")
    make_message(promo=make_promo(), text="About the site")
    editor = make_person("editor")
    DeskProfile.objects.create(user=editor).sections.add(sea.section)
    client = sign_in(editor)
    listed = client.get(reverse("admin:articles_message_changelist")).text
    assert "About the sea" in listed
    assert "About the site" in listed
    assert "About the world" not in listed
    for message, expected in ((theirs, 200), (foreign, 302)):
        address = reverse("admin:articles_message_change", args=[message.pk])
        assert client.get(address).status_code == expected


def test_messages_outlive_their_promo(as_role):
    promo = make_promo()
    message = make_message(promo=promo, subject=promo.title)
    promo.delete()
    page = as_role("editor").get(reverse("admin:articles_message_change", args=[message.pk]))
    assert "Write to us" in page.text
