"""An article's own page."""

from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.db.models import DateField, DateTimeField, SlugField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.conf import conf
from articles.editorial import edition
from articles.editorial.corrections import (
    address_of_change,
    changes_address,
    live_lines,
    versions_of,
)
from articles.models import Article, Promo
from articles.models.prepared import Prepared
from articles.models.rows import moment
from articles.pagecache.parts import is_kept, joined, kept, with_holes
from articles.pagecache.showing import on_this_page
from articles.text.embeds import FRAME_HOSTS
from articles.text.outline import with_anchors
from articles.text.reading import Words, readable
from articles.views import structured
from articles.views.around import AROUND, around, edition_with_latest, tags_of
from articles.views.figures import with_figures
from articles.views.freshness import PAGE, public
from articles.views.pieces import in_each_language

# Here, and nowhere else, a reader may load what another site shows.
may_show_embeds = csp_update({"frame-src": list(FRAME_HOSTS)})


@may_show_embeds
@public(PAGE, dates_itself=True)
def article_page(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """One public article with its neighbours; at most six queries, and none but for what has
    changed since the page was made last."""
    on_this_page().lists()
    name = f"story {request.path}"
    # The edition's moment from before all else that is shown, or with the article's own row.
    changed_at = edition_with_latest() if is_kept(name) else None

    def made() -> dict[str, Any]:
        nonlocal changed_at
        article = article_at(year, month, day, slug)
        changed_at = changed_at or article.site_changed_at
        return _told(request, article)

    story = kept(name, made)
    parts = around(request, story["pk"], story["section"], story["tags"])
    response = HttpResponse(joined(story["page"], parts))
    response.changed_at = changed_at
    return response


def _told(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Return an article's page with holes for what is not the article's own, and what they need."""
    on_this_page().lists()
    about = article_context(article)
    return {
        "pk": article.pk,
        "section": article.section_id,
        "tags": tags_of(article),
        "page": with_holes(
            AROUND, lambda holes: render_to_string("article.html", about | holes, request)
        ),
    }


def article_at(year: int, month: int, day: int, slug: str) -> Article:
    """Return the public article of an address, with its `lines` and its `site_changed_at`.

    One query. Raises Http404.
    """
    try:
        published_on = date(year, month, day)
    except ValueError:
        raise Http404 from None
    found = _AT.rows(now=timezone.now(), published_on=published_on, slug=slug)
    if not found:
        raise Http404
    return found[0]


_AT = Prepared(
    lambda now, published_on, slug: (
        Article.objects.published(now)
        .for_page(now)
        .annotate(lines=live_lines(), site_changed_at=edition.with_page())
        .filter(published_on=published_on, slug=slug)
    ),
    now=DateTimeField(),
    published_on=DateField(),
    slug=SlugField(),
)


def text_address(article: Article) -> str:
    """Where the story is as Markdown; "" for an article without an address."""
    page = article.get_absolute_url()
    return f"{page.rstrip('/')}.md" if page else ""


def whole_context(
    request: HttpRequest, article: Article, trial: Promo | None = None
) -> dict[str, Any]:
    """Return all that `article.html` is given, for a page that is not kept.

    At most five queries; a preview of a copy shows with it what its public page would show.
    trial: a promo that is tried out on this page (see `promos_at`).
    """
    section, tags = article.section_id, tags_of(article)
    parts = around(request, article.pk, section, tags, copy=article, trial=trial)
    return article_context(article) | parts


def article_context(article: Article) -> dict[str, Any]:
    """Return what `article.html` is given of an article of `for_page()`, or a copy like it.

    At most one query. What stands around it comes from `around()`.
    """
    for row in article.correction_rows:
        row["made_at"] = moment(row["made_at"])
    # A copy has no versions that readers saw, so that its preview leads to none.
    versions = versions_of(article, article.lines) if hasattr(article, "lines") else []
    for row in article.correction_rows:
        row["address"] = address_of_change(article, versions, row["made_at"])
    body, headings = with_anchors(readable(article.body, _words()), _("Table"), article.direction)
    body = with_figures(article.body, body)
    return {
        "article": article,
        "changes": changes_address(article) if len(versions) > 1 else "",
        "body": body,
        "contents": headings if len(headings) >= conf("CONTENTS_FROM") else [],
        "text_address": text_address(article),
        "structured": structured.of_article(article),
    }


@in_each_language
def _words() -> Words:
    return Words(
        notes=_("Notes"),
        note=_("Note %s"),
        back=_("Back to the text of note %s"),
        load=_("Show the content from %s"),
        warning=_("%s learns of your visit when you do."),
    )
