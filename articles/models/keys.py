"""What tables share: natural keys, so that a fixture needs no row number, signatures, mail."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.noting import row_read


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

    @classmethod
    def from_db(cls, db: str, field_names: Any, values: Any) -> Self:
        row = super().from_db(db, field_names, values)
        row.was_read()
        return row

    def was_read(self) -> None:
        """It was made of what stands in its table, by whatever way (see reading.py)."""
        row_read(self)

    def natural_key(self) -> tuple[Any, ...]:
        values = []
        for lookup in self.NATURAL_KEY:
            value: Any = self
            for name in lookup.split("__"):
                value = getattr(value, name)
            values.append(value if isinstance(value, (int, str)) else str(value))
        return tuple(values)


class SignedModel(NaturalKeyModel):
    """A row that says who made it, and when."""

    made_at = models.DateTimeField(_("when"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The name stays when the account goes; it is empty for the system itself.
    made_by_name = models.CharField(_("who"), max_length=150, blank=True)

    class Meta:
        abstract = True


class MailedModel(NaturalKeyModel):
    """A row that waits to be mailed by the clock (see articles/editorial/mailing.py)."""

    # False for what nobody wants by mail, and after it was sent.
    awaits_mail = models.BooleanField(default=False)
    # When it went out; until then, the moment of the last try.
    mailed_at = models.DateTimeField(null=True, blank=True)
    # How often sending failed; after some tries it is given up, and the row stays on the page.
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
