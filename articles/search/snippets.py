"""What is shown of a story that was found: its headline and a few of its words, marked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from articles.text.terms import pairs, stem, words

#: Terms of a snippet, and of those how many stand before the first that was looked for.
LENGTH, BEFORE = 34, 8
#: Places of each term in a body that are considered.
PLACES = 30


@dataclass(frozen=True, slots=True)
class Snippet:
    """Escaped HTML with `<mark>` in it. text: "" where the body has none of the words."""

    headline: SafeString
    standfirst: SafeString
    text: SafeString


def snippet(story: Article, texts: Mapping[str, str], sought: Sequence[frozenset[str]]) -> Snippet:
    """Return what is shown of `story`. texts: its document's; sought: terms, for each word asked.

    A part of the body is shown for words that neither headline nor standfirst has.
    """
    terms = frozenset(term for one in sought for term in one)
    shown = {*texts.get("headline", "").split(), *texts.get("standfirst", "").split()}
    missing = frozenset(term for one in sought if not one & shown for term in one)
    part = _best(texts.get("body", ""), missing)
    text = SafeString("")
    if part is not None:
        text = _part(story.body_text, story.language, part, terms)
    return Snippet(
        marked(story.headline, story.language, terms),
        marked(story.standfirst, story.language, terms),
        text,
    )


def marked(text: str, language: str, terms: frozenset[str]) -> SafeString:
    """Return `text` escaped, with the words of `terms` marked."""
    out: list[str] = []
    end = 0
    for first, last in _spots(text, language, terms):
        gap = text[end:first]
        # Neighbours are one mark, as a phrase is one thing.
        if out and end and not gap.strip() and out[-1].endswith("</mark>"):
            out[-1] = out[-1].removesuffix("</mark>") + escape(gap)
            out.append(f"{escape(text[first:last])}</mark>")
        else:
            out.append(escape(gap))
            out.append(f"<mark>{escape(text[first:last])}</mark>")
        end = last
    out.append(escape(text[end:]))
    # Each part was escaped above.
    return mark_safe("".join(out))  # noqa: S308  # nosec B308 B703


def _spots(text: str, language: str, terms: frozenset[str]) -> Iterator[tuple[int, int]]:
    for word in words(text):
        if word.unspaced:
            yield from _pair_spots(word.written, word.start, terms)
        elif stem(word.written.replace(".", ""), language) in terms:
            yield word.start, word.end


def _pair_spots(run: str, start: int, terms: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Letters of a run that belong to a pair that was looked for."""
    if len(pairs(run)) != len(run):
        # Letters with marks: their places in the text are not those of the pairs.
        if terms.intersection(pairs(run)):
            yield start, start + len(run)
        return
    hit = [False] * len(run)
    for place, pair in enumerate(pairs(run)):
        if pair in terms:
            hit[place] = True
            if len(pair) > 1 and place + 1 < len(run):
                hit[place + 1] = True
        elif pair[0] in terms:
            hit[place] = True
    place = 0
    while place < len(run):
        if not hit[place]:
            place += 1
            continue
        first = place
        while place < len(run) and hit[place]:
            place += 1
        yield start + first, start + place


def _part(text: str, language: str, at: int, terms: frozenset[str]) -> SafeString:
    """Return the part of a body around its term number `at`, marked and with its dots."""
    first, last = max(at - BEFORE, 0), max(at - BEFORE, 0) + LENGTH
    start = end = None
    passed = 0
    for word in words(text):
        length = len(pairs(word.written)) if word.unspaced else 1
        if start is None and passed + length > first:
            # A long run is cut at a letter, all else at a word.
            start = word.start + (max(first - passed, 0) if word.unspaced else 0)
        passed += length
        if passed >= last:
            end = word.end - (min(passed - last, length - 1) if word.unspaced else 0)
            break
    if start is None:
        return SafeString("")
    if first == 0:
        start = 0
    end = len(text) if end is None else end
    before = "… " if start > 0 else ""
    after = " …" if end < len(text) else ""
    return format_html("{}{}{}", before, marked(text[start:end].strip(), language, terms), after)


def _best(tokens: str, terms: frozenset[str]) -> int | None:
    """Return the place of the first term of the window that has most different ones."""
    padded = f" {tokens} "
    places: list[tuple[int, str]] = []
    for term in terms:
        at, seen = padded.find(f" {term} "), 0
        while at >= 0 and seen < PLACES:
            places.append((at, term))
            at, seen = padded.find(f" {term} ", at + 1), seen + 1
    if not places:
        return None
    places.sort()
    # By characters, which is near enough: five of them and a space for a term.
    width = (LENGTH - BEFORE) * 6
    best, most = places[0][0], 0
    for index, (at, _term) in enumerate(places):
        inside = {term for place, term in places[index : index + 40] if place < at + width}
        if len(inside) > most:
            best, most = at, len(inside)
    return padded[: best + 1].count(" ") - 1
