"""Articles: one story each, with a permanent identity."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField
from taggit.managers import TaggableManager

from articles.models.keys import NaturalKeyModel
from articles.models.listings import ArticleQuerySet
from articles.models.noting import Place, row_read, rows_read
from articles.models.paths import path_of
from articles.models.told import Told
from articles.text.html import EDITOR_EXTENSIONS, clean_body, clean_line, plain_text, word_count
from articles.text.slugs import slugify, title_key

#: Columns of a published article that a plain save may change.
BESIDE_THE_TEXT = frozenset(
    {"assignee", "due_on", "embargo_until", "import_warnings", "source_digest", "saved_at"}
)


class Article(Told, NaturalKeyModel):
    """One story. Its columns hold what readers see; its newest revision what editors have."""

    NATURAL_KEY = ("uid",)

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(
        _("state"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )

    headline = models.CharField(_("headline"), max_length=300, blank=True)
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("The summary under the headline.")
    )
    body = ProseEditorField(
        _("body"), blank=True, extensions=EDITOR_EXTENSIONS, sanitize=clean_body
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        help_text=_("Language code of the text, such as en or he."),
    )
    section = models.ForeignKey(
        "articles.Section",
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    authors = models.ManyToManyField(
        "articles.Author", through="articles.Byline", related_name="articles"
    )
    tags = TaggableManager(
        verbose_name=_("tags"),
        through="articles.TaggedArticle",
        blank=True,
        related_name="articles",
        help_text=_("Topics, separated by commas."),
    )
    picture = models.ForeignKey(
        "articles.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    slug = models.SlugField(
        _("address"),
        max_length=140,
        blank=True,
        help_text=_("The last part of the address; made from the headline when left empty."),
    )
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.CharField(
        _("description for search engines"), max_length=300, blank=True
    )

    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # The day in the address. A column of its own, because the day of a moment changes with the
    # site's time zone and an address must not.
    published_on = models.DateField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(
        _("updated for readers"), null=True, blank=True, editable=False
    )

    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    external_id = models.CharField(
        _("name at the source"), max_length=200, blank=True, editable=False
    )
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    import_warnings = models.JSONField(
        _("what the import could not know"), default=list, blank=True, editable=False
    )
    starting_views = models.PositiveIntegerField(
        _("views before Newsroom"), default=0, help_text=_("Counted before this site counted.")
    )

    # A number instead of a foreign key: two tables that point at each other have no order in
    # which a fixture could hold them.
    live_number = models.PositiveIntegerField(
        _("revision that readers see"), null=True, blank=True, editable=False
    )
    # The newest revision's number: what editors have. Kept beside `live_number`, so that a list
    # of 100,000 articles can tell at once where the two differ.
    working_number = models.PositiveIntegerField(null=True, blank=True, editable=False)

    # Planning: who writes it until when, and before which moment nobody outside may see it.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_articles",
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Nobody outside the desk sees it before."),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("last saved"), auto_now=True)

    # Derived from the columns above by `derive()` before every write.
    body_text = models.TextField(blank=True, editable=False)
    words = models.PositiveIntegerField(_("words"), default=0, editable=False)
    headline_key = models.CharField(max_length=300, blank=True, editable=False)

    # True for the object that `editorial.revisions.laid_over()` returns: it looks like the
    # article as a revision has it, and must never reach the table by a stray save().
    is_laid_over = False
    _stored_status = Status.DRAFT
    #: Where it stood when it was read; None for one that was not.
    stood_at: Place | None = None

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("edit_any_article", _("Can edit articles of others")),
            ("edit_published_article", _("Can edit what readers see")),
            ("approve_article", _("Can approve and send back articles")),
            ("publish_article", _("Can publish and withdraw articles")),
            ("override_gate", _("Can publish against the gate, with a reason")),
            ("see_embargoed_article", _("Can see articles under embargo")),
        ]
        constraints = [
            # A published story without a moment or an address cannot be listed or reached.
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(published_at__isnull=False, published_on__isnull=False)
                & ~models.Q(slug=""),
                name="published_article_has_a_time_and_an_address",
            ),
            # Two stories at one address: readers would get one of them by chance.
            models.UniqueConstraint(
                fields=["published_on", "slug"],
                condition=models.Q(published_on__isnull=False),
                name="article_address_is_its_own",
                violation_error_message=_("Another article of that day has this address."),
            ),
            # An import that runs twice must find what it made the first time.
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
                name="article_is_imported_once_per_source",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[
                    "draft", "in_review", "approved", "scheduled", "published", "withdrawn",
                ]),
                name="article_status_is_known",
            ),
        ]  # fmt: skip
        indexes = [
            # Every public list: newest first, within a section too.
            models.Index(fields=["status", "-published_at", "-id"], name="article_latest"),
            models.Index(
                fields=["section", "status", "-published_at", "-id"], name="article_by_section"
            ),
            # A year, a month, a day: by the day in the address, then newest first.
            models.Index(
                fields=["status", "-published_on", "-published_at", "-id"],
                name="article_by_period",
            ),
            # The desk's trays: what is in a state, the longest waiting first or last.
            models.Index(fields=["status", "saved_at", "id"], name="article_by_state"),
            # The desk's own list: what has no date yet, then newest first; with what is looked for
            # while somebody types.
            models.Index(
                fields=["-published_at", "-id", "headline_key", "slug"], name="article_by_date"
            ),
            models.Index(fields=["section", "-published_at", "-id"], name="article_of_section"),
            # Feeds and sitemaps: what readers got last, new or changed.
            models.Index(
                models.F("status"),
                Coalesce("updated_at", "published_at").desc(),
                models.F("id").desc(),
                name="article_by_last_change",
            ),
            models.Index(
                models.F("section"),
                models.F("status"),
                Coalesce("updated_at", "published_at").desc(),
                models.F("id").desc(),
                name="article_by_change_in_section",
            ),
            # What waits for its moment, and the calendar of embargoes.
            models.Index(
                fields=["embargo_until"],
                condition=models.Q(embargo_until__isnull=False),
                name="article_by_embargo",
            ),
            # Sitemaps: all they say of the addresses of one part, without touching a text.
            models.Index(
                fields=[
                    "id",
                    "published_at",
                    "embargo_until",
                    "updated_at",
                    "published_on",
                    "slug",
                    "picture",
                ],
                condition=models.Q(status="published"),
                name="article_by_part_of_sitemap",
            ),
            # Live articles with changes that readers do not see yet.
            models.Index(
                fields=["-saved_at"],
                condition=models.Q(working_number__gt=models.F("live_number")),
                name="article_has_changes_waiting",
            ),
            # Imports to look at.
            models.Index(
                fields=["-saved_at", "-id"],
                condition=~models.Q(import_warnings=[]),
                name="article_has_import_warnings",
            ),
            models.Index(
                fields=["due_on"],
                condition=models.Q(due_on__isnull=False),
                name="article_by_due_day",
            ),
            # A related-news line looks for the article of its title.
            models.Index(fields=["headline_key"], name="article_by_headline"),
        ]

    def __str__(self) -> str:
        return self.headline or str(_("Without headline"))

    def was_read(self) -> None:
        super().was_read()
        self._stored_status = self.__dict__.get("status", self.Status.DRAFT)
        self.stood_at = Place.of(self)

    def read_again(self) -> None:
        """Tell of the rows that a card of `for_listing()` shows once more (noting.py)."""
        for row in (self, self.section, self.picture):
            if row is not None:
                row_read(row)
        rows_read("author", (line["id"] for line in self.__dict__["byline_rows"]))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft, or plans beside the text; what readers see is written by verbs only.

        Raises TypeError for everything else: no program may publish by the way.
        """
        if self.is_laid_over:
            raise TypeError("This is a revision laid over its article: a verb must publish it.")
        if self.status != self._stored_status:
            raise TypeError("A status is changed by a verb (articles/editorial/transitions.py).")
        if self.was_public and not set(kwargs.get("update_fields") or ("body",)) <= BESIDE_THE_TEXT:
            raise TypeError("What readers see is changed by revisions.record() and a verb.")
        super().save(*args, **kwargs)

    def write(self) -> None:
        """Save all columns, whatever the status: the verbs' way to the table."""
        super().save()
        self._stored_status = self.status

    def derive(self) -> None:
        """Clean what came in and recompute what follows from it; safe to repeat.

        Runs before every write, fixtures included (see articles/apps.py).
        """
        self.headline = clean_line(self.headline)
        self.standfirst = clean_line(self.standfirst)
        self.body = clean_body(self.body)
        self.language = (self.language or settings.LANGUAGE_CODE).lower()
        self.body_text = plain_text(self.body)
        self.words = word_count(self.body_text)
        self.headline_key = title_key(self.headline)
        if not self.slug and self.headline:
            self.slug = slugify(self.headline, fallback=f"story-{str(self.uid)[:8]}")
        # Only what readers saw has an address; a draft's date is a plan, and two plans may agree.
        if self.was_public and self.published_at and not self.published_on:
            self.published_on = timezone.localdate(self.published_at)

    @property
    def is_public(self) -> bool:
        """Whether readers can see it now: the row's side of `published()`."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
            and not self.is_embargoed
        )

    @property
    def is_embargoed(self) -> bool:
        return self.embargo_until is not None and self.embargo_until > timezone.now()

    @property
    def was_public(self) -> bool:
        """Whether readers see or saw it: then its columns wait for a verb, not for a save."""
        return self.status in {self.Status.PUBLISHED, self.Status.WITHDRAWN}

    @property
    def has_changes_waiting(self) -> bool:
        """Whether the working copy is ahead of what readers see."""
        return (
            self.was_public
            and self.live_number is not None
            and (self.working_number or 0) > self.live_number
        )

    def get_absolute_url(self) -> str:
        """The public address; "" for an article that never had one."""
        if not self.published_on or not self.slug:
            return ""
        return self.address(self.published_on, self.slug)

    @staticmethod
    def address(day: date, slug: str) -> str:
        # The day as in 2025-06-05, cut up: what strftime would write, and four times as fast.
        return path_of("articles:article", *day.isoformat().split("-"), slug)
