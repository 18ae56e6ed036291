"""What pages show and changes touch, as places in a table of numbers.

A key is a kind and a number: ("article", 7) is the article with that key, ("of tag", 3) the list
of its stories. Each has a place (slot) of its own, as long as a site has no more rows than the kind
has room for; beyond, two rows share one, and a change of one drops the pages of both.
"""

from zlib import crc32

#: Kind -> how many slots it has. The order is part of the table's file: see `LAYOUT`.
ROOM = {
    # Single keys: NAMES.
    "name": 64,
    "article": 2**19,
    "author": 2**14,
    "tag": 2**15,
    "section": 2**10,
    "image": 2**17,
    # Lists, by whom they are of.
    "of author": 2**14,
    "of tag": 2**15,
    "of section": 2**10,
    # Lists of a day, month or year, by a hash.
    "period": 2**16,
    "part of sitemap": 2**10,
    "promos": 64,
}
#: Keys that stand for themselves, in the order of their slots.
NAMES = (
    # Whatever is kept: a change that nobody can name.
    "everything",
    # The newest stories of the site, by how many of them a page shows.
    "newest 8",
    "newest 16",
    "newest 32",
    # Which stories there are at all, and under which topics, days and names.
    "stories",
    "topics",
    "corrections",
    "names",
    "missing pictures",
)
#: Changes with the tables above: numbers of another layout mean something else.
LAYOUT = crc32(repr((ROOM, NAMES)).encode())

_first: dict[str, tuple[int, int]] = {}
_next = 0
for _kind, _room in ROOM.items():
    _first[_kind] = (_next, _room)
    _next += _room
#: Slots of all kinds together.
ALL = _next
EVERYTHING = 0


def slot(kind: str, number: int | str) -> int:
    """Return the slot of a key; a text is taken by its hash. KeyError for an unknown kind."""
    first, room = _first[kind]
    if isinstance(number, str):
        number = crc32(number.encode())
    return first + number % room


def named(name: str) -> int:
    """Return the slot of one of `NAMES`. Raises ValueError."""
    return NAMES.index(name)
