"""How often articles are read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel


class DailyViews(NaturalKeyModel):
    """The views of one article on one day (of the site's time zone).

    Written by articles/readership/ with plain updates: no signals, and never the article's row,
    so that counting wakes no index and waits for no editor.
    """

    NATURAL_KEY = ("article__uid", "day")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="daily_views")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        constraints = [
            # One row to add to; a second would split the count.
            models.UniqueConstraint(fields=["article", "day"], name="daily_views_once_per_day"),
        ]
        indexes = [models.Index(fields=["day"], name="daily_views_by_day")]

    def __str__(self) -> str:
        return f"{self.article}: {self.count} ({self.day})"
