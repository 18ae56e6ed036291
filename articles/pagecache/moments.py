"""When time alone makes an article public: an embargo ends, a date that was set ahead comes.

The next such moment stands beside the numbers, so that no page has to ask for it. And when a day
ends: what shows a date, or what was "today", is another one then.
"""

import time as clock
from datetime import datetime, time, timedelta

from django.utils import timezone

from articles.editorial import edition
from articles.models import Article
from articles.pagecache.numbers import Numbers

#: Microseconds in a second.
_SECOND = 1_000_000
#: Stands for "never": later than anything.
_NEVER = 2**62


def renew(table: Numbers) -> int:
    """Look the next moment up, and write it down; return it, in microseconds since 1970."""
    while True:
        number = table.current()
        found = Article.objects.next_moment()
        moment = int(found.timestamp() * _SECOND) if found else _NEVER
        table.set_moment(moment)
        if table.current() == number:
            return moment
        # Something changed meanwhile, and may have written down another one before.


def coming(table: Numbers) -> float:
    """Return the next moment, in seconds since 1970. A page that is made now ends there.

    Where one has passed, the site is another one since: its edition is raised first.
    """
    moment = table.moment()
    if moment is not None and moment <= clock.time() * _SECOND:
        edition.raise_now()
        moment = None
    if moment is None:
        moment = renew(table)
    return moment / _SECOND


def midnight_after(moment: datetime) -> datetime:
    """Return when the day of `moment` ends where the site is."""
    tomorrow = timezone.localtime(moment).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
