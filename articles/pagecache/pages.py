"""A finished answer: its headers, its bytes in every encoding, and how long it holds.

Compressed once, when it is made. As bytes (for a store) it carries a checksum, the address it
belongs to and the release that made it: anything else than what was written is no page.
"""

import gzip
import json
import math
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import blake2b
from struct import Struct
from typing import Any

import brotli
from django.utils.http import http_date

Headers = list[tuple[str, str]]
IDENTITY, GZIP, BROTLI = "identity", "gzip", "br"
#: What an encoding adds to the tag of a page: other bytes need another one.
_MARKS = {IDENTITY: "", GZIP: "-gzip", BROTLI: "-br"}
#: What is made anew for each variant, or by the server.
_OWN = frozenset(
    "content-length content-encoding etag vary date connection last-modified accept-ranges".split()
)
#: Compressed within a millisecond; the last per cent would cost fifty. Nearly everybody takes br,
#: so that gzip may be two per cent larger for a quarter less work.
_GZIP_LEVEL, _BROTLI_QUALITY = 4, 5
#: Smallest and largest window of br, in bits: one that holds the page is enough, and sooner there.
_WINDOW = 16, 22
#: Shorter answers travel in one packet anyway.
_WORTH_IT = 256
_MAGIC = b"NEWSPAGE1"
_SIZES = Struct("<IIIII")
_DIGEST = 16


class CorruptPage(ValueError):
    """Bytes that are not the page they were kept as."""


class Variant:
    """One encoding of a page: tag, date (0 for none), headers, and body as WSGI takes it."""

    __slots__ = ("body", "date", "headers", "tag")

    def __init__(self, tag: str, date: int, headers: Headers, body: bytes) -> None:
        self.tag, self.date, self.headers, self.body = tag, date, headers, [body]


class Page:
    """One answer.

    status: such as "200 OK". tag: the entity tag of its plain bytes, in quotes. changed: the second
    of the edition that its date is made of; 0 for none. number: what was current before it was
    rendered. slots: of what it shows (slots.py). until: the moment at which time alone makes it
    another one; stale_from: at which it is made anew while readers still get it.
    """

    def __init__(
        self,
        *,
        status: str,
        headers: Iterable[tuple[str, str]],
        bodies: dict[str, bytes],
        tag: str = "",
        changed: int = 0,
        number: int = 0,
        slots: Sequence[int] = (),
        until: float = math.inf,
        stale_from: float = math.inf,
    ) -> None:
        self.status = status
        self.headers = [(name, value) for name, value in headers if name.lower() not in _OWN]
        self.bodies = bodies
        self.tag = tag
        self.changed = changed
        self.number = number
        self.slots = array("I", slots)
        self.until, self.stale_from = until, stale_from
        #: The number at which it was last found to hold.
        self.checked = number
        self.was_used = False
        self.size = sum(map(len, bodies.values())) + 4 * len(self.slots) + 4096
        self.variants: dict[str, Variant] = {}
        self.compose_at = 0.0
        #: What a part (parts.py) stands for, once its bytes were read.
        self.value: Any = None

    def compose(self, now: float) -> None:
        """Write the headers of each variant.

        A page dates itself only when the second of its date is over: what changed within a second
        may change in it again, and could not be told apart.
        """
        dated = self.changed and now >= self.changed + 1
        self.compose_at = self.changed + 1 if self.changed and not dated else math.inf
        variants = {}
        for name, body in self.bodies.items():
            headers = list(self.headers)
            tag = f'{self.tag[:-1]}{_MARKS[name]}"' if self.tag else ""
            if tag:
                headers.append(("ETag", tag))
            if dated:
                headers.append(("Last-Modified", http_date(self.changed)))
            if len(self.bodies) > 1:
                headers.append(("Vary", "Accept-Encoding"))
            if name != IDENTITY:
                headers.append(("Content-Encoding", name))
            headers.append(("Content-Length", str(len(body))))
            variants[name] = Variant(tag, self.changed if dated else 0, headers, body)
        self.variants = variants

    def packed(self, key: str, release: str) -> bytes:
        """Return the page as bytes that `unpacked` takes for the same key and release."""
        meta = {
            "key": key,
            "release": release,
            "status": self.status,
            "headers": self.headers,
            "tag": self.tag,
            "changed": self.changed,
            "number": self.number,
            "until": None if math.isinf(self.until) else self.until,
            "stale_from": None if math.isinf(self.stale_from) else self.stale_from,
        }
        head, slots = json.dumps(meta).encode(), self.slots.tobytes()
        bodies = [self.bodies.get(name, b"") for name in _MARKS]
        sizes = _SIZES.pack(len(head), len(slots), *map(len, bodies))
        rest = b"".join((sizes, head, slots, *bodies))
        return _MAGIC + blake2b(rest, digest_size=_DIGEST).digest() + rest


def unpacked(data: bytes, key: str, release: str) -> Page:
    """Return the page that was packed. Raises CorruptPage for anything else."""
    start = len(_MAGIC) + _DIGEST
    digest, rest = data[len(_MAGIC) : start], data[start:]
    if data[: len(_MAGIC)] != _MAGIC or blake2b(rest, digest_size=_DIGEST).digest() != digest:
        raise CorruptPage("not what was written")
    sizes = _SIZES.unpack_from(rest)
    parts, place = [], _SIZES.size
    for size in sizes:
        parts.append(rest[place : place + size])
        place += size
    meta: dict[str, Any] = json.loads(parts[0])
    if (meta["key"], meta["release"]) != (key, release):
        raise CorruptPage("of another address or release")
    slots = array("I")
    slots.frombytes(parts[1])
    bodies = {
        name: body for name, body in zip(_MARKS, parts[2:], strict=True) if body or name == IDENTITY
    }
    return Page(
        status=meta["status"],
        headers=[(name, value) for name, value in meta["headers"]],
        bodies=bodies,
        tag=meta["tag"],
        changed=meta["changed"],
        number=meta["number"],
        slots=slots,
        until=math.inf if meta["until"] is None else meta["until"],
        stale_from=math.inf if meta["stale_from"] is None else meta["stale_from"],
    )


def encoded(
    body: bytes, content_type: str, names: Collection[str] | None = None
) -> dict[str, bytes]:
    """Return a body in each encoding that makes it shorter, and as it is.

    names: the encodings that are wanted, best first; the first that is ours is enough.
    """
    found = {IDENTITY: body}
    if len(body) >= _WORTH_IT and is_text(content_type):
        for name in (GZIP, BROTLI) if names is None else names[:1]:
            data = _ENCODERS[name](body)
            if len(data) < len(body):
                found[name] = data
    return found


_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    IDENTITY: lambda body: body,
    # No time in it: the same page has the same bytes.
    GZIP: lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
    BROTLI: lambda body: brotli.compress(
        body,
        mode=brotli.MODE_TEXT,
        quality=_BROTLI_QUALITY,
        lgwin=min(max(len(body).bit_length(), _WINDOW[0]), _WINDOW[1]),
    ),
}


def is_text(content_type: str) -> bool:
    """Whether compressing helps: text, XML and JSON of any kind."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))


def tag_of(body: bytes) -> str:
    """Return a strong entity tag for an answer that has none of its own."""
    return f'"{blake2b(body, digest_size=_DIGEST).hexdigest()}-{zlib.crc32(body):x}"'
