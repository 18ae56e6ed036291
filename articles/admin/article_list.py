"""The list of articles: what a row shows, how it is filtered, and what each person may see."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.images import thumbnail
from articles.editorial.roles import own, visible_to
from articles.models import Article


class ArticleChangeList(ChangeList):
    """Everything a row shows comes with the query of the page."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        # Cards leave out the warnings, which this list has a mark for.
        self.root_queryset = visible_to(request.user, self.root_queryset)
        self.root_queryset = self.root_queryset.for_listing().defer(None).defer("body", "body_text")
        return super().get_queryset(request, *args, **kwargs)


class WarningsFilter(admin.SimpleListFilter):
    title = _("import")
    parameter_name = "warnings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With warnings")), ("no", _("Without warnings"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.exclude(import_warnings=[])
        if self.value() == "no":
            return queryset.filter(import_warnings=[])
        return queryset


class MineFilter(admin.SimpleListFilter):
    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("My articles"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(own(request.user)) if self.value() == "mine" else queryset


class ChangesFilter(admin.SimpleListFilter):
    title = _("changes")
    parameter_name = "changes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Live, with changes waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.with_changes_waiting() if self.value() == "waiting" else queryset


class ArticleListMixin(admin.ModelAdmin):
    """For the admin of articles."""

    list_display = (
        "thumbnail", "story", "section", "byline", "state", "published", "read", "flag",
    )  # fmt: skip
    list_display_links = ("story",)
    list_filter = (
        "status",
        ("section", admin.RelatedOnlyFieldListFilter),
        MineFilter,
        ChangesFilter,
        # Not Django's bar of years: it looks at the date of every article there is.
        ("published_at", admin.DateFieldListFilter),
        WarningsFilter,
    )
    search_fields = ("headline", "standfirst", "slug", "bylines__author__name")
    search_help_text = _("Headline, standfirst, address or author")
    ordering = (F("published_at").desc(nulls_first=True), "-id")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleChangeList

    @admin.display(description=_("picture"))
    def thumbnail(self, article: Article) -> str:
        return thumbnail(article.picture)

    @admin.display(description=_("headline"), ordering="headline")
    def story(self, article: Article) -> str:
        return str(article)

    @admin.display(description=_("byline"))
    def byline(self, article: Article) -> str:
        return ", ".join(article.writers)

    @admin.display(description=_("state"), ordering="status")
    def state(self, article: Article) -> str:
        badge = state_badge(article)
        if not article.has_changes_waiting:
            return badge
        waiting = _("changes wait")
        return format_html('{} <span class="state state-waiting">{}</span>', badge, waiting)

    @admin.display(description=_("published"), ordering="published_at")
    def published(self, article: Article) -> Any:
        return timezone.localdate(article.published_at) if article.published_at else None

    @admin.display(
        description=_("views"), ordering=Coalesce("counted_views", 0) + F("starting_views")
    )
    def read(self, article: Article) -> int:
        return article.views

    @admin.display(description=_("import"), empty_value="")
    def flag(self, article: Article) -> str:
        if not article.import_warnings:
            return ""
        number = len(article.import_warnings)
        sentences = " ".join(warning["message"] for warning in article.import_warnings)
        return format_html('<span class="flag" title="{}">{}</span>', sentences, number)


def state_badge(article: Article) -> str:
    """Return the state as a word on a colour; the colour is never the only sign."""
    return format_html(
        '<span class="state state-{}">{}</span>', article.status, article.get_status_display()
    )
