"""A stored body as readers get it: notes in a list, key dates, embeds that ask first.

It reads the shapes that `articles.text.structure` gives a cleaned body, so patterns are enough.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urljoin

from articles.text.bodies import Picture
from articles.text.embeds import frame_of, host_of

_NOTE = re.compile(r'<sup class="footnote">([^<]*)</sup>')
_EMBED = re.compile(r'<figure class="embed" data-embed="([^"]*)"><a[^>]*>([^<]*)</a></figure>')
_LIST = re.compile(r"<ul>((?:(?!</?[uo]l>).)*)</ul>", re.S)
#: An item that begins with a date or an hour in bold: whatever has a figure in it.
_DATED = re.compile(r"<li>(?:<p>)?<strong>[^<]*\d[^<]*</strong>")
_IMAGE = re.compile(r'(<figure data-picture="[^"]*">)<img ')
# One of a page, behind every other step: a serialiser has written its attributes, in whichever
# quotes it likes.
_SHOWN = re.compile(
    r"""(<figure data-picture="([^"]*)">)<img((?: [a-z-]+=(?:"[^"]*"|'[^']*'))*) ?/?>"""
)
_ALT = re.compile(r""" alt=(?:"([^"]*)"|'([^']*)')""")
_ADDRESS = re.compile(r"https?://[^\s<>&]+(?:&amp;[^\s<>&]+)*(?<![.,;:!?)\]])")
_ANY_ADDRESS = re.compile(r'((?:<a|<img)\b[^>]*? (?:href|src))="([^"]*)"')


@dataclass(frozen=True)
class Words:
    """What the parts of a body say, in the page's language; each names what it is about.

    note, back: with a number; load, warning: with the name of a provider.
    """

    notes: str = "Notes"
    note: str = "Note %s"
    back: str = "Back to the text of note %s"
    load: str = "Show the content from %s"
    warning: str = "%s learns of your visit when you do."


def readable(body: str, words: Words) -> str:
    """Return a cleaned body for the article's page; one without such parts as it is."""
    body = _IMAGE.sub(r'\1<img loading="lazy" decoding="async" ', body)
    body = _EMBED.sub(lambda found: _embed(found, words), body)
    body = _LIST.sub(_dates, body)
    notes: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if not found[1].strip():
            return ""
        notes.append(_linked(found[1]))
        number = len(notes)
        name = escape(words.note % number)
        return (
            f'<sup class="note-mark"><a id="note_{number}_mark" href="#note_{number}" '
            f'role="doc-noteref" aria-label="{name}">{number}</a></sup>'
        )

    body = _NOTE.sub(mark, body)
    if not notes:
        return body
    rows = "".join(
        f'<li id="note_{number}">{note}\u00a0<a href="#note_{number}_mark" role="doc-backlink" '
        f'aria-label="{escape(words.back % number)}">↩</a></li>'
        for number, note in enumerate(notes, start=1)
    )
    title = escape(words.notes)
    return (
        f'{body}<section class="notes" role="doc-endnotes" aria-label="{title}">'
        f'<p class="label">{title}</p><ol>{rows}</ol></section>'
    )


def with_pictures(body: str, show: Callable[[Picture], str | None]) -> str:
    """Return a page's body with each picture as `show` writes it; None leaves one as it is."""

    def put(found: re.Match[str]) -> str:
        alt = _ALT.search(found[3])
        shown = show(Picture(found[2], unescape(alt[1] or alt[2] or "") if alt else ""))
        return found[0] if shown is None else found[1] + shown

    return _SHOWN.sub(put, body)


def for_feed(body: str, page: str) -> str:
    """Return a cleaned body for a feed reader: embeds are links, notes a list, addresses whole.

    page: the full address of the story, which its addresses are read from.
    """
    body = _EMBED.sub(
        lambda found: f'<p><a href="{found[1]}">{found[2]}</a> ({host_of(unescape(found[1]))})</p>',
        body,
    )
    notes: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if not found[1].strip():
            return ""
        notes.append(f"<li>{_linked(found[1])}</li>")
        return f"<sup>[{len(notes)}]</sup>"

    body = _NOTE.sub(mark, body)
    body = _ANY_ADDRESS.sub(lambda found: f'{found[1]}="{_whole(found[2], page)}"', body)
    return f"{body}<ol>{''.join(notes)}</ol>" if notes else body


def _dates(found: re.Match[str]) -> str:
    """A list whose items all begin with a date, as key dates; any other list as it is."""
    items = found[1].count("<li>")
    if items > 1 and len(_DATED.findall(found[1])) == items:
        return f'<ul class="key-dates">{found[1]}</ul>'
    return found[0]


def _whole(address: str, page: str) -> str:
    """An address as it stands in an attribute, read from `page`; a broken one as it is."""
    try:
        return escape(urljoin(page, unescape(address)))
    except ValueError:
        return address


def _linked(note: str) -> str:
    """A note's words, with each address in them a link."""
    return _ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', note.strip())


def _embed(found: re.Match[str], words: Words) -> str:
    address, title = found[1], found[2]
    host = host_of(unescape(address))
    frame = frame_of(unescape(address))
    shown = title if title != address else escape(host)
    link = (
        f'<a class="embed__link" href="{address}"><span class="embed__title">{shown}</span> '
        f'<span class="embed__host">{escape(host)}</span></a>'
    )
    if frame is None:
        return f'<figure class="embed">{link}</figure>'
    load = escape(words.load % frame.provider)
    # Shown by the script that answers it; without one, the link leads there.
    button = (
        f'<button class="embed__load" type="button" hidden data-frame="{escape(frame.address)}" '
        f'data-title="{shown}">{load}</button>'
        f'<p class="embed__warning" hidden>{escape(words.warning % frame.provider)}</p>'
    )
    return f'<figure class="embed embed--{frame.shape}">{link}{button}</figure>'
