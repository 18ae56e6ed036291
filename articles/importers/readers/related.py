"""Blocks of links to other stories: found by their label, taken out with what they say."""

import re

from articles.importers.readers import bylines, shapes
from articles.importers.readers.furniture import is_section_name
from articles.importers.readers.keys import Phrases, line_key, words_of
from articles.importers.readers.lines import Line, width
from articles.importers.readers.records import RelatedItem
from articles.importers.readers.vocabulary import related as vocabulary
from articles.text.sentences import ends_sentence

_LABELS = Phrases((vocabulary.LABELS,))
_DOUBTFUL = Phrases((vocabulary.DOUBTFUL,))
_INLINE_ENTRIES = sorted(
    {entry.strip() for entry in vocabulary.INLINE.split("|") if entry.strip()},
    key=len,
    reverse=True,
)
_INLINE_ALONE = Phrases((vocabulary.INLINE,))
_INLINE_WORDS = "|".join(
    re.escape(entry).replace(r"don\ t", r"don['’]t") for entry in _INLINE_ENTRIES
)
_INLINE = re.compile(
    rf"^[\W_]{{0,4}}(?:{_INLINE_WORDS})\s?(?:[:：>»→|]|\s[–—-]\s)[\s>»→]*(?P<title>\S.*)$",
    re.IGNORECASE,
)
_LONG_INLINE_WORDS = "|".join(
    re.escape(entry)
    for entry in _INLINE_ENTRIES
    if " " in entry or len(entry) > 8 or not entry.isascii()
)
_APPENDED = re.compile(
    rf"(?<=[.!?”»\"。])\s*[(\[]?(?:{_LONG_INLINE_WORDS})\s?[:：]\s?(?P<title>[^.。]{{8,160}})[)\]]?$",
    re.IGNORECASE,
)
_TRAILING_BY = re.compile(
    r"\s*[-–—|,(]?\s+(?:by|von|par|por|di|door)\s+(?P<who>(?:(?!\sby\s)[^|()]){3,60})\)?$",
    re.IGNORECASE,
)
#: A title does not stop at these: what follows them belongs to it ("The House Built by …").
_UNFINISHED = frozenset(
    "built made written drawn painted seen told led run won the a an of and is was are were".split()
)
_IN_BRACKETS = re.compile(r"^(?P<title>[^()]{6,160}?)\s*\((?P<about>[^()]{6,90})\)$")
_MOST_ITEMS = 40
#: Furniture that begins another part of the page.
_ENDING = frozenset(
    {"comments", "footer", "cookie", "title", "meta", "newsletter", "login", "share", "follow"}
)


