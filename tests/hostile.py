"""Files that were made to harm, or that broke on their way; made here, so that none is kept."""

import io
import struct
import zipfile
import zlib

from PIL import Image as Pillow

from tests.factories import make_picture_bytes

PAYLOAD = b"<script>alert(1)</script>"
#: Of zeros, in a kilobyte.
MEGABYTE = zlib.compress(b"\0" * 2**20, 9)


def saved(image: Pillow.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *between: bytes, rows: bytes = b"") -> bytes:
    """A PNG of one bit for each pixel, with other chunks before its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows or b"\0" * ((width + 7) // 8 + 1) * height, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(between) + body + chunk(b"IEND", b"")


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.html", PAYLOAD)
    return out.getvalue()


#: name: bytes, and what the sentence says. None of them may leave a row or a file.
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "svg with a script": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "not a picture",
    ),
    "html": (b"<!doctype html>" + PAYLOAD, "not a picture"),
    "pdf": (b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj", "not a picture"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "archive": (archive(), "not a picture"),
    "bitmap": (make_picture_bytes(kind="BMP"), "not a picture"),
    "tiff": (make_picture_bytes(kind="TIFF"), "not a picture"),
    # Valid as a script, and no picture but for its first letters.
    "gif that is a script": (b"GIF89a/*" + PAYLOAD + b"*/=1;alert(1)", "not a picture"),
    "gif that is php": (b"GIF89a<?php system('x');", "not a picture"),
    "cut off": (make_picture_bytes()[:2000], "damaged"),
    "cut off png": (make_picture_bytes(kind="PNG")[:200], "damaged"),
    "cut off webp": (make_picture_bytes(kind="WEBP")[:60], "damaged"),
    # 18 KB that would be 1.2 GB.
    "bomb": (png(12_000, 12_000), "12000 × 12000 pixels"),
    "giant on paper": (png(500_000, 500_000, rows=b"\0"), "more than 60 million pixels"),
    "colours that grow": (
        png(8, 8, chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 2**23, 9))), "damaged",
    ),
    "text that grows": (
        png(8, 8, *(
            chunk(b"zTXt", b"x%d\0\0" % n + MEGABYTE) for n in range(80)
        )),
        "damaged",
    ),
}  # fmt: skip


def film(frames: int) -> bytes:
    first = Pillow.new("P", (400, 300), 1)
    rest = [Pillow.new("P", (400, 300), n % 250) for n in range(frames - 1)]
    return saved(first, "GIF", save_all=True, append_images=rest, duration=20)


def sideways() -> bytes:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    return make_picture_bytes((900, 600), exif=exif)


#: name: bytes of what is odd and yet a picture, and the size it is kept in.
TAKEN: dict[str, tuple[bytes, tuple[int, int]]] = {
    "jpeg with a page behind it": (make_picture_bytes() + PAYLOAD, (900, 600)),
    "jpeg with a page in it": (make_picture_bytes(comment=PAYLOAD), (900, 600)),
    "jpeg that is an archive": (make_picture_bytes() + archive(), (900, 600)),
    "png with a page in its text": (
        png(90, 60, chunk(b"tEXt", b"x\0" + PAYLOAD)), (90, 60),
    ),
    "film": (film(60), (400, 300)),
    "taken sideways": (sideways(), (600, 900)),
    "broken metadata": (
        make_picture_bytes(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40), (900, 600),
    ),
    "four inks": (saved(Pillow.new("CMYK", (90, 60), (255, 0, 0, 0)), "JPEG"), (90, 60)),
    "sixteen bits": (saved(Pillow.new("I;16", (90, 60), 32768), "PNG"), (90, 60)),
    "palette": (saved(Pillow.new("P", (90, 60), 3), "PNG"), (90, 60)),
    "colours of another kind": (
        make_picture_bytes((90, 60), icc_profile=b"\0" * 200), (90, 60),
    ),
}  # fmt: skip
