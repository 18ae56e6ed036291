"""What the writing screen looks up: own articles, other sites' pages, topics."""

from django.contrib import admin


class LookupsMixin(admin.ModelAdmin):
    """For the admin of articles."""
