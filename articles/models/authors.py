"""Authors, and the bylines that name them on articles."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.keys import NaturalKeyModel
from articles.models.paths import path_of


class Author(NaturalKeyModel):
    """A person or agency whose name stands over stories; needs no account."""

    NATURAL_KEY = ("slug",)

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    bio = models.TextField(_("about"), blank=True)
    portrait = models.ForeignKey(
        "articles.Image",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="portrait_of",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text=_("Writers edit the articles whose byline names them."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("articles:author", self.slug)


class Byline(NaturalKeyModel):
    """One author of one article, in order, with what they did for it."""

    NATURAL_KEY = ("article__uid", "author__slug", "role")

    class Role(models.TextChoices):
        WRITER = "writer", _("Writer")
        REPORTER = "reporter", _("Additional reporting")
        PHOTOGRAPHER = "photographer", _("Pictures")
        ILLUSTRATOR = "illustrator", _("Illustration")
        TRANSLATOR = "translator", _("Translation")

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="bylines"
    )
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.WRITER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [
            # Naming somebody twice for the same work is a slip of the hand.
            models.UniqueConstraint(
                fields=["article", "author", "role"],
                name="byline_names_an_author_once_per_role",
                violation_error_message=_("This author is already named in this role."),
            ),
        ]
        # Whose articles these are, without a look at the bylines themselves.
        indexes = [models.Index(fields=["author", "article"], name="byline_of_author")]

    def __str__(self) -> str:
        return f"{self.author} ({self.get_role_display()})"
