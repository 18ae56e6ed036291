"""Pictures: a re-encoded original, what must be said about it, and its crops."""

import hashlib
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.conf import conf
from articles.imaging.pictures import crops, normalise
from articles.models.keys import NaturalKeyModel

_FRACTION = [MinValueValidator(0), MaxValueValidator(1)]


class Image(NaturalKeyModel):
    """One picture of the library.

    `file` holds the re-encoded original. Its crops lie beside it under names made of the
    content's hash and the focal point, so a file that is there is always the right one.
    """

    NATURAL_KEY = ("uid",)
    #: Width and height in pixels of the crops that pages use, all 3:2 but the last.
    CARD_SIZES = ((480, 320), (960, 640), (1600, 1067))
    SOCIAL_SIZE = (1200, 630)

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

    def take(self, data: bytes) -> None:
        """Store uploaded bytes as this picture's original, re-encoded; does not save the row.

        Raises UnusablePicture.
        """
        picture = normalise(
            data, max_bytes=conf("PICTURE_MAX_BYTES"), max_pixels=conf("PICTURE_MAX_PIXELS")
        )
        self.width, self.height, self.colour = picture.width, picture.height, picture.colour
        digest = hashlib.sha256(picture.data).hexdigest()[:16]
        name = f"images/{digest}.{picture.extension}"
        # One content, one name: the same picture uploaded twice is one file.
        self._has_new_file = not default_storage.exists(name)
        if self._has_new_file:
            name = default_storage.save(name, ContentFile(picture.data))
        self.file.name = name

    def drop_files(self) -> None:
        """Take back what `take` stored, crops included: for a row that could not be saved.

        A file that was there before stays; so does one that another picture shows by now.
        """
        if not self._has_new_file:
            return
        if Image.objects.filter(file=self.file.name).exclude(pk=self.pk).exists():
            return
        for name in (self.file.name, *(name for _size, _kind, name in self._crops())):
            default_storage.delete(name)
        self._has_new_file = False

    def restore_file(self) -> None:
        """Take the original from `seeds/pictures` when storage lacks it (see articles/apps.py).

        Only a file whose content gives exactly the name that the row holds is taken.
        """
        if not self.file or default_storage.exists(self.file.name):
            return
        wanted = self.file.name
        for path in sorted((settings.SEEDS_DIR / "pictures").glob("*.*")):
            if path.stem == self.title or self.title == path.name:
                self.take(path.read_bytes())
                break
        self.file.name = wanted

    def _crops(self) -> Iterator[tuple[tuple[int, int], str, str]]:
        """Yield size, format and storage name of every crop."""
        stem = self.file.name.rpartition(".")[0]
        focal = f"{round(self.focal_x * 100)}-{round(self.focal_y * 100)}"
        for size in self.CARD_SIZES:
            yield size, "WEBP", f"{stem}.{focal}.{size[0]}.webp"
        yield self.SOCIAL_SIZE, "JPEG", f"{stem}.{focal}.social.jpg"

    def make_crops(self) -> None:
        """Write the crops that are not there yet."""
        missing = [entry for entry in self._crops() if not default_storage.exists(entry[2])]
        if not missing:
            return
        with self.file.open("rb") as original:
            data = original.read()
        wanted = [(size, kind) for size, kind, _name in missing]
        made = crops(data, wanted, (self.focal_x, self.focal_y))
        for (_size, _kind, name), rendition in zip(missing, made, strict=True):
            default_storage.save(name, ContentFile(rendition))

    @property
    def crops(self) -> list[dict[str, str | int]]:
        """The 3:2 crops, smallest first: `url`, `width`, `height`."""
        return [
            {"url": default_storage.url(name), "width": size[0], "height": size[1]}
            for size, kind, name in self._crops()
            if kind == "WEBP"
        ]

    @property
    def srcset(self) -> str:
        return ", ".join(f"{crop['url']} {crop['width']}w" for crop in self.crops)

    @property
    def social_url(self) -> str:
        return default_storage.url(list(self._crops())[-1][2])

    @property
    def alt_text(self) -> str:
        """What goes into the alt attribute: nothing for a decorative picture."""
        return "" if self.is_decorative else self.alt
