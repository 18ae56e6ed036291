"""On time: what is due happens once, in order, and never unchecked."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from articles.editorial import lease, planning, schedule, transitions
from articles.editorial.checks import Checker
from articles.editorial.schedule import move, publish_due, unschedule, waiting
from articles.editorial.transitions import NotReady
from articles.models import Article, ClockLease, DeskProfile, ScheduledStep, Transition
from tests.desk.moments import EVENING, NINE, NOON, TEN, Hand, make_draft, make_live
from tests.factories import Status, make_image, make_person, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    hand = Hand()
    monkeypatch.setattr(timezone, "now", hand)
    return hand


# --- the gate and the roles ----------------------------------------------------------------------


def test_the_gate_is_asked_when_a_step_is_scheduled():
    article = make_draft(body="")
    with pytest.raises(NotReady):
        schedule.schedule(article, at=TEN)
    article.refresh_from_db()
    assert (article.status, waiting(article)) == (Status.DRAFT, [])


def test_the_gate_is_asked_again_when_the_time_has_come(clock):
    picture = make_image()
    article = make_draft(picture=picture)
    schedule.schedule(article, at=TEN)
    type(picture).objects.update(alt="")
    [taken] = clock.turn_to(TEN)
    assert taken.outcome == "stopped"
    assert "alt text" in taken.problem
    article.refresh_from_db()
    assert article.status == Status.APPROVED
    line = article.transitions.get(verb="miss")
    assert (line.due_at, line.from_status, line.to_status) == (TEN, "scheduled", "approved")
    assert "alt text" in line.note
    assert publish_due() == []


def test_an_embargo_that_outlasts_the_time_stops_it(clock):
    article = make_draft()
    planning.plan(article, embargo_until=NOON)
    with pytest.raises(NotReady):
        schedule.schedule(article, at=TEN)
    schedule.schedule(article, at=NOON)
    planning.plan(article, embargo_until=EVENING)
    assert [one.outcome for one in clock.turn_to(NOON)] == ["stopped"]
    assert not Article.objects.published().exists()


def test_an_embargo_that_ends_with_the_step_lets_it_pass(clock):
    article = make_draft(embargo_until=TEN)
    schedule.schedule(article, at=TEN)
    assert [one.outcome for one in clock.turn_to(TEN)] == ["done"]


def test_the_withdrawal_behind_a_missed_publication_keeps_its_time(clock):
    picture = make_image()
    article = make_draft(picture=picture)
    schedule.schedule(article, at=TEN)
    schedule.schedule(article, at=NOON, step="withdraw")
    type(picture).objects.update(alt="")
    clock.turn_to(TEN)
    type(picture).objects.update(alt="A boat")
    transitions.publish(article)
    clock.turn_to(NOON)
    article.refresh_from_db()
    assert article.status == Status.WITHDRAWN


def test_an_override_holds_until_the_step_is_taken(clock):
    article, chief = make_draft(picture=make_image(alt="")), make_person("chief editor")
    schedule.schedule(article, at=TEN, by=chief, override="The agency is asked.")
    assert [one.outcome for one in clock.turn_to(TEN)] == ["done"]
    line = article.transitions.get(verb="publish")
    assert line.override_reason == "The agency is asked."
    assert line.overridden


def test_an_override_lets_no_fault_pass_that_turned_up_later(clock):
    article, chief = make_draft(picture=make_image(alt="")), make_person("chief editor")
    schedule.schedule(article, at=TEN, by=chief, override="The agency is asked.")
    step = waiting(article)[0]
    type(step.revision).objects.filter(pk=step.revision_id).update(
        snapshot={**step.revision.snapshot, "byline": []}
    )
    [taken] = clock.turn_to(TEN)
    assert taken.outcome == "stopped"
    assert "author" in taken.problem
    assert "alt text" not in taken.problem


@pytest.mark.parametrize("role", ["writer"])
def test_who_may_not_publish_may_not_schedule(role):
    article = make_draft()
    with pytest.raises(PermissionDenied):
        schedule.schedule(article, at=TEN, by=make_person(role))
    schedule.schedule(article, at=TEN)
    with pytest.raises(PermissionDenied):
        unschedule(article, by=make_person(role, "another"))
    with pytest.raises(PermissionDenied):
        move(waiting(article)[0], at=NOON, by=make_person(role, "a-third"))


def test_an_editor_of_another_section_may_not_schedule():
    editor = make_person("editor")
    DeskProfile.objects.create(user=editor).sections.add(make_section("Sport"))
    with pytest.raises(PermissionDenied):
        schedule.schedule(make_draft(), at=TEN, by=editor)


def lose_the_role(editor):
    editor.groups.clear()


def lose_the_account(editor):
    editor.is_active = False
    editor.save()


def be_deleted(editor):
    editor.delete()


@pytest.mark.parametrize("what", [lose_the_role, lose_the_account, be_deleted])
@pytest.mark.parametrize("step", ["publish", "withdraw"])
def test_a_step_of_somebody_who_may_not_any_more_is_stopped(what, step, clock):
    article = make_draft() if step == "publish" else make_live()
    editor = make_person("editor", "rosa")
    schedule.schedule(article, at=TEN, by=editor, step=step)
    what(editor)
    [taken] = clock.turn_to(TEN)
    assert taken.outcome == "stopped"
    assert "rosa" in taken.problem
    assert article.transitions.filter(verb="miss").exists()


# --- outages -------------------------------------------------------------------------------------


def test_after_an_outage_all_happens_once_in_order_and_says_how_late(clock):
    first, second, third = (make_draft(f"Story {number}") for number in range(3))
    schedule.schedule(third, at=NOON)
    schedule.schedule(first, at=TEN)
    schedule.schedule(second, at=TEN + timedelta(minutes=30))
    taken = clock.turn_to(NOON + timedelta(minutes=10))
    assert [one.step.article for one in taken] == [first, second, third]
    assert [one.late for one in taken] == [7800.0, 6000.0, 600.0]
    line = Transition.objects.get(article=first, verb="publish")
    assert line.lateness == timedelta(hours=2, minutes=10)
    assert (line.due_at, line.made_at) == (TEN, NOON + timedelta(minutes=10))
    assert publish_due() == []


def test_what_is_stopped_does_not_hold_up_what_comes_behind_it(clock):
    picture = make_image()
    bad, good = make_draft(picture=picture), make_draft("A good story")
    schedule.schedule(bad, at=TEN)
    schedule.schedule(good, at=TEN)
    type(picture).objects.update(alt="")
    assert [one.outcome for one in clock.turn_to(TEN)] == ["stopped", "done"]


def test_an_error_of_a_projects_own_checker_stops_one_step_only(clock, settings, caplog):
    bad, good = make_draft("Bad"), make_draft("Good")
    schedule.schedule(bad, at=TEN)
    schedule.schedule(good, at=TEN)
    settings.NEWSROOM = {"CHECKERS": [f"{__name__}.FAILING"]}
    taken = clock.turn_to(TEN)
    assert [one.outcome for one in taken] == ["stopped", "done"]
    assert "log" in taken[0].problem
    assert "the checker broke" in caplog.text


def _fail(article, at):
    if article.headline == "Bad":
        raise RuntimeError("the checker broke")
    return []


FAILING = Checker("own", _fail, {"publish": "stop"})


def test_a_database_that_does_not_answer_leaves_everything_waiting(clock, monkeypatch):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    clock.moment = TEN

    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(schedule.transitions, "publish", fail)
        with pytest.raises(OperationalError):
            publish_due()
    assert [one.outcome for one in publish_due()] == ["done"]


def test_a_receiver_that_fails_does_not_undo_what_readers_see(
    clock, caplog, django_capture_on_commit_callbacks
):
    def fail(**kwargs):
        raise RuntimeError("the index broke")

    article = make_draft()
    schedule.schedule(article, at=TEN)
    signal = transitions.article_moved
    signal.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            taken = clock.turn_to(TEN)
    finally:
        signal.disconnect(fail)
    assert [one.outcome for one in taken] == ["done"]
    assert "the index broke" in caplog.text


def test_the_next_moment_is_the_soonest_that_waits(clock):
    assert schedule.next_due() is None
    for number, moment in enumerate((NOON, TEN)):
        schedule.schedule(make_draft(f"Story {number}"), at=moment)
    assert schedule.next_due() == TEN
    clock.turn_to(TEN)
    assert schedule.next_due() == NOON


def test_the_state_of_the_clock_says_when_it_stood_still():
    assert schedule.clock_state(NINE) == (None, False)
    lease.note_tick(NINE)
    assert schedule.clock_state(NINE + timedelta(seconds=70)) == (NINE, True)
    assert schedule.clock_state(TEN) == (NINE, False)


# --- manage.py publish_due -----------------------------------------------------------------------


def run(*arguments):
    out = io.StringIO()
    try:
        call_command("publish_due", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_what_it_did_and_how_late(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    clock.moment = TEN + timedelta(minutes=2)
    status, said = run()
    assert (status, said) == (
        0,
        "publish “Pilots vote”, due 2026-05-04 10:00:00 UTC, 0:02:00 late\n",
    )
    assert run() == (0, "Nothing is due.\n")
    assert ClockLease.objects.get().ticked_at == clock.moment


def test_the_command_ends_with_an_error_when_something_was_stopped(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    planning.plan(article, embargo_until=NOON)
    clock.moment = TEN
    status, said = run()
    assert status == 1
    assert said.startswith("STOPPED publish “Pilots vote”")
    assert "embargo" in said


def test_a_dry_run_says_it_and_changes_nothing(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    clock.moment = TEN
    status, said = run("--dry-run")
    assert status == 0
    assert "publish “Pilots vote”" in said
    article.refresh_from_db()
    assert article.status == Status.SCHEDULED
    assert ScheduledStep.objects.get().outcome == "waiting"
    assert not ClockLease.objects.exists()
