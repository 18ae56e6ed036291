"""An article's own page."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.conf import conf
from articles.models import Article, Promo
from articles.models.rows import moment
from articles.related.neighbours import related_news
from articles.text.outline import with_anchors


@require_safe
def article_page(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """One public article with its neighbours; at most six queries."""
    try:
        published_on = date(year, month, day)
    except ValueError:
        raise Http404 from None
    article = get_object_or_404(
        Article.objects.published().for_page(), published_on=published_on, slug=slug
    )
    for row in article.correction_rows:
        row["made_at"] = moment(row["made_at"])
    body, headings = with_anchors(article.body)
    latest = Article.objects.published().exclude(pk=article.pk).for_listing()
    related = related_news(article)
    context = {
        "article": article,
        "body": body,
        "contents": headings if len(headings) >= conf("CONTENTS_FROM") else [],
        "related": related,
        "latest": latest[: conf("LATEST_SIZE")],
        "promo": Promo.objects.for_section(article.section_id).first(),
        "structured": structured_data(article),
    }
    return render(request, "article.html", context)


def structured_data(article: Article) -> dict[str, Any]:
    """Return schema.org's NewsArticle for an article of `for_page()`."""
    base = settings.SITE_URL
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.description,
        "inLanguage": article.language,
        "mainEntityOfPage": base + article.get_absolute_url(),
        "url": base + article.get_absolute_url(),
        "datePublished": article.published_at,
        "dateModified": article.modified_at,
        "articleSection": article.section.name if article.section else "",
        "keywords": [row["name"] for row in article.tag_rows],
        "wordCount": article.words,
        "author": [
            {"@type": "Person", "name": row["name"], "url": f"{base}/author/{row['slug']}/"}
            for row in article.credits
        ],
        "publisher": {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME, "url": base},
        "isAccessibleForFree": True,
    }
    if article.picture:
        data["image"] = [base + article.picture.crops[-1]["url"], base + article.picture.social_url]
    if article.correction_rows:
        data["correction"] = [
            {"@type": "CorrectionComment", "text": row["note"], "datePublished": row["made_at"]}
            for row in article.correction_rows
            if row["kind"] == "correction"
        ]
    return data
