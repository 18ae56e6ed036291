"""Promos."""

from django.contrib import admin

from articles.admin.desk import AddressedForm, DeskAdmin
from articles.models import Promo


class PromoForm(AddressedForm):
    address_from = "title"


@admin.register(Promo)
class PromoAdmin(DeskAdmin):
    form = PromoForm
    list_display = (
        "title", "kind", "section", "priority", "is_active", "starts_at", "ends_at",
    )  # fmt: skip
    list_editable = ("is_active",)
    list_select_related = ("section",)
    list_filter = ("kind", "is_active", ("section", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "text", "slug")
    ordering = ("-priority", "slug")
    autocomplete_fields = ("section",)
    fieldsets = (
        (None, {"fields": ("title", "text", "kind", "label", "url", "slug")}),
        ("Place", {"fields": ("section", "priority")}),
        ("Time", {"fields": ("is_active", "starts_at", "ends_at")}),
    )
