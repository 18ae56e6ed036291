"""What happens when two verbs meet in the database: neither is half done, and neither gives up.

Locks are taken in one order, articles first, by number, and tags after them: two verbs wait for
each other by turns. What is left to bad luck (two that wait for each other all the same; a row that
somebody took away meanwhile, or a name that somebody took) ends one of the two, and nothing of it
is left. So it can be done again: what a verb decides by, it reads in its own transaction.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction

logger = logging.getLogger(__name__)

#: How often a verb is tried. Who met somebody each time is told.
TRIES = 3
#: PostgreSQL's words for it: a deadlock, a write that came too late, a row gone, a name taken.
_BAD_LUCK = frozenset({"40P01", "40001", "23503", "23505"})
Verb = TypeVar("Verb", bound=Callable[..., Any])


def whole(verb: Verb) -> Verb:
    """Make a function one transaction, done again where another one ended it.

    Within a transaction of the caller's it is a part of that, and tried once.
    """

    @functools.wraps(verb)
    def tried(*args: Any, **kwargs: Any) -> Any:
        if connection.in_atomic_block:
            with transaction.atomic():
                return verb(*args, **kwargs)
        for tries_left in reversed(range(TRIES)):
            committed: list[bool] = []
            try:
                with transaction.atomic():
                    # First: what goes wrong in what follows a commit is no reason to repeat it.
                    transaction.on_commit(functools.partial(committed.append, True))
                    return verb(*args, **kwargs)
            except DatabaseError as error:
                if not tries_left or committed or not is_bad_luck(error):
                    raise
                logger.info("%s met another verb, and is done again: %s", verb.__name__, error)
        raise AssertionError("a last try returns or raises")

    # It takes and returns what the verb does, which a wrapper's type cannot say.
    return tried  # type: ignore[return-value]


def is_bad_luck(error: BaseException) -> bool:
    """Whether the database ended a transaction for what another one did meanwhile."""
    return getattr(error.__cause__, "sqlstate", None) in _BAD_LUCK
