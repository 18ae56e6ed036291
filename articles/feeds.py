"""RSS, Atom and JSON feeds: of the site, each section, tag and author, and of corrections.

A source says what a feed is called and what stands in it; a format writes any source. Both
formats in XML are templates (`templates/feeds/`).
"""

import mimetypes
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.conf import absolute, conf
from articles.editorial import edition
from articles.editorial.corrections import address_of, public_corrections
from articles.models import Article, Author, Correction, Image, Section, Tag
from articles.pagecache.showing import on_this_page
from articles.text.html import clean_line
from articles.text.reading import for_feed
from articles.views.freshness import FEED, public


@dataclass(frozen=True)
class Person:
    name: str
    address: str


@dataclass(frozen=True)
class Picture:
    """The picture of an entry: its full address, kind ("image/webp"), size and words."""

    address: str
    kind: str
    width: int
    height: int
    title: str
    credit: str


@dataclass(frozen=True)
class Entry:
    """One entry; addresses are full ones, lines hold nothing that XML forbids.

    content: HTML; "" where the summary is all there is. changed_at moves for real changes only:
    a mended typo is none (decision 0015).
    """

    key: str
    address: str
    title: str
    summary: str
    content: str
    language: str
    published_at: datetime
    changed_at: datetime
    tags: list[str]
    authors: tuple[Person, ...] = ()
    picture: Picture | None = None

    @property
    def summary_html(self) -> str:
        """The summary for formats that take it for HTML: plain text, with no sign escaped twice."""
        return escape(self.summary, quote=False)


@dataclass(frozen=True)
class Source:
    """A feed before it is written: its name, the page it belongs to, and its entries."""

    title: str
    page: str
    description: str
    entries: list[Entry]

    @property
    def changed_at(self) -> datetime | None:
        """When its newest entry last changed, or, without any, the site."""
        dates = [entry.changed_at for entry in self.entries]
        return max(dates) if dates else edition.changed_at()


# --- the sources ---------------------------------------------------------------------------------


def stories(model: type | None) -> Callable[[str], Source]:
    """Return what makes the feed of the site (None), or of the row of `model` with a slug."""

    def source(slug: str = "") -> Source:
        found = Article.objects.published().last_changed_first()
        if model is None:
            on_this_page().lists("feed")
            title, page, about = settings.SITE_NAME, reverse("articles:front"), ""
        else:
            owner = get_object_or_404(model, slug=slug)
            if isinstance(owner, Section):
                found = found.filter(section=owner)
            else:
                found = Article.objects.listed(owner, by_change=True)
            on_this_page().lists((f"feed of {model._meta.model_name}", owner.pk))
            title, page = f"{owner} · {settings.SITE_NAME}", owner.get_absolute_url()
            about = owner.bio if isinstance(owner, Author) else owner.description
        return Source(
            title=clean_line(title),
            page=absolute(page),
            description=clean_line(about) or settings.SITE_TAGLINE,
            entries=[_story(article) for article in found.for_feed()[: conf("FEED_SIZE")]],
        )

    return source


def corrections() -> Source:
    """The notes of corrections and updates, newest first."""
    on_this_page().lists("corrections")
    return Source(
        title=_("Corrections and updates · %(site)s") % {"site": settings.SITE_NAME},
        page=absolute(reverse("articles:corrections")),
        description=_("What was changed in published stories, and why."),
        entries=[_note(note) for note in public_corrections()[: conf("FEED_SIZE")]],
    )


def _story(article: Article) -> Entry:
    address = absolute(article.get_absolute_url())
    picture = _picture(article.picture)
    slugs = {row["name"]: row["slug"] for row in reversed(article.credits)}
    return Entry(
        key=f"urn:uuid:{article.uid}",
        address=address,
        title=article.headline,
        summary=clean_line(article.description),
        content=_figure(article.picture, picture) + for_feed(article.body, address),
        language=article.language,
        published_at=article.published_at,
        changed_at=article.modified_at,
        tags=[clean_line(row["name"]) for row in article.tag_rows],
        authors=tuple(
            Person(clean_line(name), absolute(reverse("articles:author", args=[slugs[name]])))
            for name in article.writers
        ),
        picture=picture,
    )


def _picture(image: Image | None) -> Picture | None:
    if image is None:
        return None
    crop = image.crops[-1]
    address = absolute(crop.url)
    return Picture(
        address=address,
        kind=mimetypes.guess_type(address)[0] or "image/jpeg",
        width=crop.width,
        height=crop.height,
        title=clean_line(image.alt_text or image.caption),
        credit=clean_line(image.credit),
    )


