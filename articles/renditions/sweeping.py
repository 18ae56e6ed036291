"""Removing files that nothing refers to: replaced originals, and what is left of old states."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from articles.models import Article, Image, Revision
from articles.models.images import drop_below, listed
from articles.models.renditions import CARDS_FOLDER, FOLDER

#: A file younger than this may belong to somebody who is about to save.
YOUNG = timedelta(days=1)
ORIGINALS = "images"


@dataclass(frozen=True)
class Stray:
    """A file or a folder of the storage that nothing refers to, and why."""

    name: str
    why: str
    is_folder: bool = False

    def remove(self) -> None:
        if self.is_folder:
            drop_below(self.name)
        else:
            default_storage.delete(self.name)


def forget(image: Image) -> None:
    """Remove the files of a picture whose row is gone; an original that another one has stays."""
    image.drop_renditions()
    if image.file and not Image.objects.filter(file=image.file.name).exists():
        default_storage.delete(image.file.name)


def strays() -> Iterator[Stray]:
    """Yield what may go: nothing that a picture, a text or a kept revision names."""
    yield from _originals()
    yield from _renditions()
    yield from _cards()


def _originals() -> Iterator[Stray]:
    known = set(Image.objects.values_list("file", flat=True))
    for file in listed(ORIGINALS)[1]:
        name = f"{ORIGINALS}/{file}"
        if name not in known and not _is_young(name) and not _is_named(name):
            yield Stray(name, "no picture has it any more")


def _is_young(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) > timezone.now() - YOUNG
    except FileNotFoundError:
        return True


def _is_named(name: str) -> bool:
    """Whether a text that readers see, a working copy or any revision names the file itself."""
    revisions = Revision.objects.annotate(text=Cast("snapshot", TextField()))
    return (
        Article.objects.filter(body__contains=name).exists()
        or revisions.filter(text__contains=name).exists()
    )


def _renditions() -> Iterator[Stray]:
    for folder in listed(FOLDER)[0]:
        place = f"{FOLDER}/{folder}"
        image = Image.objects.filter(uid=folder).first() if _is_uid(folder) else None
        if image is None:
            yield Stray(place, "its picture is gone", is_folder=True)
            continue
        for version in listed(place)[0]:
            if version != image.version:
                yield Stray(f"{place}/{version}", "its picture has changed", is_folder=True)


def _cards() -> Iterator[Stray]:
    public = Article.objects.published().select_related("section", "picture")
    for folder in listed(CARDS_FOLDER)[0]:
        place = f"{CARDS_FOLDER}/{folder}"
        article = public.filter(uid=folder).first() if _is_uid(folder) else None
        if article is None:
            yield Stray(place, "its article is not public", is_folder=True)
            continue
        for file in listed(place)[1]:
            if f"{place}/{file}" != article.card.name:
                yield Stray(f"{place}/{file}", "its article has changed")


def _is_uid(text: str) -> bool:
    try:
        return uuid.UUID(text).hex == text
    except ValueError:
        return False
