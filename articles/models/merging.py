"""Writing together: the threads of a working copy, words in dispute, and who is there."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel


class Weave(NaturalKeyModel):
    """A working copy with the origin of each of its words, so that saves that race merge.

    `data` is made and read by articles/editorial/merging.py; it can always be made anew from the
    newest revision, at the price of what screens that are open now have not sent yet.
    """

    NATURAL_KEY = ("article__uid",)

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="weave")
    # Raised by every save; a screen names the last one it has seen.
    clock = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("weave")
        verbose_name_plural = _("weaves")

    def __str__(self) -> str:
        return f"{self.article} at {self.clock}"


class Conflict(NaturalKeyModel):
    """The same words changed by two people: each version, until somebody chooses."""

    NATURAL_KEY = ("article__uid", "number")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="conflicts")
    number = models.PositiveIntegerField()
    field = models.CharField(max_length=20)
    # What stood there before either: plain text.
    base = models.TextField(blank=True)
    # [{"name": "Ann", "client": "…", "value": …}]: what each person made of it.
    versions = models.JSONField(default=list)
    # Where it stands: the clock of the weave, and the words before and behind it.
    place = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["article", "number"]
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [
            # Two disputes of an article are told apart by their number.
            models.UniqueConstraint(
                fields=["article", "number"], name="conflict_number_is_its_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.field} {self.number}"


class Presence(NaturalKeyModel):
    """A screen on which an article is open: whose, and in which field the cursor is."""

    NATURAL_KEY = ("article__uid", "client")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    # Made by the screen itself, anew for each: two tabs of one person are two clients.
    client = models.CharField(max_length=36)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            # A screen is in an article once.
            models.UniqueConstraint(
                fields=["article", "client"], name="presence_is_one_per_screen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.article}"