def _figure(image: Image | None, picture: Picture | None) -> str:
    """The lead picture, for readers that show an entry's content and nothing beside it."""
    if image is None or picture is None:
        return ""
    shown = format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        picture.address,
        clean_line(image.alt_text),
        picture.width,
        picture.height,
    )
    credit = f"({picture.credit})" if picture.credit else ""
    words = clean_line(f"{image.caption} {credit}")
    caption = format_html("<figcaption>{}</figcaption>", words) if words else ""
    return f"<figure>{shown}{caption}</figure>"


def _note(note: Correction) -> Entry:
    return Entry(
        # From what names the note on any database, so that a moved site repeats no entry.
        key=uuid.uuid5(note.article.uid, note.made_at.isoformat()).urn,
        address=absolute(address_of(note)),
        title=f"{note.get_kind_display()}: {note.article.headline}",
        # A note is plain text; XML has no control characters.
        summary=clean_line(note.note),
        content="",
        language=note.article.language,
        published_at=note.made_at,
        changed_at=note.made_at,
        tags=[note.get_kind_display()],
    )


# --- the formats ---------------------------------------------------------------------------------


def rss(request: HttpRequest, source: Source) -> HttpResponse:
    """RSS 2.0 with the whole text in content:encoded and the picture as Media RSS."""
    return _xml(request, source, "feeds/rss.xml", "application/rss+xml")


def atom(request: HttpRequest, source: Source) -> HttpResponse:
    """Atom (RFC 4287) with the whole text in content."""
    return _xml(request, source, "feeds/atom.xml", "application/atom+xml")


def json(request: HttpRequest, source: Source) -> HttpResponse:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title,
        "home_page_url": source.page,
        "feed_url": absolute(request.path),
        "description": source.description,
        "icon": absolute(static("articles/icons/icon-512.png")),
        "favicon": absolute(static("articles/icons/icon-192.png")),
        "authors": [{"name": settings.SITE_NAME, "url": absolute(reverse("articles:front"))}],
        "language": settings.LANGUAGE_CODE,
        "hubs": [{"type": "WebSub", "url": hub} for hub in _hubs()],
        "items": [_filled(_item(entry)) for entry in source.entries],
    }
    return JsonResponse(
        _filled(data) | {"items": data["items"]},
        content_type="application/feed+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _item(entry: Entry) -> dict[str, Any]:
    picture = entry.picture
    return {
        "id": entry.key,
        "url": entry.address,
        "title": entry.title,
        **(
            {"summary": entry.summary, "content_html": entry.content}
            if entry.content
            else {"content_text": entry.summary}
        ),
        "date_published": entry.published_at,
        "date_modified": entry.changed_at,
        "authors": [{"name": one.name, "url": one.address} for one in entry.authors],
        "tags": entry.tags,
        "language": entry.language,
        "image": picture.address if picture else "",
        "attachments": [
            _filled({"url": one.address, "mime_type": one.kind, "title": one.title})
            for one in [picture]
            if one
        ],
    }


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: a list of no hubs says less than none."""
    return {name: value for name, value in data.items() if value not in ("", [])}


def _xml(request: HttpRequest, source: Source, template: str, kind: str) -> HttpResponse:
    context = {"source": source, "address": absolute(request.path), "hubs": _hubs()}
    return render(request, template, context, content_type=f"{kind}; charset=utf-8")


def _hubs() -> list[str]:
    return [settings.WEBSUB_HUB] if settings.WEBSUB_HUB else []


# --- the views -----------------------------------------------------------------------------------


def _views(make: Callable[..., Source]) -> tuple[Callable[..., HttpResponse], ...]:
    """The views (RSS, Atom, JSON) of the feeds that `make` makes."""

    def view(write: Callable[[HttpRequest, Source], HttpResponse]) -> Callable[..., HttpResponse]:
        @public(FEED)
        def feed(request: HttpRequest, **which: str) -> HttpResponse:
            response = write(request, make(**which))
            # Subscribers find the hub without reading the feed (WebSub, 4).
            links = [f'<{hub}>; rel="hub"' for hub in _hubs()]
            links.append(f'<{absolute(request.path)}>; rel="self"')
            response.headers["Link"] = ", ".join(links)
            return response

        return feed

    return tuple(view(write) for write in (rss, atom, json))


SITE, SECTION, TAG, AUTHOR = (_views(stories(model)) for model in (None, Section, Tag, Author))
CORRECTIONS = _views(corrections)
