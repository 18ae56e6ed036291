"""An article's own page."""

from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
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
from articles.models.rows import moment
from articles.pagecache.showing import on_this_page
from articles.pagecache.slots import newest_stories
from articles.related.neighbours import related_news
from articles.text.embeds import FRAME_HOSTS
from articles.text.outline import with_anchors
from articles.text.reading import Words, readable
from articles.views import structured
from articles.views.figures import with_figures
from articles.views.freshness import PAGE, public
from articles.views.promos import promos_at

# Here, and nowhere else, a reader may load what another site shows.
may_show_embeds = csp_update({"frame-src": list(FRAME_HOSTS)})


@may_show_embeds
@public(PAGE, dates_itself=True)
def article_page(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """One public article with its neighbours; at most six queries."""
    article = article_at(year, month, day, slug)
    response = render(request, "article.html", article_context(article))
    response.changed_at = article.site_changed_at
    return response


def article_at(year: int, month: int, day: int, slug: str) -> Article:
    """Return the public article of an address, with its `lines` and its `site_changed_at`.

    One query. Raises Http404.
    """
    try:
        published_on = date(year, month, day)
    except ValueError:
        raise Http404 from None
    found = Article.objects.published().for_page()
    return get_object_or_404(
        found.annotate(lines=live_lines(), site_changed_at=edition.with_page()),
        published_on=published_on,
        slug=slug,
    )


def text_address(article: Article) -> str:
    """Where the story is as Markdown; "" for an article without an address."""
    page = article.get_absolute_url()
    return f"{page.rstrip('/')}.md" if page else ""


def article_context(article: Article, trial: Promo | None = None) -> dict[str, Any]:
    """Return what `article.html` is given for an article of `for_page()`, or a copy like it.

    At most five queries; a preview of a copy shows with it what its public page would show.
    trial: a promo that is tried out on this page (see `promos_at`).
    """
    for row in article.correction_rows:
        row["made_at"] = moment(row["made_at"])
    # A copy has no versions that readers saw, so that its preview leads to none.
    versions = versions_of(article, article.lines) if hasattr(article, "lines") else []
    for row in article.correction_rows:
        row["address"] = address_of_change(article, versions, row["made_at"])
    on_this_page().lists(
        newest_stories(conf("LATEST_SIZE") + 1),
        # A copy that was never saved is shown to nobody from there.
        ("related", article.pk or 0),
    )
    body, headings = with_anchors(readable(article.body, _words()), _("Table"))
    body = with_figures(article.body, body)
    latest = Article.objects.published().exclude(pk=article.pk).for_listing()
    related = related_news(article)
    return {
        "article": article,
        "changes": changes_address(article) if len(versions) > 1 else "",
        "body": body,
        "contents": headings if len(headings) >= conf("CONTENTS_FROM") else [],
        "related": related,
        "latest": latest[: conf("LATEST_SIZE")],
        "promos": promos_at(
            Promo.Position.BESIDE,
            Promo.Position.UNDER,
            section=article.section_id,
            tags=[row["id"] for row in article.tag_rows if row["id"]],
            trial=trial,
        ),
        "text_address": text_address(article),
        "structured": structured.of_article(article),
    }


def _words() -> Words:
    return Words(
        notes=_("Notes"),
        note=_("Note %s"),
        back=_("Back to the text of note %s"),
        load=_("Show the content from %s"),
        warning=_("%s learns of your visit when you do."),
    )
