"""Public addresses. Lists come before the catch-all of years, so that none is shadowed.

What stands in an address has one spelling, so that each page has one address, and is kept once.
"""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from articles import feeds, sitemaps
from articles.views import (
    article,
    beacon,
    contact,
    corrections,
    counts,
    files,
    front,
    lists,
    machine,
    preview,
    search,
    text,
)


class Number(IntConverter):
    """A number as people write it: 007 is none."""

    regex = "0|[1-9][0-9]*"


class TwoDigits:
    """A month or a day: always two digits."""

    regex = "[0-9]{2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02d}"


class Year(TwoDigits):
    regex = "[0-9]{4}"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):04d}"


register_converter(Number, "number")
register_converter(TwoDigits, "dd")
register_converter(Year, "year")

app_name = "articles"


def _feeds(prefix: str, name: str, site_feeds: tuple) -> list:
    rss, atom, json = site_feeds
    return [
        path(f"{prefix}rss.xml", rss, name=f"{name}_rss"),
        path(f"{prefix}atom.xml", atom, name=f"{name}_atom"),
        path(f"{prefix}feed.json", json, name=f"{name}_json"),
    ]


urlpatterns = [
    path("", front.front, name="front"),
    # Before the others, which it shadows none of: what readers ask for most, found without trying
    # fifty.
    path("<year:year>/<dd:month>/<dd:day>/<slug:slug>/", article.article_page, name="article"),
    path("latest/", lists.latest, name="latest"),
    path("section/<slug:slug>/", lists.section, name="section"),
    path("tag/<slug:slug>/", lists.tag, name="tag"),
    path("tags/", lists.tags, name="tags"),
    path("author/<slug:slug>/", lists.author, name="author"),
    path("archive/", lists.archive, name="archive"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("search/", search.search_page, name="search"),
    path("search/suggestions.json", search.suggestions, name="suggestions"),
    *_feeds("", "site", feeds.SITE),
    *_feeds("section/<slug:slug>/", "section", feeds.SECTION),
    *_feeds("tag/<slug:slug>/", "tag", feeds.TAG),
    *_feeds("author/<slug:slug>/", "author", feeds.AUTHOR),
    *_feeds("corrections/", "corrections", feeds.CORRECTIONS),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:kind>-<number:number>.xml", sitemaps.part, name="sitemap_part"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", machine.robots, name="robots"),
    path("contact/<slug:slug>/", contact.contact, name="contact"),
    path("contact/<slug:slug>/sent/", contact.sent, name="contact_sent"),
    path("llms.txt", machine.llms, name="llms"),
    path(".well-known/security.txt", machine.security, name="security"),
    path("opensearch.xml", machine.opensearch, name="opensearch"),
    path("manifest.webmanifest", machine.manifest, name="manifest"),
    path("favicon.ico", machine.favicon, name="favicon"),
    path("beacon/<int:pk>/", beacon.view, name="beacon"),
    path("counts.json", counts.counts, name="counts"),
    path("beacon/<int:pk>/view.gif", beacon.pixel, name="beacon_pixel"),
    path("preview/<str:token>/", preview.preview, name="preview"),
    path("media/pictures/<uuid:uid>", files.picture, name="picture"),
    path("media/<path:name>", files.media, name="media"),
    path("<year:year>/", lists.year, name="year"),
    path("<year:year>/<dd:month>/", lists.month, name="month"),
    path("<year:year>/<dd:month>/<dd:day>/", lists.day, name="day"),
    path("<year:year>/<dd:month>/<dd:day>/<slug:slug>.md", text.article_text, name="article_text"),
    path(
        "<year:year>/<dd:month>/<dd:day>/<slug:slug>/changes/",
        corrections.changes,
        name="changes",
    ),
]
