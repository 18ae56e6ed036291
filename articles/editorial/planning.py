"""Plans beside the text: who writes it until when, and before which moment nobody may see it.

A plan moves nothing by itself: planning is not scheduling.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.conf import in_site_language
from articles.editorial.collisions import whole
from articles.editorial.revisions import lock, name_of
from articles.editorial.roles import may
from articles.editorial.transitions import write_line
from articles.models import Article, Transition

#: Columns that are plans; an edit of the text never touches them.
FIELDS = ("assignee", "due_on", "embargo_until")
_UNCHANGED: Any = object()


@whole
def plan(
    article: Article,
    *,
    by: Any = None,
    assignee: Any = _UNCHANGED,
    due_on: date | None = _UNCHANGED,
    embargo_until: datetime | None = _UNCHANGED,
) -> Transition | None:
    """Change what is given of an article's plan; None when that is what it is already.

    Raises PermissionDenied, and ValidationError as `check_embargo` does.
    """
    locked = lock(article)
    if by is not None and not may(by, "approve_article", locked):
        raise PermissionDenied(_("Your role does not allow this."))
    asked = {"assignee": assignee, "due_on": due_on, "embargo_until": embargo_until}
    changes = {
        name: value
        for name, value in asked.items()
        if value is not _UNCHANGED and value != getattr(locked, name)
    }
    if not changes:
        return None
    check_embargo(locked, changes.get("embargo_until"))
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*changes, "saved_at"])
    with in_site_language():
        note = " ".join(_sentence(name, value) for name, value in changes.items())
    line = Transition(note=note)
    line.kind = "assign" if changes.get("assignee") else ""
    return write_line(locked, article, "plan", locked.status, by=by, line=line)


def check_embargo(article: Article, until: datetime | None) -> None:
    """Raise ValidationError for an embargo on what readers see already, or one that holds nothing
    back: its moment has passed, which is more often a slip than a wish."""
    if until and article.is_public:
        raise ValidationError(_("Readers see it already: withdraw it instead."))
    if until and until <= timezone.now():
        raise ValidationError(_("This moment has passed: choose a later one."))


def _sentence(name: str, value: Any) -> str:
    if name == "assignee":
        if value is None:
            return _("Assigned to nobody.")
        return _("Assigned to %(name)s.") % {"name": name_of(value)}
    if name == "due_on":
        if value is None:
            return _("No day due.")
        return _("Due on %(day)s.") % {"day": date_format(value, "DATE_FORMAT")}
    if value is None:
        return _("No embargo.")
    until = date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return _("Embargo until %(moment)s.") % {"moment": until}
