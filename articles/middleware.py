"""Around every answer: whose language it is in, addresses that never die, and the next page fetched
before it is asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.utils import translation

from articles.editorial.addresses import where_now
from articles.models.paths import path_of
from articles.models.people import language_of
from articles.views.errors import gone


class SpeculationMiddleware:
    """Tells browsers that know speculation rules where the rules of public pages lie.

    A header that names a file, because the content security policy has no room for rules in the
    page. The file says what may be fetched: no desk, no preview, nothing that is not a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_private = "no-store" in response.headers.get("Cache-Control", "")
        at_the_desk = request.path.startswith(path_of("admin:index"))
        if is_page and response.status_code == 200 and not (is_private or at_the_desk):
            rules = static("articles/next.speculationrules")
            response.headers["Speculation-Rules"] = f'"{rules}"'
        return response


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
            # A story may come out at this address in a minute.
            response.headers.setdefault("Cache-Control", "no-cache")
            return response
        response = HttpResponsePermanentRedirect(target) if target else gone(request)
        # A browser that kept "moved" for good would circle once a move is undone.
        response["Cache-Control"] = "no-cache"
        return response


class DeskLanguageMiddleware:
    """The admin speaks the language of whoever is signed in; all other pages the site's.

    Public pages are the same for everybody: nothing of a reader or a browser is asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(path_of("admin:index")):
            return self.get_response(request)
        language = language_of(request.user)
        if not language:
            return self.get_response(request)
        with translation.override(language):
            return self.get_response(request)
