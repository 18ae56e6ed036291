"""What readers are shown of the difference between two snapshots: field by field, word by word."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editorial.snapshots import Snapshot
from articles.models import Author, Byline, Redirect, Section
from articles.text.compare import Piece, compare_bodies, compare_text

#: What of a snapshot readers are shown, in the order of the page.
COMPARED = ("headline", "standfirst", "byline", "section", "picture", "tags", "body")
FIELD_LABELS = {
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "byline": gettext_lazy("Byline"),
    "section": gettext_lazy("Section"),
    "picture": gettext_lazy("Picture"),
    "tags": gettext_lazy("Topics"),
    "body": gettext_lazy("Text"),
}
LISTS = frozenset({"byline", "section", "picture", "tags"})
#: Of words that stayed, so many characters are shown before and after a change.
CONTEXT = 160


@dataclass(frozen=True)
class Shown:
    """A block of the comparison: its words, or the number of unchanged blocks left out here.

    tag: the sort of block ("" for a line that is none); is_style: only formatting or links differ.
    """

    tag: str = ""
    pieces: list[Piece] = field(default_factory=list)
    links: list[Piece] = field(default_factory=list)
    is_style: bool = False
    left_out: int = 0


@dataclass(frozen=True)
class Difference:
    """One field that differs between two versions."""

    name: str
    blocks: list[Shown]

    @property
    def label(self) -> str:
        return str(FIELD_LABELS[self.name])

    @property
    def is_list(self) -> bool:
        """Whether each piece is an item of its own."""
        return self.name in LISTS


class Names:
    """Names of today for the authors and sections that snapshots call by address.

    Two queries, and two more where an address has moved, for any number of snapshots.
    """

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        wanted: set[tuple[str, str]] = set()
        for data in snapshots:
            wanted |= {("author", line["author"]) for line in data.get("byline", ())}
            if data.get("section"):
                wanted.add(("section", data["section"]))
        self._names = _names(wanted)
        if missing := wanted - set(self._names):
            self._names |= _moved(missing)

    def author(self, line: dict[str, Any]) -> str:
        """Return a line of a byline as text: the name, and what they did unless they wrote."""
        # An author who was taken out of the site is not named by their old address.
        name = self._names.get(("author", line["author"])) or _("a former author")
        if line.get("role") in {None, "", Byline.Role.WRITER}:
            return name
        return f"{name} ({Byline.Role(line['role']).label})"

    def section(self, slug: str | None) -> str:
        return self._names.get(("section", slug or ""), slug or "")


def differences(before: Snapshot, after: Snapshot, names: Names) -> list[Difference]:
    """Return the fields that readers see and that differ, in the order of COMPARED."""
    found = []
    for name in COMPARED:
        old, new = before.get(name), after.get(name)
        if (old or None) == (new or None):
            continue
        if name in {"headline", "standfirst"}:
            blocks = [Shown(pieces=apart(compare_text(old or "", new or "")))]
        elif name == "body":
            blocks = list(_body(old or "", new or ""))
        elif name == "picture":
            blocks = [_picture(old, new)]
        else:
            blocks = [Shown(pieces=_items(*(_listed(name, one, names) for one in (old, new))))]
        if any(block.is_style or any(p.kind != "same" for p in block.pieces) for block in blocks):
            found.append(Difference(name, blocks))
    return found


def _listed(name: str, value: Any, names: Names) -> list[str]:
    if name == "byline":
        return [names.author(line) for line in value or ()]
    if name == "section":
        return [names.section(value)] if value else []
    return list(value or ())


def _items(before: list[str], after: list[str]) -> list[Piece]:
    """Compare two lists item by item; a piece is one item."""
    pieces = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for sort, a, b, c, d in matcher.get_opcodes():
        if sort == "equal":
            pieces += [Piece("same", item) for item in after[c:d]]
        else:
            pieces += [Piece("gone", item) for item in before[a:b]]
            pieces += [Piece("new", item) for item in after[c:d]]
    return pieces


def _picture(before: str | None, after: str | None) -> Shown:
    # In words only: a picture may have been taken off because it must not be shown.
    if before and after:
        return Shown(pieces=[Piece("gone", _("one picture")), Piece("new", _("another picture"))])
    if after:
        return Shown(pieces=[Piece("new", _("a picture"))])
    return Shown(pieces=[Piece("gone", _("the picture"))])


def _body(before: str, after: str) -> Iterator[Shown]:
    left_out = 0
    for block in compare_bodies(before, after):
        if block.kind == "same":
            left_out += 1
            continue
        if left_out:
            yield Shown(left_out=left_out)
            left_out = 0
        is_style = block.kind == "style"
        pieces = shortened(apart(block.pieces))
        yield Shown(block.tag, pieces, list(block.links), is_style=is_style)
    if left_out:
        yield Shown(left_out=left_out)


def apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces with the space around a change outside of it; no space is a change."""
    out: list[Piece] = []
    for piece in pieces:
        words = piece.text.strip()
        if piece.kind == "same" or not words:
            out.append(Piece("same", piece.text))
            continue
        start = piece.text.index(words)
        for kind, text in (
            ("same", piece.text[:start]),
            (piece.kind, words),
            ("same", piece.text[start + len(words) :]),
        ):
            if text:
                out.append(Piece(kind, text))
    joined: list[Piece] = []
    for piece in out:
        if joined and joined[-1].kind == piece.kind == "same":
            joined[-1] = Piece("same", joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def shortened(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces, with long stretches that stayed cut down to what is beside a change."""
    out = []
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        keeps_start, keeps_end = place > 0 or last == 0, place < last
        limit = CONTEXT * (keeps_start + keeps_end)
        if piece.kind != "same" or len(piece.text) <= limit + 40:
            out.append(piece)
            continue
        start = piece.text[:CONTEXT].rpartition(" ") if keeps_start else ("", "", "")
        end = piece.text[-CONTEXT:].partition(" ") if keeps_end else ("", "", "")
        # Where words have no spaces between them, the cut is where it is.
        head, tail = start[0] or start[2], end[2] or end[0]
        out.append(Piece("same", f"{head} … {tail}"))
    return out


def _names(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names of the rows (door, slug), in one query."""
    wanted = set(wanted)
    queries = [
        model.objects.filter(slug__in={slug for sort, slug in wanted if sort == door})
        .order_by()
        .values_list(Value(door), F("slug"), F("name"))
        for door, model in (("author", Author), ("section", Section))
        if any(sort == door for sort, _slug in wanted)
    ]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:]) if queries[1:] else queries[0]
    return {(door, slug): name for door, slug, name in rows}


def _moved(missing: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names behind addresses that were changed, by the redirects they left."""
    paths = {reverse(f"articles:{door}", args=[slug]): (door, slug) for door, slug in missing}
    moved = {
        paths[old]: (paths[old][0], new.rstrip("/").rpartition("/")[2])
        for old, new in Redirect.objects.filter(old_path__in=paths).values_list(
            "old_path", "new_path"
        )
    }
    names = _names(moved.values())
    return {old: names[new] for old, new in moved.items() if new in names}
