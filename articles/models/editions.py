"""The edition: which state of the whole site readers have before them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.keys import NaturalKeyModel


class Edition(NaturalKeyModel):
    """One row: a number that every change readers can see raises, and when it was raised last."""

    NATURAL_KEY = ("name",)

    name = models.CharField(max_length=20, unique=True)
    number = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
