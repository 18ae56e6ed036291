"""How often articles are read, by day and hour, from where, and what is needed to count once."""

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


class HourlyViews(NaturalKeyModel):
    """The views of one article in one hour: for what is rising, and when people read.

    Kept for some weeks only (`HOURS_KEPT_DAYS`); the days stay.
    """

    NATURAL_KEY = ("article__uid", "hour")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="hourly_views")
    # Its first moment.
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        ordering = ["-hour"]
        verbose_name = _("views of an hour")
        verbose_name_plural = _("views by hour")
        constraints = [
            # One row to add to, as for days.
            models.UniqueConstraint(fields=["article", "hour"], name="hourly_views_once_per_hour"),
        ]
        indexes = [models.Index(fields=["hour"], name="hourly_views_by_hour")]

    def __str__(self) -> str:
        return f"{self.article}: {self.count} ({self.hour:%Y-%m-%d %H})"


class Referrals(NaturalKeyModel):
    """How many views of an article on a day came from one place: a host's name, nothing more."""

    NATURAL_KEY = ("article__uid", "day", "host")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="referrals")
    day = models.DateField(_("day"))
    host = models.CharField(_("from"), max_length=100)
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        ordering = ["-day", "-count"]
        verbose_name = _("views from a host")
        verbose_name_plural = _("views by host")
        constraints = [
            # One row to add to, as for days.
            models.UniqueConstraint(
                fields=["article", "day", "host"], name="referrals_once_per_day_and_host"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="referrals_by_day")]

    def __str__(self) -> str:
        return f"{self.article}: {self.count} ({self.host}, {self.day})"


class NextClicks(NaturalKeyModel):
    """How many readers of one article went on to another one on a day."""

    NATURAL_KEY = ("source__uid", "article__uid", "day")

    source = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="next_clicks")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="clicks_from")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        ordering = ["-day", "-count"]
        verbose_name = _("next click")
        verbose_name_plural = _("next clicks")
        constraints = [
            # One row to add to, as for days.
            models.UniqueConstraint(
                fields=["source", "article", "day"], name="next_clicks_once_per_day"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="next_clicks_by_day")]

    def __str__(self) -> str:
        return f"{self.source} → {self.article}: {self.count} ({self.day})"


class Ranking(NaturalKeyModel):
    """One article's place in a list that readers are shown: of the whole site, or of a section.

    The clock writes the lists (articles/readership/rankings.py), so that no reader waits for one.
    """

    class Kind(models.TextChoices):
        DAY = "day", _("most read in 24 hours")
        WEEK = "week", _("most read in a week")
        EVER = "ever", _("most read")
        TRENDING = "trending", _("trending")

    NATURAL_KEY = ("kind", "scope", "article__uid")

    kind = models.CharField(_("list"), max_length=10, choices=Kind)
    # The address of a section; "" is the whole site.
    scope = models.CharField(_("section"), max_length=80, blank=True, default="")
    # Without a constraint in the database: checking it would lock the article's row.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="rankings", db_constraint=False
    )
    place = models.PositiveSmallIntegerField(_("place"))
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        ordering = ["scope", "kind", "place"]
        verbose_name = _("place in a list")
        verbose_name_plural = _("places in lists")
        constraints = [
            # A list shows a story once.
            models.UniqueConstraint(
                fields=["scope", "kind", "article"], name="ranking_shows_a_story_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}: {self.article}"


class Visit(NaturalKeyModel):
    """One visitor's stay with one article, which counts as one view; kept for two hours.

    `visitor` is a hash with the day's salt; nobody can tell from it who that was. The three
    moments are milliseconds since 1970: of the report that was counted, and of the first and the
    last one of the stay.
    """

    NATURAL_KEY = ("visitor", "article__uid", "first")

    visitor = models.BigIntegerField()
    # Without a constraint in the database: checking it would lock the article's row.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    counted_at = models.BigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [
            models.Index(fields=["visitor", "article"], name="visit_of_a_visitor"),
            models.Index(fields=["last"], name="visit_by_last"),
        ]

    def __str__(self) -> str:
        return f"{self.visitor:x}: {self.article_id}"


class ViewJournal(NaturalKeyModel):
    """How far a journal of views has been added to the tables: written with what was added."""

    NATURAL_KEY = ("name",)

    name = models.CharField(max_length=120, unique=True)
    offset = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("journal of views")
        verbose_name_plural = _("journals of views")

    def __str__(self) -> str:
        return f"{self.name}: {self.offset}"


class DailySalt(NaturalKeyModel):
    """What makes the visitors' hashes of one day: thrown away with it, and so is their meaning."""

    NATURAL_KEY = ("day",)

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")

    def __str__(self) -> str:
        return str(self.day)
