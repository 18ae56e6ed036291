"""What goes out by e-mail: rows that wait for it, each claimed before it is sent.

A notice and a reader's message wait in their own tables (`MailedModel`); how they are claimed,
tried again and given up stands here.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q

from articles.models.keys import MailedModel

logger = logging.getLogger(__name__)

#: After a mail that failed, the next try comes so much later; after the last one it is given up.
PAUSES = (10, 40, 160, 640)
TRIES = len(PAUSES) + 1
#: So many failures in a row mean that the mail server is down: the rest waits for another time.
FAILURES_IN_A_ROW = 3


def ready(moment: datetime) -> Q:
    """Return the condition that a row waits for mail and may be tried at `moment`."""
    may_be_tried = Q(mailed_at=None)
    for tries, minutes in enumerate(PAUSES, start=1):
        may_be_tried |= Q(tries=tries, mailed_at__lte=moment - timedelta(minutes=minutes))
    return may_be_tried & Q(awaits_mail=True)


def send(
    groups: Iterable[Sequence[MailedModel]],
    compose: Callable[[Sequence[MailedModel], Any], EmailMessage | None],
    moment: datetime,
) -> int:
    """Mail each group of rows as one mail; return how many went out.

    compose: makes the mail of a group for a connection, or None where nobody wants it any more.
    A mail that fails is tried again later (`PAUSES`, in minutes) and given up after the last try;
    nothing is raised. Safe with any number of processes.
    """
    sent = failures = 0
    connection = get_connection()
    for group in groups:
        claimed = [row for row in group if _claim(row, moment)]
        if not claimed:
            continue
        try:
            mail = compose(claimed, connection)
            if mail is None:
                _settle(claimed, mailed_at=None)
                continue
            mail.send()
        except Exception as error:  # whatever a mail server may say, the desk goes on
            # By number: a log is no place for names.
            row = claimed[0]
            logger.warning("%s %s was not mailed: %s", row._meta.model_name, row.pk, error)
            _settle([row for row in claimed if row.tries + 1 >= TRIES], mailed_at=None)
            failures += 1
            if failures == FAILURES_IN_A_ROW:
                break
        else:
            _settle(claimed, mailed_at=moment)
            sent, failures = sent + 1, 0
    return sent


def one_line(text: str) -> str:
    """Return a text as one line, whatever it holds: the rest would be read as headers."""
    return " ".join(text.split())


def _claim(row: MailedModel, moment: datetime) -> bool:
    """Whether this process is the one that sends it: the row says so, and counts the try.

    A process that dies before it has sent leaves a try behind that failed.
    """
    same = type(row)._default_manager.filter(pk=row.pk, awaits_mail=True, tries=row.tries)
    return bool(same.update(tries=F("tries") + 1, mailed_at=moment))


def _settle(rows: Sequence[MailedModel], *, mailed_at: datetime | None) -> None:
    if rows:
        found = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
        found.update(awaits_mail=False, mailed_at=mailed_at)
