"""The edge: what a worker answers before Django's request machinery wakes up.

A WSGI application around Django's own (newsroom/wsgi.py). It knows one kind of request so far, a
reader's view; everything else goes through, and so does a view that comes with a session.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.views.beacon import arrival, report, status_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_NOTHING = [("Cache-Control", "no-store"), ("Content-Length", "0")]
_LINES = {status: f"{status} {HTTPStatus(status).phrase}" for status in (204, 404, 503)}


class Edge:
    """Answers views itself and hands all other requests to `application`."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._beacons = reverse("articles:beacon", args=[0]).removesuffix("0/")
        self._session = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith(self._beacons):
            number = environ["PATH_INFO"][len(self._beacons) :].removesuffix("/")
            is_plain = self._session not in environ.get("HTTP_COOKIE", "")
            if is_plain and number.isdecimal() and len(number) < 19:
                referrer = report(environ, environ["wsgi.input"].read)
                status = status_of(int(number), arrival(environ, referrer))
                # A 204 has no length.
                headers = _NOTHING[:1] if status == 204 else _NOTHING
                start_response(_LINES[status], list(headers))
                return []
        return self.application(environ, start_response)
