"""History: revisions, the timeline and views, for reading only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import ReadOnlyAdmin
from articles.editorial.workflow import VERBS
from articles.models import DailyViews, Revision, Transition
from articles.text.html import clean_body


class VerbFilter(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(verb.name, verb.label) for verb in VERBS.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(verb=self.value()) if self.value() else queryset


def verb_label(name: str) -> str:
    """Return what the desk calls a verb; a verb of an older version keeps its own name."""
    return str(VERBS[name].label) if name in VERBS else name


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("article", "number", "made_at", "made_by_name")
    list_display_links = ("article", "number")
    list_select_related = ("article",)
    search_fields = ("article__headline", "made_by_name")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-id")
    fields = ("article", "number", "made_at", "made_by_name", "contents")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        # Snapshots hold whole bodies: a list of fifty would read megabytes.
        is_list = request.resolver_match.url_name.endswith("_changelist")
        return found.defer("snapshot") if is_list else found

    @admin.display(description=_("contents"))
    def contents(self, revision: Revision) -> str:
        kept = revision.snapshot
        # Cleaned once more on the way out: a fixture or an older rule may have let more through.
        context = {"kept": kept, "body": clean_body(kept.get("body", ""))}
        return render_to_string("admin/articles/revision/_contents.html", context)


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    list_display = (
        "made_at",
        "article",
        "what",
        "from_status",
        "to_status",
        "made_by_name",
        "note",
    )
    list_display_links = ("made_at",)
    list_select_related = ("article",)
    list_filter = (VerbFilter,)
    search_fields = ("article__headline", "made_by_name", "note")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-id")
    fields = ("article", "what", "from_status", "to_status", "note", "made_at", "made_by_name")
    readonly_fields = fields

    @admin.display(description=_("what"), ordering="verb")
    def what(self, transition: Transition) -> str:
        return verb_label(transition.verb)


@admin.register(DailyViews)
class DailyViewsAdmin(ReadOnlyAdmin):
    list_display = ("day", "article", "count")
    list_select_related = ("article",)
    search_fields = ("article__headline",)
    date_hierarchy = "day"
    ordering = ("-day", "-count", "-id")
    fields = readonly_fields = ("article", "day", "count")
