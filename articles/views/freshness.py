"""How long a public answer may be kept, and by what it is known again.

Every public address goes through `public()`. It answers GET and HEAD alike, says what browsers
and caches on the way may do, and answers a request for what the asker has already with 304.
`Last-Modified` is the moment of the edition (see editorial/edition.py): whatever readers see was
the same since then. `ETag` is made of the answer's bytes. Private doors (the desk, previews, the
beacon) do not come here: they are kept by nobody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from articles.pagecache import moments
from articles.pagecache.pages import tag_of
from articles.pagecache.remembering import edition_moment
from articles.pagecache.showing import on_this_page


@dataclass(frozen=True)
class Policy:
    """What a kind of answer lets others do.

    cache_control: the header. shows_today: it is another one after midnight, by the day in the
    masthead and by what was "today".
    """

    cache_control: str
    shows_today: bool = False


#: Pages. A browser asks each time (304 while nothing changed), so that nobody who publishes,
#: corrects or withdraws a story is shown the one before; for the same reason there is no
#: stale-while-revalidate, which browsers follow, too. A cache in front keeps it for a minute,
#: which bears any rush, and for a day while the site does not answer at all.
PAGE = Policy("public, max-age=0, s-maxage=60, stale-if-error=86400", shows_today=True)
#: A story as Markdown: like its page, but without a masthead.
TEXT = Policy(PAGE.cache_control)
#: Feeds. Readers need not ask more often than this. A cache in front asks each time: a hub that
#: was told of a story a moment ago must not be handed the feed from before.
FEED = Policy("public, max-age=300, s-maxage=0, stale-if-error=86400")
#: Sitemaps: crawlers come back by their own clock, and an hour-old list harms nobody.
MAP = Policy("public, max-age=300, s-maxage=300, stale-while-revalidate=3600")
#: What follows from settings alone: robots.txt, the manifest, how to search.
SETTING = Policy("public, max-age=3600")
#: What a request says whose answer may be 304 or 412.
_CONDITIONS = frozenset(
    f"HTTP_IF_{name}" for name in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")
)
#: Files whose name holds the hash of their content.
FOREVER = Policy("public, max-age=31536000, immutable")


def public(
    policy: Policy, *, dates_itself: bool = False, asks: Iterable[str] = (), is_kept: bool = True
) -> Callable[[Callable], Callable]:
    """Make a view a public one. It gets GET and HEAD only, and must be the same for everybody.

    dates_itself: the view puts the edition's moment, read with or before all else it shows, on
    its answer as `changed_at`, because its page can afford no further question. asks: names in the
    query string that make it another page; the page cache hands it no others. is_kept: whether the
    page cache may keep it (articles/pagecache).
    """

    def decorate(view: Callable) -> Callable:
        @require_safe
        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked_at = timezone.now()
            # Before the view: a change that comes in between makes the answer newer than its
            # date, which is harmless, and never older.
            moment = None if dates_itself else edition_moment()
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                # Not for ever, as caches are free to think of "moved" and "gone".
                response.headers.setdefault("Cache-Control", "no-cache")
                return response
            moment = getattr(response, "changed_at", moment)
            on_this_page().may_be_kept = is_kept
            return _finished(request, response, policy, moment, asked_at)

        # What the edge asks of the view of an address (articles/edge.py).
        kept.asks, kept.is_kept = frozenset(asks), is_kept
        return kept

    return decorate


def _finished(
    request: HttpRequest,
    response: HttpResponse,
    policy: Policy,
    moment: datetime | None,
    asked_at: datetime,
) -> HttpResponse:
    if response.content:
        response.headers["ETag"] = tag_of(response.content)
    # Django's feeds date themselves by their entries, which a mended typo does not move.
    del response.headers["Last-Modified"]
    if policy.shows_today:
        on_this_page().ends(moments.midnight_after(asked_at).timestamp())
    if moment is not None:
        if policy.shows_today:
            midnight = timezone.localtime(asked_at).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            moment = max(moment, midnight)
        changed = on_this_page().changed = int(moment.timestamp())
        # Dates in headers know whole seconds: what changed within this one may change again in
        # it, and could not be told apart.
        if changed < int(asked_at.timestamp()):
            response.headers["Last-Modified"] = http_date(changed)
    response.headers["Cache-Control"] = policy.cache_control
    if not _CONDITIONS & request.META.keys():
        return response
    return get_conditional_response(
        request,
        etag=response.headers["ETag"],
        last_modified=parse_http_date_safe(response.headers.get("Last-Modified", "")),
        response=response,
    )
