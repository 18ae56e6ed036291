"""Previews at the admin's door: the page as readers would get it, and links for others."""

from django.contrib import admin


class PreviewMixin(admin.ModelAdmin):
    """For the admin of articles."""
