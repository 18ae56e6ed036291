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
#: Seconds after which an article that nobody read meanwhile is no longer asked for beside others.
_REMEMBERED = 60.0
#: A worker remembers up to twice as many articles that are read.
_MOST_REMEMBERED = 20_000


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
    """What one worker knows of which articles readers may see; safe to ask from several threads.

    Whoever finds an answer missing asks for many others on the way, so that a thousand stories
    cost a question or two a second and not one each.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The public ones that views came for in this and in the last minute.
        self._wanted: dict[int, None] = {}
        self._wanted_before: dict[int, None] = {}
        self._minute = 0
        # The edition at which answers began to be kept, when, and the answers: replaced as one.
        self._known: tuple[int, float, dict[int, bool]] = (-1, 0.0, {})

    def __contains__(self, article_id: int) -> bool:
        """Whether readers may see the article now, as true as the edition and a second allow."""
        answers = self._fresh_answers()
        answer = answers.get(article_id)
        if answer is None:
            with self._lock:
                # Others who waited for the lock find it done.
                answer = answers.get(article_id)
                if answer is None:
                    answers |= _public_among(self._worth_asking(article_id, answers))
                    answer = answers[article_id]
        if answer:
            self._wanted[article_id] = None
        return answer

    def _fresh_answers(self) -> dict[int, bool]:
        # The number before any question: what changes meanwhile makes the answers old at once.
        edition, now = host_edition.here().current(), time.monotonic()
        number, since, answers = self._known
        if number == edition and now - since < BELIEVED:
            return answers
        with self._lock:
            number, since, answers = self._known
            if number != edition or now - since >= BELIEVED:
                answers = {}
                self._known = (edition, now, answers)
                self._forget_what_is_read_no_more(int(now // _REMEMBERED))
        return answers

    def _forget_what_is_read_no_more(self, minute: int) -> None:
        if minute != self._minute or len(self._wanted) > _MOST_REMEMBERED:
            self._minute = minute
            self._wanted_before, self._wanted = self._wanted, {}

    def _worth_asking(self, article_id: int, answers: dict[int, bool]) -> list[int]:
        """Return the article and others that will be asked for soon: read lately, or new."""
        # Copies, which are made at once: other threads go on adding.
        lately = [*list(self._wanted), *list(self._wanted_before)]
        if not lately and not answers:
            newest = Article.objects.published().values_list("pk", flat=True)
            lately = list(newest[:_AT_ONCE])
        others = (one for one in lately if one not in answers)
        return [article_id, *islice(others, _AT_ONCE)]


def _public_among(articles: list[int]) -> dict[int, bool]:
    try:
        found = Article.objects.published(found=True).filter(pk__in=articles).order_by()
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
