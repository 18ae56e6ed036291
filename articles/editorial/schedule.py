"""Time is data: steps that wait for a moment, decided from rows and the clock, safe to repeat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editorial import transitions
from articles.editorial.addresses import checked_target
from articles.editorial.revisions import lock, name_of, record
from articles.editorial.roles import may
from articles.editorial.workflow import VERBS
from articles.models import Article, Revision, ScheduledStep, Transition

Status = Article.Status
StepVerb = ScheduledStep.Verb
Outcome = ScheduledStep.Outcome


def step_for(article: Article) -> str:
    """Return the verb that "schedule" means for an article when nobody says another."""
    if article.status != Status.PUBLISHED:
        return StepVerb.PUBLISH
    return StepVerb.CORRECT if article.has_changes_waiting else StepVerb.WITHDRAW


@transaction.atomic
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
    for a moment that has passed, and what the step itself would raise.
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
        let_pass = transitions.pass_gate(
            verb, locked, revision, by=by, override=override, at=at
        )
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


@transaction.atomic
def unschedule(article: Article, *, by: Any = None, note: str = "", step: str = "") -> Transition:
    """Take what waits for a time off the schedule: one step, or all of the article's.

    A first publication goes back to "approved". Raises WrongState when nothing waits.
    """
    verb = VERBS["unschedule"]
    locked = lock(article)
    if by is not None and not may(by, verb.permission, locked):
        raise PermissionDenied(_("Your role does not allow this."))
    steps = [step] if step else list(StepVerb.values)
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


def publish_due(now: datetime | None = None) -> list[Taken]:
    """Take every step that is due, oldest first, each in a transaction of its own.

    Safe to call from any number of processes at once: a step is settled under its article's lock
    by whoever comes first. What the gate or the state stops is settled as stopped, and told.
    """
    moment = now or timezone.now()
    taken = [_take(step.pk, now) for step in due(moment)]
    return [one for one in taken if one is not None]


def _take(pk: int, now: datetime | None) -> Taken | None:
    """Take one step unless somebody else did; None then."""
    try:
        with transaction.atomic():
            step = _still_waiting(pk)
            return _run(step, now or timezone.now()) if step else None
    except (transitions.NotReady, transitions.WrongState, ValidationError) as error:
        problem = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        with transaction.atomic():
            step = _still_waiting(pk)
            return _miss(step, now or timezone.now(), problem) if step else None


def _still_waiting(pk: int) -> ScheduledStep | None:
    article = Article.objects.filter(scheduled_steps=pk).only("pk").first()
    if article is None:
        return None
    lock(article)
    waits = ScheduledStep.objects.filter(pk=pk, outcome=Outcome.WAITING)
    return waits.select_related("article", "revision", "made_by").first()


def _run(step: ScheduledStep, moment: datetime) -> Taken:
    article = step.article
    # The article was still a draft somebody took back: publishing it would be by accident.
    if step.verb == StepVerb.PUBLISH and article.status != Status.SCHEDULED:
        raise transitions.wrong_state(article)
    common: dict[str, Any] = {"at": moment, "due_at": step.due_at, "note": step.note}
    if step.verb == StepVerb.WITHDRAW:
        line = transitions.withdraw(article, redirect_to=step.redirect_to, **common)
    elif step.verb == StepVerb.CORRECT:
        line = transitions.correct(
            article,
            kind=step.kind,
            revision=step.revision,
            hides_change=step.hides_change,
            **_for_the_gate(step),
            **common,
        )
    else:
        line = transitions.publish(
            article, revision=step.revision, **_for_the_gate(step), **common
        )
    ScheduledStep.objects.filter(pk=step.pk).update(outcome=Outcome.DONE, settled_at=moment)
    return Taken(step, Outcome.DONE, line.lateness.total_seconds() if line.lateness else 0.0)


def _for_the_gate(step: ScheduledStep) -> dict[str, Any]:
    """Whoever scheduled it answers for it, with their reason if they gave one."""
    return {"by": step.made_by, "override": step.override_reason}


def _miss(step: ScheduledStep, moment: datetime, problem: str) -> Taken:
    """Settle a step that could not be taken, and write that down."""
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


def _close(article: Article, steps: list[str], outcome: str) -> int:
    return article.scheduled_steps.filter(verb__in=steps, outcome=Outcome.WAITING).update(
        outcome=outcome, settled_at=timezone.now()
    )