class RelatedDesk:
    """Goes through a story's lines and takes the blocks of related stories out of them."""

    def __init__(self, lines: list[Line], language: str, *, day_first: bool) -> None:
        self.lines = lines
        self.language = language
        self.day_first = day_first
        self.items: list[RelatedItem] = []

    def take(self) -> list[RelatedItem]:
        """Return the related items in source order; their lines become "related"."""
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if self._is_label(index):
                line.state = "related-label"
                index = self._block(index + 1)
                continue
            if line.zone == "related" and line.state in {"", "related"}:
                index = self._zone(index)
                continue
            if line.open or line.state in {"nav", "newsletter"}:
                self._inline(line)
            index += 1
        return self.items

    def _is_label(self, index: int) -> bool:
        line = self.lines[index]
        if line.state.startswith("related") or width(line.text) > 70 or not line.text:
            return False
        key = line_key(line.text.rstrip(":："))
        if key not in _LABELS:
            return key in _INLINE_ALONE and self._pair_follows(index)
        if key not in _DOUBTFUL and not line.hint.startswith("h"):
            return (
                not self._prose_follows(index)
                or line.state != ""
                or not shapes.is_title_case(line.text)
                or line.text.endswith((":", "："))
            )
        return not self._prose_follows(index)

    def _prose_follows(self, index: int) -> bool:
        following = next((line for line in self.lines[index + 1 :] if line.open), None)
        return following is not None and shapes.is_prose(following) and not following.is_item

    def _pair_follows(self, index: int) -> bool:
        """Whether a title and a line about it come next: then "Read more" heads a block."""
        if index + 2 >= len(self.lines):
            return False
        title, about = self.lines[index + 1 : index + 3]
        found = bylines.read_line(about.text, self.language, day_first=self.day_first)
        return (
            title.open
            and shapes.is_title_like(title.text)
            and words_of(title.text) > 2
            and not self._meta(title)
            and found is not None
            and found.found
        )

    def _zone(self, index: int) -> int:
        end = index
        while end < len(self.lines) and self.lines[end].zone == "related":
            end += 1
        return max(self._collect(index, end, in_zone=True), index + 1)

    def _block(self, start: int) -> int:
        end = start
        while end < len(self.lines) and end - start < _MOST_ITEMS * 4:
            line = self.lines[end]
            if self._is_label(end) or line.hint == "rule":
                break
            if line.open and self._ends_block(start, end):
                break
            if line.state in _ENDING:
                break
            end += 1
        return self._collect(start, self._without_heading(start, end))

    def _ends_block(self, start: int, index: int) -> bool:
        line = self.lines[index]
        if line.zone in {"related", "aside"}:
            return False
        earlier = [each for each in self.lines[start:index] if each.open]
        if line.hint in {"h1", "h2"} and earlier and earlier[0].hint != line.hint:
            return True
        if _TAG_LINE.match(line.text):
            return True
        if earlier and earlier[0].is_item and not line.is_item and not self._meta(line):
            return True
        if self._meta(line):
            return False
        if line.is_item and width(line.text) < 160:
            return False
        return shapes.is_prose(line) or (
            # A teaser belongs to the item above it; a sentence of the body stands off.
            shapes.is_sentence(line)
        )

    def _meta(self, line: Line) -> bytes | object | None:
        return bylines.read_line(line.text, self.language, day_first=self.day_first)

    def _without_heading(self, start: int, end: int) -> int:
        """Where body text follows, the last "title" may be the heading over it: give it back."""
        if end >= len(self.lines) or not self.lines[end].open or self._is_label(end):
            return end
        titles = [
            i for i in range(start, end) if self.lines[i].open and not self._meta(self.lines[i])
        ]
        if len(titles) < 2 or titles[-1] != end - 1:
            return end
        if self.lines[titles[-1]].text.endswith((":", "：")):
            return titles[-1]
        last, others = self.lines[titles[-1]], [self.lines[i] for i in titles[:-1]]
        if last.is_item:
            return end
        marked = others[0].is_item
        with_meta = titles[-1] - titles[0] > len(titles) - 1
        set_off = (
            last.blanks > 0
            and all(line.blanks == 0 for line in others[1:])
            and (len(others) > 1 or others[0].blanks < last.blanks or others[0].blanks == 0)
        )
        hinted = bool(last.hint) and last.hint != others[0].hint
        terse = words_of(last.text) + 1 < min(words_of(line.text) for line in others)
        if marked or with_meta or set_off or hinted or terse or self._body_has_headings(start):
            return titles[-1]
        return end

    def _body_has_headings(self, before: int) -> bool:
        lines = [line for line in self.lines[:before] if line.open]
        return any(
            not shapes.is_prose(one)
            and shapes.is_title_like(one.text)
            and shapes.is_prose(two)
            and shapes.is_prose(zero)
            for zero, one, two in zip(lines, lines[1:], lines[2:], strict=False)
        )

    def _collect(self, start: int, end: int, *, in_zone: bool = False) -> int:
        """Turn the lines from `start` to `end` into items; return where the block ended."""
        item: RelatedItem | None = None
        pending: bylines.Meta | None = None
        opened = [line for line in self.lines[start:end] if line.open]
        # Where no line is a bare title, each line is an item with its day behind it.
        compact = bool(opened) and all(self._meta(line) for line in opened)
        for index in range(start, end):
            line = self.lines[index]
            if not line.open:
                continue
            line.state = "related"
            meta = self._meta(line)
            if meta and (compact or line.is_item) and not bylines.byline(line.text):
                left = bylines.read_meta(line.text, self.language, day_first=self.day_first).rest
                meta = None if left and not is_section_name(left) else meta
            lonely = self._is_lone_author(line, index, end, item)
            if lonely and item:
                item.author = lonely
                continue
            named = bylines.is_name(line.text) and not bylines.byline(line.text)
            if meta and not (named and not meta.found):
                if item and _lacks(item, meta):
                    _complete(item, meta)
                else:
                    pending = meta
                continue
            if is_section_name(line.text) or (in_zone and shapes.is_sentence(line)):
                continue
            if line_key(line.text) in _LABELS:
                continue
            found = read_item(line, self.language, day_first=self.day_first)
            if found:
                item = found
                if pending:
                    _complete(item, pending)
                    pending = None
                self.items.append(item)
        return end

    def _is_lone_author(
        self, line: Line, index: int, end: int, item: RelatedItem | None
    ) -> str | None:
        if item is None or item.author or item.date or item.views is not None or line.is_item:
            return None
        if people := bylines.byline(line.text):
            found = bylines.read_meta(line.text, self.language, day_first=self.day_first)
            return None if found.found else bylines.credit(line.text, people)
        if not bylines.is_name(line.text) or index + 1 >= end:
            return None
        following = bylines.read_meta(self.lines[index + 1].text, self.language)
        return line.text if following.found and not following.rest else None

    def _inline(self, line: Line) -> None:
        text = line.text.strip("()[]【】 ") if line.text[:1] in "([【" else line.text
        if match := _INLINE.match(text):
            title = match["title"].strip()
            if width(title) > 180 or line.hint.startswith("h") or words_of(title) < 2:
                return
            if ends_sentence(title) and words_of(title) > 16 and not title.endswith(("?", "!")):
                return
            line.state = ""
            made = read_item(
                Line(title, title, line.number, href=line.href),
                self.language,
                day_first=self.day_first,
            )
            if made:
                line.state = "related"
                self.items.append(made)
            return
        if line.open and (match := _APPENDED.search(line.text)):
            made = read_item(
                Line(match["title"], match["title"], line.number),
                self.language,
                day_first=self.day_first,
            )
            if made:
                self.items.append(made)
                line.text = line.text[: match.start()].rstrip()


