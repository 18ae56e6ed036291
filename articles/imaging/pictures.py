"""Check and straighten pictures. Nothing an uploader sent is ever stored as it came."""

import contextlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from articles.imaging.metadata import Said, read_said

#: Formats that cameras, agencies and desks send; everything else Pillow knows is refused.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
#: Longest side of a stored original, in pixels.
LONGEST_SIDE = 2400


def gettext_noop(text: str) -> str:
    """Mark a sentence for translators; the door that shows it translates it."""
    return text


class UnusablePicture(ValueError):
    """The bytes are no picture we take; the message says why, for the uploader.

    sentence: the message with places for `values`, so that it can be translated.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(sentence % values)


@dataclass(frozen=True)
class Picture:
    """A re-encoded original: JPEG or PNG bytes, size in pixels, its average colour as #rrggbb.

    said: credit and copyright as the upload held them. They are not in `data`.
    """

    data: bytes
    extension: str
    width: int
    height: int
    colour: str
    said: Said


def check_weight(data: bytes, max_bytes: int) -> None:
    """Raises UnusablePicture for more than `max_bytes`."""
    if len(data) > max_bytes:
        raise UnusablePicture(
            gettext_noop("The picture is over %(limit)d MB."), limit=max_bytes // 2**20
        )


def normalise(data: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """Return `data` upright, in sRGB, without metadata (no GPS), at most `LONGEST_SIDE` long.

    Of an animation the first frame is kept. Raises UnusablePicture for anything that is not one
    of `FORMATS` by content, is over `max_bytes` or `max_pixels`, or is broken.
    """
    check_weight(data, max_bytes)
    try:
        # Our own limit below is stricter than the one that Pillow only warns about; what else it
        # warns of (broken EXIF) is left behind with the metadata.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > max_pixels:
                raise UnusablePicture(
                    gettext_noop(
                        "The picture has %(width)d × %(height)d pixels; "
                        "at most %(most)d million are taken."
                    ),
                    width=image.width,
                    height=image.height,
                    most=max_pixels // 10**6,
                )
            # Of a large JPEG only as much is read as will be stored.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            said = read_said(image)
            image = _upright(image)
            see_through = image.has_transparency_data
            image = _in_srgb(image, "RGBA" if see_through else "RGB")
    except UnusablePicture:
        raise
    except UnidentifiedImageError:
        raise UnusablePicture(
            gettext_noop("This file is not a picture of a kind we take (%(kinds)s)."),
            kinds=", ".join(FORMATS),
        ) from None
    except Image.DecompressionBombError:
        # Pillow's own limit comes first where a file says that it is monstrous.
        raise UnusablePicture(
            gettext_noop("The picture has more than %(most)d million pixels."),
            most=max_pixels // 10**6,
        ) from None
    except MemoryError:
        raise UnusablePicture(gettext_noop("The picture is too large to be read.")) from None
    except Exception as error:
        # Decoders fail on strangers' bytes in more ways than can be named.
        raise UnusablePicture(
            gettext_noop("The picture is damaged: %(why)s."), why=str(error).rstrip(".") or "?"
        ) from None
    # A third of the time of the finest filter, while an editor waits; renditions use that one.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.HAMMING)
    # A copy through a new image leaves every chunk of metadata behind.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    if see_through:
        bare.save(out, "PNG", optimize=True)
    else:
        bare.save(out, "JPEG", quality=88, progressive=True)
    red, green, blue = on_white(bare).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return Picture(
        data=out.getvalue(),
        extension="png" if see_through else "jpg",
        width=bare.width,
        height=bare.height,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        said=said,
    )


def on_white(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, with white where one could see through."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Metadata that cannot be read turns nothing; the pixels are good.
        return image


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    """Return the picture in `mode`, its colours as browsers will show them without a profile."""
    if image.mode.startswith("I"):
        # 16 bits of grey, which Pillow would cut off at white.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        # A broken profile, or one of another kind than the pixels: taken for plain colours.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            image = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if image.mode == "RGBA" else "RGB",
            )
    return image.convert(mode)
