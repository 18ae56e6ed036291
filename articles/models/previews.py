"""Links that show an article to somebody without an account before readers see it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import SignedModel
from articles.models.revisions import Revision


class PreviewLink(SignedModel):
    """A secret address of one article (its working copy, or one revision), until it expires.

    Only the token's SHA-256 is kept: whoever reads the database cannot open the page.
    """

    NATURAL_KEY = ("token_hash",)

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="preview_links")
    # Empty: whatever the working copy is when the link is opened.
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    label = models.CharField(_("for whom"), max_length=120, blank=True)
    opens_embargoed = models.BooleanField(_("opens before the embargo ends"), default=False)
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        constraints = [
            # A link that never expires is a second publication.
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="preview_link_expires_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.article}"
