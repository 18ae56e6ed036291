"""What a body holds, read once: its blocks of words, its links and its headings in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import html as lxml_html
from lxml.html import HtmlElement

#: Elements whose words stand by themselves. A list or a table has none of its own.
_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "cite", "hr", "table", "thead",
     "tbody", "tr", "th", "td"}
)  # fmt: skip
HEADINGS = frozenset({"h2", "h3", "h4"})


@dataclass(frozen=True)
class Link:
    """One link: where it leads (None without an address) and its words, folded."""

    href: str | None
    text: str


@dataclass(frozen=True)
class Block:
    """The words of one paragraph, heading, list item or cell.

    tag: "p" for words that stand in no block at all. text: white space folded; raw: as it came;
    lines: the text cut at line breaks.
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
    found = False
    for child in element:
        if isinstance(child.tag, str) and child.tag in _BLOCKS:
            if block := _made(tag, words, links):
                found = True
                yield block
            words, links = [], []
            # The editor puts a paragraph into every list item.
            inner = list(_blocks(child, tag if (tag, child.tag) == ("li", "p") else child.tag))
            found = found or bool(inner)
            yield from inner
        else:
            _inline(child, words, links)
        words.append(child.tail or "")
    if block := _made(tag, words, links):
        yield block
    elif not found and tag in {"p", "li", *HEADINGS} and element.getparent() is not None:
        yield Block(tag, "", "", ())


def _inline(element: HtmlElement, words: list[str], links: list[Link]) -> None:
    """Add the words and links of an element inside a line, those of its children included."""
    if element.tag == "br":
        words.append("\n")
        return
    if not isinstance(element.tag, str):
        return
    content = element.text_content()
    words.append(content)
    for one in (element, *element.iterdescendants("a")):
        if one.tag == "a":
            links.append(Link(one.get("href"), " ".join(one.text_content().split())))


def _made(tag: str, words: list[str], links: list[Link]) -> Block | None:
    raw = "".join(words)
    text = " ".join(raw.split())
    if not text and not links:
        return None
    lines = tuple(folded for line in raw.split("\n") if (folded := " ".join(line.split())))
    return Block(tag, text, raw, lines, tuple(links))
