"""Parts of pages, kept like pages: made once, and joined by every page that shows them.

A part is text, or anything that JSON can hold, with the slots of what it was made of; they are
those of every page that has it, too. It is found by its name, held against the same numbers, and
lies in the same store. So a page that is made anew after a change elsewhere asks for no more than
what has changed.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.safestring import SafeString

from articles.pagecache import cache, moments
from articles.pagecache.pages import IDENTITY, Page
from articles.pagecache.showing import collecting, noted_for, on_this_page

Value = TypeVar("Value")
#: A text with holes: what stands between them, and at every second place the name of a hole.
Frame = list[str]


class Begun:
    """The moment before what parts are made of is read: none of them may be thought younger."""

    def __init__(self) -> None:
        self._page = page = on_this_page()
        #: That of the page, from before anything was read; None: nothing can be kept.
        self.number = page.number
        self.until = 0.0
        if self.number is not None:
            midnight = moments.midnight_after(timezone.now()).timestamp()
            # After the number: what is to come by time alone is written down before what it changes
            # is dropped.
            if page.coming is None:
                page.coming = moments.coming(cache.of_site().numbers)
            self.until = min(page.coming, midnight)

    def read(self, ask: Callable[[], Value]) -> Value:
        """Return what `ask` reads for several parts. Each has to say again which of it it shows
        (`Article.read_again`)."""
        with noted_for(self._page):
            return ask()


def kept(
    name: str, make: Callable[[], Value], since: Begun | None = None, *, is_missing: bool = False
) -> Value:
    """Return what `make` returns, from the part of that name as long as it holds.

    name: no address. make: says what it shows like a view (showing.py); without lists, any change
    at all makes it anew. since: for parts that are made of what was read together. is_missing: it
    was looked for a moment ago (`is_kept`). The value is everybody's, and must not be changed. Only
    pages that are made to be kept are joined of kept parts; all others have them made. No part
    outlives the day: it may show one, and views as they were counted then.
    """
    page, parts = on_this_page(), cache.of_site().parts
    if not page.is_to_be_kept or parts is None:
        return make()
    now = time.time()
    part = None if is_missing else parts.find(name, now, page.number)
    if part is None or now >= part.stale_from:
        return _made(name, make, parts, since or Begun())
    page.part(part.slots, part.until, part.stale_from)
    if part.bodies:
        _read(part, json.loads(part.bodies[IDENTITY]))
    # What is kept under a name is what was made under it; a page knows no types.
    return part.value  # type: ignore[no-any-return]


def is_kept(name: str) -> bool:
    """Whether a part of that name is there at this moment, for the page under way."""
    page, parts = on_this_page(), cache.of_site().parts
    if not page.is_to_be_kept or parts is None:
        return False
    return parts.find(name, time.time(), page.number) is not None


def _read(part: Page, value: Any) -> None:
    """Remember what a part stands for, and not its bytes as well."""
    part.value = value
    part.bodies = {}


def _made(name: str, make: Callable[[], Value], parts: cache.PageCache, begun: Begun) -> Value:
    page = on_this_page()
    with collecting(page.number) as shown:
        shown.coming = page.coming
        shown.ends(begun.until)
        value = make()
    slots = shown.slots
    page.part(slots, shown.until, shown.stale_from)
    if begun.number is not None:
        part = Page(
            status="",
            headers=(),
            bodies={IDENTITY: json.dumps(value, ensure_ascii=False).encode()},
            number=begun.number,
            slots=slots,
            until=shown.until,
            stale_from=shown.stale_from,
        )
        parts.keep(name, part, time.time())
        _read(part, value)
    return value


# --- texts with holes ----------------------------------------------------------------------------


def with_holes(names: tuple[str, ...], write: Callable[[dict[str, SafeString]], str]) -> Frame:
    """Return what `write` writes, with a hole wherever it wrote one of the texts it is given, by
    their names."""
    # Nobody who writes a text can know it.
    mark = secrets.token_hex(8)
    # Names of our own and a number: nothing to escape.
    text = write({name: SafeString(f"{mark}{name}{mark}") for name in names})  # nosec B703
    return text.split(mark)


def joined(frame: Frame, fillings: Mapping[str, str]) -> str:
    """Return the text of a frame with its holes filled, by their names."""
    pieces: list[Any] = list(frame)
    pieces[1::2] = [fillings[name] for name in frame[1::2]]
    return "".join(pieces)
