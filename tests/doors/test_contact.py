"""The form behind a promo: it takes what people write in any script, and nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from articles.editorial.messages import forget_old, send_mail_messages
from articles.models import Message, Promo
from articles.views import contact
from tests.factories import make_person
from tests.pages import BACKEND

pytestmark = pytest.mark.django_db
ADDRESS = "/contact/write-to-us/"
SAID = {"name": "Ada Lovelace", "email": "ada@example.org", "text": "The lamp is still on."}


@pytest.fixture
def promo():
    return Promo.objects.create(
        slug="write-to-us", kind="contact", title="Write to us", mail_to="desk@news.example"
    )


@pytest.fixture
def at_once(monkeypatch):
    """Nobody waits for the time that a person takes."""
    monkeypatch.setattr(contact, "FASTEST", timedelta(seconds=-1))


def token_on(page):
    return re.search(r'name="form" value="([^"]+)"', page.text)[1]


def send(client, promo=None, **values):
    """Open the form and send it; `form` as None leaves the form's own word out."""
    data = {**SAID, "form": token_on(client.get(ADDRESS)), **values}
    return client.post(ADDRESS, {name: value for name, value in data.items() if value is not None})


def test_a_message_is_kept_and_the_answer_says_what_happens_next(client, promo, at_once):
    promo.answer = "An editor calls back on Monday."
    promo.save()
    response = send(client)
    assert response.status_code == 303
    assert "An editor calls back on Monday." in client.get(response["Location"]).text
    message = Message.objects.get()
    assert {name: getattr(message, name) for name in SAID} == SAID
    assert (message.promo, message.subject, message.state) == (promo, "Write to us", "new")


def test_nothing_about_it_needs_or_sets_a_cookie_or_is_kept_by_a_cache(client, promo, at_once):
    form = client.get(ADDRESS)
    assert form["Cache-Control"] == "no-store"
    for response in (form, send(client), client.get(f"{ADDRESS}sent/")):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
    assert "csrfmiddlewaretoken" not in form.text


def test_what_the_database_keeps_of_a_person_is_what_they_typed(client, promo, at_once):
    send(client)
    row = Message.objects.values().get()
    assert "127.0.0.1" not in str(row)
    assert set(row) == {
        "id", "uid", "promo_id", "subject", "name", "email", "text", "made_at", "state",
        "awaits_mail", "mailed_at", "tries",
    }  # fmt: skip


def test_a_form_that_is_sent_twice_is_one_message(client, promo, at_once):
    token = token_on(client.get(ADDRESS))
    for _time in range(3):
        assert send(client, form=token).status_code == 303
    assert Message.objects.count() == 1


def test_going_back_and_writing_something_else_is_another_message(client, promo, at_once):
    token = token_on(client.get(ADDRESS))
    send(client, form=token)
    send(client, form=token, text="And the window is open.")
    assert Message.objects.count() == 2


def test_what_was_filled_in_faster_than_people_type_comes_back_whole(client, promo):
    response = send(client)
    assert response.status_code == 422
    assert SAID["text"] in response.text
    assert SAID["email"] in response.text
    assert not Message.objects.exists()


def test_a_form_that_was_open_for_days_comes_back_with_its_words(client, promo, at_once):
    token = token_on(client.get(ADDRESS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contact, "LASTS", timedelta(seconds=-1))
        response = send(client, form=token)
    assert response.status_code == 422
    assert SAID["text"] in response.text
    assert send(client, form=token_on(response)).status_code == 303


def test_the_field_that_nobody_sees_stops_programs_and_loses_no_words(client, promo, at_once):
    response = send(client, website="https://pills.example/")
    assert response.status_code == 422
    assert SAID["text"] in response.text
    assert "pills.example" not in response.text
    assert not Message.objects.exists()


def made_up_forms():
    other = Promo(slug="another")
    return {
        "none": None,
        "empty": "",
        "words": "write-to-us:1:2:3",
        "foreign": contact.ContactForm(other).fields["form"].initial,
        "cut": contact.ContactForm(Promo(slug="write-to-us")).fields["form"].initial[:-4],
        "nul": "\x00",
        "long": "x" * 100_000,
    }


@pytest.mark.parametrize("name", made_up_forms())
def test_a_form_that_is_not_ours_is_refused_and_answered_with_one_that_is(
    client, promo, at_once, name
):
    response = send(client, form=made_up_forms()[name])
    assert response.status_code == 422
    assert not Message.objects.exists()
    assert send(client, form=token_on(response)).status_code == 303


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": " \t "},
        {"name": "\u200b\u200e\u202e"},
        {"name": "A" * 101},
        {"name": "Ada\x00Lovelace"},
        {"email": ""},
        {"email": "ada"},
        {"email": "ada@example.org, everybody@example.org"},
        {"email": "ada@example.org\r\nBcc: everybody@example.org"},
        {"email": "ada@example.org\nBcc:everybody@example.org"},
        {"email": '"ada\r\nBcc: x"@example.org'},
        {"email": "a" * 250 + "@example.org"},
        {"text": ""},
        {"text": "\u2060\ufeff\n\u200b"},
        {"text": "x" * 4001},
        {"text": "\x00"},
        {"name": None, "email": None, "text": None},
    ],
    ids=str,
)
def test_what_cannot_be_answered_or_read_is_not_taken(client, promo, at_once, values):
    response = send(client, **values)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"name": "עדה לאבלייס", "text": "המנורה עדיין דולקת."}, {}),
        ({"name": "أدا", "text": "المصباح لا يزال مضاءً."}, {}),
        ({"name": "愛", "text": "ランプがついています 🕯️"}, {}),
        ({"name": "Ada\r\nBcc: x@example.org"}, {"name": "Ada Bcc: x@example.org"}),
        ({"name": "Ada\u2028Lovelace"}, {"name": "Ada Lovelace"}),
        ({"name": "Ada \u202eecalevoL"}, {"name": "Ada ecalevoL"}),
        ({"text": "One\r\nTwo\rThree\x07"}, {"text": "One\nTwo\nThree"}),
        ({"text": "<script>alert(1)</script> {{ 7 }} %s"}, {}),
        ({"text": "x" * 4000}, {}),
        ({"email": "ada@bücher.example"}, {}),
    ],
    ids=str,
)
def test_any_script_arrives_as_it_was_written(client, promo, at_once, values, kept):
    assert send(client, **values).status_code == 303
    message = Message.objects.get()
    for name, value in {**SAID, **values, **kept}.items():
        assert getattr(message, name) == value
    assert send_mail_messages() == 1
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert "Bcc" not in dict(sent.message().items())
    assert sent.recipients() == ["desk@news.example"]
    client.force_login(make_person("editor"), backend=BACKEND)
    page = client.get(f"/admin/articles/message/{message.pk}/change/").text
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe%%%", "application/x-www-form-urlencoded"),
        (b'{"name": "Ada"}', "application/json"),
        (b"--x\r\nnot a part", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"name=%FF%00&text=%ED%A0%80", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(1200)), "application/x-www-form-urlencoded"),
    ],
    ids=["bytes", "json", "broken", "boundless", "surrogates", "many"],
)
def test_what_no_browser_sends_is_refused_without_a_fault(client, promo, body, kind):
    assert client.post(ADDRESS, body, content_type=kind).status_code in {400, 422}
    assert not Message.objects.exists()


