"""Two snapshots beside each other, in words that editors know: what a comparison shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.editorial.roles import visible_to
from articles.editorial.snapshots import FIELDS, Snapshot
from articles.models import Article, Author, Byline, Image, Section
from articles.text.compare import (
    Block,
    Item,
    Piece,
    changed_fields,
    compare_bodies,
    compare_lists,
    compare_text,
)

#: Unchanged blocks that stay in sight on either side of a change.
AROUND = 1
_TEXTS = ("headline", "standfirst", "slug", "seo_title", "seo_description")


@dataclass(frozen=True)
class Shown:
    """A block of a body as the page shows it: its words, and the links it lost and got."""

    kind: str
    tag: str
    words: SafeString
    links: list[SafeString]


@dataclass(frozen=True)
class Run:
    """Blocks of a body that are shown together; a folded run is long and unchanged."""

    blocks: list[Shown]
    folded: bool = False


@dataclass(frozen=True)
class Change:
    """One field that differs; which of the parts is filled says how it is shown."""

    name: str
    label: str
    words: str = ""
    runs: list[Run] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    pictures: tuple[Image | None, Image | None] | None = None


@dataclass(frozen=True)
class Comparison:
    """Fields that differ, and the names of those that do not."""

    changes: list[Change]
    unchanged: list[str]


def compare(person: Any, before: Snapshot, after: Snapshot) -> Comparison:
    """Return what differs between two snapshots, named as `person` may see it; four queries."""
    changed = changed_fields(before, after, FIELDS)
    names = _Names(person, before, after)
    return Comparison(
        [_change(name, before.get(name), after.get(name), names) for name in changed],
        [label(name) for name in FIELDS if name not in changed],
    )


def label(name: str) -> str:
    """Return what the form calls a field of a snapshot."""
    named = {"byline": _("byline"), "related": _("related news"), "published_at": _("date")}
    return capfirst(named.get(name) or str(Article._meta.get_field(name).verbose_name))


def _change(name: str, before: Any, after: Any, names: "_Names") -> Change:
    title = label(name)
    if name == "body":
        return Change(name, title, runs=folded(compare_bodies(before or "", after or "")))
    if name == "picture":
        return Change(name, title, pictures=(names.picture(before), names.picture(after)))
    if name in {"byline", "tags", "related"}:
        shown = {"byline": names.credit, "tags": str, "related": names.link}[name]
        items = compare_lists(
            [shown(one) for one in before or ()], [shown(one) for one in after or ()]
        )
        return Change(name, title, items=items)
    if name in _TEXTS:
        return Change(name, title, words=marked(compare_text(before or "", after or "")))
    shown = {"section": names.section, "published_at": _moment}.get(name, str)
    sides = zip(("gone", "new"), (before, after), strict=True)
    pieces = [Piece(kind, shown(value)) for kind, value in sides if value not in (None, "")]
    return Change(name, title, words=marked(pieces))


def marked(pieces: Iterable[Piece]) -> SafeString:
    """Return the pieces as HTML: what is gone and new as `del` and `ins`, named when read aloud.

    Made here and not by a template: a long text has thousands of pieces.
    """
    gone, new = _("[taken out:"), _("[put in:")
    sign = (
        '<{0}><span class="visually-hidden">{1} </span>{2}<span class="visually-hidden">]</span>'
        "</{0}>"
    )
    return mark_safe(  # noqa: S308  # nosec B308 B703
        "".join(
            escape(piece.text)
            if piece.kind == "same"
            else format_html(sign, "del", gone, piece.text)
            if piece.kind == "gone"
            else format_html(sign, "ins", new, piece.text)
            for piece in pieces
        )
    )


def _shown(block: Block) -> Shown:
    pieces = block.pieces
    if block.tag == "hr":
        kind = block.kind if block.kind in {"gone", "new"} else "same"
        pieces = [Piece(kind, _("line"))]
    return Shown(block.kind, block.tag, marked(pieces), [marked([one]) for one in block.links])


def folded(blocks: list[Block]) -> list[Run]:
    """Return the blocks in runs; of a long unchanged one only its ends stay in sight."""
    runs: list[tuple[list[Block], bool]] = []
    shown: list[Block] = []
    place = 0
    while place < len(blocks):
        end = place
        while end < len(blocks) and blocks[end].kind == "same":
            end += 1
        head = AROUND if place else 0
        tail = AROUND if end < len(blocks) else 0
        if end - place > head + tail + 1:
            runs.append(([*shown, *blocks[place : place + head]], False))
            runs.append((blocks[place + head : end - tail], True))
            shown = blocks[end - tail : end]
        else:
            shown += blocks[place:end]
        place = end
        while place < len(blocks) and blocks[place].kind != "same":
            shown.append(blocks[place])
            place += 1
    runs.append((shown, False))
    return [Run([_shown(block) for block in run], is_folded) for run, is_folded in runs if run]


def _moment(value: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")


class _Names:
    """What rows that two snapshots speak of are called today; a row that is gone keeps its key."""

    def __init__(self, person: Any, *snapshots: Snapshot) -> None:
        def all_of(part: str, key: str) -> set[str]:
            rows = (row for data in snapshots for row in data.get(part) or ())
            return {row[key] for row in rows if row.get(key)}

        def each(part: str) -> Iterable[str]:
            return {data[part] for data in snapshots if data.get(part)}

        authors = Author.objects.filter(slug__in=all_of("byline", "author"))
        self._authors = dict(authors.values_list("slug", "name"))
        sections = Section.objects.filter(slug__in=each("section"))
        self._sections = dict(sections.values_list("slug", "name"))
        pictures = Image.objects.filter(uid__in=each("picture"))
        self._pictures = {str(picture.uid): picture for picture in pictures}
        # A story under embargo is named to nobody who may not see it.
        targets = Article.objects.filter(uid__in=all_of("related", "target"))
        self._articles = {
            str(uid): headline
            for uid, headline in visible_to(person, targets).values_list("uid", "headline")
        }

    def credit(self, line: dict[str, str]) -> str:
        name = self._authors.get(line["author"], line["author"])
        role = dict(Byline.Role.choices).get(line["role"], line["role"])
        return f"{name} ({str(role).lower()})"

    def section(self, slug: str) -> str:
        return self._sections.get(slug, slug)

    def picture(self, uid: str | None) -> Image | None:
        return self._pictures.get(uid or "")

    def link(self, row: dict[str, Any]) -> str:
        leads_to = row.get("url") or ""
        if row.get("target"):
            leads_to = self._articles.get(row["target"], _("a story of this site"))
        views = _("%(number)s views") % {"number": row["views"]} if row.get("views") else ""
        said = [row.get("title"), row.get("author"), row.get("date"), views]
        text = " · ".join(part for part in said if part)
        if not text or text == leads_to:
            return leads_to
        return f"{text} → {leads_to}" if leads_to else text
