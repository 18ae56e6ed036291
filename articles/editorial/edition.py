"""The edition: a number and a moment that every change readers can see raises.

It is raised after the commit, never inside the transaction: whoever reads in between gets the
new text with the earlier moment, which costs one more answer, and nobody gets the old text with
the later one. A lock on the row would make publishers wait for each other, too.
"""

from datetime import datetime

from django.db.models import F, QuerySet, Subquery
from django.utils import timezone

from articles.editorial import host_edition
from articles.models import Edition
from articles.models.prepared import Prepared

NAME = "site"


def raise_now() -> None:
    """Raise the edition: something that readers see is not what it was, and that is committed."""
    now = timezone.now()
    if not _row().update(number=F("number") + 1, changed_at=now):
        Edition.objects.bulk_create([Edition(name=NAME, changed_at=now)], ignore_conflicts=True)
    host_edition.here().raise_it()


def changed_at() -> datetime | None:
    """Return when something that readers see changed last."""
    found = _ASKED.rows()
    return found[0].changed_at if found else None


_ASKED = Prepared(lambda: Edition.objects.filter(name=NAME))


def with_page() -> Subquery:
    """Return the same moment as a column of a page's own query, which saves a question."""
    return Subquery(_row().values("changed_at")[:1])


def _row() -> QuerySet[Edition]:
    return Edition.objects.filter(name=NAME)
