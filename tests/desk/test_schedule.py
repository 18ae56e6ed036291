"""What waits for a moment, and what may wait for one; tests/desk/test_due.py takes it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.editorial import schedule, transitions
from articles.editorial.revisions import record, working_data
from articles.editorial.schedule import move, publish_due, unschedule, waiting
from articles.editorial.transitions import WrongState
from articles.models import Article
from tests.desk.moments import (
    EVENING,
    NINE,
    NOON,
    TEN,
    Hand,
    edit,
    make_draft,
    make_live,
    outcomes_of,
    verbs_of,
)
from tests.factories import Status, make_article, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    hand = Hand()
    monkeypatch.setattr(timezone, "now", hand)
    return hand


# --- publish -------------------------------------------------------------------------------------


def test_a_scheduled_article_goes_live_at_its_time_and_not_before(clock):
    article, editor = make_draft(), make_person("editor")
    line = schedule.schedule(article, at=TEN, by=editor)
    assert (article.status, line.due_at, line.verb) == (Status.SCHEDULED, TEN, "schedule")
    assert clock.turn_to(TEN - timedelta(seconds=1)) == []
    assert not Article.objects.published().exists()
    [taken] = clock.turn_to(TEN)
    assert (taken.outcome, taken.late, taken.step.article) == ("done", 0.0, article)
    article.refresh_from_db()
    assert article.is_public
    assert article.published_at == TEN
    last = article.transitions.get(verb="publish")
    assert (last.made_at, last.due_at, last.made_by) == (TEN, TEN, editor)


def test_it_happens_once_however_often_the_clock_looks(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    clock.turn_to(TEN)
    assert publish_due() == []
    assert verbs_of(article) == ["schedule", "publish"]


def test_an_edit_made_after_scheduling_does_not_slip_out(clock):
    article = make_draft(body="<p>Checked.</p>")
    schedule.schedule(article, at=TEN)
    edit(article, body="<p>Half a thought</p>", slug="half-a-thought")
    clock.turn_to(TEN)
    article.refresh_from_db()
    assert article.body == "<p>Checked.</p>"
    assert article.get_absolute_url() == "/2026/05/04/pilots-vote/"
    assert article.has_changes_waiting
    assert working_data(article)["body"] == "<p>Half a thought</p>"


def test_an_autosave_after_scheduling_is_a_revision_of_its_own(clock):
    article, editor = make_draft(), make_person("editor")
    data = working_data(article)
    record(article, {**data, "body": "<p>One.</p>"}, by=editor, is_autosave=True)
    schedule.schedule(article, at=TEN, by=editor)
    record(article, {**data, "body": "<p>Two.</p>"}, by=editor, is_autosave=True)
    clock.turn_to(TEN)
    article.refresh_from_db()
    assert article.body == "<p>One.</p>"


def test_a_chosen_revision_can_be_what_goes_out(clock):
    article = make_draft(body="<p>First.</p>")
    first = record(article)
    edit(article, body="<p>Second.</p>")
    schedule.schedule(article, at=TEN, revision=first)
    clock.turn_to(TEN)
    article.refresh_from_db()
    assert article.body == "<p>First.</p>"


def test_a_second_time_replaces_the_first(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    schedule.schedule(article, at=NOON)
    assert [step.due_at for step in waiting(article)] == [NOON]
    assert clock.turn_to(TEN) == []
    assert len(clock.turn_to(NOON)) == 1
    assert outcomes_of(article) == [("publish", "cancelled"), ("publish", "done")]


def test_moving_a_step_changes_its_time_and_not_what_goes_out(clock):
    article = make_draft(body="<p>Checked.</p>")
    schedule.schedule(article, at=TEN)
    edit(article, body="<p>Half a thought</p>")
    move(waiting(article)[0], at=NOON)
    assert clock.turn_to(TEN) == []
    clock.turn_to(NOON)
    article.refresh_from_db()
    assert article.body == "<p>Checked.</p>"


def test_a_step_that_is_settled_cannot_be_moved(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    step = waiting(article)[0]
    clock.turn_to(TEN)
    with pytest.raises(WrongState):
        move(step, at=NOON)


def test_a_moment_that_has_passed_is_refused():
    for moment in (NINE, NINE - timedelta(minutes=1)):
        with pytest.raises(ValidationError, match="passed"):
            schedule.schedule(make_draft(), at=moment)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (Status.DRAFT, "withdraw"),
        (Status.DRAFT, "correct"),
        (Status.SCHEDULED, "correct"),
        (Status.PUBLISHED, "publish"),
        (Status.WITHDRAWN, "publish"),
        (Status.DRAFT, "approve"),
    ],
)
def test_a_step_that_does_not_follow_cannot_be_scheduled(status, step):
    with pytest.raises(WrongState):
        schedule.schedule(make_article(status=status), at=TEN, step=step)


def test_publishing_by_hand_settles_the_step(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    transitions.publish(article)
    assert waiting(article) == []
    assert clock.turn_to(TEN) == []
    assert verbs_of(article) == ["schedule", "publish"]


def test_a_deleted_article_leaves_nothing_to_do(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    article.delete()
    assert clock.turn_to(TEN) == []


def test_an_address_taken_meanwhile_gets_a_number(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    transitions.publish(make_draft(), at=NINE)
    clock.turn_to(TEN)
    article.refresh_from_db()
    assert article.get_absolute_url() == "/2026/05/04/pilots-vote-2/"


# --- the update of a live article ----------------------------------------------------------------


def test_a_scheduled_update_shows_at_its_moment_and_not_before(client, clock):
    article = make_live(body="<p>Before.</p>")
    address = article.get_absolute_url()
    edit(article, body="<p>After.</p>")
    schedule.schedule(article, at=TEN, kind="update", note="The count is in.")
    before = client.get(address).text
    assert "Before." in before
    clock.turn_to(TEN - timedelta(seconds=1))
    assert "After." not in client.get(address).text
    clock.turn_to(TEN)
    after = client.get(address).text
    assert "After." in after
    assert "The count is in." in after
    article.refresh_from_db()
    assert article.updated_at == TEN
    assert article.published_at == NINE - timedelta(days=1)


def test_an_edit_after_the_update_was_scheduled_stays_in_the_working_copy(clock):
    article = make_live(body="<p>One.</p>")
    edit(article, body="<p>Two.</p>")
    schedule.schedule(article, at=TEN, kind="typo")
    edit(article, body="<p>Three.</p>")
    clock.turn_to(TEN)
    article.refresh_from_db()
    assert (article.body, article.live_number) == ("<p>Two.</p>", 2)
    assert article.has_changes_waiting


def test_an_update_without_changes_cannot_be_scheduled():
    with pytest.raises(WrongState, match="no changes"):
        schedule.schedule(make_live(), at=TEN, step="correct", kind="typo")


def test_an_update_has_to_say_what_it_is():
    article = make_live()
    edit(article, body="<p>New.</p>")
    for kind, note in (("", ""), ("update", " "), ("surprise", "x")):
        with pytest.raises(ValidationError):
            schedule.schedule(article, at=TEN, kind=kind, note=note)


def test_a_newer_text_published_by_hand_overtakes_the_update(clock):
    article = make_live(body="<p>One.</p>")
    edit(article, body="<p>Two.</p>")
    schedule.schedule(article, at=TEN, kind="typo")
    edit(article, body="<p>Three.</p>")
    transitions.correct(article, kind="typo")
    assert clock.turn_to(TEN) == []
    article.refresh_from_db()
    assert article.body == "<p>Three.</p>"


def test_an_older_revision_published_by_hand_leaves_the_update_waiting(clock):
    article = make_live(body="<p>One.</p>")
    second = edit(article, body="<p>Two.</p>")
    edit(article, body="<p>Three.</p>")
    schedule.schedule(article, at=TEN, kind="typo")
    transitions.correct(article, kind="typo", revision=second)
    assert len(clock.turn_to(TEN)) == 1
    article.refresh_from_db()
    assert article.body == "<p>Three.</p>"


def test_an_update_of_an_article_withdrawn_meanwhile_is_off(clock):
    article = make_live()
    edit(article, body="<p>New.</p>")
    schedule.schedule(article, at=TEN, kind="typo")
    transitions.withdraw(article)
    assert clock.turn_to(TEN) == []
    assert outcomes_of(article) == [("correct", "cancelled")]


# --- withdraw ------------------------------------------------------------------------------------


def test_a_scheduled_withdrawal_takes_the_page_from_readers(client, clock):
    article, other = make_live(), make_live("Another story")
    gone = article.get_absolute_url()
    schedule.schedule(article, at=TEN, step="withdraw", redirect_to=other.get_absolute_url())
    assert client.get(gone).status_code == 200
    clock.turn_to(TEN)
    assert client.get(gone).headers["Location"] == other.get_absolute_url()
    assert verbs_of(article) == ["publish", "schedule", "withdraw"]


def test_withdrawing_by_hand_settles_it(clock):
    article = make_live()
    schedule.schedule(article, at=TEN, step="withdraw")
    transitions.withdraw(article)
    assert clock.turn_to(TEN) == []
    assert outcomes_of(article) == [("withdraw", "done")]


def test_publication_and_withdrawal_may_both_wait(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    schedule.schedule(article, at=NOON, step="withdraw")
    clock.turn_to(TEN)
    assert Article.objects.published().get() == article
    clock.turn_to(NOON)
    assert not Article.objects.published().exists()


def test_both_happen_in_order_after_an_outage_longer_than_the_life_of_the_story(clock):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    schedule.schedule(article, at=NOON, step="withdraw")
    taken = clock.turn_to(EVENING)
    assert [(one.step.verb, one.outcome) for one in taken] == [
        ("publish", "done"),
        ("withdraw", "done"),
    ]


@pytest.mark.parametrize("at", [NINE + timedelta(minutes=1), TEN])
def test_a_withdrawal_cannot_come_before_the_publication(at):
    article = make_draft()
    schedule.schedule(article, at=TEN)
    with pytest.raises(ValidationError, match="after"):
        schedule.schedule(article, at=at, step="withdraw")


def test_an_update_cannot_come_after_the_withdrawal():
    article = make_live()
    schedule.schedule(article, at=TEN, step="withdraw")
    edit(article, body="<p>New.</p>")
    with pytest.raises(ValidationError, match="after"):
        schedule.schedule(article, at=NOON, step="correct", kind="typo")


# --- off the schedule ----------------------------------------------------------------------------


def test_one_step_can_be_taken_off_the_schedule(clock):
    article = make_live()
    edit(article, body="<p>New.</p>")
    schedule.schedule(article, at=TEN, kind="typo")
    schedule.schedule(article, at=NOON, step="withdraw")
    unschedule(article, step="withdraw")
    assert [step.verb for step in waiting(article)] == ["correct"]


def test_all_steps_can_be_taken_off_at_once(clock):
    article = make_live()
    edit(article, body="<p>New.</p>")
    schedule.schedule(article, at=TEN, kind="typo")
    schedule.schedule(article, at=NOON, step="withdraw")
    unschedule(article)
    assert clock.turn_to(EVENING) == []
    article.refresh_from_db()
    assert article.is_public


def test_a_publication_taken_off_is_approved_again_and_takes_its_withdrawal_with_it():
    article = make_draft()
    schedule.schedule(article, at=TEN)
    schedule.schedule(article, at=NOON, step="withdraw")
    unschedule(article, step="publish")
    assert article.status == Status.APPROVED
    assert waiting(article) == []


def test_where_nothing_waits_nothing_can_be_taken_off():
    for article in (make_draft(), make_live()):
        with pytest.raises(WrongState):
            unschedule(article)
