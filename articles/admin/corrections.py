"""Corrections: public notes on an article.

The verb "publish changes" writes them. Here a note's wording is mended, and a note is added for a
change that was made without one; neither touches the article or its dates.
"""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import DeskAdmin
from articles.editorial.roles import may, sections_of, visible_to
from articles.models import Article, Correction


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    list_display = ("wording", "kind", "article", "made_at")
    list_select_related = ("article",)
    list_filter = ("kind",)
    search_fields = ("note", "article__headline")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-id")
    autocomplete_fields = ("article",)
    fields = ("article", "kind", "note", "made_at")

    @admin.display(description=_("note for readers"), ordering="note")
    def wording(self, correction: Correction) -> str:
        return Truncator(correction.note).words(24)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        """A note names its story: nobody reads it here who may not see the story."""
        seen = visible_to(request.user, Article.objects.order_by())
        return super().get_queryset(request).filter(article__in=seen.values("pk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Correction | None = None) -> tuple:
        # What was said to readers stays what it was; only how it is worded may be mended.
        return ("article", "kind", "made_at") if obj else ("made_at",)

    def has_change_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return self._may(request, "delete", obj)

    @staticmethod
    def _may(request: HttpRequest, action: str, obj: Correction | None) -> bool:
        """The role has to count in the section of the note's story."""
        return may(request.user, f"{action}_correction", obj.article if obj else None)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "article":
            kwargs["queryset"] = self._open_to(request.user)
            kwargs["help_text"] = _("A story that readers see now.")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @staticmethod
    def _open_to(person: Any) -> QuerySet[Article]:
        """The public stories of the sections in which the person's role counts."""
        sections = sections_of(person)
        public = Article.objects.published()
        if sections is None:
            return public
        return public.filter(Q(section=None) | Q(section__in=sections))

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if "article" in form.base_fields:
            # It is chosen here; making or changing a story has a screen of its own.
            widget = form.base_fields["article"].widget
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        if "note" in form.base_fields:
            form.base_fields["note"].widget.attrs |= {"rows": 4, "class": "vLargeTextField grows"}
            form.base_fields["note"].help_text = _(
                "Readers see it on the story, in the list of corrections and in their feed. "
                "It moves no date."
            )
        return form
