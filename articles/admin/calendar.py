"""The next days of the desk: what goes out when, and what is due."""

from django.contrib import admin


class CalendarMixin(admin.ModelAdmin):
    """For the admin of articles."""
