"""What the desk knows of a person beyond the account: where they work, and what they are told."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.conf import INTERFACE_LANGUAGES
from articles.models.articles import Article
from articles.models.keys import MailedModel, NaturalKeyModel
from articles.models.sections import Section


class DeskProfile(NaturalKeyModel):
    """A person at the desk. Without sections their role counts in all of them."""

    NATURAL_KEY = ("user__username",)

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_profile"
    )
    sections = models.ManyToManyField(
        Section,
        blank=True,
        related_name="desk_profiles",
        verbose_name=_("sections"),
        help_text=_("The role counts only in these; with none chosen, in all."),
    )
    wants_mail = models.BooleanField(
        _("notices by e-mail"), default=True, help_text=_("Off: notices wait on the first page.")
    )
    language = models.CharField(
        _("language of the admin"),
        max_length=12,
        blank=True,
        help_text=_("Left open, it is the site's."),
    )

    class Meta:
        verbose_name = _("desk profile")
        verbose_name_plural = _("desk profiles")

    def __str__(self) -> str:
        return str(self.user)


def language_of(person: Any) -> str:
    """Return the language in which an account wants the admin, or "" for the site's. One query."""
    if not person.is_authenticated:
        return ""
    chosen = DeskProfile.objects.filter(user=person).values_list("language", flat=True).first()
    # A catalog may have gone since.
    return chosen if chosen in INTERFACE_LANGUAGES else ""


class Notice(MailedModel):
    """One thing that one person is told; written with the event, mailed by the clock."""

    NATURAL_KEY = ("person__username", "article__uid", "kind", "made_at")

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Waits for review")
        SENT_BACK = "sent_back", _("Sent back")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ASSIGNED = "assigned", _("Assigned to you")
        LATE = "late", _("Happened late")
        MISSED = "missed", _("Did not happen")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("text"), blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "article", "kind", "made_at"],
                name="notice_tells_a_person_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_at", "id"],
                condition=models.Q(awaits_mail=True),
                name="notice_awaits_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article}"
