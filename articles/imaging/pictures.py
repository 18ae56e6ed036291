"""Check, straighten and crop pictures. Nothing an uploader sent is ever stored as it came."""

import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

#: Formats that cameras, agencies and desks send; everything else Pillow knows is refused.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
#: Longest side of a stored original, in pixels.
LONGEST_SIDE = 2400


class UnusablePicture(ValueError):
    """The bytes are no picture we take; the message says why, for the uploader."""


@dataclass(frozen=True)
class Picture:
    """A re-encoded original: JPEG or PNG bytes, size in pixels, its average colour as #rrggbb."""

    data: bytes
    extension: str
    width: int
    height: int
    colour: str


def normalise(data: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """Return `data` upright, without metadata (no GPS), at most `LONGEST_SIDE` long.

    Raises UnusablePicture for anything that is not one of `FORMATS` by content, is over
    `max_bytes` or `max_pixels`, or is broken.
    """
    if len(data) > max_bytes:
        raise UnusablePicture(f"The picture is over {max_bytes // 2**20} MB.")
    try:
        # Our own limit below is stricter than the one that Pillow only warns about.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > max_pixels:
            raise UnusablePicture(
                f"The picture has {image.width} × {image.height} pixels; "
                f"at most {max_pixels // 10**6} million are taken."
            )
        image.load()
        image = ImageOps.exif_transpose(image)
    except UnusablePicture:
        raise
    except UnidentifiedImageError:
        kinds = ", ".join(FORMATS)
        raise UnusablePicture(f"This file is not a picture of a kind we take ({kinds}).") from None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UnusablePicture(f"The picture is damaged: {error}.") from None
    see_through = image.has_transparency_data
    image = image.convert("RGBA" if see_through else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # A copy through a new image leaves every chunk of metadata behind.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    if see_through:
        bare.save(out, "PNG", optimize=True)
    else:
        bare.save(out, "JPEG", quality=88, progressive=True)
    red, green, blue = bare.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return Picture(
        data=out.getvalue(),
        extension="png" if see_through else "jpg",
        width=bare.width,
        height=bare.height,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
    )


def crop(data: bytes, size: tuple[int, int], focal: tuple[float, float], kind: str) -> bytes:
    """Return a rendition of exactly `size`, cropped about `focal` (fractions), as `kind`."""
    return next(crops(data, [(size, kind)], focal))


def crops(
    data: bytes, wanted: Iterable[tuple[tuple[int, int], str]], focal: tuple[float, float]
) -> Iterator[bytes]:
    """Yield a rendition for each size and kind of `wanted`; the original is read only once."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        original = image.convert("RGB")
    for size, kind in wanted:
        width, height = size
        scale = min(original.width / width, original.height / height)
        window = (width * scale, height * scale)
        # The window is centred on the focal point as far as the picture's edges allow.
        left = min(max(focal[0] * original.width - window[0] / 2, 0), original.width - window[0])
        top = min(max(focal[1] * original.height - window[1] / 2, 0), original.height - window[1])
        fitted = original.resize(
            size,
            Image.Resampling.LANCZOS,
            box=(left, top, left + window[0], top + window[1]),
        )
        out = io.BytesIO()
        if kind == "WEBP":
            # Half the time of the default method for files of the same size: somebody waits.
            fitted.save(out, kind, quality=80, method=2)
        else:
            fitted.save(out, kind, quality=85)
        yield out.getvalue()
