"""What readers were shown: the published versions of an article, and what lies between two.

A version is a revision that was live. What was saved between two versions was never published
and is never read here. A change that hides what it changed closes all versions before it, and so
does a story that comes back with another text after it was withdrawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from articles.editorial.differences import Difference, Names, differences
from articles.editorial.snapshots import Snapshot
from articles.editorial.transitions import TYPO
from articles.models import Article, Correction, Transition
from articles.models.rows import JSONRows, moment

#: Versions that one page compares.
VERSIONS_A_PAGE = 20
FIRST, AGAIN = "first", "again"
KIND_LABELS = {
    FIRST: gettext_lazy("First published"),
    TYPO: gettext_lazy("Typo mended"),
    **dict(Correction.Kind.choices),
    AGAIN: gettext_lazy("Published again"),
}


@dataclass(frozen=True)
class Version:
    """One state of an article that readers saw.

    place: 1 for the first. revision: its number. is_open: whether readers may see its words.
    is_cut: the change that closed everything before it. has_line: false where it was public
    before it had a timeline.
    """

    place: int
    kind: str
    made_at: datetime
    revision: int
    note: str = ""
    is_open: bool = True
    is_cut: bool = False
    has_line: bool = True

    @property
    def label(self) -> str:
        return str(KIND_LABELS[self.kind])

    @property
    def compares(self) -> bool:
        """Whether readers may see what it changed."""
        return self.is_open and not self.is_cut and self.place > 1


def live_lines(article: str = "pk") -> JSONRows:
    """Return the lines of the timeline that changed what readers see, as one column.

    article: the outer query's column that names the article.
    """
    lines = Transition.objects.filter(
        article=OuterRef(article), verb__in=("publish", "correct"), revision__isnull=False
    )
    return JSONRows(
        lines.order_by("number"),
        verb="verb",
        kind="kind",
        revision="revision__number",
        hides_change="hides_change",
        made_at="made_at",
    )


def versions_of(
    article: Article, lines: list[dict[str, Any]], corrections: Iterable[dict[str, Any]] = ()
) -> list[Version]:
    """Return the versions of a public article, first to last.

    lines: of `live_lines()`; corrections: the public notes (`made_at`, `note`), as they read now.
    """
    notes = {row["made_at"]: row["note"] for row in corrections}
    found: list[dict[str, Any]] = []
    if not lines or lines[0]["verb"] != "publish":
        # It was public before it had a timeline: what stood then was kept as number 1.
        stood = {"kind": FIRST, "made_at": article.published_at, "revision": 1, "cut": False}
        found.append({**stood, "has_line": False})
    for line in lines:
        before = found[-1] if found else None
        made_at = moment(line["made_at"])
        if before is None:
            # The date that readers are told: an import dates a story back.
            kind, made_at, cut = FIRST, article.published_at, False
        elif line["verb"] == "publish":
            kind, cut = AGAIN, line["revision"] != before["revision"]
        else:
            kind, cut = line["kind"] or TYPO, bool(line["hides_change"])
        found.append({"kind": kind, "made_at": made_at, "revision": line["revision"], "cut": cut})
    cut = max((place for place, row in enumerate(found, start=1) if row["cut"]), default=0)
    return [
        Version(
            place=place,
            kind=row["kind"],
            made_at=row["made_at"],
            revision=row["revision"],
            note=notes.get(row["made_at"], ""),
            is_open=place >= cut,
            is_cut=place == cut,
            has_line=row.get("has_line", True),
        )
        for place, row in enumerate(found, start=1)
    ]


def address_of_change(article: Article, versions: Sequence[Version], made_at: datetime) -> str:
    """Return where readers see the change of that moment; "" for a note without one."""
    place = next((one.place for one in versions if one.made_at == made_at and one.place > 1), None)
    if place is None:
        return ""
    older = len(versions) - place >= VERSIONS_A_PAGE
    return f"{changes_address(article)}{f'?before={place + 1}' if older else ''}#version-{place}"


def changes_address(article: Article) -> str:
    """Return the address of the page that says what was changed."""
    return f"{article.get_absolute_url()}changes/"


def public_corrections(kind: str = "") -> QuerySet[Correction]:
    """Return the notes of articles that readers may see, newest first; of one kind if given.

    Each comes with its article (without the text) and the article's `lines`.
    """
    public = Article.objects.published(found=True).filter(pk=OuterRef("article"))
    found = (
        Correction.objects.filter(Exists(public))
        .select_related("article__section")
        .defer("article__body", "article__body_text", "article__import_warnings")
        .annotate(lines=live_lines("article"))
        .order_by("-made_at", "-id")
    )
    return found.filter(kind=kind) if kind else found


def address_of(correction: Correction) -> str:
    """Return where readers see what a note of `public_corrections()` is about, or the story."""
    article = correction.article
    versions = versions_of(article, correction.lines)
    return address_of_change(article, versions, correction.made_at) or article.get_absolute_url()


# --- what each changed ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A version with what it changed; `is_known` is false where nothing is kept to compare."""

    version: Version
    differences: list[Difference]
    is_known: bool


def steps_of(article: Article, versions: Sequence[Version], shown: Iterable[Version]) -> list[Step]:
    """Return the versions `shown` with what each changed; at most four queries.

    Only versions that readers may see are read from the table.
    """
    pairs = {one.place: (versions[one.place - 2], one) for one in shown if one.compares}
    snapshots = _snapshots(article, {one for pair in pairs.values() for one in pair})
    names = Names(snapshots.values())
    steps = []
    for one in shown:
        old, new = (snapshots.get(each.revision) for each in pairs.get(one.place, (one, one)))
        is_known = one.place in pairs and old is not None and new is not None
        steps.append(Step(one, differences(old, new, names) if is_known else [], is_known))
    return steps


def _snapshots(article: Article, versions: Iterable[Version]) -> dict[int, Snapshot]:
    versions = set(versions)
    rows = article.revisions.filter(number__in={one.revision for one in versions}).order_by()
    if any(not one.has_line for one in versions):
        # What stood before the timeline was kept by the system; a person's revision is no proof
        # that readers saw it.
        rows = rows.exclude(number=1, made_by_name__gt="")
    return dict(rows.values_list("number", "snapshot")) if versions else {}
