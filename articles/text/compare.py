"""What changed between two texts: by word, by block of a body, by field of a snapshot.

Every comparison is bounded. Blocks are aligned first and words only inside blocks that belong
together; where a stretch has nothing to hold on to and is too long to search, it counts as
replaced.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from lxml import html as lxml_html
from lxml.html import HtmlElement

from articles.text.matching import matches
from articles.text.words import TOKEN, UNSPACED, Words


@dataclass(frozen=True)
class Piece:
    """A run of text that both sides have ("same"), or only the earlier or the later one."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item, table cell …, and what became of it.

    "style": the words are the same, and only formatting, links or the block's sort differ.
    tag: its sort, as the later side has it; links: addresses that it lost and got.
    """

    kind: Literal["same", "gone", "new", "changed", "style"]
    tag: str
    pieces: list[Piece]
    links: list[Piece] = field(default_factory=list)


#: Pairs of blocks that are looked at where a stretch of blocks was rewritten.
_BLOCK_PAIRS = 10_000
#: Share of common words from which two blocks are one block, changed.
_ALIKE = 0.4

# --- words -------------------------------------------------------------------------------------


def compare_text(before: str, after: str) -> list[Piece]:
    """Return the pieces of two texts, in order; what is gone stands before what came for it.

    Without the new pieces they are `before`, without the gone ones `after`, to the letter.
    """
    if before == after:
        return [Piece("same", before)] if before else []
    old, new = Words(before), Words(after)
    runs = matches(old.tokens, new.tokens)
    pieces = _Pieces()
    i = j = 0
    for a, b, size in _without_islands(runs, old, new):
        pieces.add("gone", old.text_between(i, a))
        pieces.add("new", new.text_between(j, b))
        for step in range(size):
            # The space before a word may have changed though the word has not.
            gaps = old.gap(a + step), new.gap(b + step)
            if gaps[0] == gaps[1]:
                pieces.add("same", gaps[0])
            else:
                pieces.add("gone", gaps[0])
                pieces.add("new", gaps[1])
            pieces.add("same", old.tokens[a + step])
        i, j = a + size, b + size
    pieces.add("gone", old.text_between(i, len(old.tokens)))
    pieces.add("new", new.text_between(j, len(new.tokens)))
    last = old.gap(len(old.tokens)), new.gap(len(new.tokens))
    if last[0] == last[1]:
        pieces.add("same", last[0])
    else:
        pieces.add("gone", last[0])
        pieces.add("new", last[1])
    return pieces.done()


class _Pieces:
    """Collects pieces: neighbours of one kind become one, and what is gone comes first."""

    def __init__(self) -> None:
        self._done: list[Piece] = []
        self._open = {"same": "", "gone": "", "new": ""}

    def add(self, kind: str, text: str) -> None:
        if not text:
            return
        if kind == "same":
            self._close_change()
        elif self._open["same"] and not (self._open["gone"] or self._open["new"]):
            self._keep(self._open["same"])
            self._open["same"] = ""
        self._open[kind] += text

    def _close_change(self) -> None:
        """End a change; the space around a word that was replaced is no part of it."""
        gone, new = self._open["gone"], self._open["new"]
        if gone and new:
            lead = _shared_space(gone, new)
            tail = _shared_space(gone[lead:][::-1], new[lead:][::-1])
            self._keep(gone[:lead])
            self._open["gone"] = gone[lead : len(gone) - tail]
            self._open["new"] = new[lead : len(new) - tail]
            self._close("gone")
            self._close("new")
            self._open["same"] = gone[len(gone) - tail :]
            return
        self._close("gone")
        self._close("new")

    def _keep(self, text: str) -> None:
        """Put unchanged text behind what is done already."""
        if text and self._done and self._done[-1].kind == "same":
            text = self._done.pop().text + text
        if text:
            self._done.append(Piece("same", text))

    def _close(self, kind: Literal["gone", "new"]) -> None:
        if self._open[kind]:
            self._done.append(Piece(kind, self._open[kind]))
            self._open[kind] = ""

    def done(self) -> list[Piece]:
        if self._open["gone"] or self._open["new"]:
            self._close_change()
        self._keep(self._open["same"])
        return self._done


def _shared_space(one: str, other: str) -> int:
    """How many characters of white space both texts begin with."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs or not mine.isspace():
            break
        length += 1
    return length


