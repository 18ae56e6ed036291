"""A worker of the server, without the server: the edge around Django's own application."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from articles.edge import Edge, Pages
from articles.pagecache import cache
from articles.pagecache.pages import Page


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    #: Whether Django was asked.
    was_made: bool = False
    names: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        coding = self.headers.get("Content-Encoding", "identity")
        decode = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}[coding]
        return decode(self.body).decode()


class Worker:
    """One process's edge, with a memory of its own; all share the stores and the numbers."""

    def __init__(self, pages: cache.PageCache | None = None) -> None:
        if pages is None:
            cache.of_site.cache_clear()
        self.asked: list[str] = []
        django = WSGIHandler()

        def application(environ: dict[str, Any], start: Any) -> Any:
            self.asked.append(environ["PATH_INFO"])
            return django(environ, start)

        self.edge = Edge(application)
        if pages is not None:
            self.edge._pages = Pages(application, pages)

    def get(self, target: str, method: str = "GET", **environ: str) -> Answer:
        """Ask for an address with a query string; `environ` takes headers as WSGI names them."""
        path, _mark, query = target.partition("?")
        begun: list[Any] = []
        before = len(self.asked)
        with _inside_a_test():
            body = self._read(path, query, method, environ, begun)
        status, headers = begun
        names = [name for name, _value in headers]
        return Answer(int(status.split()[0]), dict(headers), body, len(self.asked) > before, names)

    def make(self, key: str) -> Page | None:
        """Make a page ahead of readers."""
        with _inside_a_test():
            return self.edge._pages.make(key)

    def _read(
        self, path: str, query: str, method: str, environ: dict[str, str], begun: list[Any]
    ) -> bytes:
        result = self.edge(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
                "QUERY_STRING": query,
                "SCRIPT_NAME": "",
                "HTTP_HOST": "testserver",
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "REMOTE_ADDR": "192.0.2.1",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(),
                **environ,
            },
            lambda *begin: begun.extend(begin[:2]),
        )
        body = b"".join(result)
        if close := getattr(result, "close", None):
            close()
        return body


@contextmanager
def _inside_a_test() -> Iterator[None]:
    """A request's end must not close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    if not connection.in_atomic_block:
        yield
        return
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