def test_one_sender_may_send_five_in_an_hour_and_loses_no_word_of_the_sixth(client, promo, at_once):
    for number in range(5):
        assert send(client, text=f"Number {number}").status_code == 303
    response = send(client, text="The sixth")
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "The sixth" in response.text
    assert Message.objects.count() == 5
    # Somebody else is not in the way of anybody.
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert send(client).status_code == 303


def test_neighbours_in_one_network_of_ipv6_are_one_sender(client, promo, at_once):
    for number in range(5):
        client.defaults["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        send(client, text=f"Number {number}")
    client.defaults["REMOTE_ADDR"] = "2001:db8::ffff"
    assert send(client).status_code == 429


def test_behind_a_proxy_the_sender_is_who_the_proxy_saw(client, promo, at_once, settings):
    settings.BEHIND_PROXY = True
    for number in range(6):
        # What a sender writes in front of it changes nothing.
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}, 192.0.2.7"
        response = send(client, text=f"Number {number}")
    assert response.status_code == 429


def test_a_flood_from_everywhere_is_stopped_by_the_hour(client, promo, at_once, settings):
    settings.NEWSROOM = {"MESSAGES_AN_HOUR": 3}
    for number in range(4):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
        response = send(client, text=f"Number {number}")
    assert response.status_code == 429
    Message.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert send(client).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"kind": "text"},
        {"url": "mailto:desk@news.example", "mail_to": ""},
        {"starts_at": datetime(2999, 1, 1, tzinfo=UTC)},
        {"ends_at": datetime(2001, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
def test_a_promo_that_is_not_shown_or_has_no_form_answers_no_form(client, promo, change):
    Promo.objects.update(**change)
    for address in (ADDRESS, f"{ADDRESS}sent/"):
        assert client.get(address).status_code == 404
    assert client.post(ADDRESS, SAID).status_code == 404


def test_messages_are_mailed_to_the_promo_or_the_site_and_answered_to_the_reader(
    client, promo, at_once, settings
):
    settings.CONTACT_EMAIL = "site@news.example"
    settings.SITE_URL = "https://news.example"
    send(client)
    assert send_mail_messages() == 1
    Promo.objects.update(mail_to="")
    send(client, text="Another")
    assert send_mail_messages() == 1
    assert send_mail_messages() == 0
    first, second = mail.outbox
    assert (first.to, second.to) == (["desk@news.example"], ["site@news.example"])
    assert first.subject == "[Newsroom] Write to us: Ada Lovelace"
    assert first.reply_to == ["ada@example.org"]
    assert SAID["text"] in first.body
    message = Message.objects.first()
    assert f"https://news.example/admin/articles/message/{message.pk}/change/" in second.body


def test_without_any_address_messages_wait_at_the_desk_alone(client, promo, at_once):
    Promo.objects.update(mail_to="")
    send(client)
    assert send_mail_messages() == 0
    assert Message.objects.get().state == "new"


def test_messages_are_forgotten_after_their_days_and_no_sooner(promo):
    for days in (179, 181):
        promo.received.create(
            **SAID, subject=promo.title, made_at=timezone.now() - timedelta(days=days)
        )
    assert forget_old() == 1
    assert Message.objects.count() == 1
    assert forget_old() == 0
