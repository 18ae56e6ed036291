"""The admin's name, and which tables of installed packages stay out of it."""

# Imported for its registration of the stock tag table, which is undone below.
import taggit.admin  # noqa: F401
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Today")
admin.site.site_url = "/"
# The menu is part of our own frame, grouped by what the desk does (templates/admin/_rooms.html).
admin.site.enable_nav_sidebar = False
admin.site.empty_value_display = "–"

# Tags live in a table of our own; taggit's stays empty and would only confuse.
admin.site.unregister(StockTag)
