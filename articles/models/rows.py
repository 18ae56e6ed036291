"""Rows of another table, carried by a query as one column."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    CharField,
    DateTimeField,
    JSONField,
    QuerySet,
    Subquery,
    TextField,
    Transform,
)
from django.db.models.functions import JSONObject

from articles.models.noting import rows_read


class _NotedRows(JSONField):
    """A list of rows whose keys are told when it is read (noting.py)."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self._keys = keys

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        rows = super().from_db_value(value, expression, connection)
        _tell(rows or (), self._keys)
        return rows


class JSONRows(Subquery):
    """The rows of an ordered, correlated queryset as one list of dictionaries.

    A page of twenty cards needs the bylines of twenty articles: as a column of the articles'
    own query they cost no further round trip. Both engines build the list in the order of the
    inner query.

    queryset: ordered and filtered by OuterRef; fields: key in the result -> field or expression.
    keys: kind of row -> the key in the result that holds its number (noting.py). are_shared: every
    row of the query carries the same list; it stays a text, which `shared_rows` reads once.
    """

    template = "(SELECT coalesce(json_group_array(json(_row)), '[]') FROM (%(subquery)s) _rows)"

    def __init__(
        self,
        queryset: QuerySet,
        *,
        keys: dict[str, str] | None = None,
        are_shared: bool = False,
        **fields: Any,
    ) -> None:
        inner = queryset.values(_row=JSONObject(**fields))
        output = TextField() if are_shared else _NotedRows(keys or {})
        super().__init__(inner, output_field=output)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        context["template"] = "(SELECT coalesce(jsonb_agg(_row), '[]') FROM (%(subquery)s) _rows)"
        return self.as_sql(compiler, connection, **context)


def shared_rows(text: str, keys: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows that every row of a query carries, told by their `keys` like those above."""
    rows: list[dict[str, Any]] = json.loads(text)
    _tell(rows, keys)
    return rows


def _tell(rows: Iterable[dict[str, Any]], keys: dict[str, str]) -> None:
    for kind, name in keys.items():
        rows_read(kind, (row.get(name) for row in rows))


@CharField.register_lookup
@DateTimeField.register_lookup
class Aside(Transform):
    """`status__aside="published"`: a condition that rows found otherwise have to meet.

    SQLite knows no numbers of a table and takes any condition on an indexed column for a good
    beginning, such as one that nearly all rows meet. From this one it never begins. PostgreSQL
    counts, and needs no telling.
    """

    lookup_name = "aside"

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        return compiler.compile(self.lhs)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        sql, parameters = compiler.compile(self.lhs)
        return f"+{sql}", parameters


def moment(value: str) -> datetime:
    """Return a time that came as text inside JSON rows; SQLite writes UTC without a zone."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
