"""Which articles tell the same in other languages."""

import uuid

from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel


class Translation(NaturalKeyModel):
    """One article's place in a group of translations: all of a group lead to each other.

    It belongs to no revision: it is no article's own, but what is between them (decision 0025).
    """

    NATURAL_KEY = ("article__uid",)

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="translation")
    group = models.UUIDField(default=uuid.uuid4, editable=False)
    # The article's own language, kept here by `derive()` so that the database can compare.
    language = models.CharField(max_length=12, editable=False)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            # A reader who chooses German is led to one article.
            models.UniqueConstraint(
                fields=["group", "language"],
                name="translation_is_the_only_one_in_its_language",
                violation_error_message=_("There is an article in this language already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} ({self.language})"

    def derive(self) -> None:
        self.language = self.article.language


def own_name(language: str) -> str:
    """Return what a language is called in itself ("Deutsch"), or its code."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def follow(article: Article) -> None:
    """Keep the place of a saved article in step with its language; one query where nothing changed.

    An article that came to have the language of another in its group leaves the group: no change
    of a language, however it came about, stops a save.
    """
    moved = Translation.objects.filter(article=article).exclude(language=article.language)
    for place in moved.select_related("article"):
        others = Translation.objects.filter(group=place.group, language=article.language)
        if others.exists():
            place.delete()
        else:
            place.save()
