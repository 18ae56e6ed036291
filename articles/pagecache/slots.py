"""What pages show and changes touch, as places in a table of numbers.

A key is a kind and a number: ("article", 7) is the article with that key, ("of tag", 3) the list
of its stories. Each has a place (slot) of its own, as long as a site has no more rows than the kind
has room for; beyond, two rows share one, and a change of one drops the pages of both.
"""

from zlib import crc32

from articles.models.listed import PART as PART

#: Kind -> how many slots it has.
ROOM = {
    # Single keys: NAMES.
    "name": 64,
    # Rows, by their key.
    "article": 2**19,
    "author": 2**14,
    "tag": 2**15,
    "section": 2**10,
    "image": 2**17,
    "promo": 2**10,
    # Lists of stories, newest first, by whom they are of; and those that changed last.
    "of author": 2**14,
    "of tag": 2**15,
    "of section": 2**10,
    "feed of author": 2**14,
    "feed of tag": 2**15,
    "feed of section": 2**10,
    # By a hash of their words: stories of a year, month or day; promos by position and rule.
    "of period": 2**16,
    "promos": 2**12,
    "part of sitemap": 2**10,
    # What stands under an article by itself, by that article.
    "related": 2**17,
}
#: Keys that stand for themselves, in the order of their slots.
NAMES = (
    # Whatever is kept: a change that nobody can name.
    "everything",
    # The newest stories of the site, by how many of them a page shows at most.
    "newest 8",
    "newest 16",
    "newest 32",
    # A story came out, anywhere; one came out behind others, dated back.
    "stories",
    "older stories",
    # How many stories there are, by day; by topic; whether authors, tags and sections have any.
    "counts",
    "topics",
    # Stories of the site that changed last; all addresses, with their dates.
    "feed",
    "sitemap",
    "corrections",
    # A story that has a place among what is read most came back.
    "rankings",
    # The menu; the names of all who work here.
    "sections",
    "names",
    # Any promo that stands somewhere, or will.
    "promos",
    # A picture that a text names came into the library.
    "new pictures",
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
#: How many of the newest stories the names above speak of.
WINDOWS = (8, 16, 32)


def slot(kind: str, number: int | str) -> int:
    """Return the slot of a key; a text is taken by its hash. KeyError for an unknown kind."""
    first, room = _first[kind]
    if isinstance(number, str):
        number = crc32(number.encode())
    return first + number % room


def named(name: str) -> int:
    """Return the slot of one of `NAMES`. Raises ValueError."""
    return NAMES.index(name)


def newest_stories(number: int) -> str:
    """Return the name for the `number` newest stories of the site."""
    return next((f"newest {one}" for one in WINDOWS if one >= number), "stories")
