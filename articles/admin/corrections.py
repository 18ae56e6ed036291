"""Corrections: public notes on an article."""

from django.contrib import admin

from articles.admin.desk import DeskAdmin
from articles.models import Correction


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    list_display = ("note", "kind", "article", "made_at")
    list_select_related = ("article",)
    list_filter = ("kind",)
    search_fields = ("note", "article__headline")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-id")
    autocomplete_fields = ("article",)
    fields = ("article", "kind", "note", "made_at")
