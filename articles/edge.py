"""The edge: what a worker answers before Django's request machinery wakes up.

A WSGI application around Django's own (newsroom/wsgi.py). It knows two kinds of requests: a
reader's view, and a public page. A page that is kept is answered at once; one that is not is made
by Django, for everybody: nothing of who asks reaches the view but the address. All else goes
through untouched.
"""

import io
import math
import sys
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from articles.pagecache import baking, cache, dropping, moments, purging
from articles.pagecache.addresses import normalised
from articles.pagecache.answers import answer, choices
from articles.pagecache.baker import Baker
from articles.pagecache.pages import Page, encoded, tag_of
from articles.pagecache.refilling import Refiller
from articles.pagecache.showing import Shown, collecting
from articles.pagecache.turns import Turns
from articles.views.beacon import arrival, report, status_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_NOTHING = [("Cache-Control", "no-store"), ("Content-Length", "0")]
_LINES = {status: f"{status} {HTTPStatus(status).phrase}" for status in (204, 404, 503)}
#: All that a view of a public page is told of a request: nothing of who asks.
_TOLD = (
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.version",
    "wsgi.url_scheme",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
)
#: Host names that are remembered as ours, where any is allowed.
_MOST_HOSTS = 64
#: All names that any page asks for in the query string; which of them a page asks, its view knows.
_ASKED = frozenset({"before", "after", "kind"})


