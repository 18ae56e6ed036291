"""What a body holds, read once: its blocks of words, its links and its headings in order."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import html as lxml_html
from lxml.html import HtmlElement

#: Elements whose words stand by themselves. A list or a table has none of its own.
_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "cite", "hr", "table", "thead",
     "tbody", "tr", "th", "td", "aside", "figure", "figcaption"}
)  # fmt: skip
HEADINGS = frozenset({"h2", "h3", "h4"})


@dataclass(frozen=True)
class Link:
    """One link: where it leads (None without an address) and its words, folded."""

    href: str | None
    text: str


@dataclass(frozen=True)
class Block:
    """The words of one paragraph, heading, list item, cell, caption or note.

    tag: "p" for words that stand in no block at all, "note" for a note, "figure" for an embed.
    text: white space folded; raw: as it came; lines: the text cut at line breaks.
    """

    tag: str
    text: str
    raw: str
    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Body:
    """A body as the checks read it; blocks without words are among the blocks."""

    blocks: tuple[Block, ...]

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(link for block in self.blocks for link in block.links)

    @property
    def headings(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.tag in HEADINGS)


# A gate of twenty checkers reads one body twenty times.
@lru_cache(maxsize=32)
def read_body(body: str) -> Body:
    """Return what a cleaned HTML body holds, in the order of the text."""
    if not body.strip():
        return Body(())
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    return Body(tuple(_blocks(root, "p")))


def _blocks(element: HtmlElement, tag: str) -> Iterator[Block]:
    """Yield the blocks inside `element`; words of its own belong to a block `tag`."""
    words: list[str] = [element.text or ""]
    links: list[Link] = []
    notes: list[str] = []
    found = False
    for child in element:
        if isinstance(child.tag, str) and child.tag in _BLOCKS:
            for block in _made(tag, words, links, notes):
                found = True
                yield block
            words, links, notes = [], [], []
            # The editor puts a paragraph into every list item.
            inner = list(_blocks(child, tag if (tag, child.tag) == ("li", "p") else child.tag))
            found = found or bool(inner)
            yield from inner
        else:
            _inline(child, words, links, notes)
        words.append(child.tail or "")
    last = _made(tag, words, links, notes)
    yield from last
    if not (found or last) and tag in {"p", "li", *HEADINGS} and element.getparent() is not None:
        yield Block(tag, "", "", ())


def _inline(element: HtmlElement, words: list[str], links: list[Link], notes: list[str]) -> None:
    """Add the words and links of an element inside a line, those of its children included."""
    if element.tag == "br":
        words.append("\n")
        return
    if not isinstance(element.tag, str):
        return
    words.append(_words(element, notes))
    for one in (element, *element.iterdescendants("a")):
        if one.tag == "a":
            links.append(Link(one.get("href"), " ".join(one.text_content().split())))


def _words(element: HtmlElement, notes: list[str]) -> str:
    """Return what stands in the line itself; a note's words are put among `notes`."""
    if element.tag == "sup" and element.get("class") == "footnote":
        notes.append(element.text_content())
        return ""
    inner = (_words(child, notes) + (child.tail or "") for child in element)
    return (element.text or "") + "".join(inner)


def _made(tag: str, words: list[str], links: list[Link], notes: list[str]) -> list[Block]:
    """Return the block of a line's words, and a block for each of its notes."""
    made = []
    raw = "".join(words)
    if raw.strip() or links:
        made.append(_block(tag, raw, tuple(links)))
    return made + [_block("note", note) for note in notes if note.strip()]


def _block(tag: str, raw: str, links: tuple[Link, ...] = ()) -> Block:
    lines = tuple(folded for line in raw.split("\n") if (folded := " ".join(line.split())))
    return Block(tag, " ".join(raw.split()), raw, lines, links)


@dataclass(frozen=True)
class Picture:
    """A picture in a text: its uid, and its alt text there."""

    uid: str
    alt: str


_PICTURE = re.compile(r'<figure data-picture="([0-9a-f-]{36})"><img[^>]*? alt="([^"]*)"')


def pictures(body: str) -> list[Picture]:
    """Return the pictures of a cleaned body, in order."""
    return [Picture(uid, html.unescape(alt)) for uid, alt in _PICTURE.findall(body)]
