"""The verbs. Nothing else changes an article's status, or what readers see of it.

Each verb locks the article's row, asks the table (workflow.py) and the roles, runs the gate over
exactly the revision that would go out, writes rows, redirects and the timeline in one
transaction, and announces the step after the commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editorial.addresses import (
    checked_target,
    close_address,
    leave_redirect,
    open_address,
)
from articles.editorial.checks import Issue, blocking
from articles.editorial.collisions import whole
from articles.editorial.notices import tell
from articles.editorial.offers import undoable_step
from articles.editorial.revisions import (
    connect_related_links,
    lock,
    name_of,
    newest,
    record,
    recorded,
)
from articles.editorial.roles import may
from articles.editorial.signals import article_moved
from articles.editorial.snapshots import laid_over, lay, moment_of
from articles.editorial.workflow import VERBS, Verb
from articles.models import Article, Correction, Revision, ScheduledStep, Transition

Status = Article.Status
TYPO = "typo"
#: What a change to a live article may be: a typo is nobody's news, the others are told.
KINDS = (TYPO, *Correction.Kind.values)


class NotReady(Exception):
    """The gate stays shut; `issues` says why."""

    def __init__(self, found: list[Issue]) -> None:
        super().__init__(" ".join(issue.message for issue in found))
        self.issues = found


class WrongState(Exception):
    """The verb does not lead on from the article's state."""


@dataclass
class Step:
    """One step while it is taken: what the verb's own part works on."""

    verb: Verb
    article: Article
    revision: Revision
    moment: datetime
    line: Transition
    #: The rows hold the revision already.
    stands: bool


