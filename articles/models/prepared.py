"""Questions that are always the same but for some values: their SQL is written once.

Writing the SQL of a story's page takes Django several times as long as the database takes to answer
it, and finding out how to read each row longer than reading it. A prepared question is an ordinary
queryset, made once, with places (`Given`) where values will stand; what it answers are ordinary
rows.
"""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet

from articles.models.reading import Reading


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
        self._written: tuple[str, tuple[Any, ...], Reading] | None = None

    def rows(self, **values: Any) -> list[Any]:
        """Ask, with a value for each field; one query. Returns rows as the queryset would, but
        that rows which are the same in several of them (a section) are one object."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params, reading = self._written = self._written or self._write(connection)
        given = {
            name: field.get_db_prep_value(values[name], connection)
            for name, field in self._fields.items()
        }
        bound = [given[one.name] if isinstance(one, Given) else one for one in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, bound)
            found = cursor.fetchall()
        return reading.rows(found, connection)

    def _write(self, connection: Any) -> tuple[str, tuple[Any, ...], Reading]:
        places = {name: Given(name, field) for name, field in self._fields.items()}
        compiler = self._build(**places).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return sql, tuple(params), Reading(compiler)
