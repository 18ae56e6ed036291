"""A finished answer: its headers, its bytes in every encoding, and how long it holds.

Compressed quickly when it is made, thoroughly once it is read often, and held so. Plain bytes and
gzip are made of that for the first who asks for them. As bytes (for a store) it carries checksums,
the address it belongs to and the release that made it: anything else than what was written is no
page.
"""

import gzip
import json
import math
import threading
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b, sha256
from struct import Struct
from typing import Any

import brotli
from django.utils.http import http_date

Headers = list[tuple[str, str]]
Slots = Sequence[int]
IDENTITY, GZIP, BROTLI = "identity", "gzip", "br"
#: The tag of an encoding, of that of a page: other bytes need another one. That of br is a weak one
#: (RFC 9110, 8.8.1), because a page is compressed a second time when it is read often.
_TAGS = {IDENTITY: '"{}"', GZIP: '"{}-gzip"', BROTLI: 'W/"{}-br"'}
#: What is made anew for each variant, or by the server.
_OWN = frozenset(
    "content-length content-encoding etag vary date connection last-modified accept-ranges".split()
)
#: A page is compressed by br within a quarter of a millisecond when it is made. Whoever reads it
#: often gets a tenth fewer bytes for four times that; the tenth after it would cost fifty more.
_QUICK, _THOROUGH = 2, 5
#: Nearly everybody takes br, so that gzip may be two per cent larger for a quarter less work.
_GZIP_LEVEL = 4
#: Smallest and largest window of br, in bits: one that holds the page is enough, and sooner there.
_WINDOW = 16, 22
#: Shorter answers travel in one packet anyway.
_WORTH_IT = 256
_VARY = ("Vary", "Accept-Encoding")
_MAGIC = b"NEWSPAGE3"
#: Sizes of head, slots and body; the checksum of the body; number, until, stale_from.
_START = Struct("<IIIIQdd")
_DIGEST = 16
#: What a page takes in memory beside its bytes.
_ITSELF = 4096
#: Who writes headers of a page. Seldom, and a matter of microseconds.
_writing = threading.Lock()


class CorruptPage(ValueError):
    """Bytes that are not the page they were kept as."""


class Variant:
    """One encoding of a page: tag, date (0 for none), headers, and body as WSGI takes it."""

    __slots__ = ("body", "date", "headers", "tag")

    def __init__(self, tag: str, date: int, headers: Headers, body: bytes) -> None:
        self.tag, self.date, self.headers, self.body = tag, date, headers, [body]


