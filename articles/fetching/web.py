"""Read a page from the web whose address a person typed.

The address is not to be trusted. Every name is resolved first, every address that it resolves
to must be a public one, and the connection is made to exactly an address that was checked, so
that a second answer of the name server changes nothing. Each redirect starts anew. Time and size
are limited for the whole way, not for its steps.
"""

import io
import socket
import ssl
import threading
import time
import zlib
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from articles.conf import conf

SECONDS = 5.0
MOST_BYTES = 512 * 1024
MOST_REDIRECTS = 4
_LONGEST_ADDRESS = 2000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: IPv6 addresses that stand for an IPv4 address behind a translator (RFC 6052).
_TRANSLATED = ip_network("64:ff9b::/96")
#: All of IPv6 that is given to the public internet.
_GIVEN_OUT = ip_network("2000::/3")


class NotFetched(Exception):
    """The page cannot be read; the message is a sentence for whoever asked."""


@dataclass(frozen=True)
class Fetched:
    """A page: the address at the end of all redirects, its first bytes, the encoding's name."""

    address: str
    data: bytes
    charset: str = ""


def fetch(address: str) -> Fetched:
    """Return the HTML page at `address`; at most `MOST_BYTES` of it. Raises NotFetched."""
    deadline = time.monotonic() + SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        parts = _checked(address)
        try:
            answer, line = _ask(parts, deadline)
        except TimeoutError:
            raise NotFetched(_("That site takes too long to answer.")) from None
        except (OSError, HTTPException, ValueError):
            raise NotFetched(_("That site cannot be reached.")) from None
        with line:
            if answer.status in _REDIRECTS and (further := answer.getheader("Location")):
                address = _joined(address, further)
                continue
            if answer.status != 200:
                text = _("That site answers with an error (%(status)d).")
                raise NotFetched(text % {"status": answer.status})
            if answer.headers.get_content_type() not in _HTML:
                raise NotFetched(_("There is no web page at that address."))
            charset = answer.headers.get_content_charset("")
            return Fetched(parts.geturl(), _body(answer), charset)
    raise NotFetched(_("That address leads on and on."))


# --- the address ---------------------------------------------------------------------------------


def _checked(address: str) -> SplitResult:
    """Return the parts of an address that may be asked. Raises NotFetched."""
    refusal = NotFetched(_("Only addresses of web pages can be read: https://…"))
    address = address.strip()
    if len(address) > _LONGEST_ADDRESS or any(char <= " " or char == "\x7f" for char in address):
        raise refusal
    try:
        parts = urlsplit(address)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        raise refusal from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "\\" in address:
        raise refusal
    # A name and password in an address would be sent to whoever it leads to.
    if port not in conf("PAGE_PORTS") or parts.username is not None:
        raise refusal
    return parts._replace(fragment="")


def _joined(address: str, further: str) -> str:
    try:
        # Header lines are read as Latin-1; many sites send UTF-8.
        further = further.encode("latin-1").decode("utf-8", errors="replace")
        return iri_to_uri(urljoin(address, further))
    except (ValueError, UnicodeError):
        raise NotFetched(_("That site cannot be reached.")) from None


def _places(host: str, port: int, deadline: float) -> list[str]:
    """Return the IP addresses of `host`, all of them checked. Raises NotFetched and OSError."""
    found: list[Any] = []

    def resolve() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as problem:
            found.append(problem)

    # A name server may be slow, and a look-up knows no time limit.
    looking = threading.Thread(target=resolve, daemon=True)
    looking.start()
    looking.join(max(0.0, deadline - time.monotonic()))
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise OSError(str(found[0]))
    places = list(dict.fromkeys(row[4][0] for row in found[0]))
    if not places or not all(map(is_open, places)):
        # One inside among many outside is how a name server is made to lie in turns.
        raise NotFetched(_("That address is not on the public web."))
    return places


def is_open(place: str) -> bool:
    """Whether an IP address is one of the public internet, or of a network the site allows."""
    address = ip_address(place.partition("%")[0])
    if any(address in ip_network(network) for network in conf("PAGE_NETWORKS")):
        return True
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_open(str(inner))
        if address.sixtofour or address.teredo or address not in _GIVEN_OUT:
            return False
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


# --- the connection ------------------------------------------------------------------------------


class _Line(io.RawIOBase):
    """A connected socket that lets nobody wait beyond one moment, however slowly it drips."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        self.line, self.deadline = line, deadline

    def readable(self) -> bool:
        return True

    def _hurry(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.line.settimeout(left)

    def readinto(self, buffer: Any) -> int:
        self._hurry()
        return self.line.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        self._hurry()
        self.line.sendall(data)

    def makefile(self, mode: str, *args: Any, **kwargs: Any) -> io.BufferedReader:
        return io.BufferedReader(_Line(self.line, self.deadline))


def _ask(parts: SplitResult, deadline: float) -> tuple[HTTPResponse, socket.socket]:
    """Return the answer to a request, its head read, and the connection to close after it."""
    host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    try:
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise OSError(host) from None
    line = _Line(_connected(_places(host, port, deadline), port, deadline), deadline)
    try:
        if parts.scheme == "https":
            line._hurry()
            line.line = _trust().wrap_socket(line.line, server_hostname=host)
        asking = HTTPConnection(host, port)
        asking.sock = line
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        asking.request(
            "GET",
            iri_to_uri(path),
            headers={
                "User-Agent": f"Newsroom (+{settings.SITE_URL}/)",
                "Accept": "text/html, application/xhtml+xml",
                "Accept-Encoding": "gzip",
                "Connection": "close",
            },
        )
        return asking.getresponse(), line.line
    except BaseException:
        line.line.close()
        raise


def _connected(places: list[str], port: int, deadline: float) -> socket.socket:
    problem: OSError = OSError()
    for place in places[:4]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((place, port), timeout=left)
        except OSError as found:
            problem = found
    raise problem


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _body(answer: HTTPResponse) -> bytes:
    """Return the first bytes of the page, unpacked; what came before a break is enough."""
    packed = answer.getheader("Content-Encoding", "identity").strip().lower()
    if packed not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise NotFetched(_("That site cannot be reached."))
    pieces, size = [], 0
    try:
        while size < MOST_BYTES and (piece := answer.read1(min(65_536, MOST_BYTES - size))):
            pieces.append(piece)
            size += len(piece)
    except TimeoutError:
        if not size:
            raise NotFetched(_("That site takes too long to answer.")) from None
    except (OSError, HTTPException, ValueError):
        pass
    data = b"".join(pieces)
    if packed in {"identity", ""}:
        return data
    try:
        # Unpacked only as far as it is read: a small file can hold a very large one.
        return zlib.decompressobj(wbits=47).decompress(data, MOST_BYTES)
    except zlib.error:
        raise NotFetched(_("That site cannot be reached.")) from None
