"""The site's addresses, and one of an empty view (plain_pages.py)."""

from django.urls import include, path

from tests.bench.plain_pages import empty_view

urlpatterns = [path("empty/", empty_view), path("", include("newsroom.urls"))]
handler404 = "articles.views.errors.not_found"
