"""What a change drops: after the commit, and before whoever made it goes on."""

from django.db import transaction

from articles.pagecache import numbers
from articles.pagecache.slots import EVERYTHING


def drop_after_commit() -> None:
    """Drop every page once the change that is under way is there for everybody."""
    transaction.on_commit(drop_everything, robust=True)


def drop_everything() -> None:
    """Drop every page, now."""
    numbers.of_site().drop([EVERYTHING])
