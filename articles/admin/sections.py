"""Sections."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import MovablePageAdmin
from articles.models import Section


@admin.register(Section)
class SectionAdmin(MovablePageAdmin):
    list_display = ("name", "slug", "position", "articles_in_it")
    list_editable = ("position",)
    search_fields = ("name", "description")
    fields = ("name", "slug", "description", "position")
    ordering = ("position", "name")

    counts = "articles"

    @admin.display(description=_("articles"), ordering="number")
    def articles_in_it(self, section: Any) -> int:
        return section.number
