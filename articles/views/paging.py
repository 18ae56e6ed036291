"""Pages of a newest-first list, cut by place instead of number.

A cursor names the last story of a page (its moment and id), so that stories of equal time are
neither repeated nor skipped, and a story that arrives meanwhile moves nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest

from articles.conf import conf
from articles.models import Article
from articles.models.listings import ArticleQuerySet


@dataclass(frozen=True)
class Page:
    """One page: its stories, and the query strings of its neighbours ("" where there is none)."""

    articles: list[Article]
    older: str
    newer: str

    @property
    def is_first(self) -> bool:
        return not self.newer


def page_of(articles: ArticleQuerySet, request: HttpRequest) -> Page:
    """Return the page that `?before=` or `?after=` asks for; Http404 for a cursor that is none.

    `articles` is newest first. One query.
    """
    size = conf("PAGE_SIZE")
    if cursor := request.GET.get("after"):
        rows = list(articles.after(*_read(cursor)).order_by("published_at", "id")[: size + 1])
        has_newer, rows = len(rows) > size, rows[:size][::-1]
        has_older = True
    elif cursor := request.GET.get("before"):
        rows = list(articles.before(*_read(cursor))[: size + 1])
        has_older, rows = len(rows) > size, rows[:size]
        has_newer = True
    else:
        rows = list(articles[: size + 1])
        has_older, rows = len(rows) > size, rows[:size]
        has_newer = False
    if not rows and (has_newer or has_older):
        raise Http404
    return Page(
        articles=rows,
        older=f"?before={_write(rows[-1])}" if has_older and rows else "",
        newer=f"?after={_write(rows[0])}" if has_newer and rows else "",
    )


def _write(article: Article) -> str:
    return f"{article.published_at:%Y%m%dT%H%M%S.%f}-{article.pk}"


def _read(cursor: str) -> tuple[datetime, int]:
    moment, _, pk = cursor.partition("-")
    try:
        if not pk.isdecimal() or int(pk) >= 2**63:
            raise ValueError(pk)
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk)
    except (ValueError, OverflowError):
        raise Http404 from None
