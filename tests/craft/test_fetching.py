"""Reading a page of another site: what is read, and everything that must not be asked."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from articles.fetching import web
from articles.fetching.web import NotFetched, fetch, is_open

pytestmark = pytest.mark.once

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine whose pages are functions."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                answer = site.pages.get(self.path)
                if answer is None:
                    return self.send_error(404)
                try:
                    return answer(self)
                except OSError:
                    return None

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def page(self, path: str, data: bytes = b"<title>Hello</title>", **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            for name, value in ({"Content_Type": "text/html; charset=utf-8"} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(data)

        self.pages[path] = answer
        return self.address + path

    def leads(self, path: str, to: str, status: int = 302) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Location", to)
            handler.end_headers()

        self.pages[path] = answer
        return self.address + path


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """A site that the settings let editors read, though it is on this machine."""
    site = Site()
    settings.NEWSROOM = {"PAGE_PORTS": [80, 443, site.port], "PAGE_NETWORKS": ["127.0.0.1/32"]}
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def no_line(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is tried is noted, and fails."""
    tried: list[Any] = []

    def connect(place: Any, *args: Any, **kwargs: Any) -> None:
        tried.append(place)
        raise OSError

    monkeypatch.setattr(web.socket, "create_connection", connect)
    return tried


def answers(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[Any]:
    """Let the name server answer with these addresses, one list after the other."""
    asked: list[Any] = []

    def look_up(host: str, port: int, **kwargs: Any) -> list[Any]:
        asked.append(host)
        places = turns[min(len(asked), len(turns)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in places]

    monkeypatch.setattr(web.socket, "getaddrinfo", look_up)
    return asked


def test_a_page_is_read_and_nothing_of_the_person_goes_along(site):
    found = fetch(site.page("/a?b=%C3%A6&c=ø".replace("ø", "%C3%B8")))
    assert found.data == b"<title>Hello</title>"
    assert found.charset == "utf-8"
    path, headers = site.asked[0]
    assert path == "/a?b=%C3%A6&c=%C3%B8"
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["user-agent"].startswith("Newsroom (+http")
    assert not {"cookie", "referer", "authorization"} & set(headers)


def test_redirects_are_followed_four_times_and_no_more(site):
    for number in range(6):
        site.leads(f"/{number}", f"/{number + 1}", 301 + number % 2)
    site.page("/5")
    assert fetch(f"{site.address}/1").address == f"{site.address}/5"
    with pytest.raises(NotFetched, match="on and on"):
        fetch(f"{site.address}/0")
    site.leads("/round", "/round")
    with pytest.raises(NotFetched, match="on and on"):
        fetch(f"{site.address}/round")


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/", "http://127.0.0.2/", "http://[::1]/",
        "http://[::ffff:127.0.0.2]/", "http://2130706434/", "http://0x7f.2/", "http://0/",
        "http://10.0.0.1/", "//192.168.1.1/", "http://[fe80::1]/", "http://[fd00::1]/",
    ],
)  # fmt: skip
def test_no_redirect_leads_inside(site, to):
    with pytest.raises(NotFetched, match="not on the public web"):
        fetch(site.leads("/in", to))
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "to",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://x/", "http://127.0.0.1:22/", "http://["],
)
def test_no_redirect_leads_to_another_service(site, to):
    with pytest.raises(NotFetched):
        fetch(site.leads("/in", to))
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f000001/",
        "http://017700000001/", "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://0.0.0.0/", "http://255.255.255.255/", "http://224.0.0.1/", "http://240.0.0.1/",
        "http://100.64.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://[ff02::1]/",
    ],
)  # fmt: skip
def test_an_address_inside_is_never_asked(no_line, address):
    with pytest.raises(NotFetched, match="not on the public web"):
        fetch(address)
    assert no_line == []


@pytest.mark.parametrize(
    "address",
    [
        "", "example.org", "/path", "ftp://example.org/", "file:///etc/passwd", "javascript:x",
        "http://", "http:///x", "http://example.org:22/", "http://example.org:99999/",
        "http://user:word@example.org/", "http://exa mple.org/", "http://example.org/\r\nHost: x",
        "http://example.org\\@127.0.0.1/", "http://[::1", "https://" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused_before_any_look_up(no_line, monkeypatch, address):
    asked = answers(monkeypatch, ["93.184.216.34"])
    with pytest.raises(NotFetched, match="https://…"):
        fetch(address)
    assert (asked, no_line) == ([], [])


def test_one_inside_among_many_outside_is_inside(no_line, monkeypatch):
    answers(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(NotFetched, match="not on the public web"):
        fetch("http://example.org/")
    assert no_line == []


def test_a_name_is_looked_up_once_and_the_checked_address_is_the_one_that_is_asked(
    no_line, monkeypatch
):
    # The second answer would lead inside: it is never asked for.
    asked = answers(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(NotFetched, match="cannot be reached"):
        fetch("http://example.org/")
    assert asked == ["example.org"]
    assert no_line == [("93.184.216.34", 80)]


def test_public_addresses_are_open():
    for place in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"):
        assert is_open(place), place


def test_a_giant_page_is_read_to_its_limit(site):
    found = fetch(site.page("/giant", b"x" * (3 * web.MOST_BYTES)))
    assert len(found.data) == web.MOST_BYTES


def test_a_small_file_that_unpacks_into_a_giant_is_unpacked_to_the_limit(site):
    packed = gzip.compress(b"0" * (64 * web.MOST_BYTES))
    assert len(packed) < web.MOST_BYTES
    found = fetch(site.page("/bomb", packed, Content_Encoding="gzip"))
    assert len(found.data) == web.MOST_BYTES
    assert (
        fetch(site.page("/small", zlib.compress(b"hi"), Content_Encoding="deflate")).data == b"hi"
    )
    for data, kind in ((b"no gzip", "gzip"), (b"x", "br")):
        with pytest.raises(NotFetched):
            fetch(site.page("/odd", data, Content_Encoding=kind))


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_page_that_drips_is_left_in_time(site, monkeypatch, where):
    monkeypatch.setattr(web, "SECONDS", 0.6)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: "
        handler.wfile.write(head if where == "head" else head + b"1\r\n\r\n")
        for _number in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    site.pages["/drip"] = drip
    began = time.monotonic()
    if where == "head":
        with pytest.raises(NotFetched, match="too long"):
            fetch(f"{site.address}/drip")
    else:
        # What came until then is enough.
        assert set(fetch(f"{site.address}/drip").data) == {ord("x")}
    assert time.monotonic() - began < 1.5


def test_a_slow_name_server_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(web, "SECONDS", 0.2)
    monkeypatch.setattr(web.socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(1))
    with pytest.raises(NotFetched, match="too long"):
        fetch("http://example.org/")


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/plain", "x/html", ""])
def test_what_is_no_page_is_not_read(site, kind):
    with pytest.raises(NotFetched, match="no web page"):
        fetch(site.page("/other", b"<title>x</title>", Content_Type=kind))


def test_an_error_and_a_broken_answer_are_told_apart(site):
    with pytest.raises(NotFetched, match="404"):
        fetch(f"{site.address}/absent")
    site.pages["/odd"] = lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n")
    with pytest.raises(NotFetched, match="cannot be reached"):
        fetch(f"{site.address}/odd")
    cut = site.page("/cut", b"<title>As far as it", Content_Length="5000")
    assert fetch(cut).data == b"<title>As far as it"
