"""Renditions: the copies of a picture that pages show, and the card that is shared.

A rendition's name says all that it is made of: whose picture, which state of it (its version: file,
focal point, credit, copyright), shape, width and format. It is made when somebody first asks for
it, or ahead of that (articles/renditions); whatever is there under a name is right.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage

from articles.imaging.cards import SIZE, Words, social_card
from articles.imaging.metadata import Said
from articles.imaging.renditions import rendition

if TYPE_CHECKING:
    from articles.models.articles import Article
    from articles.models.images import Image

#: Raised when the same picture is to come out differently: all renditions get new names.
RECIPE = 1
WIDTHS = (240, 480, 720, 1080, 1600)
#: The shape that cards and leading pictures have, and the picture as it is.
CUT, WHOLE = "cut", "whole"
#: Shapes that only machines ask for, in one size each: shares, and search engines.
FOR_MACHINES = {
    "social": SIZE,
    "wide": (1200, 675),
    "classic": (1200, 900),
    "square": (1200, 1200),
}
#: Formats by their ending, the lightest first: media type, and what Pillow calls it.
KINDS = {
    "avif": ("image/avif", "AVIF"),
    "webp": ("image/webp", "WEBP"),
    "jpg": ("image/jpeg", "JPEG"),
}
#: Width of the file for browsers that cannot choose.
_PLAIN_WIDTH = 720
FOLDER, CARDS_FOLDER = "renditions", "cards"
_NAME = re.compile(
    rf"{FOLDER}/(?P<uid>[0-9a-f]{{32}})/(?P<version>[0-9a-f]{{10}})/"
    rf"(?P<shape>[a-z]+)-(?P<width>[0-9]{{3,4}})\.(?P<kind>{'|'.join(KINDS)})"
)
_CARD_NAME = re.compile(rf"{CARDS_FOLDER}/(?P<uid>[0-9a-f]{{32}})/(?P<version>[0-9a-f]{{10}})\.jpg")


def address(name: str) -> str:
    """Return the address of a stored file: always this site's own, wherever the file lies.

    Storage elsewhere could not make a rendition that somebody asks for.
    """
    return settings.MEDIA_URL + name


def folder_of(image: "Image") -> str:
    """Return where the renditions of a picture lie as it is now."""
    return f"{FOLDER}/{image.uid.hex}/{image.version}"


def digest(*parts: Any) -> str:
    text = "\x00".join(str(part) for part in (RECIPE, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def parse(name: str) -> dict[str, str] | None:
    """Return what a rendition's name says (`uid`, `version`, `shape`, `width`, `kind`)."""
    found = _NAME.fullmatch(name)
    return found.groupdict() if found else None


def parse_card(name: str) -> dict[str, str] | None:
    """Return what a card's name says (`uid`, `version`)."""
    found = _CARD_NAME.fullmatch(name)
    return found.groupdict() if found else None


@dataclass(frozen=True)
class Rendition:
    """One file that a picture is shown by."""

    image: "Image"
    shape: str
    width: int
    height: int
    kind: str

    @property
    def name(self) -> str:
        return f"{folder_of(self.image)}/{self.shape}-{self.width}.{self.kind}"

    @property
    def url(self) -> str:
        return address(self.name)

    def render(self) -> bytes:
        """Return the file's bytes. Raises OSError when the original cannot be read."""
        with default_storage.open(self.image.file.name, "rb") as original:
            return rendition(
                original.read(),
                (self.width, self.height),
                KINDS[self.kind][1],
                focal=(self.image.focal_x, self.image.focal_y),
                said=Said(self.image.credit, self.image.copyright),
            )


@dataclass(frozen=True)
class Source:
    """One `<source>`: its media type, and the addresses with their widths."""

    type: str
    srcset: str


class Cut:
    """A picture in one shape, in all widths that its original is large enough for."""

    def __init__(self, image: "Image", shape: str) -> None:
        self.image, self.shape = image, shape
        self.sizes = list(_sizes(image, shape))
        self._folder = address(folder_of(image))

    @property
    def sources(self) -> list[Source]:
        """The lighter formats, for browsers that know them."""
        return [Source(KINDS[kind][0], self._srcset(kind)) for kind in ("avif", "webp")]

    @property
    def srcset(self) -> str:
        return self._srcset("jpg")

    @property
    def plain(self) -> Rendition:
        """For browsers that cannot choose; its width and height keep the place on the page."""
        return self.nearest(_PLAIN_WIDTH, "jpg")

    def of(self, kind: str) -> list[Rendition]:
        return [Rendition(self.image, self.shape, *size, kind) for size in self.sizes]

    def nearest(self, width: int, kind: str) -> Rendition:
        """The rendition of that width, or the next smaller one, or the smallest there is."""
        smaller = [size for size in self.sizes if size[0] <= width]
        size = smaller[-1] if smaller else self.sizes[0]
        return Rendition(self.image, self.shape, *size, kind)

    def address_of(self, one: Rendition) -> str:
        """The `url` of one of its own renditions, without looking for their folder again."""
        return f"{self._folder}/{self.shape}-{one.width}.{one.kind}"

    def _srcset(self, kind: str) -> str:
        # A page has dozens of pictures, each with all its files in one folder.
        start = f"{self._folder}/{self.shape}-"
        return ", ".join(f"{start}{width}.{kind} {width}w" for width, _height in self.sizes)


def _sizes(image: "Image", shape: str) -> Any:
    if shape in FOR_MACHINES:
        yield FOR_MACHINES[shape]
        return
    width, height = image.width or 3, image.height or 2
    across, down = (3, 2) if shape == CUT else (width, height)
    widest = min(width, height * across / down)
    for number, one in enumerate(WIDTHS):
        if number == 0 or one <= widest:
            yield one, max(1, round(one * down / across))


@dataclass(frozen=True)
class SocialCard:
    """The picture that stands for an article where others share it."""

    article: "Article"
    width, height = SIZE

    @property
    def name(self) -> str:
        article = self.article
        picture = article.picture.version if article.picture else ""
        section = article.section.name if article.section else ""
        version = digest(article.headline, section, article.language, settings.SITE_NAME, picture)
        return f"{CARDS_FOLDER}/{article.uid.hex}/{version}.jpg"

    @property
    def url(self) -> str:
        return address(self.name)

    def render(self) -> bytes:
        """Return the card's JPEG; a picture whose original is gone is left out."""
        article, picture = self.article, self.article.picture
        words = Words(
            headline=article.headline,
            section=article.section.name if article.section else "",
            site=settings.SITE_NAME,
            language=article.language,
            is_rtl=article.direction == "rtl",
        )
        if picture is None:
            return social_card(words)
        try:
            with default_storage.open(picture.file.name, "rb") as original:
                data = original.read()
        except OSError:
            return social_card(words)
        said = Said(picture.credit, picture.copyright)
        return social_card(words, data, (picture.focal_x, picture.focal_y), said)
