"""An article's history at the admin's door: its revisions, their differences, and restoring."""

from django.contrib import admin


class HistoryMixin(admin.ModelAdmin):
    """For the admin of articles."""
