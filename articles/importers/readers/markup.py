"""HTML, whole pages or remnants in a plain text, as lines with hints. One linear scan."""

import html
import re
from dataclasses import dataclass, field
from itertools import islice

from articles.importers.readers.lines import Line, fold, lines_of, make_line
from articles.importers.readers.records import UnreadableSource

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,14})((?:[\s/][^<>]*)?)>")
_COMMENT = re.compile(r"<!(?:--|\[CDATA\[|doctype)|<\?xml", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ATTRIBUTE = re.compile(r"([a-zA-Z:-]{1,40})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby "
    "s samp small span strike strong sub sup time tt u var wbr nobr img picture source input "
    "amp figure-link".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body br button caption center col colgroup dd details dialog "
    "div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html "
    "legend li link main menu meta nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul video audio title head".split()
)
_SKIPPED = frozenset(
    "script style noscript svg template iframe object textarea select canvas math".split()
)
_VOID = frozenset("br hr img input link meta col source wbr".split())
_KNOWN = _INLINE | _BLOCK | _SKIPPED
_ZONES = {
    "nav": "nav", "footer": "footer", "aside": "aside", "form": "form", "button": "form",
    "dialog": "form", "figcaption": "caption", "caption": "caption", "title": "title",
}  # fmt: skip
#: Words in a class or id that tell what a part of a page is.
_CLASS_ZONES = (
    (
        "related",
        r"related|recommend|read-?next|more-(?:stories|news|on)|most-read|trending|popular",
    ),
    ("caption", r"caption|photo-?credit|image-?credit"),
    ("nav", r"breadcrumb|navbar|nav-?menu|menu|site-?header|masthead|skip-?link|pagination"),
    (
        "form",
        r"share|social|newsletter|cookie|consent|gdpr|advert|ad-?(?:slot|unit|banner|container)|"
        r"promo|subscri|sign-?up|paywall|pop-?up|modal|comments?|sidebar|site-?footer|whatsapp|"
        r"chat-?widget|back-?to-?top",
    ),
)
_CLASS = [
    (zone, re.compile(rf"(?<![a-z])(?:{words})(?![a-z]{{4}})", re.IGNORECASE))
    for zone, words in _CLASS_ZONES
]


#: More elements than any article's page has: such a file is data.
MAX_TAGS = 40_000


@dataclass
class Page:
    """Lines of a source, and what its markup says about the story beside its text."""

    lines: list[Line]
    #: Lower-case names ("author", "og:title", "title", "lang", …) to values.
    meta: dict[str, list[str]] = field(default_factory=dict)


def decode_entities(text: str) -> str:
    """Return text with HTML entities decoded, once: "&amp;amp;" becomes "&amp;"."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def read_page(text: str) -> Page:
    """Return the lines of a source with or without HTML in it."""
    known = (match for match in _TAG.finditer(text) if match[2].lower() in _KNOWN)
    tags = list(islice(known, MAX_TAGS + 1))
    if len(tags) > MAX_TAGS:
        raise UnreadableSource(f"The file has too much markup: more than {MAX_TAGS:,} tags.")
    if not tags:
        return Page(lines_of(decode_entities(_without_comments(text))))
    return _Scanner(_without_comments(text)).scan()


def _without_comments(text: str) -> str:
    out, position = [], 0
    while match := _COMMENT.search(text, position):
        start = match.start()
        closing = "-->" if match[0] == "<!--" else "]]>" if "[" in match[0] else ">"
        end = text.find(closing, match.end())
        out.append(text[position:start])
        if end < 0:
            # Never closed: only its opening is markup.
            position = match.end()
            continue
        if closing == "]]>":
            out.append(text[match.end() : end])
        position = end + len(closing)
    return "".join([*out, text[position:]])


class _Scanner:
    """Goes through a text with tags once and writes down its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.page = Page([])
        self.stack: list[tuple[str, str]] = []
        self.buffer: list[str] = []
        self.strong = 0
        self.strong_text = 0
        self.href, self.link_text, self.in_link = "", 0, False
        self.number, self.blanks = 1, 0
        self.folds = "</p>" in text.lower() or "</li>" in text.lower()

    def scan(self) -> Page:
        position, lowered = 0, self.text.lower()
        for match in _TAG.finditer(self.text):
            if match.start() < position:
                continue
            name = match[2].lower()
            if name not in _KNOWN:
                continue
            self._write(self.text[position : match.start()])
            position = match.end()
            if name in _SKIPPED:
                end = lowered.find(f"</{name}", position) if not match[1] else -1
                if end >= 0:
                    position = lowered.find(">", end) + 1 or len(self.text)
                continue
            if match[1]:
                self._close(name)
            else:
                self._open(name, match[3])
        self._write(self.text[position:])
        self._flush()
        self._forget_greedy_zones()
        return self.page

    def _open(self, name: str, attributes: str) -> None:
        given = {
            key.lower(): decode_entities(value.strip("\"'"))
            for key, value in _ATTRIBUTE.findall(attributes)
        }
        if name == "meta":
            key = given.get("property") or given.get("name") or given.get("itemprop") or ""
            if key and given.get("content"):
                self.page.meta.setdefault(key.lower(), []).append(fold(given["content"]))
        elif name == "html" and given.get("lang"):
            self.page.meta["lang"] = [given["lang"]]
        elif name == "time" and given.get("datetime"):
            self.page.meta.setdefault("time", []).append(given["datetime"])
        if name in _INLINE:
            if name == "a":
                self.in_link = True
                self.href = self.href or given.get("href", "")
            self.strong += name in {"b", "strong"}
            return
        if name in {"td", "th"} and "".join(self.buffer).strip():
            self.buffer.append(" | ")
        elif name not in {"td", "th"}:
            self._flush()
        if name in {"p", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"}:
            self.blanks = max(self.blanks, 1)
        if name == "p":
            self._close_open("p", "div")
        elif name == "li":
            self._close_open("li", "ul")
        if name not in _VOID:
            self.stack.append((name, self._zone_of(name, given)))
            del self.stack[:-200]

    def _zone_of(self, name: str, given: dict[str, str]) -> str:
        if zone := _ZONES.get(name):
            return zone
        if name in {"html", "body", "main", "article"}:
            return ""
        label = f"{given.get('class', '')} {given.get('id', '')}"
        for zone, pattern in _CLASS:
            if pattern.search(label[:300]):
                return f"class-{zone}"
        return ""

    def _close_open(self, name: str, barrier: str) -> None:
        """Close an element that HTML lets its successor close."""
        for depth in range(len(self.stack) - 1, -1, -1):
            if self.stack[depth][0] == name:
                del self.stack[depth:]
                return
            if self.stack[depth][0] in {barrier, "ol", "article", "body", "section"}:
                return

    def _close(self, name: str) -> None:
        if name in _INLINE:
            self.strong -= name in {"b", "strong"} and self.strong > 0
            self.in_link = self.in_link and name != "a"
            return
        if name not in {"td", "th"}:
            self._flush()
        if name in {"p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"}:
            self.blanks = max(self.blanks, 1)
        for depth in range(len(self.stack) - 1, -1, -1):
            if self.stack[depth][0] == name:
                del self.stack[depth:]
                return

    def _write(self, text: str) -> None:
        folding = self.folds and any(
            name in {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "figcaption", "title"}
            for name, _ in self.stack[-6:]
        )
        # A blank line ends a paragraph even where a closing tag is missing.
        pieces = re.split(r"\n[^\S\n]*\n\s*", text) if folding else text.split("\n")
        for index, piece in enumerate(pieces):
            if index:
                self._flush()
                if folding or not piece.strip():
                    self.blanks += 1
                self.number += 1
            if piece:
                visible = len(piece.strip())
                self.strong_text += visible if self.strong else 0
                self.link_text += visible if self.in_link else 0
                self.buffer.append(decode_entities(piece))

    def _flush(self) -> None:
        raw, self.buffer = "".join(self.buffer), []
        strong, self.strong_text = self.strong_text, 0
        link, self.link_text = self.link_text, 0
        href, self.href = self.href, self.href if self.in_link else ""
        if not raw.strip():
            return
        names = [name for name, _ in self.stack]
        zones = [zone for _, zone in self.stack if zone]
        line = make_line(raw, self.number, self.blanks)
        self.blanks = 0
        if ("title" in names and "head" in names) or names[-1:] == ["title"]:
            self.page.meta.setdefault("title", []).append(line.text)
            return
        line.zone = zones[-1] if zones else ""
        if len(line.text) and link * 2 > len(line.text):
            line.href = href
        if not line.hint:
            line.hint = self._hint(names, line, strong)
        self.page.lines.append(line)

    @staticmethod
    def _hint(names: list[str], line: Line, strong: int) -> str:
        for name in reversed(names):
            if name in {"h1", "h2", "h3", "h4", "h5", "h6"}:
                return name
            if name == "li":
                kind = next((n for n in reversed(names) if n in {"ul", "ol"}), "ul")
                return "oli" if kind == "ol" else "li"
            if name == "blockquote":
                return "quote"
            if name in {"article", "body", "main"}:
                break
        return "strong" if strong >= len(line.text.rstrip(": ")) > 0 else ""

    def _forget_greedy_zones(self) -> None:
        """A class that covers most of the text names the page, not a piece of furniture on it."""
        lines = self.page.lines
        total = sum(len(line.text) for line in lines)
        covered = sum(len(line.text) for line in lines if line.zone.startswith("class-"))
        for line in lines:
            if line.zone.startswith("class-"):
                line.zone = "" if covered * 2 > total else line.zone.removeprefix("class-")
