"""The schedule: what waits for its time, and what became of what waited. For reading only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import ReadOnlyAdmin
from articles.editorial.roles import may, visible_to
from articles.models import Article, ScheduledStep


@admin.register(ScheduledStep)
class ScheduledStepAdmin(ReadOnlyAdmin):
    """Times are changed by the verbs "schedule" and "unschedule" on the article."""

    list_display = ("due_at", "article", "verb", "outcome", "lateness", "made_by_name")
    list_display_links = ("due_at",)
    list_select_related = ("article",)
    list_filter = ("outcome", "verb")
    search_fields = ("article__headline", "made_by_name", "problem")
    date_hierarchy = "due_at"
    ordering = ("-due_at", "-id")
    fields = (
        "article", "verb", "due_at", "outcome", "settled_at", "lateness", "problem", "kind", "note",
        "redirect_to", "made_by_name", "made_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        visible = visible_to(request.user, Article.objects.all())
        return super().get_queryset(request).filter(article__in=visible.order_by().values("pk"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_view_permission(request, obj):
            return False
        return obj is None or may(request.user, "view_article", obj.article)

    @admin.display(description=_("late by"), empty_value="")
    def lateness(self, step: ScheduledStep) -> str:
        """Seconds between the time and what happened; "" while it waits."""
        if step.settled_at is None or step.outcome == ScheduledStep.Outcome.CANCELLED:
            return ""
        late = max(0, round((step.settled_at - step.due_at).total_seconds()))
        if late < 90:
            return _("%(number)d s") % {"number": late}
        return _("%(number)d min") % {"number": round(late / 60)}
