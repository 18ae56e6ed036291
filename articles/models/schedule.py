"""What happens at a time: steps that wait for it, and the one clock that takes them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel, SignedModel
from articles.models.revisions import Revision


class ScheduledStep(SignedModel):
    """A verb that waits for its time: publish, correct (update a live article) or withdraw.

    `revision` is what goes before readers then; an edit made after the step was scheduled does
    not slip out with it. A step is settled once, whoever's clock gets to it.
    """

    NATURAL_KEY = ("uid",)

    class Verb(models.TextChoices):
        PUBLISH = "publish", _("Publish")
        CORRECT = "correct", _("Publish changes")
        WITHDRAW = "withdraw", _("Withdraw")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        STOPPED = "stopped", _("Stopped")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="scheduled_steps")
    verb = models.CharField(_("what"), max_length=12, choices=Verb)
    due_at = models.DateTimeField(_("when"))
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind of change"), max_length=12, blank=True)
    note = models.TextField(_("note"), blank=True)
    redirect_to = models.CharField(_("leads to"), max_length=300, blank=True)
    hides_change = models.BooleanField(default=False)
    override_reason = models.TextField(blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # Why the gate or the article's state stopped it, for the editors.
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("scheduled step")
        verbose_name_plural = _("schedule")
        constraints = [
            # Two times for one thing: nobody could say which counts.
            models.UniqueConstraint(
                fields=["article", "verb"],
                condition=models.Q(outcome="waiting"),
                name="article_waits_for_one_time_per_verb",
            ),
            # A step that is settled says when, and one that waits was never settled.
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", settled_at__isnull=True)
                | ~models.Q(outcome="waiting") & models.Q(settled_at__isnull=False),
                name="scheduled_step_is_settled_at_a_moment",
            ),
        ]
        indexes = [
            # What is due, asked every few seconds.
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(outcome="waiting"),
                name="scheduled_step_is_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.due_at:%Y-%m-%d %H:%M}"


class ClockLease(NaturalKeyModel):
    """Which process runs the clock: one row, held for some seconds at a time."""

    NATURAL_KEY = ("name",)

    name = models.CharField(max_length=20, unique=True)
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField()
    # The last moment at which the schedule was looked through.
    ticked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")

    def __str__(self) -> str:
        return self.name
