"""A cleaned body as Markdown: CommonMark, with the tables, strikes and notes of GitHub's dialect.

What Markdown cannot say is said in the HTML that it lets through: sub- and superscripts, and
emphasis where its rules about neighbouring characters would leave the asterisks standing.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

from lxml import html as lxml_html
from lxml.html import HtmlElement

from articles.text.embeds import host_of

#: White space that HTML folds; a no-break space is a character like any other.
_SPACE = re.compile(r"[ \t\n\r\f]+")
#: Characters that mean something wherever they stand; an underscore does not inside a word.
_SPECIAL = re.compile(r"[\\`*\[\]<|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
#: What means something at the start of a line only.
_AT_START = re.compile(r"(?P<sign>[#+\-=:>])|(?P<number>\d{1,9})(?=[.)])")
_ADDRESS = re.compile(r"https?://[^\s<>]+(?<![.,;:!?)\]])")
_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "hr", "table", "aside", "figure", "div"}
)
#: How each element inside a line is marked, where its neighbours let it be.
_MARKS = {"strong": "**", "em": "*", "s": "~~"}
#: A break inside a line until its paragraph is written: all other white space is folded by then.
_BREAK = "\n"


def to_markdown(body: str, page: str) -> str:
    """Return a cleaned body as Markdown, ending without a line break; addresses made whole.

    page: the full address of the story, which its addresses are read from.
    """
    if not body.strip():
        return ""
    writer = _Writer(page)
    text = writer.blocks(lxml_html.fragment_fromstring(body, create_parent="div"))
    notes = [f"[^{number}]: {note}" for number, note in enumerate(writer.notes, start=1)]
    return "\n\n".join([text, *notes] if text else notes)


def escaped(text: str) -> str:
    """Return plain text as one line of a paragraph that reads the same in Markdown."""
    return _line_start(_escaped(_SPACE.sub(" ", text)).strip(" "))


def link(text: str, address: str) -> str:
    """Return a link with plain text; `address` is a full one."""
    return f"[{_escaped(_SPACE.sub(' ', text)).strip(' ')}](<{_destination(address)}>)"


def picture(alt: str, address: str) -> str:
    return f"!{link(alt, address)}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _line_start(line: str) -> str:
    """Keep a line from being taken for a heading, a list or a rule."""
    found = _AT_START.match(line)
    if found is None:
        return line
    if found["sign"]:
        return f"\\{line}"
    return f"{found['number']}\\{line[found.end() :]}"


def _destination(address: str) -> str:
    return re.sub(r"[\s<>\\]|&(?=#?\w+;)", lambda found: _percent(found[0]), address)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


class _Writer:
    """Writes the elements of one body; `notes` fills up on the way."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.notes: list[str] = []
        self.line_break = "\\\n"

    # --- blocks --------------------------------------------------------------------------------

    def blocks(self, parent: HtmlElement) -> str:
        """The blocks inside an element, a blank line between two."""
        written: list[str] = []
        is_tight = parent.tag == "li"
        list_before = ""
        is_other = False
        for block in self._parts(parent):
            if isinstance(block, str):
                text, kind = block, ""
            else:
                kind = block.tag if block.tag in {"ul", "ol"} else ""
                # Two lists behind each other would be one, were their marks the same.
                is_other = bool(kind) and kind == list_before and not is_other
                text = self._list(block, is_other) if kind else self._block(block)
            if text:
                # A list of dots may follow the words of its item at once; no other block may.
                is_tight = is_tight and (
                    kind == "ul" and text[2:3] != "\n" if written else not kind
                )
                written.append(text)
                list_before = kind
        return ("\n" if is_tight else "\n\n").join(written)

    def _parts(self, parent: HtmlElement) -> Iterator[HtmlElement | str]:
        """The blocks of an element, and the words between them as paragraphs."""
        line: list[HtmlElement | str] = [parent.text or ""]
        for child in parent:
            if child.tag in _BLOCKS:
                yield self._paragraph(line)
                yield child
                line = []
            else:
                line.append(child)
            line.append(child.tail or "")
        yield self._paragraph(line)

    def _block(self, block: HtmlElement) -> str:
        known: dict[str, Callable[[HtmlElement], str]] = {
            "h2": self._heading,
            "h3": self._heading,
            "h4": self._heading,
            "hr": lambda rule: "___",
            "table": self._table,
            "blockquote": self._quote,
            "aside": self._quote,
            "figure": self._figure,
        }
        return known.get(block.tag, self.blocks)(block)

    def _paragraph(self, parts: list[HtmlElement | str]) -> str:
        lines = [_line_start(line.strip(" ")) for line in self._inline(parts).split(_BREAK)]
        # A break at either end breaks nothing.
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        return self.line_break.join(lines)

    def _heading(self, heading: HtmlElement) -> str:
        text = " ".join(self._inline(list(_inside(heading))).split())
        # Number signs at the end would be taken for an ornament.
        text = re.sub(r"(?<!\\)#(?=#*$)", r"\\#", text)
        return f"{'#' * int(heading.tag[1])} {text}" if text else ""

    def _quote(self, quote: HtmlElement) -> str:
        return _prefixed(self.blocks(quote), "> ", "> ")

    def _list(self, items: HtmlElement, is_other: bool) -> str:
        written = []
        # Markdown counts from zero at least.
        number = max(int(items.get("start") or 1), 0)
        for item in items.iterchildren("li"):
            # An item of nothing could be taken for a rule, or for an end of the list.
            if text := self.blocks(item):
                mark = ("* " if is_other else "- ") if items.tag == "ul" else ""
                mark = mark or f"{number}{')' if is_other else '.'} "
                written.append(_prefixed(text, mark, " " * len(mark)))
            number += 1
        is_loose = any("\n\n" in text for text in written)
        return ("\n\n" if is_loose else "\n").join(written)

    def _table(self, table: HtmlElement) -> str:
        if self.line_break == "<br>":
            # Inside a cell of another: its words, cell by cell.
            cells = (self.blocks(cell) for cell in table.iter("th", "td"))
            return "\n".join(cell for cell in cells if cell)
        rows: list[list[str]] = []
        heads = []
        for row in table.iter("tr"):
            cells: list[str] = []
            for cell in row.iterchildren("th", "td"):
                cells.append(self._cell(cell))
                cells += [""] * (min(int(cell.get("colspan") or 1), 100) - 1)
            rows.append(cells)
            heads.append(all(cell.tag == "th" for cell in row))
        _leave_room(table, rows)
        width = max((len(row) for row in rows), default=0)
        if not width:
            return ""
        if not heads[0]:
            rows.insert(0, [])
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])

    def _cell(self, cell: HtmlElement) -> str:
        """All of a cell in one line."""
        before, self.line_break = self.line_break, "<br>"
        text = re.sub(r"\n+", "<br>", self.blocks(cell))
        self.line_break = before
        return text

    def _figure(self, figure: HtmlElement) -> str:
        address = figure.get("data-embed")
        if address:
            return f"{link(figure.text_content(), address)} ({_escaped(host_of(address))})"
        parts = [
            picture(image.get("alt") or "", self._whole(image.get("src")))
            for image in figure.iterchildren("img")
        ]
        for caption in figure.iterchildren("figcaption"):
            parts.append(self.blocks(caption))
        return "\n\n".join(part for part in parts if part)

    # --- inside a line ---------------------------------------------------------------------------

    def _inline(self, parts: list[HtmlElement | str]) -> str:
        """What stands in a line, a break in it as `_BREAK`."""
        written = ""
        for place, part in enumerate(parts):
            if isinstance(part, str):
                text = _SPACE.sub(" ", part)
                # White space is folded across the end of an element, too.
                text = _escaped(text.lstrip(" ") if written.endswith((" ", _BREAK)) else text)
                # Behind a note's mark these would make it a link, or the note itself.
                is_taken = written.endswith("]") and text.startswith(("(", ":"))
                written += f"\\{text}" if is_taken else text
            else:
                text = self._element(part, written[-1:], _begins(parts[place + 1 :]))
                if written.endswith("!") and text.startswith("["):
                    # Or the link would be a picture.
                    written = f"{written[:-1]}\\!"
                written += text
        return written

    def _element(self, element: HtmlElement, before: str, after: str) -> str:
        """An element inside a line, between the characters `before` and `after`."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        if tag == "br":
            return _BREAK
        if tag == "sup" and element.get("class") == "footnote":
            return self._note(element)
        inner = self._inline(list(_inside(element)))
        if tag == "a":
            return self._link(element, inner)
        if tag in {"sub", "sup"}:
            return f"<{tag}>{inner}</{tag}>" if inner else ""
        if tag == "cite":
            return self._cited(element, inner, before, after)
        mark = _MARKS.get(tag)
        return inner if mark is None else _marked(inner, mark, tag, before, after)

    def _cited(self, element: HtmlElement, inner: str, before: str, after: str) -> str:
        """Whom a quote is of, to whom a picture is owed; anywhere else the name of a work."""
        if not inner.strip():
            return inner
        above = element.getparent().tag
        if above == "figcaption":
            return f"({inner.strip()})" if before else inner
        if above in {"blockquote", "aside"}:
            return f"— {inner.strip().removeprefix('—').strip()}"
        return _marked(inner, "*", "em", before, after)

    def _link(self, element: HtmlElement, inner: str) -> str:
        text = inner.replace(_BREAK, " ")
        if not text.strip(" "):
            return text
        address = _destination(self._whole(element.get("href")))
        lead, text, rest = _split(text)
        return f"{lead}[{text}](<{address}>){rest}"

    def _whole(self, address: str | None) -> str:
        try:
            return urljoin(self.page, address or "")
        except ValueError:
            # A port of letters, a bracket without its pair: as it stands.
            return address or ""

    def _note(self, element: HtmlElement) -> str:
        text = _SPACE.sub(" ", element.text_content()).strip(" ")
        if not text:
            return ""
        pieces, end = [], 0
        for found in _ADDRESS.finditer(text):
            pieces += [_escaped(text[end : found.start()]), f"<{_destination(found[0])}>"]
            end = found.end()
        self.notes.append(_line_start("".join([*pieces, _escaped(text[end:])])))
        return f"[^{len(self.notes)}]"


def _inside(element: HtmlElement) -> Iterator[HtmlElement | str]:
    yield element.text or ""
    for child in element:
        yield child
        yield child.tail or ""


def _begins(parts: list[HtmlElement | str]) -> str:
    """The first character of what follows; an asterisk where an element does, to be careful."""
    for part in parts:
        if not isinstance(part, str):
            return "*"
        if part:
            return part[0]
    return ""


def _split(text: str) -> tuple[str, str, str]:
    """White space at the start, the rest, and white space at the end."""
    inner = text.strip(" ")
    start = text.index(inner) if inner else 0
    return text[:start], inner, text[start + len(inner) :]


def _marked(inner: str, mark: str, tag: str, before: str, after: str) -> str:
    """Put marks around `inner`: they count only between a word and what is none."""
    lead, text, rest = _split(inner)
    if not text:
        return inner
    outside = (lead or before, rest or after)
    is_clear = not any(char[-1:].isalnum() or char in _NEAR for char in outside)
    if is_clear and text[0].isalnum() and text[-1].isalnum() and _BREAK not in text:
        return f"{lead}{mark}{text}{mark}{rest}"
    return f"{lead}<{tag}>{text}</{tag}>{rest}"


#: Marks of others, beside which a mark would be read as one with them.
_NEAR = frozenset("*_~\\")


def _prefixed(text: str, first: str, others: str) -> str:
    """Put `first` before the first line and `others` before the rest."""
    head, *rest = text.split("\n")
    lines = [f"{first}{head}", *(f"{others}{line}" if line else others.rstrip() for line in rest)]
    return "\n".join(lines)


def _leave_room(table: HtmlElement, rows: list[list[str]]) -> None:
    """Put an empty cell wherever a cell of a row above reaches down to."""
    reach: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(table.iter("tr")):
        place = 0
        for cell in row.iterchildren("th", "td"):
            while reach.get((number, place)):
                rows[number].insert(place, "")
                place += 1
            across, down = (min(int(cell.get(name) or 1), 100) for name in ("colspan", "rowspan"))
            for below in range(1, min(down, len(rows) - number)):
                for beside in range(across):
                    reach[number + below, place + beside] = True
            place += across
        while reach.get((number, place)):
            rows[number].insert(place, "")
            place += 1
