"""Who made a picture and whose it is, as files say it: read from an upload, written into copies.

The words go to three places, because programs look in different ones: EXIF, XMP (Dublin Core and
IPTC Core), and in a JPEG the older IPTC record.
"""

import contextlib
import re
import struct
from dataclasses import dataclass
from html import escape

from PIL import Image, IptcImagePlugin

_ARTIST, _COPYRIGHT = 0x013B, 0x8298
# Numbers of the IPTC record 2: who wrote it, who is to be credited, whose right it is.
_BYLINE, _CREDIT, _NOTICE = 80, 110, 116
#: Longest text that is read from or written into a file.
LONGEST = 200
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">{said}</rdf:Description></rdf:RDF></x:xmpmeta>\
<?xpacket end="r"?>"""


@dataclass(frozen=True)
class Said:
    """What stands in a picture's file: who is credited, and the notice of whose it is."""

    credit: str = ""
    copyright: str = ""


def read_said(image: Image.Image) -> Said:
    """Return what an opened picture says of itself; broken metadata says nothing."""
    record: dict = {}
    exif: dict = {}
    # Strangers' bytes break a parser in more ways than can be named; the pixels are good.
    with contextlib.suppress(Exception):
        record = IptcImagePlugin.getiptcinfo(image) or {}
    with contextlib.suppress(Exception):
        exif = dict(image.getexif())
    credit = record.get((2, _CREDIT)) or record.get((2, _BYLINE)) or exif.get(_ARTIST)
    return Said(_text(credit), _text(record.get((2, _NOTICE)) or exif.get(_COPYRIGHT)))


def _text(value: object) -> str:
    """One line of text from whatever a file held there."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    if isinstance(value, str):
        # Pillow reads EXIF as Latin-1, and most programs write UTF-8.
        value = value.encode("latin-1", "replace")
    if not isinstance(value, bytes):
        return ""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return _line(text)


def _line(text: str) -> str:
    """One line without control characters, which XML cannot hold."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).split())[:LONGEST]


def written(said: Said, kind: str) -> dict[str, bytes]:
    """Return the arguments for Pillow's `save` that put `said` into a file of `kind`."""
    said = Said(_line(said.credit), _line(said.copyright))
    if not (said.credit or said.copyright):
        return {}
    # These six bytes stand before EXIF in a JPEG; Pillow takes them off for the other formats.
    parts = {"exif": b"Exif\x00\x00" + _exif(said), "xmp": _xmp(said)}
    return parts | {"extra": _iptc(said)} if kind == "JPEG" else parts


def _exif(said: Said) -> bytes:
    """A small EXIF block. By hand, since Pillow writes ASCII and turns other letters into "?"."""
    texts = [
        (tag, text.encode() + b"\x00")
        for tag, text in ((_ARTIST, said.credit), (_COPYRIGHT, said.copyright))
        if text
    ]
    place = 8 + 2 + 12 * len(texts) + 4
    lines, tail = b"", b""
    for tag, text in texts:
        # Up to four bytes stand in the line itself.
        value = text.ljust(4, b"\x00") if len(text) <= 4 else struct.pack("<I", place + len(tail))
        lines += struct.pack("<HHI", tag, 2, len(text)) + value
        tail += text if len(text) > 4 else b""
    head = b"II*\x00" + struct.pack("<IH", 8, len(texts))
    return head + lines + struct.pack("<I", 0) + tail


def _xmp(said: Said) -> bytes:
    parts = ""
    if said.credit:
        name = escape(said.credit, quote=False)
        parts += (
            f"<photoshop:Credit>{name}</photoshop:Credit>"
            f"<dc:creator><rdf:Seq><rdf:li>{name}</rdf:li></rdf:Seq></dc:creator>"
        )
    if said.copyright:
        notice = f'<rdf:li xml:lang="x-default">{escape(said.copyright, quote=False)}</rdf:li>'
        parts += f"<dc:rights><rdf:Alt>{notice}</rdf:Alt></dc:rights>"
    return _XMP.format(said=parts).encode()


def _iptc(said: Said) -> bytes:
    """The IPTC record in its JPEG segment; it begins by saying that its text is UTF-8."""
    record = _dataset(1, 90, b"\x1b%G")
    for number, text in (
        (_BYLINE, said.credit),
        (_CREDIT, said.credit),
        (_NOTICE, said.copyright),
    ):
        if text:
            record += _dataset(2, number, text.encode())
    record += b"\x00" * (len(record) % 2)
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    segment = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment


def _dataset(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value
