"""Tags and the names they had before."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import AddressedForm, PageAdmin
from articles.editorial.addresses import keep_former_name
from articles.models import FormerTagName, Tag


class FormerTagNameInline(admin.StackedInline):
    model = FormerTagName
    template = "admin/articles/_rows.html"
    form = AddressedForm
    fields = ("name", "slug")
    extra = 0


@admin.register(Tag)
class TagAdmin(PageAdmin):
    list_display = ("name", "slug", "description", "articles_with_it")
    search_fields = ("name", "former_names__name")
    ordering = ("name",)
    fields = ("name", "slug", "description")
    inlines = (FormerTagNameInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number=Count("tagged_articles"))

    @admin.display(description=_("articles"), ordering="number")
    def articles_with_it(self, tag: Any) -> int:
        return tag.number

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the typed former names: a renamed tag keeps the name it had until now."""
        super().save_related(request, form, formsets, change)
        keep_former_name(form.instance, form.initial.get("name", ""), form.initial.get("slug", ""))
