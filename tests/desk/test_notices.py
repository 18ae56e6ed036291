"""Who at the desk is told of which step."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editorial import planning, schedule, transitions
from articles.editorial.notices import mark_seen, send_mail_notices, unseen
from articles.editorial.revisions import record
from articles.models import Article, Notice, ScheduledStep
from tests.desk.people import draft_of, person
from tests.factories import Status, make_article, make_author, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return person("writer", "wren", email="wren@example.org")


@pytest.fixture
def editor():
    return person("editor", "edda", email="edda@example.org")


def told(kind=None):
    found = Notice.objects.all() if kind is None else Notice.objects.filter(kind=kind)
    return sorted(found.values_list("person__username", flat=True))


# --- who -----------------------------------------------------------------------------------------


def test_a_submitted_article_is_told_to_the_editors_of_its_section(writer, editor):
    world, politics = make_section("World"), make_section("Politics")
    person("editor", "wanda", world)
    person("editor", "paul", politics)
    person("chief editor", "carla")
    person("writer", "wilma")
    transitions.submit(draft_of(writer, section=world), by=writer, note="Ready.")
    assert told() == ["carla", "edda", "wanda"]
    assert {notice.text for notice in Notice.objects.all()} == {"Ready."}


def test_a_story_without_a_section_is_every_editors(writer):
    person("editor", "paul", make_section("Politics"))
    article = draft_of(writer)
    Article.objects.filter(pk=article.pk).update(section=None)
    transitions.submit(article, by=writer)
    assert told() == ["paul"]


def test_the_assignee_is_told_of_a_submission_whatever_their_role(writer, editor):
    wilma = person("writer", "wilma")
    article = draft_of(writer)
    planning.plan(article, by=editor, assignee=wilma)
    transitions.submit(article, by=writer)
    assert told("submitted") == ["edda", "wilma"]


def test_whoever_takes_the_step_is_not_told(editor):
    other = person("editor", "otto")
    transitions.submit(draft_of(editor), by=editor)
    assert told() == [other.username]


def test_accounts_that_are_closed_or_have_no_role_are_told_nothing(writer, editor):
    editor.is_active = False
    editor.save()
    nobody = User.objects.create_user("nobody")
    article = draft_of(nobody)
    transitions.submit(article)
    transitions.approve(article)
    assert told() == []


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("sent_back", lambda one, by: transitions.send_back(one, by=by, note="Name a source.")),
        ("approved", lambda one, by: transitions.approve(one, by=by)),
        ("published", lambda one, by: transitions.publish(one, by=by)),
        (
            "scheduled",
            lambda one, by: schedule.schedule(one, at=timezone.now() + timedelta(days=1), by=by),
        ),
    ],
)
def test_the_writers_are_told_what_became_of_their_article(writer, editor, kind, step):
    began, handed_in = person("writer", "began"), person("editor", "handed-in")
    author = make_author("Wren", user=writer)
    article = make_article(status=Status.DRAFT, author=author)
    record(article, by=began)
    transitions.submit(article, by=handed_in)
    Notice.objects.all().delete()
    step(article, editor)
    assert told() == ["began", "handed-in", "wren"]
    assert {notice.kind for notice in Notice.objects.all()} == {kind}


def test_the_writer_reads_why_it_came_back(writer, editor):
    article = draft_of(writer)
    transitions.submit(article, by=writer)
    transitions.send_back(article, by=editor, note="Name a source.")
    assert unseen(writer).get().text == "Name a source."


def test_changes_and_a_withdrawal_are_told_to_the_writers(writer, editor):
    article = draft_of(writer)
    transitions.publish(article, by=editor)
    data = article.revisions.first().snapshot
    record(article, {**data, "headline": "Pilots vote again"}, by=editor)
    transitions.correct(article, by=editor, kind="update", note="There was a second vote.")
    transitions.withdraw(article, by=editor)
    kinds = list(unseen(writer).order_by("id").values_list("kind", flat=True))
    assert kinds == ["published", "published", "withdrawn"]


def test_whoever_gets_an_article_to_write_is_told(writer, editor):
    article = draft_of(editor)
    planning.plan(article, by=editor, assignee=writer, due_on=timezone.localdate())
    assert told("assigned") == ["wren"]
    planning.plan(article, by=editor, due_on=timezone.localdate() + timedelta(days=1))
    assert Notice.objects.count() == 1


def test_whoever_takes_an_article_for_themselves_knows_it(editor):
    planning.plan(draft_of(editor), by=editor, assignee=editor)
    assert not Notice.objects.exists()


def test_a_step_taken_back_is_not_told_any_more(writer, editor):
    article = draft_of(writer)
    transitions.submit(article, by=writer)
    seen = Notice.objects.get(kind="submitted")
    transitions.take_back(article, by=writer)
    assert not Notice.objects.filter(pk=seen.pk).exists()


def test_a_notice_that_was_read_stays_when_its_step_is_taken_back(writer, editor):
    article = draft_of(writer)
    transitions.submit(article, by=writer)
    mark_seen(editor, up_to=Notice.objects.get().pk)
    transitions.take_back(article, by=writer)
    assert told("submitted") == ["edda"]


def test_what_was_reviewed_waits_for_nobody_any_more(writer, editor):
    person("editor", "otto", email="otto@example.org")
    article = draft_of(writer)
    transitions.submit(article, by=writer)
    transitions.send_back(article, by=editor, note="Name a source.")
    assert [unseen(one).count() for one in User.objects.order_by("username")] == [0, 0, 1]
    assert send_mail_notices() == 1
    assert mail.outbox[0].to == ["wren@example.org"]


# --- the clock -----------------------------------------------------------------------------------


def scheduled(writer, editor, late=timedelta(minutes=90)):
    article = draft_of(writer)
    schedule.schedule(article, at=timezone.now() + timedelta(minutes=1), by=editor)
    due = timezone.now() - late
    ScheduledStep.objects.filter(article=article).update(due_at=due)
    Notice.objects.all().delete()
    return article, due


def test_editors_are_told_of_what_happened_late_and_by_how_much(writer, editor):
    person("editor", "otto")
    _article, due = scheduled(writer, editor)
    schedule.publish_due(due + timedelta(minutes=90))
    assert told("late") == ["edda", "otto"]
    assert "1 hour, 30 minutes" in Notice.objects.filter(kind="late")[0].text.replace("\xa0", " ")
    assert told("published") == ["wren"]


def test_what_happens_in_time_is_nobodys_alarm(writer, editor, settings):
    settings.NEWSROOM = {"LATE_SECONDS": 60}
    _article, due = scheduled(writer, editor)
    schedule.publish_due(due + timedelta(seconds=60))
    assert told("late") == []


def test_editors_are_told_of_what_did_not_happen_and_why(writer, editor):
    scheduler = person("chief editor", "carla", make_section("Politics"), make_section("World"))
    article, due = scheduled(writer, scheduler)
    # By now whoever scheduled it works elsewhere: it is still theirs to know.
    scheduler.desk_profile.sections.set([make_section("Politics")])
    Article.objects.filter(pk=article.pk).update(
        embargo_until=timezone.now() + timedelta(days=3), section=make_section("Science")
    )
    person("editor", "paul", make_section("Politics"))
    schedule.publish_due(due + timedelta(minutes=5))
    assert told("missed") == ["edda"]
    Article.objects.filter(pk=article.pk).update(embargo_until=None, status=Status.DRAFT)
    schedule.schedule(article, at=timezone.now() + timedelta(hours=1), by=editor)
    ScheduledStep.objects.filter(outcome="waiting").update(due_at=due, made_by=scheduler)
    Article.objects.filter(pk=article.pk).update(status=Status.APPROVED)
    Notice.objects.all().delete()
    schedule.publish_due(due + timedelta(minutes=6))
    assert told("missed") == ["carla", "edda"]
    assert "does not follow" in Notice.objects.filter(kind="missed")[0].text


def test_two_steps_of_one_article_at_one_moment_are_both_told(writer, editor):
    article = draft_of(writer)
    transitions.publish(article)
    record(article, {**article.revisions.first().snapshot, "headline": "Anew"}, by=editor)
    for step, values in (("correct", {"kind": "update", "note": "New."}), ("withdraw", {})):
        schedule.schedule(
            article, at=timezone.now() + timedelta(hours=1), by=editor, step=step, **values
        )
    Notice.objects.all().delete()
    schedule.publish_due(timezone.now() + timedelta(hours=5))
    assert [notice.kind for notice in Notice.objects.order_by("id")].count("late") == 2


# --- embargo -------------------------------------------------------------------------------------


def test_an_embargoed_article_is_told_only_to_who_may_see_it(writer, editor):
    wilma = person("writer", "wilma")
    article = draft_of(writer)
    planning.plan(article, by=editor, embargo_until=timezone.now() + timedelta(days=2))
    planning.plan(article, by=editor, assignee=wilma)
    assert told() == []
    transitions.submit(article, by=writer)
    assert told() == ["edda"]
    transitions.approve(article, by=editor)
    assert told("approved") == ["wren"]


def test_a_notice_disappears_from_sight_with_its_article(writer, editor):
    wilma = person("writer", "wilma", email="wilma@example.org")
    article = draft_of(editor)
    planning.plan(article, by=editor, assignee=wilma)
    assert unseen(wilma).count() == 1
    # Whoever is to write it may know of it, embargo or not; whoever no longer is may not.
    later = timezone.now() + timedelta(days=2)
    planning.plan(article, by=editor, embargo_until=later)
    assert unseen(wilma).count() == 1
    planning.plan(article, by=editor, assignee=None)
    assert unseen(wilma).count() == 0
    assert send_mail_notices() == 0


# --- cost ----------------------------------------------------------------------------------------


def test_telling_costs_the_same_for_two_editors_and_for_forty(writer):
    def cost():
        article = draft_of(writer, f"Story {Article.objects.count()}")
        with CaptureQueriesContext(connection) as queries:
            transitions.submit(article, by=writer)
        return len(queries)

    world = make_section("World")
    for number in range(2):
        person("editor", f"editor-{number}", world)
    cost()
    few = cost()
    for number in range(2, 40):
        person("editor", f"editor-{number}", world)
    assert cost() == few
    assert Notice.objects.count() == 2 + 2 + 40


# --- seen ----------------------------------------------------------------------------------------


def test_ticking_off_reaches_only_what_stood_on_the_page(writer, editor):
    for number in range(3):
        transitions.submit(draft_of(writer, f"Story {number}"), by=writer)
    shown = list(unseen(editor).order_by("id"))
    assert mark_seen(editor, up_to=shown[1].pk) == 2
    assert list(unseen(editor)) == [shown[2]]


def test_nobody_ticks_off_what_others_were_told(writer, editor):
    transitions.submit(draft_of(writer), by=writer)
    key = unseen(editor).get().pk
    assert mark_seen(writer, [key]) == 0
    assert mark_seen(editor, [key]) == 1
