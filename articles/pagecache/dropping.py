"""What a change drops: exactly the pages that show it, before whoever made it goes on.

A page that showed an article has it among its rows, so a change drops it whatever lists it was on.
What is found out here is where an article comes to stand that was not there: it came out, or moved
to another day, section, topic or byline. That takes a few small questions after the commit, and
only then. What cannot be named drops everything.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Value

from articles.editorial import edition
from articles.models import (
    Article,
    Byline,
    Correction,
    Ranking,
    RelatedLink,
    TaggedArticle,
    Translation,
    listed_triggers,
)
from articles.pagecache import baking, moments, numbers
from articles.pagecache.showing import Key
from articles.pagecache.slots import EVERYTHING, PART, WINDOWS, named, slot

logger = logging.getLogger(__name__)

#: Articles that come out in one transaction; with more, everything is dropped.
MOST_ARTICLES = 50
#: Columns that say where on its lists an article stands.
_PLACE = ("status", "published_at", "published_on", "embargo_until")
#: Told of the slots that were dropped, after they were: caches in front, and what is made anew.
listeners: list[Callable[[set[int], set[int]], None]] = []


class Change:
    """All that one transaction changes of what readers see; dropped when called, after it."""

    def __init__(self) -> None:
        self._slots: set[int] = set()
        #: Articles that may come to stand where they did not, and those whose date moved.
        self._came: set[int] = set()
        self._moved: set[int] = set()
        #: Articles whose own pages are to be made anew.
        self._articles: set[int] = set()
        #: Articles that may be no drafts.
        self._perhaps: set[int] = set()
        self._perhaps_came: set[int] = set()
        #: Groups of translations: all of a group name each other.
        self._groups: set[Any] = set()
        self._touches_times = False
        self.is_done = False

    def touch(self, *keys: Key) -> None:
        """These changed: names, or kinds with numbers (slots.py)."""
        self._slots.update(named(key) if isinstance(key, str) else slot(*key) for key in keys)

    def article(self, pk: int) -> None:
        """An article shows something else; it stands where it stood."""
        self._articles.add(pk)
        self.touch(("article", pk), ("part of sitemap", pk // PART + 1), "sitemap")

    def came(self, pk: int) -> None:
        """An article may stand on other lists than before."""
        self._came.add(pk)

    def perhaps(self, pk: int) -> None:
        """An article shows something else, unless it is a draft."""
        self._perhaps.add(pk)

    def perhaps_came(self, pk: int) -> None:
        """An article may stand on other lists than before, unless it is a draft."""
        self._perhaps_came.add(pk)

    def group(self, group: Any) -> None:
        """A group of translations has one more, or one less."""
        self._groups.add(group)

    def moved(self, pk: int) -> None:
        """Readers got an article anew: it heads its feeds."""
        self._moved.add(pk)

    def touch_times(self) -> None:
        """An article may become public by time alone."""
        self._touches_times = True

    def __call__(self) -> None:
        """Drop what shows it, and raise the edition. What goes wrong drops everything."""
        self.is_done = True
        table = numbers.of_site()
        moment = None
        try:
            # Before the slots: a page that is made from now on ends in time.
            if self._touches_times:
                moment = moments.renew(table)
            self._find_out()
        except Exception:
            logger.exception("What a change drops could not be found out: all pages are dropped")
            self._slots = {EVERYTHING}
        if not self._slots:
            return
        try:
            # Before the pages: one that is made anew must not have the date of the one before.
            edition.raise_now()
        finally:
            table.drop(self._slots)
            # After the numbers, and before anybody else is told.
            baking.dropped(self._slots)
        if moment is not None and table.moment() != moment:
            # Somebody else looked it up before the commit, and wrote it down after.
            moments.renew(table)
        for tell in listeners:
            try:
                tell(self._slots, self._articles)
            except Exception:
                logger.exception("Somebody could not be told of dropped pages")

    def _find_out(self) -> None:
        asked = self._came | self._moved | self._perhaps | self._perhaps_came
        if len(asked) > MOST_ARTICLES:
            self._slots = {EVERYTHING}
            return
        if self._groups:
            others = Translation.objects.filter(group__in=self._groups)
            self.touch(*(("article", pk) for pk in others.values_list("article", flat=True)))
        if not asked:
            return
        # Under embargo as well: when it ends, the pages that will show it are to end, too.
        rows = Article.objects.filter(pk__in=asked).only("section", *_PLACE).order_by()
        shown = {row.pk: row for row in rows if row.was_public}
        for pk in (self._perhaps | self._perhaps_came) & set(shown):
            self.article(pk)
        came = (self._came | self._perhaps_came) & set(shown)
        listed = came | (self._moved & set(shown))
        if not listed:
            return
        tags = _by_article(TaggedArticle.objects.filter(content_object__in=listed), "tag_id")
        authors = _by_article(Byline.objects.filter(article__in=listed), "author_id")
        for pk in listed:
            row = shown[pk]
            owners = [("section", row.section_id)] if row.section_id else []
            owners += [("tag", tag) for tag in tags.get(pk, ())]
            owners += [("author", author) for author in authors.get(pk, ())]
            self.touch("feed", *((f"feed of {kind}", number) for kind, number in owners))
            if pk in came:
                self.touch("stories", "counts", "topics")
                self.touch(*((f"of {kind}", number) for kind, number in owners))
                self._touch_its_day(row)
        if came:
            self._touch_what_names(came)

    def _touch_its_day(self, row: Article) -> None:
        if row.published_on:
            day = row.published_on
            parts = [str(part) for part in (day.year, day.month, day.day)]
            self.touch(*(("of period", "-".join(parts[:size])) for size in (1, 2, 3)))
        if row.published_at:
            self._touch_newest(row.published_at)

    def _touch_newest(self, at: Any) -> None:
        """Where among all stories it stands, as far as anybody shows them."""
        ahead = Article.objects.published().order_by().filter(published_at__gt=at)
        rank = len(ahead.values_list("pk")[: WINDOWS[-1]])
        self.touch(*(f"newest {window}" for window in WINDOWS if rank < window))
        if rank:
            self.touch("older stories")

    def _touch_what_names(self, keys: set[int]) -> None:
        """Articles that link to one that came out, its translations, and lists that have it of old,
        show it now."""

        def told(kind: str, rows: Any, column: Any = None) -> Any:
            return rows.order_by().values_list(Value(kind), column or Value(0))

        groups = Translation.objects.filter(article__in=keys).order_by().values("group")
        found = told("article", RelatedLink.objects.filter(target__in=keys), F("article")).union(
            told("article", Translation.objects.filter(group__in=groups), F("article")),
            told("corrections", Correction.objects.filter(article__in=keys)),
            told("rankings", Ranking.objects.filter(article__in=keys)),
        )
        self.touch(*(("article", key) if kind == "article" else kind for kind, key in found))


def _by_article(rows: Any, column: str) -> dict[int, list[int]]:
    name = "content_object_id" if rows.model is TaggedArticle else "article_id"
    found: dict[int, list[int]] = {}
    for article, number in rows.order_by().values_list(name, column):
        found.setdefault(article, []).append(number)
    return found


def changed(fill: Callable[[Change], None]) -> None:
    """Let `fill` say what changes; it is dropped when the transaction under way is committed."""
    if not connection.in_atomic_block:
        one = Change()
        fill(one)
        one()
        return
    one = _of_this_transaction()
    fill(one)


def _of_this_transaction() -> Change:
    """One change for a transaction, as long as no savepoint begins or ends: one that is rolled back
    takes what it changed along."""
    points = set(connection.savepoint_ids)
    for known_points, known, *_rest in reversed(connection.run_on_commit):
        if isinstance(known, Change):
            if known_points == points and not known.is_done:
                return known
            break
    one = Change()
    # Behind what raises the edition: a page that is made anew must not have the date of the one
    # before.
    transaction.on_commit(one, robust=True)
    return one


def drop_everything() -> None:
    """Drop every page, now."""
    one = Change()
    one.touch("everything")
    one()


def mend_lists() -> None:
    """Drop the pages of lists that two transactions left wrong, now that they are right."""
    if mended := listed_triggers.check():
        changed(lambda change: [change.came(article) for article in mended])
