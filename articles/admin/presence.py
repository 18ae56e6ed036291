"""Who has an article open now, on which screen and in which field."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from articles.editorial.revisions import name_of
from articles.models import Article, Presence

#: A screen says every 15 s that it is there; one that missed three times is not.
SECONDS = 45


def touch(article: Article, client: str, person: Any, field: str) -> None:
    """Note that a screen is open, and where its cursor is."""
    now = timezone.now()
    Presence.objects.filter(article=article, seen_at__lt=now - timedelta(seconds=SECONDS)).delete()
    values = {"field": field[:40], "seen_at": now}
    mine = Presence.objects.filter(article=article, client=client, user=person)
    if not mine.update(**values):
        # Somebody else's screen keeps its name.
        new = Presence(article=article, client=client, user=person, **values)
        Presence.objects.bulk_create([new], ignore_conflicts=True)


def leave(article: Article, client: str, person: Any) -> None:
    """Note that a screen was closed."""
    Presence.objects.filter(article=article, client=client, user=person).delete()


def others(article: Article, client: str, person: Any) -> list[dict[str, Any]]:
    """Return the other screens on which an article is open: name, field, and whether it is yours.

    A person with several screens is listed once for each.
    """
    since = timezone.now() - timedelta(seconds=SECONDS)
    rows = (
        Presence.objects.filter(article=article, seen_at__gte=since)
        .exclude(client=client)
        .select_related("user")
        .order_by("pk")
    )
    return [
        {
            "name": name_of(row.user),
            "field": row.field,
            "client": row.client,
            "you": row.user_id == person.pk,
        }
        for row in rows
    ]
