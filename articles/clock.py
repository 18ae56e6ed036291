"""The clock: a thread of each server process that takes what is due, in one of them at a time.

Started by newsroom/wsgi.py and asgi.py, so that checks, tests and commands have none. It ends
with its process and asks nothing of it: whatever it was doing is one transaction, done or undone.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from articles.conf import conf
from articles.editorial import lease, messages, notices, schedule
from articles.models import Tally
from articles.pagecache.dropping import mend_lists
from articles.readership import folding, rankings, visitors
from articles.related import work
from articles.renditions import making
from articles.search import engine

logger = logging.getLogger(__name__)

#: How long the clock sleeps at most; a step for the next seconds is found by then.
LOOKS_EVERY = 2.0
#: How long a process that does not hold the lease leaves it alone.
STANDS_BY = 5.0
MAIL_EVERY = 5.0
#: How old a view may get before it is in the tables.
COUNTS_EVERY = 1.0
#: How old the lists of what is read most may get.
RANKS_EVERY = 60.0
#: How long a list that a race left wrong stays so, and how often counts are put together.
CHECKS_EVERY, FOLDS_EVERY = 1.0, 60.0
#: How long a published story waits for its neighbours at most, beside the work itself.
RELATES_EVERY = 0.25
#: The work on related news is held anew after so many seconds of it.
RELATED_HELD = 10.0
#: Messages from readers are kept for days, what counts views for hours; whether something is too
#: old is asked so often.
FORGETS_EVERY = 3600.0
#: Articles that the index of search reads before others get their turn.
INDEXED_AT_ONCE = 200
#: The two clocks of a machine, the day's and the thread's, differ by a little.
A_MOMENT = 0.002

_started = threading.Lock()


class Clock:
    """One process's part in keeping the time. Its methods do one look each and return."""

    def __init__(self, holder: str = "") -> None:
        self.holder = holder or lease.new_holder()
        self.is_runner = False
        self._renewed_at: float = 0.0
        self._forgot_at: float = 0.0
        self._folded_at: float = 0.0

    def tick(self) -> float:
        """Take what is due if it is ours to do; return how many seconds to sleep."""
        now = timezone.now()
        was_runner, stood_since = self.is_runner, None
        if not was_runner:
            stood_since = lease.ticked_at()
        self.is_runner = lease.take(self.holder, now)
        if not self.is_runner:
            return STANDS_BY
        if not was_runner:
            self._renewed_at = 0.0
            logger.info("This process runs the clock; it was last looked at %s.", stood_since)
        for taken in schedule.taking_due():
            report(taken)
            if not self._renew():
                return STANDS_BY
        self._renew()
        coming = schedule.next_due()
        if coming is None:
            return LOOKS_EVERY
        left = (coming - timezone.now()).total_seconds() + A_MOMENT
        return min(max(left, A_MOMENT), LOOKS_EVERY)

    def post(self) -> float:
        """Send what waits to be mailed; apart from `tick`, because mail servers may hang."""
        if self.is_runner:
            notices.send_mail_notices()
            messages.send_mail_messages()
            now = timezone.now().timestamp()
            if now - self._forgot_at >= FORGETS_EVERY:
                messages.forget_old()
                folding.forget()
                visitors.forget_salts()
                self._forgot_at = now
        return MAIL_EVERY

    def count(self) -> float:
        """Add this host's views to the tables; every host has its own, so no lease is asked."""
        begun = time.monotonic()
        more = folding.fold()
        # In a rush readers come first: views are safe where they are, and may wait.
        return max(A_MOMENT, 2 * (time.monotonic() - begun)) if more else COUNTS_EVERY

    def rank(self) -> float:
        """Write anew what is read most and what is trending, once for all hosts."""
        if not self.is_runner:
            return LOOKS_EVERY
        rankings.rank()
        return RANKS_EVERY

    def keep_lists(self) -> float:
        """Make good what races left of lists, and put counts together now and then."""
        mend_lists()
        now = time.monotonic()
        if self.is_runner and now - self._folded_at >= FOLDS_EVERY:
            Tally.objects.fold()
            self._folded_at = now
        return CHECKS_EVERY

    def relate(self) -> float:
        """Compute what is noted of related news: of all processes of a site, one does it.

        Looking writes nothing. After a crash another process goes on.
        """
        if not work.is_waiting():
            return RELATES_EVERY
        if not work.hold(self.holder):
            return STANDS_BY
        held_at = timezone.now().timestamp()
        for _step in work.steps():
            now = timezone.now().timestamp()
            if now - held_at >= RELATED_HELD:
                if not work.hold(self.holder):
                    return STANDS_BY
                held_at = now
        return RELATES_EVERY

    def index(self) -> float:
        """Bring the index of search up to writes that nobody waited for; safe on every host."""
        return A_MOMENT if engine().follow(INDEXED_AT_ONCE) else LOOKS_EVERY

    def _renew(self) -> bool:
        """Keep the lease, with one write every few seconds; False when it was lost."""
        now = timezone.now()
        if now.timestamp() - self._renewed_at >= lease.RENEWED_EVERY.total_seconds():
            self.is_runner = lease.renew(self.holder, now)
            self._renewed_at = now.timestamp()
        return self.is_runner


def report(taken: schedule.Taken) -> None:
    """Write what became of a step into the server's log."""
    step = taken.step
    late = timedelta(seconds=round(taken.late))
    if taken.problem:
        logger.warning("Stopped: %s of “%s”: %s", step.verb, step.article, taken.problem)
    elif taken.late >= conf("LATE_SECONDS"):
        logger.warning("Late by %s: %s of “%s”.", late, step.verb, step.article)
    else:
        logger.info("On time: %s of “%s”.", step.verb, step.article)


def keep(work: Callable[[], float], pause: Callable[[float], object], rounds: int = 0) -> None:
    """Do `work` again and again, sleeping in between by `pause`; `rounds` 0 is for ever.

    Nothing ends it: what goes wrong is logged once, until it goes well again.
    """
    failing = ""
    done = 0
    while not rounds or done < rounds:
        done += 1
        seconds = STANDS_BY
        try:
            seconds = work()
            if failing:
                logger.warning("The clock goes on.")
            failing = ""
        except Exception as error:
            trouble = f"{error.__class__.__name__}: {error}"
            if trouble != failing:
                # A database that restarts is no fault of ours: one line; all else with its place.
                expected = isinstance(error, (DatabaseError, InterfaceError))
                logger.error(
                    "The clock cannot do its work and tries again: %s",
                    trouble.strip(),
                    exc_info=None if expected else error,
                )
            failing = trouble
        finally:
            connections.close_all()
        pause(seconds)


def start() -> Clock | None:
    """Start the clock of this process, once; None if `CLOCK` is off or it runs already."""
    if not getattr(settings, "CLOCK", True) or not _started.acquire(blocking=False):
        return None
    clock = Clock()
    threads = (
        ("clock", clock.tick),
        ("clock-post", clock.post),
        ("clock-count", clock.count),
        ("clock-rank", clock.rank),
        ("clock-lists", clock.keep_lists),
        ("clock-related", clock.relate),
        ("clock-search", clock.index),
        # No work of the clock's, and kept alive as well as it is.
        ("clock-pictures", making.make_ahead),
    )
    for name, part in threads:
        pause = threading.Event().wait
        thread = threading.Thread(target=keep, args=(part, pause), name=name, daemon=True)
        thread.start()
    return clock
