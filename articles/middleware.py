"""Addresses never die: a page that is not found may have moved or be gone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from articles.editorial.addresses import where_now
from articles.views.errors import gone


class RedirectMiddleware:
    """Looks an address up among the redirects, only after it gave a 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or "\x00" in request.path:
            return response
        target = where_now(request.path)
        if target is None:
            return response
        response = HttpResponsePermanentRedirect(target) if target else gone(request)
        # A browser that kept "moved" for good would circle once a move is undone.
        response["Cache-Control"] = "no-cache"
        return response
