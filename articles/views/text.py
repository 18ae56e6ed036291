"""An article as Markdown, beside its page: for tools that read, quote or keep stories."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.conf import absolute
from articles.models import Article, Byline, Correction
from articles.models.rows import moment
from articles.pagecache.showing import on_this_page
from articles.text import markdown
from articles.views.article import article_at
from articles.views.freshness import TEXT, public


@public(TEXT, dates_itself=True)
def article_text(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """One public article as `text/markdown` (RFC 7763), its page the canonical one. One query."""
    # No list at all, but for the rows of the story.
    on_this_page().lists()
    article = article_at(year, month, day, slug)
    response = HttpResponse(
        written(article), content_type="text/markdown; charset=utf-8; variant=GFM"
    )
    response.headers["Link"] = f'<{absolute(article.get_absolute_url())}>; rel="canonical"'
    response.headers["Content-Language"] = article.language
    response.changed_at = article.site_changed_at
    return response


def written(article: Article) -> str:
    """Return the whole story of an article of `for_page()`, and what stands around it."""
    page = absolute(article.get_absolute_url())
    parts = [
        f"# {markdown.escaped(article.headline)}",
        markdown.escaped(article.standfirst),
        _facts(article),
        _picture(article),
        markdown.to_markdown(article.body, page),
        _corrections(article),
        " ".join((_("From"), markdown.link(page, page))),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(article: Article) -> str:
    """Who made it, when, and where it belongs: a list."""
    lines = [
        (Byline.Role(row["role"]).label, _author(row["name"], row["slug"]))
        for row in article.credits
    ]
    lines.append((_("Published"), _moment(article.published_at)))
    if article.updated_at:
        lines.append((_("Updated"), _moment(article.updated_at)))
    if article.section:
        address = absolute(article.section.get_absolute_url())
        lines.append((_("Section"), markdown.link(article.section.name, address)))
    if article.tag_rows:
        topics = [
            markdown.link(row["name"], absolute(reverse("articles:tag", args=[row["slug"]])))
            for row in article.tag_rows
        ]
        lines.append((_("Topics"), ", ".join(topics)))
    return "\n".join(f"- {name}: {value}" for name, value in lines)


def _author(name: str, slug: str) -> str:
    return markdown.link(name, absolute(reverse("articles:author", args=[slug])))


def _picture(article: Article) -> str:
    if not article.picture:
        return ""
    shown = markdown.picture(article.picture.alt_text, absolute(article.picture.crops[-1].url))
    credit = f"({article.picture.credit})" if article.picture.credit else ""
    caption = markdown.escaped(f"{article.picture.caption} {credit}")
    return f"{shown}\n\n{caption}" if caption else shown


def _corrections(article: Article) -> str:
    if not article.correction_rows:
        return ""
    lines = [
        f"- {Correction.Kind(row['kind']).label}, {_moment(moment(row['made_at']))}: "
        f"{markdown.escaped(row['note'])}"
        for row in article.correction_rows
    ]
    return "\n".join(["## " + _("Corrections and updates"), "", *lines])


def _moment(when: datetime) -> str:
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M %Z}"