def submit(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Hand a draft to the editors."""
    return take(VERBS["submit"], article, by=by, note=note)


def send_back(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Give an article back to its writer, with a note. Raises ValidationError without one."""
    if by is not None and not note.strip():
        raise ValidationError(_("Say in the note what is to be done."))
    return take(VERBS["send_back"], article, by=by, note=note)


def approve(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Say that an article may be published."""
    return take(VERBS["approve"], article, by=by, note=note)


def publish(
    article: Article,
    *,
    by: Any = None,
    at: datetime | None = None,
    note: str = "",
    revision: Revision | None = None,
    override: str = "",
    due_at: datetime | None = None,
) -> Transition:
    """Put an article before readers: its working copy, or the revision given.

    It keeps the date it first came out with, or gets the one an editor chose, or `at` (now). An
    address that another story of the day already has gets a number behind it. `override` is a
    reason to publish against the gate, for those who may. Raises NotReady, WrongState or
    PermissionDenied, and then changes nothing.
    """

    def go_live(step: Step) -> None:
        was = step.article.get_absolute_url()
        changed = step.article.live_number not in {None, step.revision.number}
        _show(step)
        if changed:
            # It was out before, and comes back different.
            step.article.updated_at = step.moment
        # A line that named the story while it was being saved found nothing.
        connect_related_links(step.article)
        open_address(step.article)
        leave_redirect(was, step.article.get_absolute_url(), article=step.article)
        _settle(step, ScheduledStep.Verb.PUBLISH)

    return take(
        VERBS["publish"],
        article,
        by=by,
        at=at,
        note=note,
        revision=revision,
        override=override,
        own_part=go_live,
        due_at=due_at,
    )


def correct(
    article: Article,
    *,
    kind: str,
    note: str = "",
    by: Any = None,
    at: datetime | None = None,
    revision: Revision | None = None,
    hides_change: bool = False,
    override: str = "",
    due_at: datetime | None = None,
) -> Transition:
    """Publish the changes of a live article, saying what they are.

    kind: "typo" (nobody's news: no date moves), "update" or "correction" (both with a `note` for
    readers, which stands on the article). `hides_change`: readers are shown no comparison with
    what stood there. Raises ValidationError for another kind or a missing note; else as
    `publish`.
    """
    check_kind(kind, note)

    def show_changes(step: Step) -> None:
        was = step.article.get_absolute_url()
        before = step.article.revisions.filter(number=step.article.live_number).first()
        _show(step)
        leave_redirect(was, step.article.get_absolute_url(), article=step.article)
        if kind != TYPO:
            step.article.updated_at = step.moment
            Correction.objects.create(
                article=step.article,
                kind=kind,
                note=note.strip(),
                before=None if hides_change else before,
                after=step.revision,
                made_at=step.moment,
            )
        step.line.kind, step.line.hides_change = kind, hides_change
        # An older revision that waits would take readers back behind what they have now.
        _settle(step, ScheduledStep.Verb.CORRECT, up_to=step.revision.number)

    return take(
        VERBS["correct"],
        article,
        by=by,
        at=at,
        note=note,
        revision=revision,
        override=override,
        own_part=show_changes,
        due_at=due_at,
    )


def withdraw(
    article: Article,
    *,
    by: Any = None,
    note: str = "",
    redirect_to: str = "",
    at: datetime | None = None,
    due_at: datetime | None = None,
) -> Transition:
    """Take a published article back: its address says "gone", or leads to `redirect_to`.

    `redirect_to` is a path of this site or an https address; ValidationError for any other.
    """
    target = checked_target(redirect_to)

    def close(step: Step) -> None:
        close_address(step.article, target)
        _settle(step, ScheduledStep.Verb.WITHDRAW)
        _settle(step, ScheduledStep.Verb.CORRECT, ScheduledStep.Outcome.CANCELLED)

    return take(VERBS["withdraw"], article, by=by, at=at, note=note, own_part=close, due_at=due_at)


@whole
def take_back(article: Article, *, by: Any = None) -> Transition:
    """Undo the last step, if it was one that no reader saw. Raises WrongState otherwise."""
    locked = lock(article)
    verb = undoable_step(locked)
    if verb is None:
        text = _("“%(article)s” has no step that can be taken back.")
        raise WrongState(text % {"article": locked})
    if by is not None and not may(by, verb.permission, locked):
        raise PermissionDenied(_("Your role does not allow this."))
    last = locked.transitions.latest("number")
    source, locked.status = locked.status, last.from_status
    locked.write()
    return write_line(locked, article, "undo", source, by=by, revision=last.revision)


@whole
def take(
    verb: Verb,
    article: Article,
    *,
    by: Any = None,
    at: datetime | None = None,
    note: str = "",
    revision: Revision | None = None,
    override: str = "",
    own_part: Callable[[Step], None] = lambda step: None,
    due_at: datetime | None = None,
) -> Transition:
    """Take one step: what all verbs share. `own_part` is what this one does besides."""
    # The row is read again under its lock: the caller's copy may be older than the state.
    locked = lock(article)
    if by is not None and not may(by, verb.permission, locked):
        raise PermissionDenied(_("Your role does not allow this."))
    if locked.status not in verb.sources:
        if done := _done_before(verb, locked):
            return done
        raise wrong_state(locked)
    moment = at or timezone.now()
    standing = recorded(locked) if revision is None else None
    revision = revision or standing
    if revision is None:
        revision = record(locked, by=by, at=moment)
        locked = lock(article)
    if verb.name == "correct" and revision.number == locked.live_number:
        raise WrongState(_("“%(article)s” has no changes to publish.") % {"article": locked})
    let_pass = pass_gate(verb, locked, revision, by=by, override=override, at=moment)
    source, locked.status = locked.status, verb.moves[locked.status]
    line = Transition(
        note=note,
        due_at=due_at,
        overridden=let_pass,
        override_reason=override.strip() if let_pass else "",
    )
    own_part(Step(verb, locked, revision, moment, line, standing is not None))
    locked.write()
    return write_line(
        locked, article, verb.name, source, by=by, at=moment, revision=revision, line=line
    )


def pass_gate(
    verb: Verb,
    article: Article,
    revision: Revision,
    *,
    by: Any,
    override: str = "",
    at: datetime | None = None,
) -> list[str]:
    """Run the gate over a revision; return what somebody with a reason lets pass.

    Raises NotReady, and PermissionDenied for a reason given without the permission.
    """
    if not verb.gate:
        return []
    copy = laid_over(article, revision.snapshot)
    # A story that moves into another section needs somebody who works there, too.
    if by is not None and not may(by, verb.permission, copy):
        raise PermissionDenied(_("Your role does not count in that section."))
    found = blocking(copy, verb.gate, at=at)
    if not found:
        return []
    if not override.strip():
        raise NotReady(found)
    if by is None or not may(by, "override_gate", article):
        raise PermissionDenied(_("Your role does not allow to publish against the gate."))
    if stubborn := [issue for issue in found if not issue.can_be_overridden]:
        raise NotReady(stubborn)
    return [issue.message for issue in found]


def write_line(
    locked: Article,
    article: Article,
    verb: str,
    source: str,
    *,
    by: Any = None,
    at: datetime | None = None,
    note: str = "",
    revision: Revision | None = None,
    line: Transition | None = None,
) -> Transition:
    """Add a line to the timeline, tell whom it concerns, and announce it after the commit."""
    last = locked.transitions.order_by("-number").first()
    line = line or Transition(note=note)
    line.article = locked
    line.number = last.number + 1 if last else 1
    line.verb = verb
    line.from_status, line.to_status = source, locked.status
    line.revision = revision or newest(locked)
    line.made_at = at or timezone.now()
    line.made_by, line.made_by_name = by, name_of(by)
    line.save()
    tell(line)
    article.refresh_from_db()
    article.__dict__.pop("credits", None)
    transaction.on_commit(
        lambda: article_moved.send(Article, article=article, transition=line),
        # The step is taken: a receiver that fails is logged, and nobody is told that it was not.
        robust=True,
    )
    return line


def wrong_state(article: Article) -> WrongState:
    return WrongState(
        _("“%(article)s” is %(state)s: this does not follow from there.")
        % {"article": article, "state": article.get_status_display().lower()}
    )


def _done_before(verb: Verb, article: Article) -> Transition | None:
    """Doing it twice is doing it once: the line of the first time."""
    if article.status not in verb.targets or article.has_changes_waiting:
        return None
    return article.transitions.filter(to_status=article.status).order_by("number").last()


def check_kind(kind: str, note: str) -> None:
    """Raise ValidationError unless a change is named, and told where readers are to be told."""
    if kind not in KINDS:
        raise ValidationError(_("Say what the change is: a typo, an update or a correction."))
    if kind != TYPO and not note.strip():
        raise ValidationError(_("Tell readers in the note what was changed."))


def _show(step: Step) -> None:
    """Lay the revision over the live columns, with a date and an address of its own."""
    article, moment = step.article, step.moment
    published_at, published_on = article.published_at, article.published_on
    if not step.stands:
        lay(article, step.revision.snapshot)
    chosen = moment_of(step.revision.snapshot)
    if chosen is not None and chosen > moment:
        # A date ahead was a plan: published is published, or readers would wait unknowing.
        chosen = None
    article.published_at = chosen or published_at or moment
    if article.published_at > moment:
        article.published_at = moment
    if published_on is None or article.published_at != published_at:
        article.published_on = timezone.localdate(article.published_at)
    article.live_number = step.revision.number
    article.derive()
    base, number = article.slug, 2
    same_day = Article.objects.filter(published_on=article.published_on).exclude(pk=article.pk)
    while same_day.filter(slug=article.slug).exists():
        article.slug, number = f"{base}-{number}", number + 1


def _settle(
    step: Step, verb: str, outcome: str = ScheduledStep.Outcome.DONE, up_to: int | None = None
) -> None:
    """A step that was taken by hand, or is overtaken, does not wait for its time any more."""
    waiting = step.article.scheduled_steps.filter(verb=verb, outcome=ScheduledStep.Outcome.WAITING)
    if up_to is not None:
        waiting = waiting.filter(revision__number__lte=up_to)
    waiting.update(outcome=outcome, settled_at=step.moment)
