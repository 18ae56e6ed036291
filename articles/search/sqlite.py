"""The index in SQLite: FTS5 over terms that were made in Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from articles.search.asking import Clause
from articles.search.documents import TEXTS, Document
from articles.search.naming import QUEUE, marks, named
from articles.search.seam import Wanted
from articles.search.tables import TableEngine, fields_of, new_name
from articles.search.triggers import Trigger, notes_of

#: Milliseconds that somebody who only searches waits for a writer.
HURRIED = 250
#: Pages that are merged in one transaction after building.
MERGED_PAGES = 2000
_COLUMNS = (*TEXTS, "flags")
_WORDS = {"columns": ", ".join(_COLUMNS), "values": marks(_COLUMNS)}


class SQLiteEngine(TableEngine):
    """Terms are ASCII or not, but hold no space: FTS5's plainest tokeniser cuts them apart."""

    def _make_tables(self, cursor: Any, beside: str) -> None:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {QUEUE} (id INTEGER PRIMARY KEY AUTOINCREMENT, "
            "article INTEGER NOT NULL)"
        )
        document, word = f"search_document{beside}", f"search_word{beside}"
        texts = ", ".join(f"{name} TEXT NOT NULL" for name in TEXTS)
        cursor.execute(
            f"CREATE TABLE {document} (place INTEGER PRIMARY KEY, article INTEGER NOT NULL UNIQUE, "
            f"section_id INTEGER, due INTEGER, {texts}, "
            "flags TEXT NOT NULL, words TEXT NOT NULL)"
        )
        cursor.execute(
            f"CREATE INDEX {new_name(document)} ON {document} (due) WHERE due IS NOT NULL"
        )
        # Without content: the terms stand in the document, and are needed there to rank.
        cursor.execute(
            f"CREATE VIRTUAL TABLE search_index{beside} USING fts5({', '.join(_COLUMNS)}, "
            "content='', tokenize=\"ascii tokenchars '_'\")"
        )
        cursor.execute(
            f"CREATE TABLE {word} (word TEXT NOT NULL, term TEXT NOT NULL, shown TEXT NOT NULL, "
            "stories INTEGER NOT NULL, PRIMARY KEY (word, term)) WITHOUT ROWID"
        )
        cursor.execute(f"CREATE INDEX {new_name(word)} ON {word} (term)")
        cursor.execute(
            f"CREATE TABLE search_deletion{beside} (part INTEGER NOT NULL, word TEXT NOT NULL, "
            "PRIMARY KEY (part, word)) WITHOUT ROWID"
        )
        cursor.execute(
            f"CREATE TABLE search_state{beside} (name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
        )

    def _existing(self, cursor: Any) -> set[str]:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger') "
            "AND name LIKE 'search@_%%' ESCAPE '@'"
        )
        return {name for (name,) in cursor.fetchall()}

    def _make_trigger(self, cursor: Any, trigger: Trigger) -> None:
        columns, when = "", ""
        if trigger.columns:
            columns = f" OF {', '.join(trigger.columns)}"
            differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in trigger.columns)
            when = f" WHEN {differs}"
        notes = notes_of(trigger)
        cursor.execute(
            f"CREATE TRIGGER {trigger.name} AFTER {trigger.event}{columns} ON {trigger.table}"
            f"{when} BEGIN {notes} END"
        )

    def _drop_trigger(self, cursor: Any, trigger: Trigger) -> None:
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")

    def _lock(self, cursor: Any) -> bool:
        return True  # SQLite has one writer at a time.

    @contextmanager
    def _hurried(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            (usual,) = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {HURRIED}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")

    def _enter(self, cursor: Any, beside: str, made: list[Document]) -> None:
        cursor.executemany(
            named("INSERT INTO {index} (rowid, {columns}) VALUES (%s, {values})", beside, **_WORDS),
            [(one.place, *one.texts.values(), one.flags) for one in made],
        )

    def _forget(self, cursor: Any, beside: str, rows: list[dict[str, Any]]) -> None:
        cursor.executemany(
            named(
                "INSERT INTO {index} ({index}, rowid, {columns}) VALUES ('delete', %s, {values})",
                beside,
                **_WORDS,
            ),
            [(row["place"], *(row[name] for name in _COLUMNS)) for row in rows],
        )

    def _add_words(self, cursor: Any, beside: str, rows: list[tuple[str, str, str, int]]) -> None:
        cursor.executemany(
            named(
                "INSERT INTO {word} (word, term, shown, stories) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (word, term) DO UPDATE SET stories = stories + excluded.stories",
                beside,
            ),
            rows,
        )

    def _matching(
        self, name: str, expression: str, *range_: int, shares: tuple[float, ...]
    ) -> tuple[str, list[Any]]:
        sql = (
            "SELECT rowid AS place FROM {index} WHERE {index} MATCH %s "
            "AND rowid BETWEEN %s AND %s ORDER BY rowid DESC LIMIT %s"
        )
        return named(sql), [expression, *range_]

    def _expression(self, wanted: Wanted, flag: str, head: bool) -> str:
        needed = [_clause(clause, head) for clause in wanted.required]
        if wanted.any_of:
            groups = (
                f"({' AND '.join(_clause(clause, head) for clause in group)})"
                for group in wanted.any_of
            )
            needed.append(f"({' OR '.join(groups)})")
        needed.append(f'flags : "{flag}"')
        whole = " AND ".join(needed)
        if not wanted.excluded:
            return whole
        unwanted = " OR ".join(_clause(clause, head=False) for clause in wanted.excluded)
        return f"({whole}) NOT ({unwanted})"

    def _tidy(self, beside: str) -> None:
        # In steps, so that nobody waits for all of it.
        pages = -MERGED_PAGES
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                before = connection.connection.total_changes
                sql = "INSERT INTO {index} ({index}, rank) VALUES ('merge', %s)"
                cursor.execute(named(sql, beside), [pages])
                if connection.connection.total_changes - before < 2:
                    return
            pages = MERGED_PAGES


def _clause(clause: Clause, head: bool) -> str:
    ways = " OR ".join(f'"{" ".join(way)}"{" *" if clause.begins else ""}' for way in clause.ways)
    names = fields_of(clause, head)
    return f"{{{' '.join(names)}}} : ({ways})"
