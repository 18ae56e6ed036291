"""Questions that are always the same but for some values: their SQL is written once.

Writing the SQL of a story's page takes Django several times as long as the database takes to answer
it. A prepared question is an ordinary queryset, made once, with places (`Given`) where values will
stand.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """The place of a value that is given when the question is asked."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def prepared(self, value: Any, connection: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection)


class Prepared:
    """A queryset of rows whose SQL is written when it is first asked.

    build: makes the queryset, with a `Given` for each of `fields`, by their names. It must not
    depend on settings.
    """

    def __init__(self, build: Callable[..., QuerySet], **fields: Field) -> None:
        self._build, self._fields = build, fields
        self._written: tuple[SQLCompiler, str, tuple[Any, ...]] | None = None

    def rows(self, **values: Any) -> list[Any]:
        """Ask, with a value for each field; one query. Returns rows as the queryset would."""
        connection = connections[DEFAULT_DB_ALIAS]
        if self._written is None:
            places = {name: Given(name, field) for name, field in self._fields.items()}
            compiler = self._build(**places).query.get_compiler(connection=connection)
            self._written = (compiler, *compiler.as_sql())
        written, sql, params = self._written
        bound = tuple(
            one.prepared(values[one.name], connection) if isinstance(one, Given) else one
            for one in params
        )
        # One for each asker: a compiler knows its thread's connection.
        compiler = copy(written)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, bound)
        return list(ModelIterable(_Asked(compiler)))


class _Asked:
    """What Django's reading of rows wants to know of a queryset."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler
        self.query = self

    def get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler
