"""Natural keys: every table can be named in a fixture without a row number."""

from typing import Any

from django.db import models


class NaturalKeyQuerySet(models.QuerySet):
    """Finds a row by the fields its model names in `NATURAL_KEY` ("article__uid", "position")."""

    def get_by_natural_key(self, *values: Any) -> models.Model:
        return self.get(**dict(zip(self.model.NATURAL_KEY, values, strict=True)))


class NaturalKeyModel(models.Model):
    """A row known by `NATURAL_KEY`: a tuple of lookups, each leading to a plain value."""

    NATURAL_KEY: tuple[str, ...] = ()

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        values = []
        for lookup in self.NATURAL_KEY:
            value: Any = self
            for name in lookup.split("__"):
                value = getattr(value, name)
            values.append(value if isinstance(value, (int, str)) else str(value))
        return tuple(values)
