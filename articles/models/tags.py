"""Tags by django-taggit, on tables of our own that a fixture can carry."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from articles.models.keys import NaturalKeyModel, NaturalKeyQuerySet, SignedModel
from articles.models.paths import path_of
from articles.text.slugs import slugify


class Tag(TagBase):
    """A topic. A renamed tag keeps its former names, so that their addresses go on working."""

    NATURAL_KEY = ("slug",)

    description = models.CharField(_("description"), max_length=300, blank=True)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            # "Russia" and "russia" are one topic, however the tag was typed.
            models.UniqueConstraint(Lower("name"), name="tag_name_is_unique_whatever_its_case"),
        ]

    def natural_key(self) -> tuple[str, ...]:
        return (self.slug,)

    def get_absolute_url(self) -> str:
        return path_of("articles:tag", self.slug)

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = slugify(tag, fallback="tag", max_length=90)
        return slug if i is None else f"{slug}-{i}"


class FormerTagName(NaturalKeyModel):
    """Another name of a tag, whose address leads to it: one that it had before, or a synonym.

    What a tag was called stays, because older revisions mean the tag by it. A synonym may go.
    """

    NATURAL_KEY = ("slug",)

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("other name"), max_length=100)
    slug = models.SlugField(_("address of that name"), max_length=100, unique=True)
    is_synonym = models.BooleanField(_("synonym"), default=False, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("other name of a tag")
        verbose_name_plural = _("other names of tags")

    def __str__(self) -> str:
        return self.name


class TagChange(SignedModel):
    """One rename, merge or split of tags, with what is needed to undo it.

    `data` is made and read by articles/editorial/tags.py.
    """

    NATURAL_KEY = ("uid",)

    class Verb(models.TextChoices):
        RENAME = "rename", _("Rename")
        MERGE = "merge", _("Merge")
        SPLIT = "split", _("Split")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verb = models.CharField(_("what"), max_length=10, choices=Verb)
    summary = models.CharField(_("summary"), max_length=300)
    data = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("change of tags")
        verbose_name_plural = _("changes of tags")

    def __str__(self) -> str:
        return self.summary


class TaggedArticle(NaturalKeyModel, ItemBase):
    """One tag on one article, by real foreign keys (the stock table writes raw row numbers)."""

    NATURAL_KEY = ("content_object__uid", "tag__slug")

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_articles")
    content_object = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="tagged"
    )

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag on an article")
        verbose_name_plural = _("tags on articles")
        ordering = ["id"]
        constraints = [
            # A topic stands on an article or it does not; twice means nothing.
            models.UniqueConstraint(
                fields=["content_object", "tag"], name="article_has_a_tag_once"
            ),
        ]
