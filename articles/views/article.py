"""An article's own page."""

from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.conf import absolute, conf
from articles.editorial.corrections import (
    address_of_change,
    changes_address,
    live_lines,
    versions_of,
)
from articles.models import Article, Correction, Promo
from articles.models.rows import moment
from articles.related.neighbours import related_news
from articles.text.embeds import FRAME_HOSTS
from articles.text.outline import with_anchors
from articles.text.reading import Words, readable
from articles.views.figures import with_figures
from articles.views.promos import promos_at

# Here, and nowhere else, a reader may load what another site shows.
may_show_embeds = csp_update({"frame-src": list(FRAME_HOSTS)})


@may_show_embeds
@require_safe
def article_page(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """One public article with its neighbours; at most six queries."""
    try:
        published_on = date(year, month, day)
    except ValueError:
        raise Http404 from None
    found = Article.objects.published().for_page().annotate(lines=live_lines())
    article = get_object_or_404(found, published_on=published_on, slug=slug)
    return render(request, "article.html", article_context(article))


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
        "structured": structured_data(article),
        "breadcrumbs": breadcrumbs(article),
    }


def _words() -> Words:
    return Words(
        notes=_("Notes"),
        note=_("Note %s"),
        back=_("Back to the text of note %s"),
        load=_("Show the content from %s"),
        warning=_("%s learns of your visit when you do."),
    )


def structured_data(article: Article) -> dict[str, Any]:
    """Return schema.org's NewsArticle for an article of `for_page()`.

    Every article has an image and an author here: its card and the site stand in for them.
    """
    url = absolute(article.get_absolute_url())
    publisher = {
        "@type": "NewsMediaOrganization",
        "name": settings.SITE_NAME,
        "url": absolute(reverse("articles:front")),
        "logo": absolute(static("articles/icons/touch.png")),
    }
    image = [absolute(article.card.url)]
    if article.picture:
        shapes = ("wide", "classic", "square")
        image = [absolute(article.picture.for_machines(shape).url) for shape in shapes]
    story = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.description,
        "inLanguage": article.language,
        "mainEntityOfPage": url,
        "url": url,
        "image": image,
        "datePublished": article.published_at,
        "dateModified": article.modified_at,
        "articleSection": article.section.name if article.section else "",
        "keywords": [row["name"] for row in article.tag_rows],
        "wordCount": article.words,
        "author": [
            {
                "@type": "Person",
                "name": row["name"],
                "url": absolute(reverse("articles:author", args=[row["slug"]])),
            }
            for row in article.credits
        ]
        or [publisher],
        "publisher": publisher,
        "workTranslation": [
            {
                "@type": "NewsArticle",
                "headline": row["headline"],
                "inLanguage": row["language"],
                "url": absolute(row["address"]),
            }
            for row in article.translations
        ],
        "isAccessibleForFree": True,
        "correction": [
            {
                "@type": "CorrectionComment",
                "name": str(Correction.Kind(row["kind"]).label),
                "text": row["note"],
                "datePublished": row["made_at"],
            }
            for row in article.correction_rows
        ],
    }
    # An empty property says less than none.
    return {key: value for key, value in story.items() if value not in ("", [])}


def breadcrumbs(article: Article) -> dict[str, Any]:
    """Return schema.org's BreadcrumbList: the site, the section, the article."""
    way = [(settings.SITE_NAME, reverse("articles:front"))]
    if article.section:
        way.append((article.section.name, article.section.get_absolute_url()))
    way.append((article.headline, article.get_absolute_url()))
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(way, start=1)
        ],
    }
