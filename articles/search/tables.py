"""An index in tables beside the site's own: what SQLite and PostgreSQL do alike.

The tables have no migration. They hold nothing that the articles do not say, and are made when a
site is migrated; whoever loses them makes them again with `manage.py reindex`.
"""

import logging
import secrets
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from articles.models import Article
from articles.search.asking import Clause
from articles.search.documents import EVERY, HEAD, PUBLIC, TEXTS, Document, documents, unpacked
from articles.search.naming import BESIDE, TABLES, chunks, marks, named
from articles.search.seam import Candidate, Known, Spelling, Wanted
from articles.search.triggers import Trigger, triggers
from articles.search.vocabulary import Changes, beginning, count, near

logger = logging.getLogger(__name__)

#: Written into the index; another number makes every site read its articles again.
VERSION = 1
#: Articles that are read in one transaction: as long as an editor's save may have to wait.
BATCH = 100
#: Numbers that are read from the database at once.
READ_AT_ONCE = 10_000
#: Words whose numbers are written at once while an index is built.
MOST_CHANGED = 50_000
#: Stories that fit and may turn out not to be for whoever asks (an embargo that began since).
SPARE = 500


class TableEngine(ABC):
    """See articles/search/seam.py for what its methods promise."""

    # --- what the engines do differently ---------------------------------------------------------

    @abstractmethod
    def _make_tables(self, cursor: Any, beside: str) -> None:
        """Make the tables of an index."""

    @abstractmethod
    def _existing(self, cursor: Any) -> set[str]:
        """Return the names of all tables and triggers that begin with "search_"."""

    @abstractmethod
    def _make_trigger(self, cursor: Any, trigger: Trigger) -> None:
        """Make one trigger that notes what a write touches."""

    @abstractmethod
    def _drop_trigger(self, cursor: Any, trigger: Trigger) -> None:
        """Drop one trigger if it is there."""

    @abstractmethod
    def _lock(self, cursor: Any) -> bool:
        """Take the right to write into the index until the transaction ends; False if taken."""

    @abstractmethod
    def _enter(self, cursor: Any, beside: str, made: list[Document]) -> None:
        """Write the words of documents into the index proper."""

    @abstractmethod
    def _forget(self, cursor: Any, beside: str, rows: list[dict[str, Any]]) -> None:
        """Take the words of documents, as the table has them, out of the index proper."""

    @abstractmethod
    def _add_words(self, cursor: Any, beside: str, rows: list[tuple[str, str, str, int]]) -> None:
        """Add to how many stories use each (word, term, shown, number)."""

    @abstractmethod
    def _matching(
        self, name: str, expression: str, *range_: int, shares: tuple[float, ...]
    ) -> tuple[str, list[Any]]:
        """Return SQL and parameters for the newest places of an expression.

        name: "whole" or "head"; range_: the first and the last place, and how many; shares: see
        `Wanted`.
        """

    @abstractmethod
    def _expression(self, wanted: Wanted, flag: str, head: bool) -> str:
        """Return `wanted` in the engine's own words, with only stories that have `flag`."""

    @abstractmethod
    def _tidy(self, beside: str) -> None:
        """Bring an index that was just built into its quickest shape."""

    def _triggers(self) -> Iterator[Trigger]:
        """Yield what has to follow the site's tables."""
        return triggers()

    def _hurried(self) -> AbstractContextManager:
        """A context in which writing waits for nobody for long."""
        return nullcontext()

    # --- being there -----------------------------------------------------------------------------

    def prepare(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            names = self._existing(cursor)
            missing = [one for one in self._triggers() if one.name not in names]
            is_new = (
                f"search_{TABLES[-1]}" not in names or self._state(cursor).get("version") != VERSION
            )
            if is_new:
                self._drop_tables(cursor, "")
                self._make_tables(cursor, "")
                self._set(cursor, "", version=VERSION, stories=0)
            for trigger in missing:
                self._make_trigger(cursor, trigger)
            if missing or is_new:
                # What was written while nobody looked.
                for sql in (
                    "INSERT INTO {queue} (article) SELECT id FROM {articles}",
                    "INSERT INTO {queue} (article) SELECT article FROM {document}",
                ):
                    cursor.execute(named(sql, articles=Article._meta.db_table))

    def step_aside(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            names = self._existing(cursor)
            for trigger in self._triggers():
                if trigger.name in names:
                    self._drop_trigger(cursor, trigger)

    def _drop_tables(self, cursor: Any, beside: str) -> None:
        for name in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS search_{name}{beside}")

    def _state(self, cursor: Any, beside: str = "") -> dict[str, int]:
        cursor.execute(named("SELECT name, value FROM {state}", beside))
        return dict(cursor.fetchall())

    def _set(self, cursor: Any, beside: str, **values: int) -> None:
        for name, value in values.items():
            cursor.execute(named("DELETE FROM {state} WHERE name = %s", beside), [name])
            cursor.execute(
                named("INSERT INTO {state} (name, value) VALUES (%s, %s)", beside), [name, value]
            )

    # --- following -------------------------------------------------------------------------------

    def follow(self, limit: int = 0, *, patient: bool = True) -> int:
        done = 0
        try:
            while not limit or done < limit:
                most = min(limit - done, BATCH) if limit else BATCH
                with nullcontext() if patient else self._hurried():
                    # Whoever cannot wait wants what was written last.
                    number = self._follow_batch(most, "id" if patient else "id DESC")
                done += number
                if not number:
                    break
        except DatabaseError as error:
            if patient:
                raise
            # Who searches gets the index as it is; the clock tries again.
            logger.info("The index of search could not be brought up to date: %s", error)
        return done

    def _follow_batch(self, most: int, order: str) -> int:
        now = int(timezone.now().timestamp())
        with connection.cursor() as cursor:
            cursor.execute(*self._waiting(now))
            if not cursor.fetchone():
                return 0
        with transaction.atomic(), connection.cursor() as cursor:
            if not self._lock(cursor):
                return 0
            sql = named("SELECT id, article FROM {queue} ORDER BY {order} LIMIT %s", order=order)
            cursor.execute(sql, [most])
            noted = cursor.fetchall()
            cursor.execute(
                named("SELECT article FROM {document} WHERE due <= %s LIMIT %s"), [now, most]
            )
            keys = {key for (key,) in cursor.fetchall()} | {key for _id, key in noted}
            self._delete(cursor, "queue", "", "id", [row for row, _key in noted])
            beside = [""]
            if f"search_{TABLES[-1]}{BESIDE}" in self._existing(cursor):
                beside.append(BESIDE)
            self._write(cursor, keys, beside)
        return len(keys)

    def _waiting(self, now: int) -> tuple[str, list[Any]]:
        return (
            named(
                "SELECT 1 FROM (SELECT 1 FROM {queue} LIMIT 1) q UNION ALL SELECT 1 FROM "
                "(SELECT 1 FROM {document} WHERE due <= %s LIMIT 1) d LIMIT 1"
            ),
            [now],
        )

    def _write(
        self,
        cursor: Any,
        keys: Iterable[int],
        besides: Sequence[str],
        later: Changes | None = None,
    ) -> None:
        """Write what the articles `keys` say now into the indexes, and forget what they said.

        later: takes what the words' numbers change by, instead of their table.
        """
        keys = list(keys)
        made = list(documents(keys))
        for beside in besides:
            old = self._rows(cursor, beside, keys)
            changes = Changes() if later is None else later
            for row in old:
                changes.steps.subtract(unpacked(row["words"]))
            self._forget(cursor, beside, old)
            self._delete(cursor, "document", beside, "place", [row["place"] for row in old])
            for one in made:
                if one.is_public:
                    changes.steps.update(one.vocabulary.keys())
                    changes.shown.update(one.vocabulary)
            columns = ("place", "article", "section_id", "due", *TEXTS, "flags", "words")
            cursor.executemany(
                named(
                    "INSERT INTO {document} ({columns}) VALUES ({values})",
                    beside,
                    columns=", ".join(columns),
                    values=marks(columns),
                ),
                [
                    (
                        one.place, one.article, one.section, one.due, *one.texts.values(),
                        one.flags, one.packed if one.is_public else "",
                    )
                    for one in made
                ],
            )  # fmt: skip
            self._enter(cursor, beside, made)
            if later is None:
                count(cursor, beside, changes, self._add_words)
            were = sum(PUBLIC in row["flags"] for row in old)
            more = sum(one.is_public for one in made) - were
            cursor.execute(
                named("UPDATE {state} SET value = value + %s WHERE name = 'stories'", beside),
                [more],
            )

    def _rows(self, cursor: Any, beside: str, keys: list[int]) -> list[dict[str, Any]]:
        columns = ("place", "article", *TEXTS, "flags", "words")
        cursor.execute(
            named(
                "SELECT {columns} FROM {document} WHERE article IN ({keys})",
                beside,
                columns=", ".join(columns),
                keys=marks(keys),
            ),
            keys,
        )
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def _delete(
        self, cursor: Any, table: str, beside: str, column: str, values: Sequence[Any]
    ) -> None:
        where = {"table": f"search_{table}{beside}", "column": column}
        for part in chunks(values):
            sql = "DELETE FROM {table} WHERE {column} IN ({values})"
            cursor.execute(named(sql, **where, values=marks(part)), part)

    # --- building anew ---------------------------------------------------------------------------

    def rebuild(self, report: Callable[[int, int], Any]) -> int:
        self.prepare()
        with transaction.atomic(), connection.cursor() as cursor:
            self._drop_tables(cursor, BESIDE)
            self._make_tables(cursor, BESIDE)
            self._set(cursor, BESIDE, version=VERSION, stories=0)
            # All that is noted by now will have been read when the new index is whole. By number:
            # what somebody has noted and not committed yet may have a lower one than the last.
            cursor.execute(named("SELECT id FROM {queue}"))
            noted = array("q")
            while some := cursor.fetchmany(READ_AT_ONCE):
                noted.extend(row for (row,) in some)
        number = Article.objects.count()
        done = 0
        changes = Changes()
        for part, is_last in _all_articles(2 * BATCH):
            with transaction.atomic(), connection.cursor() as cursor:
                while not self._lock(cursor):
                    pass
                self._write(cursor, part, [BESIDE], changes)
                done += len(part)
                # Most words come again in the next batches.
                if len(changes.steps) > MOST_CHANGED or is_last:
                    count(cursor, BESIDE, changes, self._add_words)
                    changes = Changes()
            report(done, max(done, number))
        self._tidy(BESIDE)
        with transaction.atomic(), connection.cursor() as cursor:
            self._delete(cursor, "queue", "", "id", noted)
        # What was written meanwhile goes into both.
        self.follow()
        with transaction.atomic(), connection.cursor() as cursor:
            while not self._lock(cursor):
                pass
            self._drop_tables(cursor, "")
            for name in TABLES:
                sql = "ALTER TABLE {old} RENAME TO {new}"
                names = {"old": f"search_{name}{BESIDE}", "new": f"search_{name}"}
                cursor.execute(named(sql, **names))
        return done

    # --- asking ----------------------------------------------------------------------------------

    def know(self, words: Iterable[str], terms: Iterable[str]) -> Known:
        known, is_behind = self._know(list(words), list(terms))
        if is_behind and self.follow(BATCH, patient=False):
            known, _is_behind = self._know(list(words), list(terms))
        return known

    def _know(self, words: list[str], terms: list[str]) -> tuple[Known, bool]:
        waiting, now = self._waiting(int(timezone.now().timestamp()))
        known, is_behind = Known(), False
        with connection.cursor() as cursor:
            cursor.execute(
                named(
                    "SELECT 'word', word, term, stories FROM {word} "
                    "WHERE word IN ({words}) OR term IN ({terms}) "
                    "UNION ALL SELECT 'state', name, '', value FROM {state} "
                    "UNION ALL SELECT 'first', '', '', min(place) FROM {document} "
                    "UNION ALL SELECT 'waiting', '', '', 1 FROM ({waiting}) w",
                    words=marks(words),
                    terms=marks(terms),
                    waiting=waiting,
                ),
                [*words, *terms, *now],
            )
            for kind, name, term, number in cursor.fetchall():
                if kind == "word":
                    known.frequency[term] = known.frequency.get(term, 0) + number
                    if name in words:
                        known.terms.setdefault(name, []).append(term)
                elif kind == "state" and name == "stories":
                    known.stories = number
                elif kind == "first":
                    known.first_place = number
                elif kind == "waiting":
                    is_behind = True
        return known, is_behind

    def find(self, wanted: Wanted, scope: QuerySet, most: int) -> list[Candidate]:
        seen = scope.order_by().filter(pk=RawSQL("d.article", (), output_field=BigIntegerField()))
        visible, for_whom = seen.values("pk").query.sql_with_params()
        flag = PUBLIC if wanted.is_public else EVERY
        since = wanted.since if wanted.since is not None else -(2**62)
        until = wanted.until if wanted.until is not None else 2**62
        whole, for_whole = self._matching(
            "whole",
            self._expression(wanted, flag, head=False),
            *(since, until, most + SPARE if most else 0),
            shares=wanted.shares,
        )
        head, for_head = self._matching(
            "head",
            self._expression(wanted, flag, head=True),
            *(since, until, wanted.ranked),
            shares=wanted.shares,
        )
        number = "row_number() OVER (ORDER BY place DESC) AS n"
        read = f"h.n <= {int(wanted.ranked)}"
        sql = named(
            "SELECT h.kind, d.place, d.article, d.section_id, {texts} FROM ("
            "SELECT place, 0 AS kind, {number} FROM ({whole}) w UNION ALL "
            "SELECT place, 1 AS kind, {number} FROM ({head}) b"
            ") h CROSS JOIN {document} d WHERE d.place = h.place AND "
            # With an offset PostgreSQL asks for each candidate, and not for all that is public.
            "EXISTS ({visible} LIMIT 1 OFFSET 0)",
            texts=", ".join(f"CASE WHEN {read} THEN d.{name} END" for name in TEXTS),
            number=number,
            whole=whole,
            head=head,
            visible=visible,
        )
        parameters = [*for_whole, *for_head, *for_whom]
        found: dict[int, Candidate] = {}
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            for kind, place, article, section, *terms in cursor.fetchall():
                read = None if terms[0] is None else dict(zip(TEXTS, terms, strict=True))
                one = found.setdefault(place, Candidate(place, article, section, False))
                one.texts = one.texts or read
                one.is_counted = one.is_counted or kind == 0
        return sorted(found.values(), key=lambda one: -one.place)

    def near(self, words: Iterable[str]) -> dict[str, list[Spelling]]:
        return near(list(words))

    def beginning(self, start: str, most: int) -> Sequence[Spelling]:
        return beginning(start, most)


def _all_articles(size: int) -> Iterator[tuple[list[int], bool]]:
    """Yield the keys of all articles in their order, `size` at a time, and whether they are the
    last."""
    keys = Article.objects.order_by("pk").values_list("pk", flat=True)
    found = list(keys[: size + 1])
    while found:
        part = found[:size]
        yield part, len(found) <= size
        found = list(keys.filter(pk__gt=part[-1])[: size + 1]) if len(found) > size else []


def fields_of(clause: Clause, head: bool) -> tuple[str, ...]:
    """Return the fields in which a clause is looked for."""
    names = {"author": "byline", "tag": "tags", "section": "section"}
    if clause.field:
        return (names[clause.field],)
    return HEAD if head else (*HEAD, "body")


def new_name(table: str) -> str:
    """Return a name for an index of `table` that no other table's index has."""
    return f"{table}_{secrets.token_hex(4)}"
