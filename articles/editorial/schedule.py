"""Time is data: steps that wait for a moment, decided from rows and the clock, safe to repeat."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editorial import lease, transitions
from articles.editorial.addresses import checked_target
from articles.editorial.checks import blocking
from articles.editorial.collisions import whole
from articles.editorial.revisions import lock, name_of, record
from articles.editorial.roles import may
from articles.editorial.snapshots import laid_over
from articles.editorial.workflow import VERBS
from articles.models import Article, Revision, ScheduledStep, Transition

logger = logging.getLogger(__name__)

Status = Article.Status
StepVerb = ScheduledStep.Verb
Outcome = ScheduledStep.Outcome


def step_for(article: Article) -> str:
    """Return the verb that "schedule" means for an article when nobody says another."""
    if article.status != Status.PUBLISHED:
        return StepVerb.PUBLISH
    return StepVerb.CORRECT if article.has_changes_waiting else StepVerb.WITHDRAW


@whole
def schedule(
    article: Article,
    *,
    at: datetime,
    by: Any = None,
    step: str = "",
    revision: Revision | None = None,
    kind: str = "",
    note: str = "",
    redirect_to: str = "",
    hides_change: bool = False,
    override: str = "",
) -> Transition:
    """Let a step be taken at the moment `at`: publish, correct (a live article) or withdraw.

    The working copy as it stands now, or `revision`, is what will go out; the gate is asked now
    and again then. A second time for the same step replaces the first. Raises ValidationError
    for a moment that has passed or does not fit the other steps, and what the step itself would
    raise.
    """
    verb = VERBS["schedule"]
    locked = lock(article)
    if by is not None and not may(by, verb.permission, locked):
        raise PermissionDenied(_("Your role does not allow this."))
    step = step or step_for(locked)
    if locked.status not in verb.sources or not _leads_on(step, locked):
        raise transitions.wrong_state(locked)
    if at <= timezone.now():
        raise ValidationError(_("This moment has passed: choose a later one."))
    _check_order(locked, step, at)
    redirect_to = checked_target(redirect_to)
    let_pass: list[str] = []
    if step == StepVerb.WITHDRAW:
        revision = None
    else:
        if step == StepVerb.CORRECT:
            transitions.check_kind(kind, note)
        revision = revision or record(locked, by=by)
        locked = lock(article)
        if step == StepVerb.CORRECT and revision.number == locked.live_number:
            raise transitions.WrongState(
                _("“%(article)s” has no changes to publish.") % {"article": locked}
            )
        let_pass = transitions.pass_gate(verb, locked, revision, by=by, override=override, at=at)
    _close(locked, [step], Outcome.CANCELLED)
    ScheduledStep.objects.create(
        article=locked,
        verb=step,
        due_at=at,
        revision=revision,
        kind=kind,
        note=note,
        redirect_to=redirect_to,
        hides_change=hides_change,
        override_reason=override.strip() if let_pass else "",
        made_by=by,
        made_by_name=name_of(by),
    )
    source = locked.status
    if step == StepVerb.PUBLISH:
        locked.status = Status.SCHEDULED
        locked.write()
    line = Transition(
        note=note,
        due_at=at,
        kind=kind or step,
        overridden=let_pass,
        override_reason=override.strip() if let_pass else "",
    )
    return transitions.write_line(
        locked, article, verb.name, source, by=by, revision=revision, line=line
    )


@whole
def move(step: ScheduledStep, *, at: datetime, by: Any = None) -> Transition:
    """Give a waiting step another time and nothing else: what goes out stays what was scheduled.

    Raises WrongState for a step that waits no more, else as `schedule`.
    """
    still = _still_waiting(step.pk)
    if still is None:
        text = _("Nothing of “%(article)s” is on the schedule.")
        raise transitions.WrongState(text % {"article": step.article})
    return schedule(
        still.article,
        at=at,
        by=by,
        step=still.verb,
        revision=still.revision,
        kind=still.kind,
        note=still.note,
        redirect_to=still.redirect_to,
        hides_change=still.hides_change,
        override=still.override_reason,
    )


@whole
def unschedule(article: Article, *, by: Any = None, note: str = "", step: str = "") -> Transition:
    """Take what waits for a time off the schedule: one step, or all of the article's.

    A first publication goes back to "approved", and a withdrawal that waited behind it goes with
    it. Raises WrongState when nothing waits.
    """
    verb = VERBS["unschedule"]
    locked = lock(article)
    if by is not None and not may(by, verb.permission, locked):
        raise PermissionDenied(_("Your role does not allow this."))
    steps = [step] if step and step != StepVerb.PUBLISH else list(StepVerb.values)
    if locked.status not in verb.sources or not _close(locked, steps, Outcome.CANCELLED):
        raise transitions.WrongState(
            _("Nothing of “%(article)s” is on the schedule.") % {"article": locked}
        )
    source = locked.status
    if source == Status.SCHEDULED and StepVerb.PUBLISH in steps:
        locked.status = Status.APPROVED
        locked.write()
    return transitions.write_line(locked, article, verb.name, source, by=by, note=note)


def waiting(article: Article) -> list[ScheduledStep]:
    """Return what waits for its time, soonest first."""
    return list(
        article.scheduled_steps.filter(outcome=Outcome.WAITING)
        .select_related("revision")
        .order_by("due_at", "id")
    )


# --- the clock's part ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """What became of one due step; `late` in seconds."""

    step: ScheduledStep
    outcome: str
    late: float
    problem: str = ""


def due(now: datetime) -> list[ScheduledStep]:
    """Return the steps whose time has come, in the order in which they happen."""
    return list(
        ScheduledStep.objects.filter(outcome=Outcome.WAITING, due_at__lte=now)
        .select_related("article")
        .order_by("due_at", "id")
    )


def next_due() -> datetime | None:
    """Return the moment of the next step that waits; None when nothing does."""
    waits = ScheduledStep.objects.filter(outcome=Outcome.WAITING).order_by("due_at", "id")
    return waits.values_list("due_at", flat=True).first()


def publish_due(now: datetime | None = None) -> list[Taken]:
    """Take every step that is due, oldest first, each in a transaction of its own.

    Safe to call from any number of processes at once: a step is settled under its article's lock
    by whoever comes first. What the gate, the roles or the state stop is settled as stopped, and
    told. Only a database that does not answer raises: what is left waits for the next call.
    """
    return list(taking_due(now))


def taking_due(now: datetime | None = None) -> Iterator[Taken]:
    """Take what is due one step at a time, for a caller with something to do in between."""
    for step in due(now or timezone.now()):
        if taken := _take(step.pk, now):
            yield taken


def clock_state(now: datetime) -> tuple[datetime | None, bool]:
    """Return when the schedule was last looked through, and whether the clock runs."""
    ticked_at = lease.ticked_at()
    return ticked_at, ticked_at is not None and now - ticked_at < lease.STANDS_STILL_AFTER


def _take(pk: int, now: datetime | None) -> Taken | None:
    """Take one step unless somebody else did; None then."""
    try:
        return _settle(pk, now, _run)
    except (OperationalError, InterfaceError):
        # The database, not the step: everything waits, in its order.
        raise
    except Exception as error:
        problem = _problem(error)
    return _settle(pk, now, partial(_miss, problem=problem))


@whole
def _settle(
    pk: int, now: datetime | None, how: Callable[[ScheduledStep, datetime], Taken]
) -> Taken | None:
    step = _still_waiting(pk)
    return how(step, now or timezone.now()) if step else None


def _problem(error: Exception) -> str:
    """Return the sentence for the editors. A step that fails must not hold up those behind it."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, (transitions.NotReady, transitions.WrongState, PermissionDenied)):
        return str(error)
    logger.error("A scheduled step ended in an error.", exc_info=error)
    return _("It ended in an error; the server's log says more.")


