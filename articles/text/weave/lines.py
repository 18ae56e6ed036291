"""A body as lines: each paragraph, heading, list item or cell with its words, and the way back.

A line remembers the lists and tables it stands in, each under a name, so that lines of one list
become one list again, whatever was put between them or moved.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from lxml import html as lxml_html
from lxml.html import HtmlElement

from articles.text.words import TOKEN

#: Blocks that hold words and nothing else.
_LEAVES = frozenset({"p", "h2", "h3", "h4", "cite"})
#: Blocks that hold blocks.
_HOLDERS = frozenset(
    {"ul", "ol", "li", "blockquote", "aside", "table", "thead", "tbody", "tr", "th", "td"}
)
_INLINE = ("a", "strong", "em", "s", "sub", "sup")
#: Sort of a line that stands for an empty list, row or cell.
HOLE = "#"
#: Sort of a line that is one thing: a figure, a rule.
WHOLE = "="

_TOKEN = re.compile(rf"\s+|{TOKEN.pattern}")


class Token(NamedTuple):
    """A word, a space, a sign, or an element that stands in a line as one (`<br>`).

    marks: the tags around it with their attributes, outermost first: `a href="…"`, `strong`.
    """

    text: str
    marks: tuple[str, ...] = ()

    @property
    def is_markup(self) -> bool:
        return len(self.text) > 1 and self.text[0] == "<"


@dataclass(frozen=True)
class Holder:
    """A list, quote, table, row or cell around a line: tag, attributes as written, and a name."""

    tag: str
    attributes: str
    name: str


@dataclass(frozen=True)
class Line:
    """One line. sort: its tag; "" for words that stand in no block of their own."""

    sort: str
    tokens: tuple[Token, ...] = ()
    path: tuple[Holder, ...] = ()
    text: str = field(default="", compare=False)


def tokens(text: str) -> list[str]:
    """Cut plain text into tokens; joined again they are the text."""
    return _TOKEN.findall(text)


def read_lines(body: str) -> list[Line]:
    """Return the lines of a cleaned body, in reading order."""
    if not body.strip():
        return []
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    return list(_walk(root, (), count(1)))


def _walk(element: HtmlElement, path: tuple[Holder, ...], names: Iterator[int]) -> Iterator[Line]:
    run: list[Token] = []
    found = False
    _add_text(run, element.text, ())
    for child in element:
        if child.tag in _LEAVES or child.tag in _HOLDERS or child.tag in {"hr", "figure"}:
            for line in (*_bare(run, path), *_block(child, path, names)):
                found = True
                yield line
            run = []
        elif isinstance(child.tag, str):
            _inline(child, run, ())
        _add_text(run, child.tail, ())
    for line in _bare(run, path):
        found = True
        yield line
    if not found and path:
        yield Line(HOLE, (), path)


def _block(child: HtmlElement, path: tuple[Holder, ...], names: Iterator[int]) -> Iterator[Line]:
    if child.tag in _HOLDERS:
        holder = Holder(child.tag, _attributes(child), str(next(names)))
        yield from _walk(child, (*path, holder), names)
    elif child.tag in _LEAVES:
        run: list[Token] = []
        _add_text(run, child.text, ())
        for inner in child:
            _inline(inner, run, ())
            _add_text(run, inner.tail, ())
        yield _line(child.tag, run, path)
    else:
        yield Line(WHOLE, (Token(_written(child)),), path, _written(child))


def _bare(run: list[Token], path: tuple[Holder, ...]) -> Iterator[Line]:
    if any(token.text.strip() for token in run):
        yield _line("", run, path)


def _line(sort: str, run: list[Token], path: tuple[Holder, ...]) -> Line:
    words = "".join([" " if token.is_markup else token.text for token in run])
    return Line(sort, tuple(run), path, " ".join(words.split()))


def _inline(element: HtmlElement, run: list[Token], marks: tuple[str, ...]) -> None:
    if not isinstance(element.tag, str):
        return
    plain = element.tag in _INLINE and not any(
        name == "class" or name.startswith("data-") for name in element.attrib
    )
    if not plain:
        run.append(Token(_written(element), marks))
        return
    inner = (*marks, f"{element.tag}{_attributes(element)}")
    _add_text(run, element.text, inner)
    for child in element:
        _inline(child, run, inner)
        _add_text(run, child.tail, inner)


def _add_text(run: list[Token], text: str | None, marks: tuple[str, ...]) -> None:
    run.extend(Token(one, marks) for one in tokens(text or ""))


def _attributes(element: HtmlElement) -> str:
    return "".join(
        f' {name}="{html.escape(value)}"' for name, value in sorted(element.attrib.items())
    )


def _written(element: HtmlElement) -> str:
    return lxml_html.tostring(element, encoding="unicode", with_tail=False)


def write_lines(lines: Iterable[Line]) -> str:
    """Return the body that consists of `lines`."""
    out: list[str] = []
    stack: list[Holder] = []
    bare = False
    for line in lines:
        keep = 0
        while keep < min(len(stack), len(line.path)) and stack[keep].name == line.path[keep].name:
            keep += 1
        if keep < len(stack) or keep < len(line.path) or line.sort:
            bare = False
        while len(stack) > keep:
            out.append(f"</{stack.pop().tag}>")
        for holder in line.path[keep:]:
            out.append(f"<{holder.tag}{holder.attributes}>")
            stack.append(holder)
        if line.sort in {WHOLE, HOLE}:
            out += [token.text for token in line.tokens]
        elif line.sort:
            out.append(f"<{line.sort}>{write_tokens(line.tokens)}</{line.sort}>")
        else:
            # Two lines without a block of their own would run together.
            out.append(f"{'<br>' if bare else ''}{write_tokens(line.tokens)}")
            bare = True
    out += [f"</{holder.tag}>" for holder in reversed(stack)]
    return "".join(out)


def write_tokens(run: Iterable[Token]) -> str:
    """Return the HTML of a line's words."""
    out: list[str] = []
    around: tuple[str, ...] = ()
    for text, marks in run:
        if marks != around:
            keep = 0
            while keep < min(len(around), len(marks)) and around[keep] == marks[keep]:
                keep += 1
            out += [f"</{mark.partition(' ')[0]}>" for mark in reversed(around[keep:])]
            out += [f"<{mark}>" for mark in marks[keep:]]
            around = marks
        # Words have nothing to escape.
        is_written = text.isalnum() or text == " " or (len(text) > 1 and text[0] == "<")
        out.append(text if is_written else html.escape(text, quote=False))
    out += [f"</{mark.partition(' ')[0]}>" for mark in reversed(around)]
    return "".join(out)


def in_order(marks: Iterable[str]) -> tuple[str, ...]:
    """Return marks in the one order in which they nest."""
    return tuple(sorted(marks, key=lambda mark: (_INLINE.index(mark.partition(" ")[0]), mark)))
