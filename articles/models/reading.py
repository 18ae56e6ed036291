"""How the rows of one question become objects: found out once, for all times it is asked.

Django finds it out anew for each answer, and makes each object by way of all its columns and of
signals that nobody listens to. The objects are the same: a column that was not asked for is read
when somebody wants it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler

Row = Sequence[Any]
#: A place in a row or a column's name, what makes its value, and the expression it belongs to.
Converter = tuple[Any, Callable[..., Any], Any]
#: Django's converters from texts to values that cannot be changed; how many values are remembered
#: of each column.
_OF_TEXTS = frozenset(f"convert_{kind}field_value" for kind in ("datetime", "date", "uuid"))
_MOST_VALUES = 1024


def _remembering(convert: Callable[..., Any]) -> Callable[..., Any]:
    """Return a converter that remembers what it made of a value, if that cannot be changed.

    SQLite keeps moments and the like as texts, and pages show the same stories again and again.
    """
    if getattr(convert, "__name__", "") not in _OF_TEXTS:
        return convert
    known: dict[Any, Any] = {}

    def converted(value: Any, expression: Any, connection: Any) -> Any:
        if (made := known.get(value)) is not None:
            return made
        if len(known) >= _MOST_VALUES:
            known.clear()
        made = known[value] = convert(value, expression, connection)
        return made

    return converted


class Reading:
    """The way from what a compiler (whose SQL is written) selects to rows of a table."""

    def __init__(self, compiler: SQLCompiler) -> None:
        select = compiler.select
        found = compiler.get_converters([expression for expression, *_rest in select])
        converters = [
            (place, _remembering(convert), expression)
            for place, (functions, expression) in found.items()
            for convert in functions
        ]
        self._object = _Object(compiler.klass_info, select, converters)
        self._beside = list(compiler.annotation_col_map.items())
        self._converters = [
            (name, convert, expression)
            for name, beside in self._beside
            for place, convert, expression in converters
            if place == beside
        ]

    def rows(self, found: Iterable[Row], connection: Any) -> list[Any]:
        """Return an object for each row that the database answered."""
        made: dict[Any, Any] = {}
        objects = []
        for row in found:
            one = self._object.of(row, connection, made)
            columns = one.__dict__
            for name, place in self._beside:
                columns[name] = row[place]
            for name, convert, expression in self._converters:
                columns[name] = convert(columns[name], expression, connection)
            objects.append(one)
        return objects


class _Object:
    """The way to an object of one model, and to those that it points at (`select_related`)."""

    def __init__(
        self, info: dict[str, Any], select: Sequence[Any], converters: Sequence[Converter]
    ) -> None:
        self._model = info["model"]
        places = info["select_fields"]
        self._start, self._end = places[0], places[-1] + 1
        self._names = [one[0].target.attname for one in select[self._start : self._end]]
        self._key = self._start + self._names.index(self._model._meta.pk.attname)
        self._converters = [
            (self._names[place - self._start], convert, expression)
            for place, convert, expression in converters
            if self._start <= place < self._end
        ]
        self._pointed = [
            (_Object(other, select, converters), other["local_setter"])
            for other in info.get("related_klass_infos", ())
        ]

    def of(self, row: Row, connection: Any, made: dict[Any, Any]) -> Any:
        """Return the object of a row. made: those that it may share with other rows."""
        one = self._model.__new__(self._model)
        one._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        columns = one.__dict__
        columns.update(zip(self._names, row[self._start : self._end], strict=True))
        for name, convert, expression in self._converters:
            columns[name] = convert(columns[name], expression, connection)
        for other, point in self._pointed:
            point(one, other._once(row, connection, made))
        one.was_read()
        return one

    def _once(self, row: Row, connection: Any, made: dict[Any, Any]) -> Any:
        """Return the object that a row points at, if any; made for the first that does."""
        if (key := row[self._key]) is None:
            return None
        if (self, key) not in made:
            made[self, key] = self.of(row, connection, made)
        return made[self, key]
