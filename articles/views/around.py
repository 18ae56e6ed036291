"""What stands around an article on its page: parts that many pages share, or that change alone."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import DateTimeField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.conf import conf
from articles.editorial import edition
from articles.models import Article, Promo
from articles.models.listings import ArticleQuerySet
from articles.models.prepared import Given, Prepared
from articles.pagecache.parts import Frame, joined, kept, with_holes
from articles.pagecache.remembering import edition_moment, with_edition
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import newest_stories
from articles.related.neighbours import RelatedStory, related_news, related_to
from articles.views.pieces import headline_of
from articles.views.promos import html_of, promos_at
from articles.views.site import footer, masthead

#: Names of what stands around an article, in its template.
AROUND = ("masthead", "footer", "latest", "related", "beside", "under")


def around(
    request: HttpRequest,
    pk: int,
    section: int | None,
    tags: list[int],
    *,
    copy: Article | None = None,
    trial: Promo | None = None,
) -> dict[str, SafeString]:
    """Return what stands around an article of a section, with tags (keys).

    At most four queries, and none for what is kept. copy: an article laid over by one of its
    revisions, whose own links are shown. trial: a promo that is tried out (see `promos_at`).
    """
    places = promos_at(
        Promo.Position.BESIDE, Promo.Position.UNDER, section=section, tags=tags, trial=trial
    )
    if copy is None:
        related = kept(f"related {pk}", lambda: _told(pk))
    else:
        related = _related(related_news(copy))
    found = {
        "masthead": masthead(request, section),
        "footer": footer(request),
        "latest": _latest(pk),
        "related": related,
        **{place: html_of(those) for place, those in places.items()},
    }
    return {name: SafeString(text) for name, text in found.items()}  # nosec B703


def tags_of(article: Article) -> list[int]:
    """Return the keys of the tags of an article of `for_page()`."""
    return [row["id"] for row in article.tag_rows if row["id"]]


def _told(pk: int) -> str:
    on_this_page().lists(("related", pk), ("article", pk))
    return _related(related_to(pk))


def _related(stories: list[RelatedStory]) -> str:
    return _rendered("_related.html", related=stories)


def edition_with_latest() -> datetime | None:
    """Return the edition's moment, from before all that a kept story's page shows but the latest
    news: where they have changed, it comes with them."""
    kept("latest", _latest_of_site)
    return edition_moment()


def _latest(pk: int) -> str:
    """The latest news but for one article."""
    lines = [line for key, line in kept("latest", _latest_of_site) if key != pk]
    if not lines:
        return ""
    times = "".join(lines[: conf("LATEST_SIZE")])
    return joined(kept("list of the latest", _list_of_the_latest), {"times": times})


def _latest_of_site() -> list[list[Any]]:
    """Keys and lines of one story more than a page shows, since no page shows its own."""
    size = conf("LATEST_SIZE") + 1
    on_this_page().lists(newest_stories(size))
    stories = with_edition(lambda: _newest(size).rows(now=timezone.now()))
    return [[story.pk, f"{headline_of(story)}\n"] for story in stories]


def _list_of_the_latest() -> Frame:
    on_this_page().lists()
    return with_holes(("times",), lambda holes: _rendered("_latest.html", **holes))


@lru_cache(8)
def _newest(size: int) -> Prepared:
    def build(now: Given) -> ArticleQuerySet:
        stories = Article.objects.published(now).for_headlines()
        return stories.annotate(site_changed_at=edition.with_page())[:size]

    return Prepared(build, now=DateTimeField())


def _rendered(template: str, **context: Any) -> str:
    return render_to_string(template, context)
