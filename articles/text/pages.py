"""What a web page says about itself: its title, who wrote it, for whom, and when."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml import etree, html

from articles.text.dates import find_dates
from articles.text.encoding import NotText, decode
from articles.text.html import clean_line

#: What columns hold: longer claims are cut at a word.
_LONGEST = {"title": 300, "author": 200, "source": 120}
_LONGEST_ADDRESS = 500
#: An encoding that the page names in its first bytes.
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})""", re.I
)
_HEAD_BYTES = 4096
#: Encodings of the web: codecs of other kinds unpack, or take for ever.
_ENCODINGS = re.compile(
    r"utf-(?:8|16|16-le|16-be|32)|cp\d{3,4}|iso8859-\d{1,2}|koi8-[ru]|gb18030|gbk|big5|big5hkscs|"
    r"euc_jp|euc_kr|shift_jis|iso2022_jp|mac-(?:roman|cyrillic)|tis-620"
)
#: What browsers take these names for.
_TAKEN_FOR = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}
#: Parts of an address that count visitors and change nothing on the page.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref_src")
#: Between a story's title and its site's name.
_SEPARATOR = re.compile(r"\s+[|·•—–»-]\s+")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_STORY = re.compile(r"(?:Article|Posting|Report|Review|WebPage)$")
_DATA_LIMIT = 200_000
_DATA_ITEMS = 500


@dataclass(frozen=True)
class PageFacts:
    """What was found; "" for what the page does not say. `date` is YYYY-MM-DD."""

    title: str = ""
    source: str = ""
    author: str = ""
    date: str = ""
    address: str = ""


def read_page(data: bytes, address: str, charset: str = "") -> PageFacts:
    """Return what the HTML in `data`, which came from `address`, says about itself.

    charset: what the server called the encoding; the page's own word and its bytes are asked
    next. Broken HTML is read as far as it goes; what is no HTML at all says only its host.
    """
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    text = _text(data, charset)
    try:
        tree = html.document_fromstring(_without_declaration(text)) if text.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = None
    if tree is None:
        return PageFacts(source=host, address=_tidy(address))
    said = _metas(tree)
    story = _story(tree)
    source = _first("source", said.get("og:site_name"), _name(story.get("publisher")))
    title = _first("title", said.get("og:title"), _name(story.get("headline")))
    if not title:
        title = _without_site(
            _first("title", _of(tree, "//title"), _of(tree, "//h1")), source, host
        )
    return PageFacts(
        title=title,
        source=source or host,
        author=_first(
            "author",
            _name(story.get("author")),
            said.get("author"),
            said.get("article:author"),
            _of(tree, "//*[@rel='author' or @itemprop='author']"),
        ),
        date=_day(
            said.get("article:published_time"),
            story.get("datePublished"),
            said.get("date"),
            said.get("dc.date"),
            said.get("datepublished"),
            *tree.xpath("//time/@datetime")[:1],
            _of(tree, "//time"),
        ),
        address=_canonical(tree, address, host),
    )


def _text(data: bytes, charset: str) -> str:
    named = [charset, *(found.decode() for found in _META_CHARSET.findall(data[:_HEAD_BYTES])[:1])]
    for name in [] if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) else named:
        try:
            # What browsers take "latin-1" for; a page that is cut ends inside a letter.
            known = codecs.lookup(name).name
            known = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}.get(
                known, known
            )
            if _ENCODINGS.fullmatch(known):
                return codecs.getincrementaldecoder(known)().decode(data)
        except (LookupError, ValueError):
            continue
    try:
        return decode(data).text
    except NotText:
        return data.decode("utf-8", errors="replace")


def _without_declaration(text: str) -> str:
    # lxml refuses text that says in which bytes it once was.
    return re.sub(r"^\s*<\?xml[^>]*>", "", text.replace("\x00", ""))


def _metas(tree: Any) -> dict[str, str]:
    """What meta elements say, by name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if value := (meta.get("content") or "").strip():
            found.setdefault(name.strip().lower(), value)
    return found


def _story(tree: Any) -> dict[str, Any]:
    """The page's own story among its linked data (JSON-LD); articles before the page itself."""
    best: dict[str, Any] = {}
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:10]:
        try:
            # A deep nest of brackets is a RecursionError.
            data = json.loads((script.text or "")[:_DATA_LIMIT], strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if not any(isinstance(kind, str) and _STORY.search(kind) for kind in kinds):
                continue
            if "WebPage" not in kinds:
                return item
            best = best or item
    return best


def _items(data: Any) -> Iterator[dict[str, Any]]:
    """Every object on the first floors of linked data: lists, graphs, the main entity."""
    waiting = [data]
    for _number in range(_DATA_ITEMS):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting.extend(item[:_DATA_ITEMS])
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("@graph", "mainEntity") if key in item)


def _name(value: Any) -> str:
    """A name in linked data: a text, an object with a name, or a list of either."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        names = [_name(one) for one in value[:10] if not isinstance(one, list)]
        return ", ".join(dict.fromkeys(filter(None, names)))
    return value if isinstance(value, str) else ""


def _first(kind: str, *claims: str | None) -> str:
    """The first claim that is words; an address is no name."""
    for claim in claims:
        # Once more: many pages encode what is encoded already ("&amp;#8217;").
        line = clean_line(unescape(claim or ""))
        if line and not line.lower().startswith(("http://", "https://", "@")):
            return _cut(line, _LONGEST[kind])
    return ""


def _cut(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    return f"{line[: limit - 1].rpartition(' ')[0] or line[: limit - 1]}…"


def _of(tree: Any, path: str) -> str:
    """The words of the first element at `path`."""
    found = tree.xpath(f"({path})[1]")
    return "".join(found[0].itertext())[:2000] if found else ""


def _without_site(title: str, source: str, host: str) -> str:
    """ "Pilots vote - The Example" is called "Pilots vote" where the site's name is known."""
    names = {_plain(name) for name in (source, host, *host.split(".")[:-1])}
    breaks = list(_SEPARATOR.finditer(title))
    if breaks and _plain(title[breaks[-1].end() :]) in names - {""}:
        return title[: breaks[-1].start()]
    if breaks and _plain(title[: breaks[0].start()]) in names - {""}:
        return title[breaks[0].end() :]
    return title


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold()).removeprefix("the")


def _day(*claims: Any) -> str:
    """The first claim that is a day of the calendar; a time keeps the day of its own place."""
    for claim in claims:
        if not isinstance(claim, str) or not claim.strip():
            continue
        line = clean_line(claim)[:100]
        if found := _ISO_DAY.match(line):
            try:
                return date.fromisoformat(found[0]).isoformat()
            except ValueError:
                continue
        days = [one.day for one in find_dates(line) if one.day]
        if days:
            return days[0].isoformat()
    return ""


def _canonical(tree: Any, address: str, host: str) -> str:
    """The address that the page calls its own, on its own host; else where it was found."""
    for href in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        try:
            there = urljoin(address, href.strip())
            parts = urlsplit(there)
            same = (parts.hostname or "").removeprefix("www.") == host
        except ValueError:
            continue
        # A front page as everybody's canonical address is a slip of the site's.
        known = parts.path.strip("/") or not urlsplit(address).path.strip("/")
        if parts.scheme in {"http", "https"} and same and known and len(there) <= _LONGEST_ADDRESS:
            return there
    return _tidy(address)


def _tidy(address: str) -> str:
    """The address without fragment and without what counts visitors."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return parts._replace(query=query, fragment="").geturl()
