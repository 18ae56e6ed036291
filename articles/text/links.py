"""Where a link leads, told from its address alone."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urljoin, urlsplit


class Leads(StrEnum):
    """Where a link leads: nowhere, to this site, to a part of its own page, or elsewhere."""

    NOWHERE = "nowhere"
    HERE = "here"
    PART = "part"
    ELSEWHERE = "elsewhere"
    BROKEN = "broken"
    OWN_MACHINE = "own machine"


@dataclass(frozen=True)
class Target:
    """What a link leads to; `path` is decoded: of this site, or the name of a part."""

    leads: Leads
    path: str = ""


#: Addresses that were begun and never written.
_EMPTY = frozenset({"", "#", "http://", "https://", "mailto:"})
#: Addresses that lead readers to their own machines.
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_HOST = re.compile(r"https?:///", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
#: "www.example.org/page", "example.org": an address whose "https://" was forgotten.
_BARE_HOST = re.compile(
    r"www\.[\w-]{1,60}\.|[\w-]{1,60}\.(?:com|org|net|info|eu|gov|edu|co\.uk|de|fr)(?=[/:?#]|$)"
)


def target(href: str | None, site: str, page: str = "/") -> Target:
    """Return where `href` leads for readers of the page `page` of the site `site` (an address)."""
    address = (href or "").strip()
    if address.lower() in _EMPTY:
        return Target(Leads.NOWHERE)
    # No page has a NUL in its address, and PostgreSQL will not be asked for one.
    if "%00" in address or _NO_HOST.match(address):
        return Target(Leads.BROKEN)
    if address.startswith("#"):
        return Target(Leads.PART, unquote(address[1:]))
    try:
        home = urlsplit(site)
        if not address.startswith("/") and _BARE_HOST.match(address):
            return Target(Leads.BROKEN)
        there = urlsplit(urljoin(site + page, address))
        host = there.hostname or ""
        if there.scheme not in _PORTS:
            return Target(Leads.ELSEWHERE)
        if _place(there) == _place(home):
            return Target(Leads.HERE, unquote(there.path) or "/")
    except ValueError:
        # A port of letters, a bracket without its pair.
        return Target(Leads.BROKEN)
    if not host or " " in host:
        return Target(Leads.BROKEN)
    return Target(Leads.OWN_MACHINE if host in _OWN_MACHINE else Leads.ELSEWHERE)


def _place(address: SplitResult) -> tuple[str, int]:
    """Host and port; with and without "www." and encryption, a site is one site."""
    port = address.port or _PORTS[address.scheme]
    host = (address.hostname or "").removeprefix("www.")
    return host, 0 if port in _PORTS.values() else port
