"""What waits for whom: the lists of the first page and of the calendar."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editorial import inbox, planning, schedule, transitions
from articles.editorial.revisions import record, working_data
from articles.models import Article, DeskProfile, ScheduledStep
from tests.factories import Status, make_article, make_author, make_person, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_person("editor", username="edda")


@pytest.fixture
def writer():
    person = make_person("writer", username="wren")
    make_author("Wren", user=person)
    return person


def own_draft(writer, headline="Pilots vote", **values):
    article = make_article(headline, status=Status.DRAFT, author=writer.author, **values)
    record(article, by=writer)
    return article


def in_world_only(person):
    DeskProfile.objects.create(user=person).sections.add(make_section("World"))
    return person


def headlines(found):
    return [getattr(row, "article", row).headline for row in found]


def tomorrow():
    return timezone.now() + timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "status"), [(inbox.for_review, Status.IN_REVIEW), (inbox.ready_to_publish, "approved")]
)
def test_an_editor_sees_what_waits_in_their_sections_and_what_has_none(editor, rows, status):
    make_article("Politics", status=status, section=make_section("Politics"))
    make_article("World", status=status)
    nowhere = make_article("Nowhere", status=status)
    Article.objects.filter(pk=nowhere.pk).update(section=None)
    assert set(headlines(rows(editor))) == {"Politics", "World", "Nowhere"}
    in_world_only(make_person("editor", username="wanda"))
    wanda = type(editor).objects.get(username="wanda")
    assert set(headlines(rows(wanda))) == {"World", "Nowhere"}


def test_what_is_due_first_stands_first_and_what_has_no_day_last(editor, writer):
    today = timezone.localdate()
    for headline, due_on in (("None", None), ("Late", today - timedelta(days=2)), ("Soon", today)):
        planning.plan(make_article(headline, status=Status.DRAFT), assignee=writer, due_on=due_on)
    out = make_article("Out", assignee=writer)
    assert out.is_public
    assert headlines(inbox.assigned_to(writer)) == ["Late", "Soon", "None"]


def test_a_draft_that_was_sent_back_says_by_whom_and_why(editor, writer):
    article = own_draft(writer)
    own_draft(writer, "Never handed in")
    transitions.submit(article, by=writer)
    transitions.send_back(article, by=editor, note="Name a source.")
    (found,) = inbox.sent_back_to(writer)
    assert (found.sent_back_note, found.sent_back_by) == ("Name a source.", "edda")
    assert headlines(inbox.sent_back_to(editor)) == []


def test_another_day_due_does_not_make_it_less_sent_back(editor, writer):
    article = own_draft(writer)
    transitions.submit(article, by=writer)
    transitions.send_back(article, by=editor, note="Name a source.")
    planning.plan(article, by=editor, due_on=timezone.localdate())
    assert inbox.sent_back_to(writer).count() == 1
    transitions.submit(article, by=writer)
    assert inbox.sent_back_to(writer).count() == 0


def test_today_shows_what_happens_until_midnight_updates_and_withdrawals_too(editor):
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight += timedelta(days=1)
    live = make_article("Live")
    record(live, {**working_data(live), "headline": "Live and new"}, by=editor)
    for step, values in (("correct", {"kind": "typo"}), ("withdraw", {})):
        schedule.schedule(live, at=tomorrow(), by=editor, step=step, **values)
    draft = make_article("Draft", status=Status.DRAFT)
    schedule.schedule(draft, at=tomorrow(), by=editor)
    ScheduledStep.objects.filter(verb="correct").update(due_at=midnight - timedelta(seconds=1))
    ScheduledStep.objects.filter(verb="withdraw").update(due_at=now - timedelta(hours=1))
    ScheduledStep.objects.filter(verb="publish").update(due_at=midnight)
    found = inbox.going_live_today(editor, now)
    assert [step.verb for step in found] == ["withdraw", "correct"]


def missed(editor, headline="Missed", **values):
    article = make_article(headline, status=Status.DRAFT, **values)
    schedule.schedule(article, at=tomorrow(), by=editor)
    Article.objects.filter(pk=article.pk).update(status=Status.APPROVED)
    schedule.publish_due(tomorrow() + timedelta(minutes=5))
    article.refresh_from_db()
    return article


def test_what_did_not_happen_stays_until_it_has_another_time(editor):
    article = missed(editor)
    then = tomorrow() + timedelta(hours=1)
    assert headlines(inbox.schedule_trouble(editor, then)) == ["Missed"]
    assert headlines(inbox.schedule_trouble(editor, then + timedelta(days=8))) == []
    ScheduledStep.objects.update(settled_at=timezone.now())
    schedule.schedule(article, at=tomorrow(), by=editor)
    assert headlines(inbox.schedule_trouble(editor)) == []


def test_what_happened_late_is_shown_and_what_was_in_time_is_not(editor, settings):
    settings.NEWSROOM = {"LATE_SECONDS": 60}
    moment = tomorrow()
    for headline, late in (("Late", 61), ("In time", 60)):
        article = make_article(headline, status=Status.DRAFT)
        schedule.schedule(article, at=moment, by=editor)
        schedule.publish_due(moment + timedelta(seconds=late))
    assert headlines(inbox.schedule_trouble(editor, moment + timedelta(hours=1))) == ["Late"]


def test_a_stale_draft_is_one_nobody_touched_for_so_many_days(editor, writer, settings):
    settings.NEWSROOM = {"STALE_DAYS": 14}
    old, other = own_draft(writer, "Old"), make_article("Other", status=Status.DRAFT)
    own_draft(writer, "Fresh")
    Article.objects.filter(pk__in=[old.pk, other.pk]).update(
        saved_at=timezone.now() - timedelta(days=14, hours=1)
    )
    assert headlines(inbox.stale_drafts(writer)) == ["Old"]
    assert set(headlines(inbox.stale_drafts(editor))) == {"Old", "Other"}


def test_changes_wait_for_who_looks_after_the_article(editor, writer):
    article = make_article("Live", author=writer.author)
    record(article, {**working_data(article), "headline": "New"}, by=writer)
    other = make_article("Foreign")
    record(other, {**working_data(other), "headline": "New"}, by=editor)
    assert headlines(inbox.changes_waiting(writer)) == ["Live"]
    assert set(headlines(inbox.changes_waiting(editor))) == {"Live", "Foreign"}


# --- the gate ------------------------------------------------------------------------------------


def test_what_the_gate_would_stop_is_counted_on_what_would_go_out(editor):
    make_article("Fine", status=Status.APPROVED)
    empty = make_article("Empty", status=Status.APPROVED, body="")
    empty.bylines.all().delete()
    live = make_article("Live")
    record(live, {**working_data(live), "body": ""}, by=editor)
    make_article("A draft is nobody's promise", status=Status.DRAFT, body="")
    found = {shut.article.headline: shut.issues for shut in inbox.shut_gates(editor)}
    assert found.keys() == {"Empty", "Live"}
    assert found["Empty"] > found["Live"] >= 1


def test_an_embargo_that_ends_before_the_scheduled_time_is_no_failed_check(editor):
    article = make_article(status=Status.DRAFT)
    planning.plan(article, by=editor, embargo_until=tomorrow())
    schedule.schedule(article, at=tomorrow() + timedelta(hours=1), by=editor)
    assert inbox.shut_gates(editor) == []


def test_the_gate_looks_at_so_many_articles_and_no_more(editor, monkeypatch):
    monkeypatch.setattr(inbox, "CHECKED_AT_ONCE", 3)
    for number in range(5):
        make_article(f"Story {number}", status=Status.APPROVED, body="")
    assert len(inbox.shut_gates(editor)) == 3


def test_what_the_gate_said_is_remembered_until_the_article_is_saved(editor):
    article = make_article(status=Status.APPROVED, body="")
    record(article)
    cache.clear()
    assert len(inbox.shut_gates(editor)) == 1
    with CaptureQueriesContext(connection) as queries:
        assert len(inbox.shut_gates(editor)) == 1
    assert len(queries) <= 3
    article.refresh_from_db()
    article.body = "<p>Now there is a text.</p>"
    article.save()
    record(article)
    assert inbox.shut_gates(editor) == []


# --- embargo -------------------------------------------------------------------------------------

LISTS = [
    inbox.assigned_to,
    inbox.changes_waiting,
    inbox.for_review,
    inbox.going_live_today,
    inbox.handed_in,
    inbox.imports_with_warnings,
    inbox.ready_to_publish,
    inbox.schedule_trouble,
    inbox.sent_back_to,
    inbox.stale_drafts,
    inbox.drafts_of,
    inbox.shut_gates,
    lambda person: inbox.due_between(
        person, timezone.localdate() - timedelta(days=9), timezone.localdate() + timedelta(days=9)
    ),
    lambda person: inbox.embargoes_between(
        person, timezone.now(), timezone.now() + timedelta(days=9)
    ),
    lambda person: inbox.steps_between(
        person, timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=9)
    ),
]


@pytest.mark.parametrize("rows", LISTS, ids=lambda rows: rows.__name__)
def test_no_list_names_an_article_that_the_person_may_not_see(rows):
    wanda = in_world_only(make_person("editor", username="wanda"))
    other = make_person("writer", username="wilma")
    its_writer = make_person("writer", username="wendy")
    for status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, "published"):
        article = make_article(
            f"Secret {status}",
            status=status,
            section=make_section("Politics"),
            body="",
            assignee=its_writer,
            due_on=timezone.localdate(),
            embargo_until=timezone.now() + timedelta(days=2),
            import_warnings=[{"code": "gap", "message": "A gap."}],
        )
        Article.objects.filter(pk=article.pk).update(
            saved_at=timezone.now() - timedelta(days=30), live_number=1, working_number=2
        )  # fmt: skip
        for verb, outcome in (("publish", "waiting"), ("withdraw", "stopped")):
            ScheduledStep.objects.create(
                article=article, verb=verb, due_at=timezone.now() - timedelta(hours=1),
                outcome=outcome, settled_at=None if outcome == "waiting" else timezone.now(),
            )  # fmt: skip
    assert headlines(rows(wanda)) == []
    assert headlines(rows(other)) == []
