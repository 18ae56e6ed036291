"""A source's text as lines: white space folded, markers and markup turned into hints."""

import re
import unicodedata
from dataclasses import dataclass, field

from articles.text.dates import month_number
from articles.text.sentences import ends_sentence

_RULE = re.compile(r"(?:[=*_~#+\-–—•·.]\s?){3,}")
_SETEXT = re.compile(r"={3,}|-{3,}")
_BULLET = re.compile(r"([-–*+‣⁃→✓✔➤❖◆]\s+|[•●○◦▪▫■□►▸·]\s*)(?=\S)")
_DASHED = re.compile(r"[—―]\s+(?=\S)")
_SPOKEN = re.compile(r"[,!?…]\s[–—-]\s")
_BARE_BULLET = re.compile(r"[-–—*+•●○◦▪▫■□►▸·‣]")
_NUMBER = re.compile(
    r"(\(?(?:\d{1,2}|[a-zа-я])\)|\d{1,2}\.|[IVX]{1,5}[.)]|[ivx]{1,5}[.)]|[a-h]\.|[①-⑳]|"
    r"[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、．.]|[０-９]{1,2}[．、）])"
    r"(?:\s+|(?<=[、．）①-⑳]))(?=\S)"
)
_QUOTED = re.compile(r"(?:>\s?){1,4}(?=\S|$)")
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")
_MD_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)")
_MD_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^()\s]{1,500}|/[^()\s]{0,500})\)")
_MD_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,400}?)(?<=\S)\1")
_MD_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])")
_MD_UNDERSCORE = re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]{1,300}?)(?<=[^\s_])_(?![\w_])")
_WHOLE_STRONG = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1).){1,200}\1:?")


@dataclass
class Line:
    """One logical line of a source.

    `text` is folded and without its marker; `raw` keeps the white space it came with (gaps show
    in it). `blanks` counts the empty lines before it. `hint` is what markup says it is: "h1" to
    "h6", "li", "oli", "quote", "strong", "rule", or "". `zone` is the part of the page markup
    puts it in ("nav", "aside", "related", "caption", …). `state` is what the desk made of it:
    "" (undecided, so body), or the kind of furniture, "meta", "title", "related", ….
    """

    text: str
    raw: str
    number: int
    blanks: int = 0
    indent: int = 0
    hint: str = ""
    zone: str = ""
    marker: str = ""
    href: str = ""
    state: str = ""
    #: A kind of furniture this may be, if its neighbours are furniture too.
    weak: str = ""
    origin: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The line as an editor would recognise it."""
        return " ".join(part for part in (self.marker, self.text) if part)

    @property
    def open(self) -> bool:
        """Whether nobody has decided about it yet."""
        return not self.state

    @property
    def is_item(self) -> bool:
        """Whether it carries the marker of a list."""
        return bool(self.marker) or self.hint in {"li", "oli"}

    @property
    def is_numbered(self) -> bool:
        return self.hint == "oli" or (bool(self.marker) and not _BARE_BULLET.match(self.marker))


def fold(text: str) -> str:
    """Return text on one line, every run of white space as one space."""
    return " ".join(text.split())


def width(text: str) -> int:
    """Return how long a text looks: an ideograph is as long as two letters."""
    if text.isascii():
        return len(text)
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def lines_of(text: str) -> list[Line]:
    """Return the lines of a plain or Markdown text (LF line ends)."""
    lines: list[Line] = []
    blanks = 0
    is_markdown = bool(re.search(r"^#{1,6} \S", text, re.MULTILINE)) or text.count("**") > 3
    for number, raw in enumerate(text.split("\n"), start=1):
        if "\f" in raw:
            lines.append(Line("", raw, number, blanks, hint="rule", marker="\f"))
            raw = raw.replace("\f", " ")
        if not raw.strip():
            blanks += 1
            continue
        line = make_line(raw, number, blanks, markdown=is_markdown)
        previous = lines[-1] if lines else None
        if previous and not blanks and _is_underline(line, previous):
            previous.hint = "h1" if raw.strip()[0] == "=" else "h2"
            previous.text = (
                f"{previous.marker} {previous.text}" if previous.is_item else previous.text
            ).strip()
            previous.marker = ""
        else:
            lines.append(line)
        blanks = 0
    _mark_dash_lists(lines)
    return lines


def _mark_dash_lists(lines: list[Line]) -> None:
    """Two lines or more that begin with a long dash are a list, unless somebody speaks in them.

    In many languages the long dash opens direct speech, and below a quotation it names whose
    words they are; so the lines must follow a colon, or none of them may end like a sentence.
    """
    start = 0
    while start < len(lines):
        stop = start
        while stop < len(lines) and _DASHED.match(lines[stop].text) and not lines[stop].hint:
            stop += 1
        run = lines[start:stop]
        introduced = start > 0 and lines[start - 1].text.endswith((":", "："))
        spoken = any(_SPOKEN.search(line.text) for line in run)
        stopped = any(ends_sentence(line.text) for line in run)
        if len(run) > 1 and not spoken and (introduced or not stopped):
            for line in run:
                line.marker, line.text = line.text[0], line.text[1:].strip()
        start = max(stop, start + 1)


def make_line(raw: str, number: int, blanks: int, *, markdown: bool = False) -> Line:
    """Return one line read for markers and Markdown."""
    text = fold(raw)
    indent = len(raw) - len(raw.lstrip())
    line = Line(text, raw, number, blanks, indent, origin=[text])
    if _RULE.fullmatch(text):
        # Two or three dots or stars in a row are ornaments too, but they hold no text either.
        line.hint = "rule"
        return line
    text = _MD_IMAGE.sub("", text).strip()
    if not text:
        line.hint = "rule"
        return line
    if hashes := _HASHES.match(text):
        line.hint = f"h{len(hashes[1])}"
        text = text[hashes.end() :].rstrip("# ").rstrip() or text
    elif quoted := _QUOTED.match(text):
        line.hint = "quote"
        text = text[quoted.end() :]
    if _BARE_BULLET.fullmatch(text):
        line.marker, line.text = text, ""
        return line
    for pattern in (_BULLET, _NUMBER):
        # "1. **Bold**" has a marker; "**1. Bold**" is a heading with a number.
        if not line.hint and (found := pattern.match(text)):
            if month_number(text[found.end() :].split(" ", 1)[0].strip(",.")):
                # "15. November" is a day.
                break
            line.marker = found[1].strip()
            text = text[found.end() :]
            break
    if not line.hint and _WHOLE_STRONG.fullmatch(text):
        line.hint = "strong"
    if link := _MD_LINK.search(text):
        if len(link[1]) * 2 > len(text) - len(link[2]):
            line.href = link[2]
        text = _MD_LINK.sub(r"\1", text)
    text = _MD_STRONG.sub(r"\2", text)
    if markdown or line.marker:
        text = _MD_EMPHASIS.sub(r"\1", text)
    text = _MD_UNDERSCORE.sub(r"\1", text) if markdown else text
    line.text = text.strip()
    return line


def _is_underline(line: Line, previous: Line) -> bool:
    return (
        line.hint == "rule"
        and bool(_SETEXT.fullmatch(line.raw.strip()))
        and not previous.hint
        and bool(previous.text)
        and len(previous.text) <= 140
        and not ends_sentence(previous.text)
    )