_TAG_LINE = re.compile(
    r"^(?:tags?|topics|labels|filed under|теги|метки|etiquetas|schlagwörter)\s?:", re.IGNORECASE
)


def read_item(line: Line, language: str, *, day_first: bool) -> RelatedItem | None:
    """Return the related story that a line names, with what else stands on it."""
    text = line.text.strip()
    if (match := _IN_BRACKETS.match(text)) and (
        about := bylines.read_line(match["about"], language, day_first=day_first)
    ):
        url = line.href if line.href.startswith(("http://", "https://", "/")) else None
        title, author = _trailing_credit(match["title"]) or (match["title"], None)
        item = RelatedItem(title, author=author, url=url)
        _complete(item, about)
        return item
    found = bylines.read_meta(text, language, day_first=day_first)
    url = line.href if line.href.startswith(("http://", "https://", "/")) else None
    if not found.found:
        author = None
        if cut := _trailing_credit(text):
            text, author = cut
        elif len(parts := re.split(r"\s+[|–—-]\s+", text)) > 1 and len(parts) < 4:
            *title, who = parts
            if bylines.byline(who):
                author = bylines.credit(who, bylines.byline(who))
                text = text[: text.rfind(who)].rstrip(" |–—-")
        title = text.strip(" -–—|•·»›→")
        return RelatedItem(title, author=author, url=url) if re.search(r"\w", title) else None
    pieces = [piece for piece in found.rest.split(" | ") if piece]
    author = None
    for index in range(len(pieces) - 1, -1, -1):
        people = bylines.byline(pieces[index]) or (
            bylines.names(pieces[index]) if index or len(pieces) > 2 else []
        )
        if people and len(pieces) > 1:
            author = bylines.credit(pieces[index], people)
            del pieces[index]
            break
    if not pieces:
        return None
    start = text.find(pieces[0])
    last = pieces[-1]
    stop = text.find(last, start) + len(last)
    whole = text[start:stop] if start >= 0 and stop > start and len(pieces) > 1 else pieces[0]
    if author and author in whole:
        whole = pieces[0]
    if not author and (cut := _trailing_credit(whole)):
        whole, author = cut
    title = whole.strip(" -–—|•·»›→,(")
    if not re.search(r"[^\W\d_]", title):
        return None
    return RelatedItem(
        title, author=author, date=found.published or found.updated, views=found.views, url=url
    )


def _trailing_credit(text: str) -> tuple[str, str] | None:
    """Return a title and the credit behind it; None where "by …" is a part of the title."""
    match = _TRAILING_BY.search(text)
    if not match:
        return None
    people = bylines.names(match["who"])
    before = text[: match.start()].strip()
    # "Night by Night by Ada Fenn" loses its credit, "Counting Bats by the Sound" loses nothing.
    if not people or not all(map(bylines.is_name, people)) or words_of(before) < 2:
        return None
    if line_key(before).rpartition(" ")[2] in _UNFINISHED:
        return None
    return before, bylines.credit(match["who"], people) or people[0]


def _lacks(item: RelatedItem, meta: bylines.Meta) -> bool:
    day = meta.published or meta.updated
    return (
        (bool(meta.authors) and item.author is None)
        or (day is not None and item.date is None)
        or (meta.views is not None and item.views is None)
        or (not meta.authors and day is None and meta.views is None)
    )


def _complete(item: RelatedItem, meta: bylines.Meta) -> None:
    item.author = item.author or bylines.credit(meta.line, meta.authors)
    item.date = item.date or meta.published or meta.updated
    item.views = meta.views if item.views is None else item.views
