"""Curated pointers from an article to other stories."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel
from articles.text.html import clean_line
from articles.text.slugs import title_key


class RelatedLink(NaturalKeyModel):
    """A pointer to an article of this site, to an address, or to a story not (yet) here.

    Title, author, date and views are what the source said; a linked article says its own.
    """

    NATURAL_KEY = ("article__uid", "position")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_links")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    target = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="linked_from",
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    views = models.PositiveIntegerField(_("views"), null=True, blank=True)
    title_key = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("related link")
        verbose_name_plural = _("related links")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "position"], name="related_link_has_a_place_of_its_own"
            ),
            # A story is not its own neighbour.
            models.CheckConstraint(
                condition=models.Q(target__isnull=True) | ~models.Q(target=models.F("article")),
                name="related_link_leads_elsewhere",
                violation_error_message=_("An article cannot be related to itself."),
            ),
            # A link that names nothing shows readers an empty line.
            models.CheckConstraint(
                condition=models.Q(target__isnull=False) | ~models.Q(title=""),
                name="related_link_names_a_story",
                violation_error_message=_("Choose an article or write a title."),
            ),
        ]
        indexes = [models.Index(fields=["title_key"], name="related_link_by_title")]

    def __str__(self) -> str:
        return self.title or str(self.target or "")

    def derive(self) -> None:
        self.title = clean_line(self.title)
        self.title_key = title_key(self.title)