class Edge:
    """Answers views and kept pages itself and hands all other requests to `application`."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._beacons = reverse("articles:beacon", args=[0]).removesuffix("0/")
        self._session = f"{settings.SESSION_COOKIE_NAME}="
        self._pages = Pages(application) if settings.PAGE_CACHE else None

    def start(self) -> None:
        """Make pages ahead of readers from now on, in a thread of this process."""
        if self._pages is not None:
            self._pages.start()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "HEAD"):
            if self._pages is not None:
                answered = self._pages.answered(environ, start_response)
                if answered is not None:
                    return answered
        elif method == "POST" and environ["PATH_INFO"].startswith(self._beacons):
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


class Pages:
    """Public pages: kept ones, and the making of those that are not."""

    def __init__(self, application: Application, pages: cache.PageCache | None = None) -> None:
        """pages: where they are kept, if not where readers find them."""
        self._application = application
        self._cache = pages or cache.of_site()
        self._turns = Turns(settings.DATA_DIR / "pages" / "turns")
        self._refiller: Refiller | None = None
        self._baker: Baker | None = None
        self._hosts: set[str] = set()
        own = urlsplit(settings.SITE_URL).netloc
        #: Pages are made for the site's own name, whichever of its names is asked.
        self._host = own if _is_allowed(own) else ""
        self._is_encrypted = settings.SECURE_SSL_REDIRECT
        self._proxy = settings.SECURE_PROXY_SSL_HEADER

    def answered(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes] | None:
        """Answer a GET or HEAD for a public page; None for anything else."""
        path = environ["PATH_INFO"]
        query = environ.get("QUERY_STRING")
        known = normalised(query, _ASKED) if query else ""
        if not self._is_ours(environ):
            return None
        key = None
        if known is not None:
            key = f"{path}?{known}" if known else path
            now = time.time()
            page = self._cache.find(key, now)
            if page is not None:
                if now < page.stale_from:
                    return answer(page, environ, start_response)
                if self._refiller is not None:
                    # Once; the reader gets what is there.
                    page.stale_from = math.inf
                    self._refiller.soon(key)
                    return answer(page, environ, start_response)
                self._cache.forget(key)
        page = self._made(environ, path, query or "", key)
        return None if page is None else answer(page, environ, start_response)

    def start(self) -> None:
        self._refiller = Refiller(self.make)
        self._refiller.start()
        dropping.listeners.append(self._refiller.changed)
        if bake := baking.of_site():
            aside = Pages(self._application, self._cache.aside())
            self._baker = Baker(bake, self._cache, self.make, aside.make)
            self._baker.start()

    def make(self, key: str) -> Page | None:
        """Make the page of an address, unless it is kept as it would be made now; return it.

        None for no public address; a page that may not be kept has the number 0.
        """
        # Another process may have made it since this one looked.
        self._cache.forget(key)
        path, _mark, query = key.partition("?")
        scheme = urlsplit(settings.SITE_URL).scheme
        environ = {"HTTP_HOST": self._host or "localhost", "wsgi.url_scheme": scheme}
        return self._made(environ, path, query, None)

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        """Whether Django would answer the page itself, and not refuse or redirect the request."""
        host = environ.get("HTTP_HOST", "")
        if host not in self._hosts:
            if not _is_allowed(host):
                return False
            if len(self._hosts) < _MOST_HOSTS:
                self._hosts.add(host)
        if environ.get("SCRIPT_NAME"):
            return False
        return not self._is_encrypted or self._is_secure(environ)

    def _is_secure(self, environ: dict[str, Any]) -> bool:
        """As Django's `HttpRequest.scheme` has it."""
        if self._proxy:
            name, value = self._proxy
            said = environ.get(name)
            if said is not None:
                return said.partition(",")[0].strip() == value
        return environ.get("wsgi.url_scheme") == "https"

    def _made(
        self, environ: dict[str, Any], path: str, query: str, missed: str | None
    ) -> Page | None:
        """Return the page of an address, kept for others if it may be; None if it is not public.

        missed: what was looked for a moment ago.
        """
        match = _public_view(path)
        if match is None:
            return None
        asked = normalised(query, match.func.asks) if match.func.is_kept else None
        if asked is None:
            # Nothing that anybody was led to: answered, and forgotten.
            return self._render(environ, path, query)[0]
        key = f"{path}?{asked}" if asked else path
        # Another name in the query string may have hidden that it is kept.
        if key != missed and (page := self._fresh(key)) is not None:
            return page
        with self._turns.turn(key):
            # Before the first question to the database: a page that begins before a change and
            # ends after it is one from before.
            number = self._cache.numbers.current()
            # Somebody may have made it meanwhile.
            if (page := self._fresh(key, number)) is not None:
                return page
            page, may_be_kept = self._render(environ, path, asked, number)
            if may_be_kept and self._cache.keep(key, page, time.time()) and self._baker:
                self._baker.soon(key)
            return page

    def _fresh(self, key: str, number: int | None = None) -> Page | None:
        """Return the page that is kept for `key`, unless it has grown old."""
        now = time.time()
        page = self._cache.find(key, now, number)
        return page if page is not None and now < page.stale_from else None

    def _render(
        self, environ: dict[str, Any], path: str, query: str, number: int | None = None
    ) -> tuple[Page, bool]:
        """Return what Django makes of an address, and whether it may be kept."""
        clean = {name: environ[name] for name in _TOLD if name in environ}
        clean |= {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": self._host or environ["HTTP_HOST"],
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": environ.get("wsgi.errors", sys.stderr),
        }
        clean.setdefault("SERVER_NAME", "localhost")
        clean.setdefault("SERVER_PORT", str(settings.PORT))
        if self._proxy and self._proxy[0] in environ:
            clean[self._proxy[0]] = environ[self._proxy[0]]
        begun: list[Any] = []
        with collecting(number) as shown:
            if number is not None:
                shown.coming = self._coming()
                shown.ends(shown.coming)
            result = self._application(clean, lambda *begin: begun.extend(begin[:2]))
            try:
                body = b"".join(result)
            finally:
                if close := getattr(result, "close", None):
                    close()
        status, headers = begun
        may_be_kept = number is not None and shown.may_be_kept and _may_be_kept(status, headers)
        if may_be_kept:
            headers = [*headers, *purging.headers_of(shown.slots)]
        names = None if may_be_kept else choices(environ.get("HTTP_ACCEPT_ENCODING", ""))
        number = number if may_be_kept and number else 0
        page = _page(status, headers, body, shown, number, names)
        page.compose(time.time())
        return page, may_be_kept

    def _coming(self) -> float:
        """When time alone makes another page of any; at once where nobody can tell."""
        try:
            return moments.coming(self._cache.numbers)
        except DatabaseError:
            # Django will say what is the matter, and nobody keeps it.
            return 0.0


def _page(
    status: str,
    headers: list[tuple[str, str]],
    body: bytes,
    shown: Shown,
    number: int,
    names: tuple[str, ...] | None,
) -> Page:
    given = {name.lower(): value for name, value in headers}
    is_whole = status.startswith("200")
    return Page(
        status=status,
        headers=headers,
        bodies=encoded(body, given.get("content-type", ""), names),
        tag=(given.get("etag") or tag_of(body)) if is_whole else "",
        changed=shown.changed if is_whole else 0,
        number=number,
        slots=shown.slots,
        until=shown.until,
        stale_from=shown.stale_from,
    )


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    """Whether an answer says nothing against being everybody's."""
    if not status.startswith("200"):
        return False
    for name, value in headers:
        name, value = name.lower(), value.lower()
        if name == "set-cookie" or (name == "vary" and value != "accept-encoding"):
            return False
        if name == "cache-control" and ("no-store" in value or "private" in value):
            return False
    return True


def _public_view(path: str) -> ResolverMatch | None:
    """Return the public view (articles/views/freshness.py) at an address, or None."""
    if not path.isascii():
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if hasattr(match.func, "asks") else None


def _is_allowed(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
