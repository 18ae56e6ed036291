"""The one HTML that an article's body may be: semantic, sanitised, without scripts or styles.

What the editor may write (`EDITOR_EXTENSIONS`) and what the sanitiser lets through
(`clean_body`) are one list, so that nothing an editor makes is lost on save.
"""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import nh3
from lxml import html as lxml_html
from lxml.html import HtmlElement

from articles.text.structure import OWN_MEDIA, shaped

#: Configuration of django-prose-editor's field, and by it of the sanitiser.
EDITOR_EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Pullquote": True,
    "Cite": True,
    "Picture": True,
    "Embed": True,
    "Footnote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
    "SpecialCharacters": True,
}

_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "cite", "hr", "br",
    "strong", "em", "s", "sub", "sup", "a",
    "table", "thead", "tbody", "tr", "th", "td",
    "aside", "figure", "figcaption", "img",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "ol": {"start", "type"},
    "th": {"rowspan", "colspan"},
    "td": {"rowspan", "colspan"},
    "figure": {"data-picture", "data-embed", "class"},
    "img": {"src", "alt", "width", "height"},
    "aside": {"class"},
    "sup": {"class"},
}
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
#: Attributes of which only some values are allowed.
_VALUES = {
    "width": _NUMBER,
    "height": _NUMBER,
    "rowspan": _NUMBER,
    "colspan": _NUMBER,
    "start": re.compile(r"-?[0-9]{1,6}"),
    "type": re.compile(r"[1aAiI]"),
    "data-picture": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "data-embed": re.compile(r"https://[a-zA-Z0-9.-]+(?::[0-9]+)?(?:[/?#][!-~]*)?"),
}
_CLASSES = {"figure": "embed", "aside": "pullquote", "sup": "footnote"}
_BLOCKS = "p|h2|h3|h4|ul|ol|blockquote|table|hr|aside|figure|figcaption"


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, or None to leave the attribute out."""
    if name == "class":
        return value if value == _CLASSES.get(tag) else None
    if name == "src":
        return value if _is_own_picture(value) else None
    if name in _VALUES:
        return value if _VALUES[name].fullmatch(value) else None
    return value


def _is_own_picture(address: str) -> bool:
    """Whether an address is a file of this site's own media, and cannot lead out of it."""
    rest = address.removeprefix(OWN_MEDIA)
    return rest != address and ".." not in rest and bool(re.fullmatch(r"[\w./~-]+", rest))


_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)
# Control characters have no place in text, PostgreSQL refuses a NUL, and in feeds and sitemaps one
# of these makes the whole file unreadable.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EMPTY = re.compile(rf"<({_BLOCKS})>\s*</\1>")


# One save cleans one body half a dozen times on its way, and counts its words as often.
@lru_cache(maxsize=8)
def clean_body(source: str) -> str:
    """Return `source` as the allowed HTML; bare text becomes paragraphs. Idempotent."""
    cleaned = _cleaner.clean(_CONTROL.sub("", source)).strip()
    if (whole := shaped(cleaned)) != cleaned:
        # What was unwrapped may stand where a browser would put it elsewhere.
        cleaned = _cleaner.clean(whole).strip()
    if cleaned and "<" not in cleaned:
        parts = [part.strip() for part in re.split(r"\n\s*\n", cleaned)]
        cleaned = "".join(f"<p>{part}</p>" for part in parts if part)
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def clean_line(text: str) -> str:
    """Return a one-line text (headline, credit): no control characters, white space folded."""
    return " ".join(_CONTROL.sub("", text).split())


@lru_cache(maxsize=8)
def plain_text(body: str) -> str:
    """Return the words of an HTML body, a line break between blocks; entities decoded."""
    text = re.sub(rf"</(?:{_BLOCKS}|li|tr)>|<br>|<hr>", "\n", body)
    text = re.sub(r"</t[hd]>|<cite>|<sup class=\"footnote\">", " ", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return "\n".join(line for raw in text.split("\n") if (line := " ".join(raw.split())))


@lru_cache(maxsize=8)
def word_count(text: str) -> int:
    """Return the number of words; each Han or kana character counts for half a word."""
    ideographs = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", text))
    words = len(re.findall(r"[^\W\u3040-\u30ff\u3400-\u9fff]+(?:['’\-][^\W_]+)*", text))
    return words + (ideographs + 1) // 2


def from_blocks(blocks: Iterable[Any]) -> str:
    """Return an HTML body from imported blocks (`type`, `text`, `items`, `level`, `ordered`)."""
    out = []
    for block in blocks:
        text = html.escape(block.text, quote=False)
        if block.type == "heading":
            level = min(max(block.level, 2), 4)
            out.append(f"<h{level}>{text}</h{level}>")
        elif block.type == "list":
            tag = "ol" if block.ordered else "ul"
            items = "".join(
                f"<li><p>{html.escape(item, quote=False)}</p></li>" for item in block.items
            )
            out.append(f"<{tag}>{items}</{tag}>")
        elif block.type == "quote":
            out.append(f"<blockquote><p>{text}</p></blockquote>")
        else:
            out.append(f"<p>{text}</p>")
    return clean_body("".join(out))


def fragments(body: str) -> list[HtmlElement]:
    """Return the top-level elements of a cleaned body."""
    found = lxml_html.fragments_fromstring(body) if body else []
    return [element for element in found if isinstance(element, HtmlElement)]
