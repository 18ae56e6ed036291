"""Questions that are always the same but for some values: their SQL is written once.

Writing the SQL of a story's page takes Django several times as long as the database takes to answer
it, and finding out how to read each row longer than reading it. A prepared question is an ordinary
queryset, made once, with places (`Given`) where values will stand; what it answers are ordinary
rows.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models import Expression, Field, QuerySet

from articles.models.reading import Reading

_PLACE = re.compile("%[%s]")
#: Words that are always the same stand in the SQL itself. SQLite decides anew how to answer with
#: each value that is compared with what an index is limited to ("published"), and every value
#: takes its time.
_WORD = re.compile("[a-z_]*")


class Given(Expression):
    """The place of a value that is given when the question is asked."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Prepared:
    """A queryset of rows whose SQL is written when it is first asked.

    build: makes the queryset, with a `Given` for each of `fields`, by their names. It must not
    depend on settings.
    """

    def __init__(self, build: Callable[..., QuerySet], **fields: Field) -> None:
        self._build, self._fields = build, fields
        self._written: tuple[str, dict[str, Any], Reading] | None = None

    def rows(self, **values: Any) -> list[Any]:
        """Ask, with a value for each field; one query. Returns rows as the queryset would, but
        that rows which are the same in several of them (a section) are one object."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params, reading = self._written = self._written or self._write(connection)
        given = {
            name: field.get_db_prep_value(values[name], connection)
            for name, field in self._fields.items()
        }
        return reading.rows(_answer(connection, sql, given | params), connection)

    def _write(self, connection: Any) -> tuple[str, dict[str, Any], Reading]:
        """Return the SQL, with names where values stand, and those that are always the same."""
        places = {name: Given(name, field) for name, field in self._fields.items()}
        compiler = self._build(**places).query.get_compiler(connection=connection)
        sql, found = compiler.as_sql()
        params = iter(found)
        others: dict[str, Any] = {}

        def named(place: re.Match[str]) -> str:
            if place[0] == "%%":
                return "%%"
            param = next(params)
            if isinstance(param, Given):
                return f"%({param.name})s"
            if isinstance(param, str) and _WORD.fullmatch(param):
                return f"'{param}'"
            others[f"_{len(others)}"] = param
            return f"%(_{len(others) - 1})s"

        return _PLACE.sub(named, sql), others, Reading(compiler)


def _answer(connection: Any, sql: str, params: dict[str, Any]) -> Any:
    """Return what the database answers."""
    try:
        with _cursor(connection) as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()
    except NotSupportedError:
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            raise
        # A column has another type since the server made its plan.
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        with _cursor(connection) as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()


def _cursor(connection: Any) -> Any:
    """Return a cursor that sends values apart from the SQL, so that PostgreSQL can keep its plan:
    to make it takes longer than to answer. SQLite does so anyway."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(_binary_cursor()(connection.connection))


@cache
def _binary_cursor() -> type:
    """The cursor of PostgreSQL that is sent numbers and moments as they are, not as texts: to read
    a text that says a moment takes longer than the rest of most rows."""
    from django.db.backends.postgresql.base import ServerBindingCursor
    from psycopg.pq import Format
    from psycopg.types.json import JsonbBinaryLoader

    class Text(JsonbBinaryLoader):
        """JSON, which Django's fields read themselves, behind the number of its format."""

        def load(self, data: Any) -> str:
            return bytes(data)[1:].decode()

    class BinaryCursor(ServerBindingCursor):
        def __init__(self, connection: Any) -> None:
            super().__init__(connection)
            self.format = Format.BINARY
            self.adapters.register_loader("jsonb", Text)

    return BinaryCursor
