"""Query strings: what of them makes a page another one, written one way."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

#: What is looked at: more is no reader's.
_LONGEST, _MOST_FIELDS = 512, 20
#: No value that a page of ours hands out is longer.
_LONGEST_VALUE = 64


def normalised(query: str, names: Collection[str]) -> str | None:
    """Return `query` with nothing but `names`, sorted, the last value of each; "" for none.

    None for one that nobody was led to, and that is worth keeping no page for.
    """
    if not query:
        return ""
    if len(query) > _LONGEST:
        return None
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    found = {name: value for name, value in given if name in names}
    if any(len(value) > _LONGEST_VALUE or not value.isascii() for value in found.values()):
        return None
    return urlencode(sorted(found.items()))
