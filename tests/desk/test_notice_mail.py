"""What goes out by e-mail: once, to whom it may concern, whatever the mail server does."""

import smtplib
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.editorial import mailing, transitions
from articles.editorial.notices import mark_seen, send_mail_notices
from articles.editorial.roles import ensure_roles
from articles.models import Article, DeskProfile, Notice
from tests.chance import examples
from tests.desk.people import draft_of, person
from tests.factories import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return person("writer", "wren", email="wren@example.org")


@pytest.fixture
def editor():
    return person("editor", "edda", email="edda@example.org")


def test_a_notice_goes_out_once_with_headline_note_and_address(writer, editor, settings):
    settings.SITE_URL = "https://news.example"
    article = draft_of(writer, "Pilots vote")
    transitions.submit(article, by=writer)
    transitions.send_back(article, by=editor, note="Name a source & a date.")
    Notice.objects.filter(person=editor).delete()
    assert send_mail_notices() == 1
    assert send_mail_notices() == 0
    (sent,) = mail.outbox
    assert sent.to == ["wren@example.org"]
    assert sent.subject == "[Newsroom] Sent back: Pilots vote"
    assert "Name a source & a date." in sent.body
    assert f"https://news.example/admin/articles/article/{article.pk}/change/" in sent.body
    assert "https://news.example/admin/auth/user/me/" in sent.body
    notice = Notice.objects.get()
    assert notice.mailed_at
    assert not notice.awaits_mail


def test_several_notices_of_one_article_are_one_mail(writer, editor):
    article, other = draft_of(writer), draft_of(writer, "Another")
    for one in (article, other, article):
        if one.status == Status.DRAFT:
            transitions.submit(one, by=writer)
        transitions.send_back(one, by=editor, note="Not yet.")
    Notice.objects.filter(person=editor).delete()
    assert Notice.objects.count() == 3
    assert send_mail_notices() == 2
    assert [sent.body.count("Not yet.") for sent in mail.outbox] == [2, 1]


