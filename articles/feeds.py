"""RSS, Atom and JSON feeds: of the site, each section, tag and author, and of corrections."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.conf import absolute, conf
from articles.editorial.corrections import address_of, public_corrections
from articles.models import Article, Author, Correction, Section, Tag
from articles.text.html import clean_line
from articles.text.reading import for_feed


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the whole text in content:encoded."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        names, item["author_name"] = item["author_name"], None
        super().add_item_elements(handler, item)
        if names:
            # RSS's own author element must hold an e-mail address; Dublin Core's takes a name.
            handler.addQuickElement("dc:creator", names)
        handler.addQuickElement("content:encoded", item["content"])


class FullTextAtom(Atom1Feed):
    """Atom with the whole text in content."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class SiteFeed(Feed):
    """The stories of the whole site, last changed first; its subclasses narrow it to one owner.

    A mended typo is no change here (decision 0015).
    """

    feed_type = FullTextRss
    model: type | None = None

    def get_object(self, request: HttpRequest, slug: str = "") -> Any:
        if self.model is None:
            return None
        return self.model.objects.get(slug=slug)

    def title(self, owner: Any) -> str:
        return f"{owner} · {settings.SITE_NAME}" if owner else settings.SITE_NAME

    def link(self, owner: Any) -> str:
        return absolute(owner.get_absolute_url() if owner else reverse("articles:front"))

    def description(self, owner: Any) -> str:
        return (
            getattr(owner, "description", "") or getattr(owner, "bio", "") or settings.SITE_TAGLINE
        )

    subtitle = description

    def stories(self, owner: Any) -> Any:
        found = Article.objects.published().last_changed_first().for_feed()
        if isinstance(owner, Section):
            found = found.filter(section=owner)
        elif isinstance(owner, Tag):
            found = found.filter(tagged__tag=owner)
        elif isinstance(owner, Author):
            found = found.filter(pk__in=owner.bylines.values("article"))
        return found[: conf("FEED_SIZE")]

    items = stories

    def item_title(self, item: Article) -> str:
        return item.headline

    def item_description(self, item: Article) -> str:
        return item.description

    def item_link(self, item: Article) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Article) -> str:
        return f"urn:uuid:{item.uid}"

    item_guid_is_permalink = False

    def item_author_name(self, item: Article) -> str:
        return ", ".join(item.writers)

    def item_pubdate(self, item: Article) -> Any:
        return item.published_at

    def item_updateddate(self, item: Article) -> Any:
        return item.modified_at

    def item_categories(self, item: Article) -> list[str]:
        return [row["name"] for row in item.tag_rows]

    def item_extra_kwargs(self, item: Article) -> dict[str, str]:
        return {"content": for_feed(item.body, absolute)}


class SiteAtomFeed(SiteFeed):
    feed_type = FullTextAtom


def _owned(base: type[Feed], owner: type) -> type[Feed]:
    return type(f"{owner.__name__}{base.__name__}", (base,), {"model": owner})


def json_feed(owner_model: type | None) -> Any:
    """Return the view of a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    source = _owned(SiteFeed, owner_model)() if owner_model else SiteFeed()

    @require_safe
    def view(request: HttpRequest, slug: str = "") -> HttpResponse:
        try:
            owner = source.get_object(request, slug)
        except owner_model.DoesNotExist:
            raise Http404 from None
        items = [_json_item(source, story) for story in source.stories(owner)]
        return _json_response(request, source, owner, items)

    return view


def _json_response(
    request: HttpRequest, source: Any, owner: Any, items: list[dict[str, Any]]
) -> JsonResponse:
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title(owner),
        "home_page_url": source.link(owner),
        "feed_url": absolute(request.path),
        "description": source.description(owner),
        "language": settings.LANGUAGE_CODE,
        "items": items,
    }
    return JsonResponse(
        data, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}
    )


def _json_item(source: SiteFeed, story: Article) -> dict[str, Any]:
    item = {
        "id": source.item_guid(story),
        "url": source.item_link(story),
        "title": story.headline,
        "content_html": for_feed(story.body, absolute),
        "summary": story.description,
        "date_published": story.published_at,
        "date_modified": story.modified_at,
        "authors": [
            {"name": row["name"], "url": absolute(reverse("articles:author", args=[row["slug"]]))}
            for row in story.credits
        ],
        "tags": source.item_categories(story),
        "language": story.language,
    }
    if story.picture:
        item["image"] = absolute(story.picture.crops[-1].url)
    return item


class CorrectionsFeed(Feed):
    """The notes of corrections and updates, newest first."""

    feed_type = Rss201rev2Feed
    item_guid_is_permalink = False

    def title(self, owner: Any = None) -> str:
        return _("Corrections and updates · %(site)s") % {"site": settings.SITE_NAME}

    def link(self, owner: Any = None) -> str:
        return absolute(reverse("articles:corrections"))

    def description(self, owner: Any = None) -> str:
        return _("What was changed in published stories, and why.")

    subtitle = description

    def author_name(self) -> str:
        return settings.SITE_NAME

    def items(self) -> Any:
        return public_corrections()[: conf("FEED_SIZE")]

    def item_title(self, item: Correction) -> str:
        return f"{item.get_kind_display()}: {item.article.headline}"

    def item_description(self, item: Correction) -> str:
        # Feed readers take it for HTML, and a note is plain text; XML has no control characters.
        return escape(clean_line(item.note))

    def item_link(self, item: Correction) -> str:
        return absolute(address_of(item))

    def item_guid(self, item: Correction) -> str:
        # From what names the note on any database, so that a moved site repeats no entry.
        return uuid.uuid5(item.article.uid, item.made_at.isoformat()).urn

    def item_pubdate(self, item: Correction) -> datetime:
        return item.made_at

    item_updateddate = item_pubdate

    def item_categories(self, item: Correction) -> list[str]:
        return [item.get_kind_display()]


class CorrectionsAtomFeed(CorrectionsFeed):
    feed_type = Atom1Feed


@require_safe
def corrections_json(request: HttpRequest) -> HttpResponse:
    """The corrections as a JSON Feed."""
    source = CorrectionsFeed()
    items = [
        {
            "id": source.item_guid(note),
            "url": source.item_link(note),
            "title": source.item_title(note),
            "content_text": note.note,
            "date_published": note.made_at,
            "tags": source.item_categories(note),
            "language": note.article.language,
        }
        for note in source.items()
    ]
    return _json_response(request, source, None, items)


#: (RSS, Atom, JSON) of each kind of owner.
SITE = (SiteFeed, SiteAtomFeed, json_feed(None))
SECTION, TAG, AUTHOR = (
    (_owned(SiteFeed, owner), _owned(SiteAtomFeed, owner), json_feed(owner))
    for owner in (Section, Tag, Author)
)
CORRECTIONS = (CorrectionsFeed, CorrectionsAtomFeed, corrections_json)
