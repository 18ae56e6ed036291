"""Headings with anchors, and the table of contents made of them."""

from dataclasses import dataclass
from html import escape

from lxml import html as lxml_html

from articles.text.direction import direction_of, has_other_direction
from articles.text.html import fragments
from articles.text.slugs import slugify


@dataclass(frozen=True)
class Heading:
    """One heading of an article: its anchor (unique on the page), text and level (2 to 4)."""

    anchor: str
    text: str
    level: int


#: Ids that the page itself uses: an article's heading must not take them.
_TAKEN = frozenset({"main", "menu", "contents", "related", "latest", "corrections", "share", "top"})


def with_anchors(
    body: str, table_label: str = "Table", way: str = "ltr"
) -> tuple[str, list[Heading]]:
    """Return a cleaned body with an id on every heading, and the headings in order.

    table_label: what a scrolling table is called, with its number behind it. way: the `dir` of
    the article; a part whose letters run the other way is given its own.
    """
    is_mixed = has_other_direction(body, way)
    headings: list[Heading] = []
    seen = set(_TAKEN)
    out = []
    tables = 0
    for element in fragments(body):
        if element.tag in {"h2", "h3", "h4"}:
            text = " ".join(element.text_content().split())
            base = slugify(text, fallback="part", max_length=60)
            anchor, number = base, 2
            while anchor in seen:
                anchor, number = f"{base}-{number}", number + 1
            seen.add(anchor)
            element.set("id", anchor)
            headings.append(Heading(anchor, text, int(element.tag[1])))
        element.tail = None
        if is_mixed and (own := direction_of(element.text_content())) and own != way:
            element.set("dir", own)
        if element.tag == "table":
            # A table wider than a phone scrolls by itself, also by keyboard.
            tables += 1
            name = escape(f"{table_label} {tables}")
            out.append(f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}">')
        out.append(lxml_html.tostring(element, encoding="unicode"))
        if element.tag == "table":
            out.append("</div>")
    return "".join(out), headings
