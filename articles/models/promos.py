"""Calls to action, placed by rule and never inside a body."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.keys import NaturalKeyModel, NaturalKeyQuerySet


class PromoQuerySet(NaturalKeyQuerySet):
    """Scopes of promos."""

    def for_section(self, section_id: int | None) -> Self:
        """What may stand beside a story of that section now: its own promos before the site's."""
        now = timezone.now()
        return (
            self.filter(Q(section=None) | Q(section=section_id), is_active=True)
            .exclude(starts_at__gt=now)
            .exclude(ends_at__lte=now)
            .order_by(models.F("section").asc(nulls_last=True), "-priority", "id")
        )


class Promo(NaturalKeyModel):
    """One call to action and the rule that places it."""

    NATURAL_KEY = ("slug",)

    class Kind(models.TextChoices):
        QUOTE = "quote", _("Request a quote")
        CONTACT = "contact", _("Contact")
        CHAT = "chat", _("Chat")
        NEWSLETTER = "newsletter", _("Newsletter")
        TEXT = "text", _("Own text")

    slug = models.SlugField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TEXT)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=300, blank=True)
    label = models.CharField(_("button"), max_length=60, blank=True)
    url = models.CharField(
        _("leads to"),
        max_length=500,
        blank=True,
        validators=[
            RegexValidator(
                r"^(/(?!/)|https://|mailto:|tel:)",
                _("An address of this site (/…), https://…, mailto: or tel:."),
            )
        ],
    )
    section = models.ForeignKey(
        "articles.Section",
        verbose_name=_("only in section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="promos",
    )
    priority = models.SmallIntegerField(_("priority"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = PromoQuerySet.as_manager()

    class Meta:
        ordering = ["-priority", "slug"]
        verbose_name = _("promo")
        verbose_name_plural = _("promos")
        constraints = [
            # A promo that ends before it starts is never shown, and nobody finds out why.
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(starts_at__lt=models.F("ends_at")),
                name="promo_ends_after_it_starts",
                violation_error_message=_("A promo ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
