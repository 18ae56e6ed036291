"""The beacon: by this small request a reader's page reports one view.

The server's edge (articles/edge.py) answers it before Django wakes up. What arrives here comes
with a session, which may be the desk's own, or through a server without that edge.
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from articles.readership.counting import Arrival, accept
from articles.readership.journal import JournalUnwritable

#: Bytes of a report that are looked at: where the reader came from.
LONGEST_REPORT = 500
#: One transparent point.
PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@never_cache
@csrf_exempt  # Cached pages hold no token, and a forged view changes nothing but a number.
@require_POST
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """204 for an accepted view and for one that is none (bot, signed-in staff); 404 if unknown.

    The body is the address of the page before, as the browser knows it; none is as good.
    """
    return HttpResponse(status=_status(request, pk, report(request.META, request.read)))


@require_GET
def pixel(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for readers without JavaScript: a picture that nobody sees, never kept."""
    if _status(request, pk, "") == 404:
        return HttpResponse(status=404)
    return HttpResponse(PIXEL, content_type="image/gif", headers={"Cache-Control": "no-store"})


def _status(request: HttpRequest, pk: int, referrer: str) -> int:
    # The desk's own people are asked for first: without a session nothing is looked up.
    is_staff = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff
    return status_of(pk, arrival(request.META, referrer), is_staff=is_staff)


def status_of(pk: int, arrival: Arrival, *, is_staff: bool = False) -> int:
    """Accept the view and return the status of the answer."""
    if is_staff:
        return 204
    try:
        return 204 if accept(pk, arrival) else 404
    except (JournalUnwritable, DatabaseError):
        # Not accepted, and said so: a disk that is full may be the database's, too.
        return 503


def arrival(meta: Mapping[str, Any], referrer: str) -> Arrival:
    """Return what a WSGI environment says of the reader."""
    address = meta.get("REMOTE_ADDR", "")
    if proxies := settings.TRUSTED_PROXIES:
        # Each proxy adds whom it heard from at the end; what stands before is hearsay.
        line = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        address = line[-proxies] if len(line) >= proxies and line[-proxies] else address
    return Arrival(
        address=address,
        user_agent=meta.get("HTTP_USER_AGENT", ""),
        purpose=next((meta[name].lower() for name in PURPOSES if name in meta), ""),
        referrer=referrer,
        host=meta.get("HTTP_HOST", ""),
    )


PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def report(meta: Mapping[str, Any], read: Any) -> str:
    """Return the text of a report's body; "" for one that is longer than any honest one."""
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or not 0 < int(length) <= LONGEST_REPORT:
        return ""
    return str(read(int(length)).decode("ascii", errors="replace"))
