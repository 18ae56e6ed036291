"""Rows of another table, carried by a query as one column."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject


class JSONRows(Subquery):
    """The rows of an ordered, correlated queryset as one list of dictionaries.

    A page of twenty cards needs the bylines of twenty articles: as a column of the articles'
    own query they cost no further round trip. Both engines build the list in the order of the
    inner query.

    queryset: ordered and filtered by OuterRef; fields: key in the result -> field or expression.
    """

    template = "(SELECT coalesce(json_group_array(json(_row)), '[]') FROM (%(subquery)s) _rows)"
    output_field = JSONField()

    def __init__(self, queryset: QuerySet, **fields: Any) -> None:
        super().__init__(queryset.values(_row=JSONObject(**fields)), output_field=JSONField())

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        context["template"] = "(SELECT coalesce(jsonb_agg(_row), '[]') FROM (%(subquery)s) _rows)"
        return self.as_sql(compiler, connection, **context)


def moment(value: str) -> datetime:
    """Return a time that came as text inside JSON rows; SQLite writes UTC without a zone."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
