"""Accept views: decide at once whether a report is one, and keep it before saying so.

What is accepted here lies in the journal (journal.py), and is added to the tables a moment later
(folding.py). Nothing here writes to the database or waits for anybody.
"""

import threading
import time
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from django.db import connection

from articles.editorial import host_edition
from articles.models import Article
from articles.readership.folding import folder
from articles.readership.journal import Journal
from articles.readership.origins import clean_referrer
from articles.readership.visitors import hashes, is_ahead_of_a_click, is_person
from articles.readership.windows import Report

#: Seconds for which a worker believes what it knows of an article, if the edition stays.
BELIEVED = 1.0
#: Articles that a worker asks for in one query.
_AT_ONCE = 1000


class Arrival(NamedTuple):
    """What a request says of its reader: address, user agent, purpose, and where they came from."""

    address: str
    user_agent: str
    purpose: str = ""
    referrer: str = ""
    host: str = ""


def accept(article_id: int, arrival: Arrival) -> bool:
    """Keep a view of a public article; False if readers cannot see such an article.

    True as well for a report that is none: a machine's, or of a page that nobody looked at yet.
    Raises JournalUnwritable.
    """
    if article_id not in _public:
        return False
    if is_person(arrival.user_agent) and not is_ahead_of_a_click(arrival.purpose):
        at = int(time.time() * 1000)
        visitor, former = hashes(arrival.address, arrival.user_agent, at)
        referrer = clean_referrer(arrival.referrer, arrival.host)
        _journal().append(Report(at, article_id, visitor, former, referrer))
    return True


class Public:
    """What one worker knows of which articles readers may see; safe to ask from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_for: set[int] = set()
        # The edition at which it was asked, when, and the answers: replaced as one.
        self._known: tuple[int, float, dict[int, bool]] = (-1, 0.0, {})

    def __contains__(self, article_id: int) -> bool:
        """Whether readers may see the article now, as true as the edition and a second allow."""
        self._asked_for.add(article_id)
        if not self._is_fresh():
            with self._lock:
                # Others who waited for the lock find it done.
                if not self._is_fresh():
                    self._ask_anew(article_id)
        answers = self._known[2]
        if article_id not in answers:
            answers |= _public_among([article_id])
        return answers[article_id]

    def _is_fresh(self) -> bool:
        number, asked_at, _answers = self._known
        return number == host_edition.here().current() and time.monotonic() - asked_at < BELIEVED

    def _ask_anew(self, article_id: int) -> None:
        # The number before the question: what changes meanwhile makes the answer old at once.
        number, now = host_edition.here().current(), time.monotonic()
        # One question for all that was asked for since the last one.
        wanted, self._asked_for = self._asked_for, set()
        self._known = (number, now, _public_among([article_id, *islice(wanted, _AT_ONCE)]))


def _public_among(articles: list[int]) -> dict[int, bool]:
    try:
        found = Article.objects.published().filter(pk__in=articles).order_by()
        public = set(found.values_list("pk", flat=True))
    finally:
        # Outside a request of Django's, nobody else closes it; within one, this is cheap.
        if not connection.in_atomic_block:
            connection.close()
    return {article: article in public for article in articles}


_public = Public()


@lru_cache(1)
def _journal() -> Journal:
    return Journal(folder())
