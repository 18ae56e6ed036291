"""Whatever the desk does, in whatever order: what must be true of an article stays true.

A machine takes random steps (verbs, edits, autosaves, restores, times, a clock that moves or
stands still) on two articles that fight for the same addresses, and looks at the rows after each.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles.editorial import planning, revisions, schedule, transitions
from articles.editorial.snapshots import normal, snapshot, unconnected
from articles.editorial.transitions import NotReady, WrongState
from articles.editorial.workflow import VERBS
from articles.models import Article, Correction, Redirect, Revision, ScheduledStep, Transition
from tests.desk.moments import Hand
from tests.factories import Status, make_article, make_person

REFUSALS = (WrongState, NotReady, ValidationError)
#: When an article of the machine may say that it came out: before, to the day, and ahead.
DATES = (
    None,
    "2026-05-01T10:00:00+00:00",
    "2026-05-02T10:00:00+00:00",
    "2027-01-01T00:00:00+00:00",
)
KINDS = ("typo", "update", "correction")
DELAYS = st.sampled_from([timedelta(minutes=5), timedelta(hours=1), timedelta(hours=30)])
WHICH = st.sampled_from([0, 1])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "headline": st.sampled_from(["Story a", "Story b", "Ein Bericht", ""]),
        "body": st.sampled_from(["<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"]),
        "slug": st.sampled_from(["story", "report", ""]),
        "published_at": st.sampled_from(DATES),
        "tags": st.sampled_from([[], ["Ports"], ["Ports", "Pilots"]]),
    },
)
HAND = Hand()


class Desk(RuleBasedStateMachine):
    """Two articles and everything that can be done to them."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        HAND.moment = datetime.fromisoformat("2026-05-04T09:00:00+00:00")
        self.articles = [
            make_article(f"Story {name}", status=Status.DRAFT, slug="story") for name in "ab"
        ]
        transitions.publish(self.articles[0])
        self.editor = make_person("editor")
        self.addresses: set[str] = set()

    def teardown(self) -> None:
        try:
            self.every_address_answers()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    # --- what can be done ------------------------------------------------------------------------

    def attempt(self, do: Callable[[], object]) -> None:
        """Do it. What is refused must have changed nothing."""
        HAND.moment += timedelta(seconds=1)
        before = self.rows()
        try:
            do()
        except REFUSALS:
            assert self.rows() == before
        for article in self.articles:
            article.refresh_from_db()

    def rows(self) -> list[object]:
        models = (Article, Revision, Transition, ScheduledStep, Redirect, Correction)
        return [list(model.objects.order_by("pk").values()) for model in models]

    def write(self, which: int, changes: dict[str, object], is_autosave: bool = False) -> None:
        article = self.articles[which]
        public = article.was_public and snapshot(article)
        data = {**revisions.working_data(article), **changes}
        self.attempt(
            lambda: revisions.record(article, data, by=self.editor, is_autosave=is_autosave)
        )
        if public:
            assert snapshot(article) == public, "an edit touched what readers see"

    @rule(which=WHICH, changes=CHANGES, is_autosave=st.booleans())
    def edit(self, which, changes, is_autosave):
        self.write(which, changes, is_autosave)

    @rule(which=WHICH, back=st.integers(0, 5))
    def restore(self, which, back):
        article = self.articles[which]
        if not article.working_number:
            return
        old = article.revisions.get(number=max(1, article.working_number - back))
        self.attempt(lambda: revisions.restore(article, old.number, by=self.editor))
        assert revisions.working_data(article) == old.snapshot

    @rule(which=WHICH, place=st.integers(0, 11))
    def take(self, which, place):
        """A verb that follows from the state more often than one that does not."""
        article = self.articles[which]
        names = ("submit", "send_back", "approve", "publish")
        fitting = [name for name in names if article.status in VERBS[name].sources]
        name = [*fitting, *fitting, "publish", "submit", "take_back"][
            place % (2 * len(fitting) + 3)
        ]
        note = {"note": "Again."} if name == "send_back" else {}
        self.attempt(lambda: getattr(transitions, name)(article, by=self.editor, **note))

    @rule(which=WHICH, changes=CHANGES, kind=st.sampled_from(KINDS))
    def change_what_readers_see(self, which, changes, kind):
        self.write(which, changes)
        article = self.articles[which]
        self.attempt(lambda: transitions.correct(article, kind=kind, note="A note."))

    @rule(which=WHICH, kind=st.sampled_from(KINDS), hides=st.booleans(), back=st.integers(0, 2))
    def correct(self, which, kind, hides, back):
        article = self.articles[which]
        number = (article.working_number or 1) - back
        chosen = article.revisions.filter(number=number).first() if back else None
        self.attempt(
            lambda: transitions.correct(
                article, kind=kind, note="A note.", hides_change=hides, revision=chosen
            )
        )

    @rule(which=WHICH, leads=st.sampled_from(["", "other", "past", "https://other.example/"]))
    def withdraw(self, which, leads):
        article, other = self.articles[which], self.articles[1 - which]
        places = {"other": other.get_absolute_url(), "past": min(self.addresses, default="")}
        target = places.get(leads, leads)
        self.attempt(lambda: transitions.withdraw(article, redirect_to=target))

    @rule(
        which=WHICH,
        changes=CHANGES,
        step=st.sampled_from(["", "", *schedule.StepVerb.values]),
        delay=DELAYS,
        kind=st.sampled_from(KINDS),
    )
    def give_a_time(self, which, changes, step, delay, kind):
        self.write(which, changes)
        article = self.articles[which]
        said = {"kind": kind, "note": "A note.", "by": self.editor}
        self.attempt(lambda: schedule.schedule(article, at=HAND.moment + delay, step=step, **said))

    @rule(which=WHICH, delay=DELAYS)
    def give_another_time(self, which, delay):
        for step in schedule.waiting(self.articles[which])[:1]:
            self.attempt(lambda step=step: schedule.move(step, at=HAND.moment + delay))

    @rule(which=WHICH, step=st.sampled_from(["", *schedule.StepVerb.values]))
    def take_off_the_schedule(self, which, step):
        article = self.articles[which]
        self.attempt(lambda: schedule.unschedule(article, step=step))

    @rule(which=WHICH, delay=st.sampled_from([None, None, timedelta(minutes=5)]))
    def embargo(self, which, delay):
        article = self.articles[which]
        until = HAND.moment + delay if delay else None
        self.attempt(lambda: planning.plan(article, embargo_until=until))

    @rule(delay=DELAYS)
    def the_clock_stands_still(self, delay):
        HAND.moment += delay

    @rule(delay=DELAYS)
    @precondition(lambda self: ScheduledStep.objects.filter(outcome="waiting").exists())
    def the_clock_runs(self, delay):
        HAND.moment += delay
        due = [step.pk for step in schedule.due(HAND.moment)]
        taken = schedule.publish_due()
        assert [one.step.pk for one in taken] == [pk for pk in due if pk in self.taken_by(taken)]
        assert schedule.due(HAND.moment) == []
        assert schedule.publish_due() == []
        for article in self.articles:
            article.refresh_from_db()

    def taken_by(self, taken):
        return {one.step.pk for one in taken}

    # --- what must be true -----------------------------------------------------------------------

    @invariant()
    def the_timeline_is_whole(self):
        for article in self.articles:
            lines = list(article.transitions.order_by("number"))
            assert [line.number for line in lines] == list(range(1, len(lines) + 1))
            state, last = str(Status.DRAFT), None
            for line in lines:
                assert line.from_status == state
                assert leads_on(line, last), (line.verb, line.from_status, line.to_status)
                state, last = line.to_status, line
            assert article.status == state

    @invariant()
    def what_is_public_is_complete(self):
        public = {article.pk for article in Article.objects.published()}
        published = [one for one in self.articles if one.status == Status.PUBLISHED]
        assert public == {article.pk for article in published}
        for article in published:
            assert article.published_at <= HAND.moment
            assert article.get_absolute_url()
        seen = [one.get_absolute_url() for one in self.articles if one.was_public]
        assert len(seen) == len(set(seen))
        self.addresses |= set(seen)

    @invariant()
    def readers_see_the_last_published_revision(self):
        for article in self.articles:
            if not article.was_public:
                continue
            line = article.transitions.filter(verb__in=("publish", "correct")).latest("number")
            assert line.revision.number == article.live_number
            assert plain(article, snapshot(article)) == plain(article, line.revision.snapshot)
            asked = normal(article, line.revision.snapshot)["slug"]
            assert re.fullmatch(rf"{re.escape(asked)}(-\d+)?", article.slug)

    @invariant()
    def the_working_copy_is_the_newest_revision(self):
        for article in self.articles:
            numbers = list(article.revisions.order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            assert article.working_number == (numbers[-1] if numbers else None)
            if numbers and not article.was_public:
                data = revisions.newest(article).snapshot
                assert plain(article, snapshot(article)) == plain(article, data)

    @invariant()
    def what_waits_fits_the_state(self):
        for article in self.articles:
            verbs = [step.verb for step in schedule.waiting(article)]
            assert len(verbs) == len(set(verbs))
            assert ("publish" in verbs) == (article.status == Status.SCHEDULED)
            assert "correct" not in verbs or article.status == Status.PUBLISHED

    @invariant()
    def redirects_lead_straight_to_a_page(self):
        rows = dict(Redirect.objects.values_list("old_path", "new_path"))
        live = {one.get_absolute_url() for one in self.articles if one.status == Status.PUBLISHED}
        for old_path, new_path in rows.items():
            assert old_path not in live, "a redirect shadows a page"
            assert not rows.get(new_path), f"a chain: {old_path} {new_path} {rows[new_path]}"

    @invariant()
    def corrections_are_the_changes_that_readers_were_told(self):
        for article in self.articles:
            told = article.transitions.filter(verb="correct").exclude(kind="typo").count()
            assert article.corrections.count() == told

    @invariant()
    def each_step_that_was_taken_has_one_line(self):
        for step in ScheduledStep.objects.exclude(outcome__in=("waiting", "cancelled")):
            lines = Transition.objects.filter(article=step.article_id, due_at=step.due_at)
            lines = lines.exclude(verb__in=("schedule", "unschedule"))
            by_hand = step.outcome == "done" and step.settled_at < step.due_at
            of_the_step = [
                line
                for line in lines
                if step.verb == (line.kind if line.verb == "miss" else line.verb)
            ]
            if not by_hand:
                assert len(of_the_step) <= 1

    def every_address_answers(self):
        client = Client()
        for address in sorted(self.addresses):
            answer = client.get(address)
            if answer.status_code == 301:
                target = answer.headers["Location"]
                if target.startswith("https://"):
                    continue
                answer = client.get(target)
            assert answer.status_code in {200, 410}, (address, answer.status_code)


def leads_on(line: Transition, last: Transition | None) -> bool:
    """Whether the table has the step of a line, or it is one of the lines beside the table."""
    here = (line.from_status, line.to_status)
    if line.verb == "undo":
        undoable = last is not None and VERBS[last.verb].undoable
        return undoable and here == (last.to_status, last.from_status)
    if line.verb == "miss":
        return here == (Status.SCHEDULED, Status.APPROVED) or here[0] == here[1]
    if line.verb == "plan":
        return here[0] == here[1]
    moves = VERBS[line.verb].moves
    stays = line.verb in {"schedule", "unschedule"} and here[0] == here[1]
    return moves.get(line.from_status) == line.to_status or (stays and here[0] in moves)


def plain(article: Article, data: dict) -> dict:
    """What a revision and the rows must agree in: all but date and address."""
    data = unconnected(normal(article, data))
    return {key: value for key, value in data.items() if key not in {"slug", "published_at"}}


def run(monkeypatch, examples, steps):
    monkeypatch.setattr(timezone, "now", HAND)
    # Everything of an example happens in one transaction of the test, and is undone with it.
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.django_db
def test_any_sequence_of_steps_keeps_what_must_be_true(monkeypatch):
    run(monkeypatch, examples=3, steps=20)


@pytest.mark.proof
@pytest.mark.django_db
def test_any_long_sequence_of_steps_keeps_what_must_be_true(monkeypatch):
    run(monkeypatch, examples=60, steps=60)
