"""The index in PostgreSQL: tsvectors of terms that were made in Python, under GIN indexes.

Nothing of PostgreSQL's own dictionaries is used, so a story is found alike on both engines.
"""

from collections.abc import Iterator
from math import prod
from typing import Any

from django.db import connection

from articles.models import Article
from articles.search.asking import Clause
from articles.search.documents import GAP, HEAD, TEXTS, Document
from articles.search.naming import QUEUE, named
from articles.search.seam import Wanted
from articles.search.tables import TableEngine, fields_of, new_name
from articles.search.triggers import Trigger, notes_of

#: Number of the advisory lock that whoever writes into the index holds.
LOCK = 7_305_808
#: tsvectors know no later position.
LAST_POSITION = 16_383
#: Stories with all the words that are looked at for a phrase or for what must not be there.
MOST_CHECKED = 3_000
#: What more than this part of all stories has is common.
COMMON = 0.3
#: Which part of a story's words stands in its head: so rare is a common word there.
HEAD_PART = 0.07
#: Terms that are held to a field carry its sign before them.
_SIGNS = {"byline": "a", "tags": "t", "section": "s"}


class PostgresEngine(TableEngine):
    """Two vectors for each document: of all its words, and of its head."""

    def _make_tables(self, cursor: Any, beside: str) -> None:
        document, index, word = (f"search_{name}{beside}" for name in ("document", "index", "word"))
        texts = ", ".join(f"{name} text NOT NULL" for name in TEXTS)
        for sql in (
            f"CREATE TABLE IF NOT EXISTS {QUEUE} "
            "(id bigserial PRIMARY KEY, article bigint NOT NULL)",
            f"CREATE TABLE {document} (place bigint PRIMARY KEY, article bigint NOT NULL UNIQUE, "
            f"section_id bigint, due bigint, {texts}, flags text NOT NULL, words text NOT NULL)",
            f"CREATE INDEX {new_name(document)} ON {document} (due) WHERE due IS NOT NULL",
            # A narrow table: a common word is looked for among all its rows.
            f"CREATE TABLE {index} (place bigint PRIMARY KEY, whole tsvector NOT NULL, "
            "head tsvector NOT NULL) WITH (toast_tuple_target = 128)",
            f"ALTER TABLE {index} ALTER whole SET STORAGE EXTERNAL",
            f"CREATE INDEX {new_name(index)} ON {index} USING gin (whole) WITH (fastupdate = off)",
            f"CREATE INDEX {new_name(index)} ON {index} USING gin (head) WITH (fastupdate = off)",
            f'CREATE TABLE {word} (word text COLLATE "C" NOT NULL, term text COLLATE "C" NOT NULL,'
            " shown text NOT NULL, stories bigint NOT NULL, PRIMARY KEY (word, term))",
            f"CREATE INDEX {new_name(word)} ON {word} (term)",
            f"CREATE TABLE search_deletion{beside} (part bigint NOT NULL, "
            'word text COLLATE "C" NOT NULL, PRIMARY KEY (part, word))',
            f"CREATE TABLE search_state{beside} (name text PRIMARY KEY, value bigint NOT NULL)",
        ):
            cursor.execute(sql)

    def _existing(self, cursor: Any) -> set[str]:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'search@_%%' "
            "ESCAPE '@' AND pg_table_is_visible(oid) UNION ALL "
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'search@_%%' "
            "ESCAPE '@' AND pg_table_is_visible(tgrelid)"
        )
        return {name for (name,) in cursor.fetchall()}

    def _triggers(self) -> Iterator[Trigger]:
        yield from super()._triggers()
        # TRUNCATE, by which Django empties tables, deletes no row.
        table = Article._meta.db_table
        gone = named("SELECT article FROM {document}")
        yield Trigger(f"search_{table}_truncate", table, "TRUNCATE", (), (gone,))

    def _make_trigger(self, cursor: Any, trigger: Trigger) -> None:
        columns, when = "", ""
        if trigger.columns:
            columns = f" OF {', '.join(trigger.columns)}"
            differs = " OR ".join(
                f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in trigger.columns
            )
            when = f" WHEN ({differs})"
        each = "STATEMENT" if trigger.event == "TRUNCATE" else "ROW"
        notes = notes_of(trigger)
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {notes} RETURN NULL; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {trigger.name} AFTER {trigger.event}{columns} ON {trigger.table} "
            f"FOR EACH {each}{when} EXECUTE FUNCTION {trigger.name}()"
        )

    def _drop_trigger(self, cursor: Any, trigger: Trigger) -> None:
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}")

    def _lock(self, cursor: Any) -> bool:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]

    def _enter(self, cursor: Any, beside: str, made: list[Document]) -> None:
        cursor.executemany(
            named(
                "INSERT INTO {index} (place, whole, head) VALUES (%s, %s::tsvector, %s::tsvector) "
                "ON CONFLICT (place) DO UPDATE SET whole = excluded.whole, head = excluded.head",
                beside,
            ),
            [(one.place, _vector(one, TEXTS), _vector(one, (*HEAD, "section"))) for one in made],
        )

    def _forget(self, cursor: Any, beside: str, rows: list[dict[str, Any]]) -> None:
        self._delete(cursor, "index", beside, "place", [row["place"] for row in rows])

    def _add_words(self, cursor: Any, beside: str, rows: list[tuple[str, str, str, int]]) -> None:
        if not rows:
            return
        words, terms, shown, numbers = (list(column) for column in zip(*rows, strict=True))
        cursor.execute(
            named(
                "INSERT INTO {word} AS w (word, term, shown, stories) "
                "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) "
                "ON CONFLICT (word, term) DO UPDATE SET stories = w.stories + excluded.stories",
                beside,
            ),
            [words, terms, shown, numbers],
        )

    def _matching(
        self, name: str, expression: str, *range_: int, shares: tuple[float, ...]
    ) -> tuple[str, list[Any]]:
        # A common word is met soon on the way from the newest place, another one stands in the
        # index. The planner knows how common, but not what a row on that way costs: as much as
        # four from the index, because its vector lies apart. So it is told.
        since, until, most = range_
        part = 1.0 if name == "whole" else HEAD_PART
        is_common = not shares or prod(1 - (1 - share) ** part for share in shares) > COMMON
        newest = (
            "SELECT {columns} FROM {index} WHERE {vector} @@ %s::tsquery "
            "AND place BETWEEN %s AND %s ORDER BY {order} DESC LIMIT %s"
        )
        order = "place" if is_common else "place + 0"
        loose = expression.partition(" & !")[0].replace(" <-> ", " & ")
        if loose == expression:
            sql = named(newest, columns="place", vector=name, order=order)
            return sql, [expression, since, until, most]
        parts = named(newest, columns=f"place, {name} AS words", vector=name, order=order)
        # Of phrases and of what is left out the planner knows nothing.
        sql = (
            "SELECT place FROM ({parts}) p WHERE words @@ %s::tsquery ORDER BY place DESC LIMIT %s"
        )
        return (
            named(sql, parts=parts),
            [loose, since, until, MOST_CHECKED if most else 0, expression, most],
        )

    def _expression(self, wanted: Wanted, flag: str, head: bool) -> str:
        needed = [_clause(clause, head) for clause in wanted.required]
        if wanted.any_of:
            groups = (
                f"({' & '.join(_clause(clause, head) for clause in group)})"
                for group in wanted.any_of
            )
            needed.append(f"({' | '.join(groups)})")
        needed.append(f"'{flag}'")
        needed += [f"!{_clause(clause, head=False)}" for clause in wanted.excluded]
        return " & ".join(needed)

    def _tidy(self, beside: str) -> None:
        with connection.cursor() as cursor:
            for name in ("document", "index", "word", "deletion"):
                cursor.execute(f"ANALYZE search_{name}{beside}")


def _vector(one: Document, names: tuple[str, ...]) -> str:
    """Return terms and their positions as PostgreSQL reads them; fields do not touch."""
    places: dict[str, list[str]] = {}
    at = 0
    for name in names:
        sign = _SIGNS.get(name, "")
        for term in one.texts[name].split():
            at += 1
            if term == GAP:
                continue
            place = str(min(at, LAST_POSITION))
            # A section's own words are found by its field alone.
            if name != "section":
                places.setdefault(term, []).append(place)
            if sign:
                places.setdefault(f"{sign}_{term}", []).append(place)
        at += 1
    for flag in one.flags.split():
        places[flag] = []
    return " ".join(f"'{term}'" + (f":{','.join(at)}" if at else "") for term, at in places.items())


def _clause(clause: Clause, head: bool) -> str:
    names = fields_of(clause, head)
    sign = f"{_SIGNS[names[0]]}_" if clause.field else ""
    rest = ":*" if clause.begins else ""
    ways = (" <-> ".join(f"'{sign}{term}'{rest}" for term in way) for way in clause.ways)
    return f"({' | '.join(f'({way})' for way in ways)})"
