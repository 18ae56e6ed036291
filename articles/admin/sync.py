"""Saving while writing: autosaves, presence, conflicts."""

from django.contrib import admin


class SyncMixin(admin.ModelAdmin):
    """For the admin of articles."""