@pytest.mark.parametrize(
    "silence",
    [
        lambda one: DeskProfile.objects.create(user=one, wants_mail=False),
        lambda one: User.objects.filter(pk=one.pk).update(email=""),
        lambda one: User.objects.filter(pk=one.pk).update(is_active=False),
    ],
    ids=["wants-none", "no-address", "closed"],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_who_wants_no_mail_gets_none(writer, editor, silence, when):
    article = draft_of(writer)
    if when == "before":
        silence(editor)
    transitions.submit(article, by=writer)
    if when == "after":
        silence(editor)
    assert send_mail_notices() == 0
    assert mail.outbox == []
    assert not Notice.objects.filter(awaits_mail=True).exists()


def test_what_was_read_on_the_page_is_not_mailed(writer, editor):
    transitions.submit(draft_of(writer), by=writer)
    mark_seen(editor, up_to=Notice.objects.get().pk)
    assert send_mail_notices() == 0


def test_not_more_than_the_limit_goes_out_at_once_oldest_first(writer, editor):
    for number in range(5):
        transitions.submit(draft_of(writer, f"Story {number}"), by=writer)
    assert send_mail_notices(limit=2) == 2
    assert [sent.subject[-7:] for sent in mail.outbox] == ["Story 0", "Story 1"]
    assert send_mail_notices() == 3


class Broken:
    """A mail server that refuses everything, or everything to one address."""

    def __init__(self, only=""):
        self.only, self.asked = only, 0

    def send_messages(self, messages):
        self.asked += 1
        if not self.only or self.only in messages[0].to:
            raise smtplib.SMTPServerDisconnected("gone")
        mail.outbox.extend(messages)
        return len(messages)


def test_a_server_that_fails_is_asked_five_times_in_all_and_later(writer, editor, monkeypatch):
    broken = Broken()
    monkeypatch.setattr(mailing, "get_connection", lambda: broken)
    transitions.submit(draft_of(writer), by=writer)
    moment = timezone.now()
    assert send_mail_notices(moment) == 0
    assert send_mail_notices(moment + timedelta(minutes=1)) == 0
    assert broken.asked == 1
    for _try in range(8):
        moment += timedelta(days=1)
        send_mail_notices(moment)
    assert broken.asked == 5
    notice = Notice.objects.get()
    assert (notice.tries, notice.awaits_mail, notice.mailed_at) == (5, False, None)


def test_a_notice_that_failed_goes_out_when_the_server_is_back(writer, editor, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(mailing, "get_connection", Broken)
        transitions.submit(draft_of(writer), by=writer)
        send_mail_notices()
    assert send_mail_notices(timezone.now() + timedelta(minutes=11)) == 1
    assert len(mail.outbox) == 1


def test_a_server_that_is_down_is_not_asked_for_every_notice(writer, editor, monkeypatch):
    broken = Broken()
    monkeypatch.setattr(mailing, "get_connection", lambda: broken)
    for number in range(10):
        transitions.submit(draft_of(writer, f"Story {number}"), by=writer)
    send_mail_notices()
    assert broken.asked == 3
    assert Notice.objects.filter(tries=0).count() == 7


def test_one_address_that_fails_does_not_hold_up_the_others(writer, editor, monkeypatch):
    person("editor", "otto", email="otto@example.org")
    monkeypatch.setattr(mailing, "get_connection", lambda: Broken(only="edda@example.org"))
    transitions.submit(draft_of(writer), by=writer)
    assert send_mail_notices() == 1
    assert [sent.to for sent in mail.outbox] == [["otto@example.org"]]


def test_a_notice_that_another_process_claimed_is_not_sent_again(writer, editor, monkeypatch):
    transitions.submit(draft_of(writer), by=writer)
    real = mailing._claim

    def somebody_was_faster(notice, moment):
        assert real(notice, moment)
        return real(notice, moment)

    monkeypatch.setattr(mailing, "_claim", somebody_was_faster)
    assert send_mail_notices() == 0
    assert mail.outbox == []


def test_a_process_that_died_while_sending_leaves_a_try_behind(writer, editor):
    transitions.submit(draft_of(writer), by=writer)
    moment = datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert mailing._claim(Notice.objects.get(), moment)
    assert send_mail_notices(moment + timedelta(minutes=1)) == 0
    assert send_mail_notices(moment + timedelta(minutes=11)) == 1


class AnyHeadline(TestCase):
    @settings(deadline=None, max_examples=examples(10, proof=250))
    @given(st.text(max_size=80))
    def test_no_headline_adds_a_header(self, headline):
        Article.objects.all().delete()
        User.objects.all().delete()
        mail.outbox = []
        writer = person("writer", "wren")
        person("editor", "edda", email="edda@example.org")
        article = draft_of(writer, "Pilots vote")
        # Past all cleaning, as an older version or another program may have left it.
        Article.objects.filter(pk=article.pk).update(headline=headline.replace("\x00", ""))
        article.refresh_from_db()
        transitions.write_line(article, article, "submit", "draft")
        assert send_mail_notices() == 1
        message = mail.outbox[0].message()
        assert message.get_all("To") == ["edda@example.org"]
        assert "\n" not in mail.outbox[0].subject
        assert "\r" not in mail.outbox[0].subject


@pytest.mark.django_db(transaction=True)
def test_clocks_that_tick_at_once_send_every_notice_once():
    # Emptying the tables between such tests also empties the groups.
    ensure_roles()
    writer = person("writer", "wren", email="wren@example.org")
    person("editor", "edda", email="edda@example.org")
    for number in range(8):
        transitions.submit(draft_of(writer, f"Story {number}"), by=writer)
    start = Barrier(3)

    def tick():
        start.wait()
        try:
            send_mail_notices()
        finally:
            connection.close()

    clocks = [Thread(target=tick) for _number in range(3)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert sorted(sent.subject[-7:] for sent in mail.outbox) == [f"Story {n}" for n in range(8)]
