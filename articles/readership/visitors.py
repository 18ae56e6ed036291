"""Who reads: a browser with a person before it, known for one day by a hash and nothing else."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from functools import lru_cache

from crawlerdetect import CrawlerDetect
from django.utils import timezone

from articles.models import DailySalt
from articles.readership.windows import WINDOW

_crawlers = CrawlerDetect()
#: Of a user agent, so much is looked at; real ones are shorter.
_LONGEST_AGENT = 512


def is_person(user_agent: str) -> bool:
    """Whether a user agent names a browser; an empty one never does."""
    return _is_browser(user_agent.strip()[:_LONGEST_AGENT])


@lru_cache(4096)
def _is_browser(user_agent: str) -> bool:
    return bool(user_agent) and not _crawlers.isCrawler(user_agent)


def is_ahead_of_a_click(purpose: str) -> bool:
    """Whether a request's `Sec-Purpose` (or an older name of it) says that nobody looks yet."""
    return "prefetch" in purpose or "prerender" in purpose or purpose == "preview"


def hashes(address: str, user_agent: str, at: int) -> tuple[int, int]:
    """Return a visitor's hash of the day, and of the day before in a day's first half hour (or 0).

    `at` is in milliseconds. 64 bits: of a million visitors a day, one in thirty million finds
    another one's hash.
    """
    today, before = _days(at // _QUARTER)
    former = _hash(_salt(before), address, user_agent) if before != today else 0
    return _hash(_salt(today), address, user_agent), former


#: Milliseconds that share their day in every time zone there is.
_QUARTER = 15 * 60 * 1000


@lru_cache(4)
def _days(quarter: int) -> tuple[date, date]:
    """Return the day of a quarter of an hour, and the one of half an hour before."""
    start = datetime.fromtimestamp(quarter * _QUARTER / 1000, timezone.get_default_timezone())
    return start.date(), (start - timedelta(milliseconds=WINDOW)).date()


def _hash(salt: bytes, address: str, user_agent: str) -> int:
    text = f"{address}\n{user_agent}".encode(errors="replace")
    digest = hashlib.blake2b(text, digest_size=8, key=salt).digest()
    # 0 means "no hash" elsewhere.
    return int.from_bytes(digest, "big", signed=True) or 1


@lru_cache(2)
def _salt(day: date) -> bytes:
    """Return the salt of a day, the same for all workers of a site; made by whoever asks first."""
    found = DailySalt.objects.filter(day=day)
    if not found.exists():
        made = DailySalt(day=day, salt=secrets.token_bytes(32))
        DailySalt.objects.bulk_create([made], ignore_conflicts=True)
    return bytes(found.get().salt)


def forget_salts() -> None:
    """Remove the salts of days that are over: their hashes mean nothing from then on."""
    oldest = timezone.localdate(timezone.now() - timedelta(milliseconds=WINDOW))
    DailySalt.objects.filter(day__lt=oldest).delete()
