"""The state machine, as one table: who may take an article from where to where.

The verbs, the admin's buttons and bulk actions and the documentation all read it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article

Status = Article.Status


@dataclass(frozen=True)
class Verb:
    """One row: `permission` is a codename of the articles app; `needs_gate` runs the checks."""

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    permission: str
    needs_gate: bool = False


def _verb(
    name: str, label: str | Promise, sources: set[str], target: str, permission: str, **kwargs: bool
) -> Verb:
    return Verb(name, label, frozenset(sources), target, permission, **kwargs)


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        _verb("submit", _("Submit for review"), {Status.DRAFT}, Status.IN_REVIEW, "change_article"),
        _verb(
            "send_back",
            _("Send back to the writer"),
            {Status.IN_REVIEW, Status.APPROVED},
            Status.DRAFT,
            "approve_article",
        ),
        _verb(
            "approve",
            _("Approve"),
            {Status.DRAFT, Status.IN_REVIEW},
            Status.APPROVED,
            "approve_article",
        ),
        _verb(
            "publish",
            _("Publish"),
            {Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, Status.WITHDRAWN},
            Status.PUBLISHED,
            "publish_article",
            needs_gate=True,
        ),
        _verb("withdraw", _("Withdraw"), {Status.PUBLISHED}, Status.WITHDRAWN, "publish_article"),
    )
}
