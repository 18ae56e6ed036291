"""How HTTP wants a kept page answered: encodings, conditions, ranges, HEAD (RFC 9110)."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.utils.http import parse_etags, parse_http_date_safe

from articles.pagecache.pages import BROTLI, GZIP, IDENTITY, Headers, Page, Variant

StartResponse = Callable[[str, Headers], Any]
#: Ours, best first.
_PREFERENCE = (BROTLI, GZIP, IDENTITY)
#: What a header of encodings is read up to; no browser sends half of it.
_LONGEST_LIST = 400
#: Headers of an answer 304 (RFC 9110, 15.4.5) and 412.
_SHORT = frozenset(
    "cache-control content-location etag expires last-modified vary surrogate-key cache-tag".split()
)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII | re.I)


def answer(page: Page, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
    """Answer a GET or HEAD with a page."""
    for name in choices(environ.get("HTTP_ACCEPT_ENCODING", "")):
        if name in page.encodings:
            break
    else:
        name = IDENTITY
    variant = page.variants.get(name) or page.variant(name)
    # Headers that make an answer another one than the whole page, by name: this is done each time.
    if (
        "HTTP_IF_NONE_MATCH" in environ
        or "HTTP_IF_MODIFIED_SINCE" in environ
        or "HTTP_RANGE" in environ
        or "HTTP_IF_MATCH" in environ
        or "HTTP_IF_UNMODIFIED_SINCE" in environ
    ) and page.tag:
        return _special(page, variant, environ, start)
    # The server may write into the list.
    start(page.status, variant.headers[:])
    return variant.body if environ["REQUEST_METHOD"] == "GET" else []


@lru_cache(256)
def choices(accepted: str) -> tuple[str, ...]:
    """Return the encodings that a reader takes, best first (RFC 9110, 12.5.3).

    A reader who takes none of ours gets the plain page, as one who says nothing does.
    """
    if not accepted or len(accepted) > _LONGEST_LIST:
        return (IDENTITY,)
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            found = _WEIGHT.fullmatch(parameter)
            weight = float(found[1]) if found else 0.0
        weights["gzip" if name == "x-gzip" else name] = weight
    others = weights.get("*", 0.0)
    ours = {name: weights.get(name, others) for name in (BROTLI, GZIP)}
    # Plain is always welcome unless it is refused, and less than what is asked for.
    ours[IDENTITY] = weights.get(IDENTITY, 0.0005 if "*" not in weights or others else 0.0)
    taken = [name for name in _PREFERENCE if ours[name]]
    return tuple(sorted(taken, key=lambda name: -ours[name]))


def _special(
    page: Page, variant: Variant, environ: dict[str, Any], start: StartResponse
) -> Iterable[bytes]:
    if status := _by_condition(page, variant, environ):
        start(status, [pair for pair in variant.headers if _is_short(pair)])
        return []
    asked = environ.get("HTTP_RANGE", "") if environ["REQUEST_METHOD"] == "GET" else ""
    if asked and page.status.startswith("200"):
        # A part of compressed bytes is of no use to anybody who did not get the other parts so.
        plain = page.variant(IDENTITY)
        size = len(plain.body[0])
        found = _part(asked, size) if _holds(environ.get("HTTP_IF_RANGE"), plain) else None
        if found:
            return _answer_part(plain, *found, start)
        if found == ():
            headers = [pair for pair in plain.headers if _is_short(pair)]
            headers.append(("Content-Range", f"bytes */{size}"))
            headers.append(("Content-Length", "0"))
            start("416 Range Not Satisfiable", headers)
            return []
    start(page.status, variant.headers[:])
    return variant.body if environ["REQUEST_METHOD"] == "GET" else []


def _by_condition(page: Page, variant: Variant, environ: dict[str, Any]) -> str:
    """Return the status that a condition leads to, in the order of RFC 9110, 13.2.2; or ""."""
    date = variant.date
    is_refused = False
    if (wanted := environ.get("HTTP_IF_MATCH")) is not None:
        is_refused = not _is_among(variant.tag, wanted, weakly=False)
    elif limit := _second(environ.get("HTTP_IF_UNMODIFIED_SINCE")):
        is_refused = date > limit
    if is_refused:
        return "412 Precondition Failed"
    if (known := environ.get("HTTP_IF_NONE_MATCH")) is not None:
        return "304 Not Modified" if _is_among(variant.tag, known, weakly=True) else ""
    since = _second(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return "304 Not Modified" if date and since and date <= since else ""


def _second(date: str | None) -> int | None:
    return parse_http_date_safe(date) if date else None


def _is_among(tag: str, listed: str, *, weakly: bool) -> bool:
    """Whether one of the tags of a condition is ours (RFC 9110, 8.8.3.2)."""
    is_weak = tag.startswith("W/")
    # What browsers send.
    if listed == tag:
        return weakly or not is_weak
    tags = parse_etags(listed)
    if weakly:
        tags, tag = [one.removeprefix("W/") for one in tags], tag.removeprefix("W/")
    return tags == ["*"] or (tag in tags and (weakly or not is_weak))


def _holds(condition: str | None, variant: Variant) -> bool:
    """Whether an If-Range (RFC 9110, 13.1.5) lets a part be answered."""
    if condition is None:
        return True
    if condition.startswith(('"', "W/")):
        return condition == variant.tag
    return bool(variant.date) and parse_http_date_safe(condition) == variant.date


def _part(asked: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """Return the first byte asked for and the one after the last; () for none that is there, None
    for anything that is not one range: then the whole page is right."""
    found = _RANGE.fullmatch(asked.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return (size - length, size) if length else ()
    first = int(found[1])
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        return ()
    return first, min(int(found[2]) + 1, size) if found[2] else size


def _answer_part(plain: Variant, first: int, end: int, start: StartResponse) -> Iterable[bytes]:
    body = plain.body[0]
    headers = [pair for pair in plain.headers if pair[0] != "Content-Length"]
    headers.append(("Content-Range", f"bytes {first}-{end - 1}/{len(body)}"))
    headers.append(("Content-Length", str(end - first)))
    start("206 Partial Content", headers)
    return [body[first:end]]


def _is_short(header: tuple[str, str]) -> bool:
    return header[0].lower() in _SHORT
