"""The palette: any article, person, topic, room or action by a few letters."""

from django.contrib import admin


class PaletteMixin(admin.ModelAdmin):
    """For the admin of articles."""