def _still_waiting(pk: int) -> ScheduledStep | None:
    article = Article.objects.filter(scheduled_steps=pk).only("pk").first()
    try:
        if article is None:
            return None
        lock(article)
    except Article.DoesNotExist:  # deleted while we waited for its lock
        return None
    waits = ScheduledStep.objects.filter(pk=pk, outcome=Outcome.WAITING)
    return waits.select_related("article", "revision", "made_by").first()


def _run(step: ScheduledStep, moment: datetime) -> Taken:
    article = step.article
    # The article was still a draft somebody took back: publishing it would be by accident.
    if step.verb == StepVerb.PUBLISH and article.status != Status.SCHEDULED:
        raise transitions.wrong_state(article)
    _check_person(step)
    common: dict[str, Any] = {
        "by": step.made_by,
        "at": moment,
        "due_at": step.due_at,
        "note": step.note,
    }
    if step.verb == StepVerb.WITHDRAW:
        line = transitions.withdraw(article, redirect_to=step.redirect_to, **common)
    else:
        _check_override(step, moment)
        common |= {"revision": step.revision, "override": step.override_reason}
        if step.verb == StepVerb.CORRECT:
            line = transitions.correct(
                article, kind=step.kind, hides_change=step.hides_change, **common
            )
        else:
            line = transitions.publish(article, **common)
    ScheduledStep.objects.filter(pk=step.pk).update(outcome=Outcome.DONE, settled_at=moment)
    return Taken(step, Outcome.DONE, line.lateness.total_seconds() if line.lateness else 0.0)


