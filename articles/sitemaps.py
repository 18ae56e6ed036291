"""Sitemaps: an index of parts, and the news sitemap with its window of two days."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index as index_view
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.conf import absolute
from articles.models import Article, Author, Section, Tag

#: Google's rules for news sitemaps: articles of the last two days, at most 1,000.
NEWS_WINDOW = timedelta(days=2)
NEWS_LIMIT = 1000


class SiteSitemap(Sitemap):
    """Addresses under `SITE_URL`, whatever host the request came by."""

    limit = 10_000

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.split("://", 1)[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://", 1)[0]


class Articles(SiteSitemap):
    def items(self) -> Any:
        found = Article.objects.published().with_translations()
        return found.only("published_on", "published_at", "updated_at", "slug", "language")

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        """With the addresses of translations, in the stock template's own words for them."""
        found = super()._urls(page, protocol, domain)
        for entry in found:
            entry["alternates"] = [
                {"lang_code": row["language"], "location": absolute(row["address"])}
                for row in entry["item"].alternates
            ]
        return found

    def lastmod(self, item: Article) -> datetime | None:
        return item.modified_at


class Lists(SiteSitemap):
    """Pages that list stories; a section, topic or author without public ones is left out."""

    def items(self) -> list[str]:
        public = Article.objects.published().order_by()
        names = ("front", "latest", "tags", "archive", "corrections")
        pages = [reverse(f"articles:{name}") for name in names]
        owners = (
            Section.objects.filter(articles__in=public),
            Tag.objects.filter(tagged_articles__content_object__in=public),
            Author.objects.filter(bylines__article__in=public),
        )
        return pages + [owner.get_absolute_url() for rows in owners for owner in rows.distinct()]

    def location(self, item: str) -> str:
        return item


PARTS = {"articles": Articles, "lists": Lists}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return index_view(request, PARTS, sitemap_url_name="articles:sitemap_part")


@require_safe
def part(request: HttpRequest, section: str) -> HttpResponse:
    return sitemap_view(request, PARTS, section=section)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    since = timezone.now() - NEWS_WINDOW
    found = Article.objects.published().filter(published_at__gte=since)
    stories = found.only("published_on", "published_at", "slug", "headline", "language")
    context = {"articles": stories[:NEWS_LIMIT]}
    return render(request, "news-sitemap.xml", context, content_type="application/xml")
