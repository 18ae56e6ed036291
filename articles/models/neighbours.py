"""What related news is computed from, and what came out: kept by articles/related/ alone.

Rows of these tables follow articles, and never the other way round. They name articles without
constraints in the database: checking one would lock the row of an article that somebody edits.
"""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel, SignedModel


class TermRound(NaturalKeyModel):
    """One row: which counts of words are in force, and who works on related news now.

    Within a round the same two stories are always as near to each other, whatever else was
    published meanwhile. The next round counts anew.
    """

    NATURAL_KEY = ("name",)

    name = models.CharField(max_length=20, unique=True)
    number = models.PositiveIntegerField(default=0)
    # Public stories when the round began.
    stories = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("round of related news")
        verbose_name_plural = _("rounds of related news")

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class TermCount(NaturalKeyModel):
    """How many public stories had a word or a tag when a round began; one story is not written."""

    NATURAL_KEY = ("number", "kind", "key")

    class Kind(models.TextChoices):
        WORD = "w", _("word")
        TAG = "t", _("tag")
        # All stories of a language: what a word's share is taken of.
        LANGUAGE = "l", _("language")

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=1, choices=Kind)
    # A word's or a language's hash, or a tag's number.
    key = models.BigIntegerField()
    stories = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("count of a word")
        verbose_name_plural = _("counts of words")
        constraints = [
            # Two counts of one word would make it two words.
            models.UniqueConstraint(
                fields=["number", "kind", "key"], name="term_is_counted_once_in_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.stories}"


class StoryTerms(NaturalKeyModel):
    """What an article is about, as related news sees it: its weightiest words and its sketch.

    `terms`: [stem, weight, as written] each, the weights of all together of length 1; `sketch`:
    the smallest hashes of its runs of words (articles/text/likeness.py). The three rounds say for
    which counts its words, its neighbours and their order were computed; 0: not yet.
    """

    NATURAL_KEY = ("article__uid",)

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="story_terms", db_constraint=False
    )
    language = models.CharField(max_length=12, blank=True)
    terms = models.JSONField(default=list)
    sketch = models.JSONField(default=list)
    # Whether readers may see it, so that it may stand in others' lists.
    is_listed = models.BooleanField(default=False)
    words_round = models.PositiveIntegerField(default=0)
    list_round = models.PositiveIntegerField(default=0)
    order_round = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("words of a story")
        verbose_name_plural = _("words of stories")
        indexes = [
            models.Index(fields=["words_round"], name="story_terms_by_round"),
            models.Index(fields=["is_listed", "list_round"], name="story_terms_by_list_round"),
            models.Index(fields=["is_listed", "order_round"], name="story_terms_by_order_round"),
        ]

    def __str__(self) -> str:
        return str(self.article_id)


class KeyTerm(NaturalKeyModel):
    """One of the weightiest words of an article: by these, stories find each other."""

    NATURAL_KEY = ("article__uid", "key")

    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        related_name="key_terms",
        db_constraint=False,
        db_index=False,
    )
    key = models.BigIntegerField()

    class Meta:
        verbose_name = _("key word of a story")
        verbose_name_plural = _("key words of stories")
        constraints = [
            # A word that counted twice would make near what is not.
            models.UniqueConstraint(fields=["article", "key"], name="story_has_a_key_term_once"),
        ]
        indexes = [models.Index(fields=["key", "article"], name="key_term_by_word")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.key:x}"


class Neighbour(NaturalKeyModel):
    """One story near an article, of as many as are kept (articles/related/scoring.py).

    `place` is by nearness alone; `rank` is the order in which readers get them, None for one that
    is held back because a nearly equal one stands above it. `reasons`: the `tags` (numbers) and
    the `words` that both have, and whether one `section` owns both.
    """

    NATURAL_KEY = ("article__uid", "neighbour__uid")

    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        related_name="neighbours",
        db_constraint=False,
        db_index=False,
    )
    neighbour = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="neighbour_of", db_constraint=False
    )
    score = models.FloatField(_("nearness"))
    place = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=dict)

    class Meta:
        ordering = ["place"]
        verbose_name = _("neighbour of a story")
        verbose_name_plural = _("neighbours of stories")
        constraints = [
            # Twice the same story under an article.
            models.UniqueConstraint(
                fields=["article", "neighbour"], name="neighbour_stands_in_a_list_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(neighbour=models.F("article")),
                name="neighbour_is_another_article",
            ),
            # What has nothing in common is no neighbour.
            models.CheckConstraint(
                condition=models.Q(score__gt=0), name="neighbour_has_something_in_common"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.neighbour_id}: {self.score:.3f}"


class DroppedNeighbour(SignedModel):
    """An editor's word that a story does not belong under an article; no computation undoes it."""

    NATURAL_KEY = ("article__uid", "neighbour__uid")

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="dropped_neighbours", db_index=False
    )
    neighbour = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="dropped_under")

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("dropped neighbour")
        verbose_name_plural = _("dropped neighbours")
        constraints = [
            # Dropped is dropped.
            models.UniqueConstraint(
                fields=["article", "neighbour"], name="neighbour_is_dropped_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(neighbour=models.F("article")),
                name="dropped_neighbour_is_another_article",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} ↛ {self.neighbour_id}"


class RelatedWork(NaturalKeyModel):
    """An article whose neighbours are to be computed: written by triggers of the database.

    Rows are only added, and removed by the one who did the work: a change that comes while an
    earlier one is worked on leaves a row of its own, and nobody waits for anybody.
    """

    NATURAL_KEY = ("uid",)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    # When it becomes public without anybody writing; None: at once.
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("work on related news")
        verbose_name_plural = _("work on related news")
        indexes = [models.Index(fields=["article"], name="related_work_by_article")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.due_at or 'now'})"
