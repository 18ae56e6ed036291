"""History: what the text said (revisions) and who did what when (transitions)."""

from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel, SignedModel


class HistoryModel(SignedModel):
    """A numbered line of an article's history: written once, by somebody or by the system."""

    NATURAL_KEY = ("article__uid", "number")

    number = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("History is not rewritten: add a line instead.")
        super().save(*args, **kwargs)


class Revision(HistoryModel):
    """An immutable snapshot of everything editable of an article.

    `snapshot` is made and read by articles/editorial/revisions.py. The one thing that is ever
    rewritten is an autosave, by the same person's next one within ten minutes.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    is_autosave = models.BooleanField(default=False)
    # "Restored from 3", "Tag split": why it was made, where no person typed it.
    note = models.CharField(_("note"), max_length=200, blank=True)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["article", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            # Two saves at one moment must not both become "revision 7".
            models.UniqueConstraint(
                fields=["article", "number"], name="revision_number_is_its_own"
            ),
        ]
        indexes = [
            # Who began which article.
            models.Index(
                fields=["made_by", "article"],
                condition=models.Q(number=1),
                name="revision_first_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} #{self.number}"


class Transition(HistoryModel):
    """One line of the timeline. Append-only."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="transitions")
    verb = models.CharField(_("what"), max_length=20)
    from_status = models.CharField(_("from"), max_length=12, choices=Article.Status)
    to_status = models.CharField(_("to"), max_length=12, choices=Article.Status)
    note = models.TextField(_("note"), blank=True)
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # For a step that waits for a time or waited for one; how late it came is `lateness`.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    # "typo", "update" or "correction" where what readers see was changed.
    kind = models.CharField(_("kind of change"), max_length=12, blank=True)
    # Readers get no comparison with what stood there before (a court's order, a victim's name).
    hides_change = models.BooleanField(_("earlier text is not shown"), default=False)
    # What the gate found and somebody let pass, and their reason.
    overridden = models.JSONField(default=list, blank=True)
    override_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["article", "number"]
        verbose_name = _("transition")
        verbose_name_plural = _("timeline")
        constraints = [
            # The timeline is a line: two events never stand at one place.
            models.UniqueConstraint(
                fields=["article", "number"], name="transition_number_is_its_own"
            ),
            # Whoever lets a fault pass says why.
            models.CheckConstraint(
                condition=models.Q(overridden=[]) | ~models.Q(override_reason=""),
                name="transition_override_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def lateness(self) -> timedelta | None:
        """How long after its time a scheduled step was taken; None for any other step."""
        if self.due_at is None or self.verb in {"schedule", "unschedule"}:
            return None
        return max(self.made_at - self.due_at, timedelta())


class Correction(NaturalKeyModel):
    """A public note of a change that matters, tied to the two revisions it lies between."""

    NATURAL_KEY = ("article__uid", "made_at")

    class Kind(models.TextChoices):
        UPDATE = "update", _("Update")
        CORRECTION = "correction", _("Correction")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CORRECTION)
    note = models.TextField(_("note for readers"))
    before = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    after = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            # Readers are told what changed; an empty note tells them nothing.
            models.CheckConstraint(
                condition=~models.Q(note=""), name="correction_says_what_it_corrects"
            ),
            models.UniqueConstraint(
                fields=["article", "made_at"], name="correction_has_a_moment_of_its_own"
            ),
        ]
        indexes = [
            # The page of all corrections: newest first.
            models.Index(fields=["-made_at", "-id"], name="correction_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note[:60]}"
