"""How the rows of one question become objects: found out once, for all times it is asked.

Django finds it out anew for each answer, and makes each object by way of all its columns and of
signals that nobody listens to. The objects are the same: a column that was not asked for is read
when somebody wants it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler

Row = Sequence[Any]


class Reading:
    """The way from what a compiler (whose SQL is written) selects to rows of a table."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self._object = _Object(compiler.klass_info, compiler.select)
        self._beside = list(compiler.annotation_col_map.items())
        expressions = [expression for expression, *_rest in compiler.select]
        self._converters = [
            (place, convert, expression)
            for place, (converters, expression) in compiler.get_converters(expressions).items()
            for convert in converters
        ]

    def rows(self, found: Iterable[Row], connection: Any) -> list[Any]:
        """Return an object for each row that the database answered."""
        made: dict[Any, Any] = {}
        objects = []
        for answered in found:
            row = list(answered)
            for place, convert, expression in self._converters:
                row[place] = convert(row[place], expression, connection)
            one = self._object.of(row, made)
            for name, place in self._beside:
                setattr(one, name, row[place])
            objects.append(one)
        return objects


class _Object:
    """The way to an object of one model, and to those that it points at (`select_related`)."""

    def __init__(self, info: dict[str, Any], select: Sequence[Any]) -> None:
        self._model = info["model"]
        columns = info["select_fields"]
        self._start, self._end = columns[0], columns[-1] + 1
        self._names = [one[0].target.attname for one in select[self._start : self._end]]
        self._key = self._start + self._names.index(self._model._meta.pk.attname)
        self._pointed = [
            (_Object(other, select), other["local_setter"])
            for other in info.get("related_klass_infos", ())
        ]

    def of(self, row: Row, made: dict[Any, Any]) -> Any:
        """Return the object of a row. made: those that it may share with other rows."""
        one = self._model.__new__(self._model)
        one._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        one.__dict__.update(zip(self._names, row[self._start : self._end], strict=True))
        for other, point in self._pointed:
            point(one, other.once(row, made))
        one.was_read()
        return one

    def once(self, row: Row, made: dict[Any, Any]) -> Any:
        """Return the object that a row points at, if any; made for the first that does."""
        if (key := row[self._key]) is None:
            return None
        if (self, key) not in made:
            made[self, key] = self.of(row, made)
        return made[self, key]
