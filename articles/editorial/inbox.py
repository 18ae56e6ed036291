"""What waits for whom: the lists that somebody at the desk opens the day with."""

from typing import Any

from django.db.models import QuerySet

from articles.editorial.roles import own
from articles.models import Article

Status = Article.Status


def _cards() -> QuerySet[Article]:
    return Article.objects.for_listing()


def drafts_of(person: Any) -> QuerySet[Article]:
    """What `person` is writing, last saved first."""
    return _cards().filter(own(person), status=Status.DRAFT).order_by("-saved_at", "-id")


def waiting_for_review() -> QuerySet[Article]:
    """What writers handed in, the longest waiting first."""
    return _cards().filter(status=Status.IN_REVIEW).order_by("saved_at", "id")


def ready_to_publish() -> QuerySet[Article]:
    """What was approved and is not out yet."""
    return _cards().filter(status=Status.APPROVED).order_by("saved_at", "id")


def recently_published() -> QuerySet[Article]:
    return Article.objects.published().for_listing()


def imports_with_warnings() -> QuerySet[Article]:
    """Imported stories that readers cannot see and that somebody must look at first."""
    unseen = _cards().filter(status__in=[Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
    # The warnings themselves are shown: cards leave them out.
    return (
        unseen.exclude(import_warnings=[])
        .defer(None)
        .defer("body", "body_text")
        .order_by("-saved_at", "-id")
    )
