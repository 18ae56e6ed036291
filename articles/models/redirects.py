"""Addresses that a page had before: they never die."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.keys import NaturalKeyModel


class Redirect(NaturalKeyModel):
    """Where an address that is no page any more leads; looked up only after a 404.

    An empty `new_path` says that the page is gone for good (410).
    """

    NATURAL_KEY = ("old_path",)

    old_path = models.CharField(_("old address"), max_length=300, unique=True)
    new_path = models.CharField(
        _("new address"),
        max_length=300,
        blank=True,
        help_text=_("Empty: readers are told that the page was withdrawn."),
    )
    article = models.ForeignKey(
        "articles.Article",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="redirects",
    )
    is_automatic = models.BooleanField(_("made by the desk's verbs"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["old_path"]
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [
            # Only an address of this site can be redirected, and never to itself.
            models.CheckConstraint(
                condition=models.Q(old_path__startswith="/"),
                name="redirect_starts_on_this_site",
                violation_error_message=_("The old address starts with a slash."),
            ),
            models.CheckConstraint(
                condition=~models.Q(old_path=models.F("new_path")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("An address cannot lead to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path or _('gone')}"