def _without_islands(runs: list[tuple[int, int, int]], old: Words, new: Words) -> Iterator:
    """Leave out a word or two that stayed by chance amid a stretch that was rewritten."""
    ends = [*runs, (len(old.tokens), len(new.tokens), 0)]
    i = j = 0
    for (a, b, size), (next_a, next_b, _size) in pairwise(ends):
        changed_before = max(len(old.text_between(i, a)), len(new.text_between(j, b)))
        changed_after = max(
            len(old.text_between(a + size, next_a)), len(new.text_between(b + size, next_b))
        )
        kept = len(old.text_between(a, a + size).strip())
        if kept <= min(changed_before, changed_after) and kept < 12:
            continue
        yield a, b, size
        i, j = a + size, b + size


# --- blocks ------------------------------------------------------------------------------------

_SORTS = {"p", "h2", "h3", "h4", "li", "blockquote", "aside", "figcaption", "td", "th"}
_HOLDERS = {*_SORTS, "div", "ul", "ol", "table", "thead", "tbody", "tr", "hr", "figure", "img"}


@dataclass(frozen=True)
class _Part:
    """One block of a body: its words, and a mark of how they are dressed."""

    tag: str
    text: str
    dress: str
    links: tuple[str, ...]


def compare_bodies(before: str, after: str) -> list[Block]:
    """Return the blocks of two cleaned bodies, in order, with the words inside changed ones."""
    old, new = _parts(before), _parts(after)
    runs = matches([part.text for part in old], [part.text for part in new])
    blocks: list[Block] = []
    i = j = 0
    for a, b, size in [*runs, (len(old), len(new), 0)]:
        blocks += _rewritten(old[i:a], new[j:b])
        blocks += [_kept(old[a + step], new[b + step]) for step in range(size)]
        i, j = a + size, b + size
    return blocks


def _kept(old: _Part, new: _Part) -> Block:
    pieces = [Piece("same", new.text)] if new.text else []
    if (old.tag, old.dress) == (new.tag, new.dress):
        return Block("same", new.tag, pieces)
    return Block("style", new.tag, pieces, _links(old, new))


def _links(old: _Part, new: _Part) -> list[Piece]:
    gone, came = Counter(old.links), Counter(new.links)
    return [
        *(Piece("gone", address) for address in (gone - came).elements()),
        *(Piece("new", address) for address in (came - gone).elements()),
    ]


def _rewritten(old: list[_Part], new: list[_Part]) -> list[Block]:
    """A stretch of blocks that are all different: pair those that are alike, in order."""
    blocks: list[Block] = []
    i = j = 0
    pairs = alike_pairs([part.text for part in old], [part.text for part in new])
    for a, b in [*pairs, (len(old), len(new))]:
        blocks += [Block("gone", part.tag, [Piece("gone", part.text)]) for part in old[i:a]]
        blocks += [Block("new", part.tag, [Piece("new", part.text)]) for part in new[j:b]]
        if a < len(old):
            pieces = compare_text(old[a].text, new[b].text)
            blocks.append(Block("changed", new[b].tag, pieces, _links(old[a], new[b])))
        i, j = a + 1, b + 1
    return blocks