def _check_person(step: ScheduledStep) -> None:
    """Whoever scheduled a step answers for it when it is taken, so they must still be allowed to.

    Raises PermissionDenied. A step of the system itself has no name on it.
    """
    person = step.made_by
    gone = person is None and bool(step.made_by_name)
    if gone or (person is not None and not may(person, VERBS[step.verb].permission, step.article)):
        text = _("%(name)s, who scheduled this, may not do it any more.")
        raise PermissionDenied(text % {"name": step.made_by_name})


def _check_override(step: ScheduledStep, moment: datetime) -> None:
    """A reason given for one fault lets no other pass that turned up since. Raises NotReady."""
    if step.revision is None:
        raise transitions.WrongState(_("The revision that was to go out is gone."))
    if not step.override_reason:
        return
    lines = step.article.transitions.filter(verb="schedule", due_at=step.due_at)
    line = lines.filter(revision=step.revision).order_by("-number").first()
    known = line.overridden if line else []
    found = blocking(laid_over(step.article, step.revision.snapshot), "publish", at=moment)
    if new := [issue for issue in found if issue.message not in known]:
        raise transitions.NotReady(new)


def _miss(step: ScheduledStep, moment: datetime, problem: str) -> Taken:
    """Settle a step that could not be taken, and write that down.

    A withdrawal behind a publication that was missed keeps its time: somebody will publish the
    article by hand, and it has to come down all the same.
    """
    ScheduledStep.objects.filter(pk=step.pk).update(
        outcome=Outcome.STOPPED, settled_at=moment, problem=problem
    )
    article = lock(step.article)
    source = article.status
    if step.verb == StepVerb.PUBLISH and source == Status.SCHEDULED:
        article.status = Status.APPROVED
        article.write()
    line = Transition(note=problem, due_at=step.due_at, kind=step.verb)
    transitions.write_line(article, step.article, "miss", source, at=moment, line=line)
    return Taken(step, Outcome.STOPPED, (moment - step.due_at).total_seconds(), problem)


def _leads_on(step: str, article: Article) -> bool:
    """Whether a step can follow from the article's state, or from what waits before it."""
    if step == StepVerb.PUBLISH:
        return article.status != Status.PUBLISHED
    if step == StepVerb.WITHDRAW:
        return article.status in {Status.PUBLISHED, Status.SCHEDULED}
    return step == StepVerb.CORRECT and article.status == Status.PUBLISHED


def _check_order(article: Article, step: str, at: datetime) -> None:
    """Raise ValidationError when a withdrawal would come before what it is to withdraw."""
    for other in waiting(article):
        first, last = (other.due_at, at) if step == StepVerb.WITHDRAW else (at, other.due_at)
        withdraws = StepVerb.WITHDRAW in {step, other.verb} and step != other.verb
        if withdraws and first >= last:
            raise ValidationError(_("The withdrawal has to come after what is published."))


def _close(article: Article, steps: list[str], outcome: str) -> int:
    return article.scheduled_steps.filter(verb__in=steps, outcome=Outcome.WAITING).update(
        outcome=outcome, settled_at=timezone.now()
    )
