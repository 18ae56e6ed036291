"""Previews: the public page of an article as it stands in a revision, and the doors to it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.conf import in_site_language
from articles.editorial import previews
from articles.models import Article, Revision
from articles.views.article import may_show_embeds, whole_context


@dataclass(frozen=True)
class About:
    """What the bar above a preview says.

    revision: what is shown (None: the article's rows, of which no revision is kept); is_live and
    is_working: what that revision is; until: when a link ends; article_id: for the desk alone,
    the article that the bar's links lead to.
    """

    revision: Revision | None
    is_live: bool = False
    is_working: bool = False
    until: datetime | None = None
    article_id: int | None = None


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a preview link: its article, or a quiet word that it is closed.

    404 for a token that never was, 410 for a link that has ended, 403 while an embargo shuts it;
    neither says anything of the article. Only a GET counts as an opening.
    """
    link = previews.find_link(token)
    if link is None:
        raise Http404
    if previews.has_ended(link):
        return sealed(render(request, "preview_closed.html", {"has_ended": True}, status=410))
    if previews.is_shut(link):
        return sealed(render(request, "preview_closed.html", {"has_ended": False}, status=403))
    if request.method == "GET":
        previews.count_opening(link)
    revision, page = previews.shown_by(link)
    about = About(
        revision=revision,
        is_live=revision is not None and revision.number == link.article.live_number,
        is_working=revision is None or revision.number == link.article.working_number,
        until=link.expires_at,
    )
    return preview_page(request, page, about)


@may_show_embeds
def preview_page(request: HttpRequest, page: Article, about: About) -> HttpResponse:
    """Render `page` (from `editorial.previews.page_of`) by the public page's own template."""
    # As readers get it, whatever language the admin speaks.
    with in_site_language():
        context = {**whole_context(request, page), "about": about}
        return sealed(render(request, "preview.html", context))


def sealed(response: HttpResponse) -> HttpResponse:
    """Keep a preview out of every cache, index and log of other sites."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
