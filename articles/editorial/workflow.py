"""The state machine, as one table: who may take an article from where to where.

The verbs, the admin's buttons and bulk actions and the documentation all read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article

Status = Article.Status


@dataclass(frozen=True)
class Verb:
    """One row of the table.

    moves: state -> the state it leads to (the same one for a verb that changes only what readers
    see, or when). permission: a codename of the articles app. gate: the purpose for which the
    checks run ("review", "publish"; "" for none). asks: what a person must or may say with it
    ("note", "time", "kind", "redirect"); a door that cannot ask shows a page that can.
    undoable: the step back is safe, because no reader saw the step.
    """

    name: str
    label: str | Promise
    moves: Mapping[str, str]
    permission: str
    gate: str = ""
    asks: tuple[str, ...] = ()
    undoable: bool = False

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(self.moves)

    @property
    def targets(self) -> frozenset[str]:
        return frozenset(self.moves.values())


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb(
            "submit",
            _("Submit for review"),
            {Status.DRAFT: Status.IN_REVIEW},
            "change_article",
            gate="review",
            undoable=True,
        ),
        Verb(
            "send_back",
            _("Send back to the writer"),
            {Status.IN_REVIEW: Status.DRAFT, Status.APPROVED: Status.DRAFT},
            "approve_article",
            asks=("note",),
            undoable=True,
        ),
        Verb(
            "approve",
            _("Approve"),
            {Status.DRAFT: Status.APPROVED, Status.IN_REVIEW: Status.APPROVED},
            "approve_article",
            gate="review",
            undoable=True,
        ),
        Verb(
            "schedule",
            _("Schedule"),
            {
                Status.DRAFT: Status.SCHEDULED,
                Status.IN_REVIEW: Status.SCHEDULED,
                Status.APPROVED: Status.SCHEDULED,
                Status.SCHEDULED: Status.SCHEDULED,
                Status.PUBLISHED: Status.PUBLISHED,
            },
            "publish_article",
            gate="publish",
            asks=("time", "kind", "redirect"),
        ),
        Verb(
            "unschedule",
            _("Take off the schedule"),
            {Status.SCHEDULED: Status.APPROVED, Status.PUBLISHED: Status.PUBLISHED},
            "publish_article",
        ),
        Verb(
            "publish",
            _("Publish"),
            {
                Status.DRAFT: Status.PUBLISHED,
                Status.IN_REVIEW: Status.PUBLISHED,
                Status.APPROVED: Status.PUBLISHED,
                Status.SCHEDULED: Status.PUBLISHED,
                Status.WITHDRAWN: Status.PUBLISHED,
            },
            "publish_article",
            gate="publish",
        ),
        Verb(
            "correct",
            _("Publish changes"),
            {Status.PUBLISHED: Status.PUBLISHED},
            "publish_article",
            gate="publish",
            asks=("kind",),
        ),
        Verb(
            "withdraw",
            _("Withdraw"),
            {Status.PUBLISHED: Status.WITHDRAWN},
            "publish_article",
            asks=("redirect",),
        ),
    )
}

#: What the timeline calls its lines: the verbs, and what happens beside them.
LABELS: dict[str, str | Promise] = {
    **{verb.name: verb.label for verb in VERBS.values()},
    "undo": _("Step taken back"),
    "plan": _("Plan changed"),
    "translate": _("Translations changed"),
    "miss": _("Time missed"),
}
#: Lines of the timeline that are no steps: what waited before them waits after them.
NO_STEPS = ("plan", "translate")
