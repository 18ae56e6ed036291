"""Pictures: a re-encoded original, what must be said about it, and how pages show it."""

import contextlib
import hashlib
import uuid
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.conf import conf
from articles.imaging.pictures import Picture, normalise
from articles.models.keys import NaturalKeyModel
from articles.models.renditions import (
    CUT,
    FOLDER,
    FOR_MACHINES,
    KINDS,
    WHOLE,
    Cut,
    Rendition,
    address,
    digest,
)
from articles.text.structure import picture_address

#: Luminance from which black letters are easier to read than white ones.
_BLACK_READS_FROM = 0.18
_FRACTION = [MinValueValidator(0), MaxValueValidator(1)]


class Image(NaturalKeyModel):
    """One picture of the library.

    `file` holds the re-encoded original. Pages show renditions of it.
    """

    NATURAL_KEY = ("uid",)
    #: Least width of a crop that the desk's own pages show.
    DESK_WIDTH = 480

    _has_new_file = False

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    file = models.FileField(_("picture"), upload_to="images/", max_length=200)
    alt = models.CharField(
        _("alt text"),
        max_length=500,
        blank=True,
        help_text=_("What somebody who cannot see the picture should know."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("Adds nothing to the words: no alt text.")
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    copyright = models.CharField(
        _("copyright notice"),
        max_length=200,
        blank=True,
        help_text=_("Such as © 2026 Agency. Written with the credit into every copy."),
    )
    focal_x = models.FloatField(_("focal point, across"), default=0.5, validators=_FRACTION)
    focal_y = models.FloatField(_("focal point, down"), default=0.5, validators=_FRACTION)
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    colour = models.CharField(max_length=7, editable=False, default="#cccccc")
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            # A focal point outside its picture cannot be cropped about.
            models.CheckConstraint(
                condition=models.Q(focal_x__range=(0, 1), focal_y__range=(0, 1)),
                name="image_focal_point_is_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.alt or self.caption or str(self.uid)

    def take(self, data: bytes, read: Callable[..., Picture] | None = None) -> None:
        """Store uploaded bytes as this picture's original, re-encoded; does not save the row.

        read: how they are read if not here; a stranger's apart (articles/imaging/apart.py). What
        the file says of credit and copyright is taken over where nobody said anything.
        Raises UnusablePicture.
        """
        picture = (read or normalise)(
            data, max_bytes=conf("PICTURE_MAX_BYTES"), max_pixels=conf("PICTURE_MAX_PIXELS")
        )
        self.width, self.height, self.colour = picture.width, picture.height, picture.colour
        self.credit = self.credit or picture.said.credit
        self.copyright = self.copyright or picture.said.copyright
        mark = hashlib.sha256(picture.data).hexdigest()[:16]
        self._store(f"images/{mark}.{picture.extension}", picture.data)

    def _store(self, name: str, data: bytes) -> None:
        # One content, one name: the same picture uploaded twice is one file.
        self._has_new_file = not default_storage.exists(name)
        if self._has_new_file:
            name = default_storage.save(name, ContentFile(data))
        self.file.name = name

    def drop_files(self) -> None:
        """Take back what `take` stored: for a row that could not be saved.

        A file that was there before stays; so does one that another picture shows by now.
        """
        if not self._has_new_file:
            return
        if Image.objects.filter(file=self.file.name).exclude(pk=self.pk).exists():
            return
        default_storage.delete(self.file.name)
        self._has_new_file = False

    def restore_file(self) -> None:
        """Take the original from `seeds/pictures` when storage lacks it (see articles/apps.py).

        It gets the name that the row holds, whichever bytes today's encoder makes of it.
        """
        if not self.file or default_storage.exists(self.file.name):
            return
        for path in sorted((settings.SEEDS_DIR / "pictures").glob("*.*")):
            if path.stem == self.title or self.title == path.name:
                limits = {
                    "max_bytes": conf("PICTURE_MAX_BYTES"),
                    "max_pixels": conf("PICTURE_MAX_PIXELS"),
                }
                self._store(self.file.name, normalise(path.read_bytes(), **limits).data)
                break

    @property
    def version(self) -> str:
        """The state that renditions show; another one gives them other names."""
        return _version(self.file.name, self.focal_x, self.focal_y, self.credit, self.copyright)

    @property
    def permanent_address(self) -> str:
        """Leads to the picture as it is now, whatever replaces it: what texts hold."""
        return picture_address(str(self.uid))

    @property
    def original_address(self) -> str:
        return address(self.file.name)

    @property
    def cut(self) -> Cut:
        """In the shape of cards and leading pictures, 3:2."""
        return Cut(self, CUT)

    @property
    def whole(self) -> Cut:
        """As it is: in a text."""
        return Cut(self, WHOLE)

    @property
    def crops(self) -> list[Rendition]:
        """The 3:2 JPEGs from `DESK_WIDTH` up, smallest first; at least one."""
        found = self.cut.of("jpg")
        return [one for one in found if one.width >= self.DESK_WIDTH] or found[-1:]

    @property
    def social_url(self) -> str:
        """The picture alone in the shape of a shared card."""
        return self.for_machines("social").url

    def for_machines(self, shape: str) -> Rendition:
        """The JPEG of one of the shapes that search engines and networks ask for."""
        return Cut(self, shape).of("jpg")[0]

    def rendition(self, shape: str, width: int, kind: str) -> Rendition | None:
        """Return the rendition that a name speaks of, or the nearest; None for no such shape."""
        if kind not in KINDS or shape not in {CUT, WHOLE, *FOR_MACHINES}:
            return None
        if shape in FOR_MACHINES and kind != "jpg":
            return None
        return Cut(self, shape).nearest(width, kind)

    @property
    def usual_renditions(self) -> list[Rendition]:
        """What the next readers and the desk will most likely ask for."""
        return [*self.crops[:1], *self.cut.of("avif")]

    def drop_renditions(self, *, keep: str = "") -> int:
        """Remove the renditions of all states but the version `keep`; return how many files."""
        return drop_below(f"{FOLDER}/{self.uid.hex}", keep=keep)

    @property
    def tone(self) -> str:
        """Classes for the colour that holds a picture's place: sixteen steps of each basic colour.

        On a light one, alt text is written in black.
        """
        return _tone(self.colour)

    @property
    def alt_text(self) -> str:
        """What goes into the alt attribute: nothing for a decorative picture."""
        return "" if self.is_decorative else self.alt


@lru_cache(4096)
def _version(name: str, across: float, down: float, *said: str) -> str:
    """Of a state of a picture: a page has dozens, each with a dozen files."""
    return digest(name, f"{round(across * 100)}-{round(down * 100)}", *said)


@lru_cache(1024)
def _tone(colour: str) -> str:
    steps = [round(int(colour[place : place + 2], 16) / 17) for place in (1, 3, 5)]
    classes = [f"tone-{name}{step:x}" for name, step in zip("rgb", steps, strict=True)]
    # The relative luminance of sRGB, near enough.
    light = sum(
        share * (step / 15) ** 2.2
        for share, step in zip((0.2126, 0.7152, 0.0722), steps, strict=True)
    )
    return " ".join([*classes, "tone-light"] if light > _BLACK_READS_FROM else classes)


def drop_below(folder: str, *, keep: str = "") -> int:
    """Remove a folder of the storage but what is named `keep` in it; return how many files."""
    folders, files = listed(folder)
    found = [f"{folder}/{name}" for name in files if name.partition(".")[0] != keep]
    for name in found:
        default_storage.delete(name)
    number = len(found)
    number += sum(drop_below(f"{folder}/{name}") for name in folders if name != keep)
    if not keep:
        # Somebody may put a file there at this moment.
        with contextlib.suppress(OSError):
            default_storage.delete(folder)
    return number


def listed(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and files in a folder of the storage; nothing for one that is absent."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