def alike_pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of like texts, without crossing, whose likeness is most in sum."""
    if not old or not new:
        return []
    if len(old) * len(new) > _BLOCK_PAIRS:
        # Too many to look at: what was rewritten at such length keeps its order, roughly.
        half, other = (len(old) + 1) // 2, (len(new) + 1) // 2
        rest = alike_pairs(old[half:], new[other:])
        return alike_pairs(old[:half], new[:other]) + [(half + i, other + j) for i, j in rest]
    ours, theirs = [_features(text) for text in old], [_features(text) for text in new]
    # best[i][j]: the most that the blocks from i and from j on can reach.
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    joined: set[tuple[int, int]] = set()
    for i in range(len(old) - 1, -1, -1):
        mine, row, below = ours[i], best[i], best[i + 1]
        for j in range(len(new) - 1, -1, -1):
            most = below[j] if below[j] >= row[j + 1] else row[j + 1]
            alike = 2 * len(mine & theirs[j]) / (len(mine) + len(theirs[j]) or 1)
            if alike >= _ALIKE and alike + below[j + 1] > most:
                most = alike + below[j + 1]
                joined.add((i, j))
            row[j] = most
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if (i, j) in joined:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _features(text: str) -> set[str]:
    """What makes a text recognisable: its words, and pairs of letters where it has no spaces."""
    tokens = TOKEN.findall(text)
    return {
        one + other if UNSPACED.match(one) else one
        for one, other in pairwise([*tokens, ""])
        if len(one) > 1 or one.isalnum()
    }


def _parts(body: str) -> list[_Part]:
    """The blocks of a cleaned body, in reading order; empty ones are left out."""
    if not body.strip():
        return []
    parts: list[_Part] = []
    _walk(lxml_html.fragment_fromstring(body, create_parent="div"), "p", "", parts)
    return parts


def _walk(element: HtmlElement, sort: str, around: str, parts: list[_Part]) -> None:
    """Add the blocks inside `element`; bare words between blocks are blocks of the same sort.

    around: what an item's looks depend on, such as the sort and depth of its list.
    """
    inline = _Inline(sort, around)
    inline.add_text(element.text)
    for child in element:
        if child.tag in _HOLDERS:
            inline.close(parts)
            if child.tag == "hr":
                parts.append(_Part("hr", "", "hr", ()))
            if child.tag == "img":
                # Of a picture, words can say what it shows; another picture is another dress.
                parts.append(_Part("img", child.get("alt", ""), f"img {child.get('src')}", ()))
                inline.add_text(child.tail)
                continue
            inner = child.tag if child.tag in _SORTS - {"p"} else sort
            marks = "".join(f" {name}={value}" for name, value in sorted(child.items()))
            deeper = around if child.tag == "p" else f"{around}/{child.tag}{marks}"
            _walk(child, inner, deeper, parts)
        else:
            inline.add(child)
        inline.add_text(child.tail)
    inline.close(parts)


class _Inline:
    """Collects a run of words and inline elements until a block ends it."""

    def __init__(self, sort: str, around: str) -> None:
        self.sort, self.around = sort, around
        self._start()

    def _start(self) -> None:
        self.text = self.dress = ""
        self.links: list[str] = []

    def add_text(self, text: str | None) -> None:
        self.text += text or ""
        self.dress += text or ""

    def add(self, element: HtmlElement) -> None:
        if element.tag == "br":
            # A sign of its own until white space is folded.
            self.add_text("\v")
            return
        if element.tag == "a":
            self.links.append(element.get("href", ""))
        marks = "".join(f" {name}={value}" for name, value in sorted(element.items()))
        self.dress += f"<{element.tag}{marks}>"
        if element.get("class") == "footnote":
            # A note is read beside its sentence, not as a part of it.
            self.add_text(f" [{element.text_content()}]")
            self.dress += "</>"
            return
        self.add_text(element.text)
        for child in element:
            self.add(child)
            self.add_text(child.tail)
        self.dress += "</>"

    def close(self, parts: list[_Part]) -> None:
        text = _folded(self.text)
        if text:
            dress = f"{self.around}|{_folded(self.dress)}"
            parts.append(_Part(self.sort, text, dress, tuple(self.links)))
        self._start()


def _folded(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\v"))
    return "\n".join(lines).strip()


# --- fields ------------------------------------------------------------------------------------


def changed_fields(
    before: Mapping[str, Any], after: Mapping[str, Any], keys: Iterable[str] | None = None
) -> list[str]:
    """Return which of `keys` differ (all keys when none are given), in their order.

    What one side does not have counts as empty there: an older snapshot may lack a field.
    """
    wanted = list(dict.fromkeys([*before, *after])) if keys is None else keys
    return [key for key in wanted if (before.get(key) or None) != (after.get(key) or None)]


@dataclass(frozen=True)
class Item:
    """One thing of a list: kept, gone, new, or kept at another place."""

    kind: Literal["same", "gone", "new", "moved"]
    value: Any


def compare_lists(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Item]:
    """Return the items of two lists in the later order, each gone one where it stood."""
    items: list[Item] = []
    lost, came = Counter(before), Counter(after)
    moved = lost & came
    i = j = 0
    runs = matches(before, after)
    for a, _b, size in runs:
        moved.subtract(before[a : a + size])
    left = {"gone": lost - came, "moved": +moved}
    for a, b, size in [*runs, (len(before), len(after), 0)]:
        for value in before[i:a]:
            if left["gone"][value] > 0:
                left["gone"][value] -= 1
                items.append(Item("gone", value))
        for value in after[j:b]:
            kind = "moved" if left["moved"][value] > 0 else "new"
            left["moved"][value] -= kind == "moved"
            items.append(Item(kind, value))
        items += [Item("same", value) for value in after[b : b + size]]
        i, j = a + size, b + size
    return items
