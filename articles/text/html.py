"""The one HTML that an article's body may be: semantic, sanitised, without scripts or styles.

What the editor may write (`EDITOR_EXTENSIONS`) and what the sanitiser lets through
(`clean_body`) are one list, so that nothing an editor makes is lost on save.
"""

import html
import re
from collections.abc import Iterable
from typing import Any

import nh3
from lxml import html as lxml_html
from lxml.html import HtmlElement

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
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
    "HTML": True,
    "SpecialCharacters": True,
}

_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "cite", "hr", "br",
    "strong", "em", "s", "sub", "sup", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "ol": {"start", "type"},
    "th": {"rowspan", "colspan"},
    "td": {"rowspan", "colspan"},
}
_BLOCKS = "p|h2|h3|h4|ul|ol|blockquote|table|hr"
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)
# Control characters have no place in text, and PostgreSQL refuses a NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMPTY = re.compile(rf"<({_BLOCKS})>\s*</\1>")


def clean_body(source: str) -> str:
    """Return `source` as the allowed HTML; bare text becomes paragraphs. Idempotent."""
    cleaned = _cleaner.clean(_CONTROL.sub("", source)).strip()
    if cleaned and "<" not in cleaned:
        parts = [part.strip() for part in re.split(r"\n\s*\n", cleaned)]
        cleaned = "".join(f"<p>{part}</p>" for part in parts if part)
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def clean_line(text: str) -> str:
    """Return a one-line text (headline, credit): no control characters, white space folded."""
    return " ".join(_CONTROL.sub("", text).split())


def plain_text(body: str) -> str:
    """Return the words of an HTML body, a line break between blocks; entities decoded."""
    text = re.sub(rf"</(?:{_BLOCKS}|li|tr)>|<br>|<hr>", "\n", body)
    text = re.sub(r"</t[hd]>", " ", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return "\n".join(line for raw in text.split("\n") if (line := " ".join(raw.split())))


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
