"""Authors."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import MovablePageAdmin
from articles.models import Author


class AccountFilter(admin.SimpleListFilter):
    title = _("account")
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With an account")), ("no", _("Without an account"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in {"yes", "no"}:
            return queryset.filter(user__isnull=self.value() == "no")
        return queryset


@admin.register(Author)
class AuthorAdmin(MovablePageAdmin):
    list_display = ("name", "slug", "user", "bylines_of")
    list_select_related = ("user",)
    list_filter = (AccountFilter,)
    search_fields = ("name", "slug")
    ordering = ("name",)
    autocomplete_fields = ("portrait", "user")
    fields = ("name", "slug", "bio", "portrait", "user")

    counts = "bylines"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Whoever looks after accounts also says whose byline is whose: it decides which
        # articles a writer may edit.
        return () if request.user.has_perm("auth.change_user") else ("user",)

    @admin.display(description=_("bylines"), ordering="number")
    def bylines_of(self, author: Any) -> int:
        return author.number
