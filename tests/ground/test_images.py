"""Pictures: what is stored is never what was sent."""

import io

import pytest
from PIL import Image as Pillow

from articles.imaging.pictures import UnusablePicture, normalise
from articles.imaging.renditions import rendition
from tests.factories import make_image, make_picture_bytes

LIMITS = {"max_bytes": 2**20, "max_pixels": 2_000_000}


def test_a_picture_is_reencoded_without_its_metadata():
    exif = Pillow.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}
    exif[0x013B] = "A. Photographer"
    picture = normalise(make_picture_bytes(exif=exif), **LIMITS)
    stored = Pillow.open(io.BytesIO(picture.data))
    assert not stored.getexif()
    assert stored.format == "JPEG"


def test_a_picture_taken_sideways_stands_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    picture = normalise(make_picture_bytes((900, 600), exif=exif), **LIMITS)
    assert (picture.width, picture.height) == (600, 900)


def test_transparency_is_kept():
    out = io.BytesIO()
    Pillow.new("RGBA", (60, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert normalise(out.getvalue(), **LIMITS).extension == "png"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (make_picture_bytes()[:900], "damaged"),
        (b"\xff" * (2**20 + 1), "over 1 MB"),
        (make_picture_bytes((2000, 1500)), "pixels"),
    ],
    ids=["empty", "svg", "eps", "truncated", "too heavy", "too large"],
)
def test_what_is_no_usable_picture_is_refused_with_the_reason(data, reason):
    with pytest.raises(UnusablePicture, match=reason):
        normalise(data, **LIMITS)


def test_a_crop_keeps_the_focal_point():
    picture = Pillow.new("RGB", (1000, 400), "white")
    picture.paste("red", (900, 0, 1000, 400))
    out = io.BytesIO()
    picture.save(out, "PNG")
    cut = Pillow.open(io.BytesIO(rendition(out.getvalue(), (120, 80), "JPEG", focal=(0.95, 0.5))))
    assert cut.size == (120, 80)
    red, green, _blue = cut.getpixel((115, 40))
    assert (red, green) > (200, 60)
    assert green < 60


@pytest.mark.django_db
def test_one_content_is_one_file():
    one, other = make_image(), make_image()
    assert one.file.name == other.file.name
    assert one.uid != other.uid
