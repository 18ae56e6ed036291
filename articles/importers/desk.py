"""`desk.toml`: what an editor decides about source texts, beside the texts themselves.

Sections, authors, pictures and promos it names are made once and never overwritten; decisions
about a story stand over what its text says.
"""

import tomllib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from articles.importers.readers import UnreadableSource
from articles.models import Author, Image, Promo, Section

#: Identities of seeded rows follow from their names, so that every site gives them the same.
NAMESPACE = uuid.UUID("6f0f2f5e-37d8-5b7e-9d5c-0c7a3b8a1e55")


@dataclass(frozen=True)
class Decision:
    """What the desk says of one story; a value that is None leaves the text's own."""

    section: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    byline: list[str] | None = None
    tags: list[str] | None = None
    picture: str | None = None
    publish: bool = False
    published: datetime | None = None


@dataclass(frozen=True)
class Desk:
    """A folder's `desk.toml`; an empty one where there is none."""

    folder: Path
    sections: list[dict[str, Any]] = field(default_factory=list)
    authors: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    promos: list[dict[str, Any]] = field(default_factory=list)
    stories: dict[str, Decision] = field(default_factory=dict)

    def decision(self, external_id: str) -> Decision:
        return self.stories.get(external_id, Decision())


def read_desk(folder: Path) -> Desk:
    """Return the desk of `folder`. Raises UnreadableSource for a file that is no such thing."""
    path = folder / "desk.toml"
    if not path.is_file():
        return Desk(folder)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        stories = {name: Decision(**given) for name, given in data.pop("stories", {}).items()}
        for name, decision in stories.items():
            if decision.published and decision.published.tzinfo is None:
                raise ValueError(f"the time of {name} has no zone")
        return Desk(folder, stories=stories, **data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError, OSError) as error:
        raise UnreadableSource(f"desk.toml cannot be used: {error}") from None


def identity(kind: str, name: str) -> uuid.UUID:
    """Return the permanent identity of a seeded row."""
    return uuid.uuid5(NAMESPACE, f"{kind}:{name}")


@transaction.atomic
def furnish(desk: Desk) -> None:
    """Make the sections, authors, pictures and promos that `desk` names and the site lacks."""
    for row in desk.sections:
        Section.objects.get_or_create(slug=row["slug"], defaults=row)
    for row in desk.authors:
        Author.objects.get_or_create(slug=row["slug"], defaults=row)
    for row in desk.pictures:
        _add_picture(desk.folder / "pictures", row)
    for row in desk.promos:
        values = {key: value for key, value in row.items() if key != "section"}
        values["section"] = Section.objects.filter(slug=row.get("section", "")).first()
        Promo.objects.get_or_create(slug=row["slug"], defaults=values)


def picture_of(decision: Decision) -> Image | None:
    if decision.picture is None:
        return None
    return Image.objects.filter(uid=identity("picture", decision.picture)).first()


def _add_picture(folder: Path, row: dict[str, Any]) -> None:
    uid = identity("picture", row["file"])
    if Image.objects.filter(uid=uid).exists():
        return
    focal_x, focal_y = row.get("focal", (0.5, 0.5))
    image = Image(
        uid=uid,
        title=row["file"],
        alt=row.get("alt", ""),
        caption=row.get("caption", ""),
        credit=row.get("credit", ""),
        focal_x=focal_x,
        focal_y=focal_y,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    image.take((folder / row["file"]).read_bytes())
    image.save()
