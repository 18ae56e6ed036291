"""Who runs the clock: one row that a process holds for some seconds at a time.

The lease saves work and keeps the order after an outage; that nothing happens twice does not
rest on it (see `schedule.publish_due`). Two hosts whose own clocks differ may both hold it for a
moment, and nothing is lost.
"""

import os
import secrets
import socket
from datetime import datetime, timedelta

from django.db.models import QuerySet

from articles.models import ClockLease

NAME = "desk"
#: How long a holder on another host is waited for once it is silent.
HELD_FOR = timedelta(seconds=15)
#: How often its holder writes: one small row, so that editors on SQLite never wait for it.
RENEWED_EVERY = timedelta(seconds=5)
#: From here on the clock counts as standing still; a cron job may come once a minute.
STANDS_STILL_AFTER = timedelta(minutes=2)


def new_holder() -> str:
    """Return a name for this process: host, process id, and a word that is its own."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"


def take(holder: str, now: datetime) -> bool:
    """Take the lease, or find that we hold it; False while somebody else does.

    Reads one row, and writes only to take the lease over.
    """
    row = _row().values_list("holder", "held_until").first()
    if row is None:
        first = ClockLease(name=NAME, holder=holder, held_until=now + HELD_FOR, ticked_at=now)
        ClockLease.objects.bulk_create([first], ignore_conflicts=True)
        return _row().filter(holder=holder).exists()
    known, held_until = row
    if known == holder and held_until > now:
        return True
    if known != holder and held_until > now and not _is_gone(known):
        return False
    # Only if nobody took it since we looked.
    found = _row().filter(holder=known, held_until=held_until)
    return bool(found.update(holder=holder, held_until=now + HELD_FOR))


def renew(holder: str, now: datetime) -> bool:
    """Hold the lease for longer, and note that the schedule was looked through; False if lost."""
    return bool(_row().filter(holder=holder).update(held_until=now + HELD_FOR, ticked_at=now))


def note_tick(now: datetime) -> None:
    """Note that the schedule was looked through by somebody who holds no lease: a cron job."""
    if not _row().update(ticked_at=now):
        tick = ClockLease(name=NAME, held_until=now, ticked_at=now)
        ClockLease.objects.bulk_create([tick], ignore_conflicts=True)


def ticked_at() -> datetime | None:
    """Return when the schedule was last looked through."""
    return _row().values_list("ticked_at", flat=True).first()


def _row() -> QuerySet[ClockLease]:
    return ClockLease.objects.filter(name=NAME)


def _is_gone(holder: str) -> bool:
    """Whether a holder on this host has ended: it is not waited for, kill -9 included."""
    host, _colon, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if os.name != "posix" or host != socket.gethostname()[:50] or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return True  # a process before us, in a container that counts from one again
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
