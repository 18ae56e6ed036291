"""Sections: the desks that own stories."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.keys import NaturalKeyModel
from articles.models.paths import path_of


class Section(NaturalKeyModel):
    """A desk such as World or Culture; every published article belongs to one."""

    NATURAL_KEY = ("slug",)

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order in the menu and on the front page.")
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("articles:section", self.slug)