class Page:
    """One answer.

    status: such as "200 OK". bodies: its bytes in the encodings in which they are held; what is
    missing is made of them when somebody asks for it. tag: the entity tag of its plain bytes, in
    quotes. changed: the second of the edition that its date is made of; 0 for none. number: what
    was current before it was rendered. slots: of what it shows (slots.py). until: the moment at
    which time alone makes it another one; stale_from: at which it is made anew while readers still
    get it. is_dense: it is compressed as well as it will ever be.
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
        slots: Slots = (),
        until: float = math.inf,
        stale_from: float = math.inf,
        is_dense: bool = False,
    ) -> None:
        self.status = status
        self.headers = [_shared(*pair) for pair in headers if pair[0].lower() not in _OWN]
        self.bodies = bodies
        #: What readers can have.
        self.encodings = tuple(_TAGS) if BROTLI in bodies else tuple(bodies)
        self.tag = tag
        self.changed = changed
        self.number = number
        self.slots = array("I", slots)
        self.until, self.stale_from = until, stale_from
        #: The number at which it was last found to hold.
        self.checked = number
        self.was_used = False
        #: How often it was found in memory.
        self.uses = 0
        self.is_dense = is_dense
        #: Written when first asked for.
        self.variants: dict[str, Variant] = {}
        self._is_dated = False
        #: From then on `compose` has something to do.
        self.compose_at = math.inf
        #: What a part (parts.py) stands for, once its bytes were read.
        self.value: Any = None
        self.size = 0
        self.weigh()

    def weigh(self) -> None:
        """Say how many bytes of memory it takes (`size`), about."""
        made = [one.body[0] for name, one in self.variants.items() if name not in self.bodies]
        size = sum(map(len, [*self.bodies.values(), *made]))
        self.size = size + self.slots.itemsize * len(self.slots) + _ITSELF

    def compose(self, now: float) -> None:
        """Let its headers be as they are at this moment.

        A page dates itself only when the second of its date is over: what changed within a second
        may change in it again, and could not be told apart.
        """
        is_dated = bool(self.changed) and now >= self.changed + 1
        with _writing:
            if is_dated != self._is_dated:
                self._is_dated, self.variants = is_dated, {}
            self.compose_at = self.changed + 1 if self.changed and not is_dated else math.inf

    def variant(self, name: str) -> Variant:
        """Return one of its encodings. KeyError for one that it has not."""
        if found := self.variants.get(name):
            return found
        body = self.body(name)
        with _writing:
            date = self.changed if self._is_dated else 0
            headers = list(self.headers)
            tag = _TAGS[name].format(self.tag[1:-1]) if self.tag else ""
            if tag:
                headers.append(("ETag", tag))
            if date:
                headers.append(_shared("Last-Modified", http_date(date)))
            if len(self.encodings) > 1:
                headers.append(_VARY)
            if name != IDENTITY:
                headers.append(_shared("Content-Encoding", name))
            headers.append(("Content-Length", str(len(body))))
            found = Variant(tag, date, headers, body)
            self.variants = {**self.variants, name: found}
            if name not in self.bodies:
                # It has grown: whoever keeps it weighs it again.
                self.compose_at = 0.0
        return found

    def body(self, name: str) -> bytes:
        """Return its bytes in one of its encodings. KeyError for one that it has not."""
        if name in self.bodies:
            return self.bodies[name]
        if name not in self.encodings:
            raise KeyError(name)
        plain = self.bodies.get(IDENTITY)
        if plain is None:
            plain = brotli.decompress(self.bodies[BROTLI])
        return _ENCODERS[name](plain)

    def condense(self) -> bool:
        """Compress it as well as is worth it for a page that is read often; return whether that was
        still to be done."""
        if self.is_dense or BROTLI not in self.bodies:
            return False
        body = _brotli(self.body(IDENTITY), _THOROUGH)
        with _writing:
            self.bodies = {**self.bodies, BROTLI: body}
            self.variants = {name: one for name, one in self.variants.items() if name != BROTLI}
            self.is_dense = True
            # It has shrunk: whoever keeps it weighs it again.
            self.compose_at = 0.0
        return True

    def lighten(self) -> None:
        """Hold it in the encoding that nearly everybody takes alone: a tenth of its bytes, and
        unpacked sooner than a plain one is read from a disk."""
        if BROTLI in self.bodies:
            self.bodies = {BROTLI: self.bodies[BROTLI]}
            self.weigh()

    def packed(self, key: str, release: str) -> bytes:
        """Return the page as bytes that `unpacked` takes for the same key and release."""
        encoding = BROTLI if BROTLI in self.bodies else IDENTITY
        body = self.bodies[encoding]
        meta = {
            "key": key,
            "release": release,
            "status": self.status,
            "headers": self.headers,
            "encoding": encoding,
            "is_dense": self.is_dense,
            "tag": self.tag,
            "changed": self.changed,
        }
        head, slots = json.dumps(meta).encode(), self.slots.tobytes()
        start = _START.pack(
            len(head), len(slots), len(body), zlib.crc32(body),
            self.number, self.until, self.stale_from,
        )  # fmt: skip
        digest = blake2b(b"".join((start, head, slots)), digest_size=_DIGEST).digest()
        return b"".join((_MAGIC, digest, start, head, slots, body))


def unpacked(
    data: bytes, key: str, release: str, holds: Callable[[int, Slots, float], bool]
) -> Page | None:
    """Return the page that was packed; None if it does not hold any more.

    holds: is told the page's number, slots and until before all else is read, because most that is
    looked for in a store and not in memory is old. Raises CorruptPage for anything else than what
    was packed.
    """
    place = len(_MAGIC) + _DIGEST
    if data[: len(_MAGIC)] != _MAGIC or len(data) < place + _START.size:
        raise CorruptPage("no page")
    found = _START.unpack_from(data, place)
    head_size, slots_size, body_size, checksum, number, until, stale_from = found
    head_at = place + _START.size
    slots_at = head_at + head_size
    body_at = slots_at + slots_size
    if blake2b(data[place:body_at], digest_size=_DIGEST).digest() != data[len(_MAGIC) : place]:
        raise CorruptPage("not what was written")
    slots = array("I")
    slots.frombytes(data[slots_at:body_at])
    if not holds(number, slots, until):
        return None
    body = data[body_at:]
    if len(body) != body_size or zlib.crc32(body) != checksum:
        raise CorruptPage("not what was written")
    meta: dict[str, Any] = json.loads(data[head_at:slots_at])
    if (meta["key"], meta["release"]) != (key, release):
        raise CorruptPage("of another address or release")
    return Page(
        status=meta["status"],
        headers=[(name, value) for name, value in meta["headers"]],
        bodies={meta["encoding"]: body},
        tag=meta["tag"],
        changed=meta["changed"],
        number=number,
        slots=slots,
        until=until,
        stale_from=stale_from,
        is_dense=meta["is_dense"],
    )


def encoded(
    body: bytes, content_type: str, names: Collection[str] | None = None
) -> dict[str, bytes]:
    """Return a body as it is and, where that makes it shorter, as br: of that all else is made.

    names: the encodings that are wanted, best first, of a page for one reader; the first that is
    ours is made instead.
    """
    found = {IDENTITY: body}
    if len(body) >= _WORTH_IT and is_text(content_type):
        for name in (BROTLI,) if names is None else names[:1]:
            data = _ENCODERS[name](body)
            if len(data) < len(body):
                found[name] = data
    return found


_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    IDENTITY: lambda body: body,
    # No time in it: the same page has the same bytes.
    GZIP: lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
    BROTLI: lambda body: _brotli(body, _QUICK),
}


def _brotli(body: bytes, quality: int) -> bytes:
    window = min(max(len(body).bit_length(), _WINDOW[0]), _WINDOW[1])
    return brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality, lgwin=window)


@lru_cache(4096)
def _shared(name: str, value: str) -> tuple[str, str]:
    """One header for all pages that have it: less memory, and near at hand for the processor."""
    return name, value


def is_text(content_type: str) -> bool:
    """Whether compressing helps: text, XML and JSON of any kind."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))


def tag_of(body: bytes) -> str:
    """Return a strong entity tag for an answer: processors have instructions for this digest."""
    return f'"{sha256(body).hexdigest()[: 2 * _DIGEST]}"'
