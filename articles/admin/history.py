"""History: revisions, the timeline and views, for reading only."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import ReadOnlyAdmin
from articles.admin.readership import FiguresMixin
from articles.editorial.roles import visible_to
from articles.editorial.snapshots import laid_over
from articles.editorial.workflow import LABELS
from articles.models import Article, DailyViews, Revision, Transition
from articles.text.html import clean_body


class VerbFilter(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LABELS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(verb=self.value()) if self.value() else queryset


def verb_label(name: str) -> str:
    """Return what the desk calls a verb; a verb of an older version keeps its own name."""
    return str(LABELS.get(name, name))


class ArticlePartAdmin(ReadOnlyAdmin):
    """Rows that belong to an article: whom an embargo hides it from, does not see them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # The subquery looks at articles under embargo alone, which are few.
        closed = Article.objects.filter(embargo_until__gt=timezone.now())
        seen = visible_to(request.user, closed).order_by().values("pk")
        is_closed = Q(article__embargo_until__gt=timezone.now())
        return super().get_queryset(request).filter(~is_closed | Q(article__in=seen))

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = super().get_object(request, *args, **kwargs)
        if found is None:
            # Django would lead to its first page with a message.
            raise Http404
        return found


@admin.register(Revision)
class RevisionAdmin(ArticlePartAdmin):
    list_display = ("article", "number", "made_at", "made_by_name", "is_autosave", "note")
    list_display_links = ("article", "number")
    list_select_related = ("article",)
    search_fields = ("article__headline", "made_by_name")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-id")
    fields = ("contents",)
    readonly_fields = fields
    change_form_template = "admin/articles/revision/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        # Snapshots hold whole bodies: a list of fifty would read megabytes.
        is_list = request.resolver_match.url_name.endswith("_changelist")
        return found.defer("snapshot") if is_list else found.select_related("article")

    @admin.display(description=_("contents"))
    def contents(self, revision: Revision) -> str:
        kept = laid_over(revision.article, revision.snapshot)
        # Cleaned once more on the way out: a fixture or an older rule may have let more through.
        context = {"revision": revision, "kept": kept, "body": clean_body(kept.body)}
        return render_to_string("admin/articles/revision/_contents.html", context)


@admin.register(Transition)
class TransitionAdmin(ArticlePartAdmin):
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
    fields = (
        "article",
        "what",
        "from_status",
        "to_status",
        "note",
        "made_at",
        "made_by_name",
        "due_at",
        "override_reason",
    )
    readonly_fields = fields

    @admin.display(description=_("what"), ordering="verb")
    def what(self, transition: Transition) -> str:
        return verb_label(transition.verb)


@admin.register(DailyViews)
class DailyViewsAdmin(FiguresMixin, ArticlePartAdmin):
    list_display = ("day", "article", "count")
    list_select_related = ("article",)
    search_fields = ("article__headline",)
    date_hierarchy = "day"
    ordering = ("-day", "-count", "-id")
    fields = readonly_fields = ("article", "day", "count")
