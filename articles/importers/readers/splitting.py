"""Several stories in one source: told apart only where the source plainly separates them."""

import re
from itertools import islice

from articles.importers.readers import bylines, furniture, shapes
from articles.importers.readers.keys import words_of
from articles.importers.readers.labels import is_title_label
from articles.importers.readers.lines import Line

_STRONG_RULE = re.compile(r"(?:=\s?){5,}|\f|(?:#\s?){5,}|(?:\*\s?){5,}|(?:_\s?){8,}|(?:-\s?){8,}")
_LEAST_PROSE = 100


def split_stories(lines: list[Line]) -> list[list[Line]]:
    """Return the lines of each story; one list when nothing plainly separates two."""
    labelled = [i for i, line in enumerate(lines) if is_title_label(line.text)]
    if len(labelled) > 1:
        parts = _cut(lines, labelled if labelled[0] == 0 else [0, *labelled[1:]])
        if all(_has_prose(part) for part in parts):
            return parts
    rules = [i for i, line in enumerate(lines) if line.hint == "rule" and _is_separator(line)]
    if rules:
        cuts = [0, *(index + 1 for index in rules)]
        parts = [part for part in _cut(lines, cuts) if any(line.hint != "rule" for line in part)]
        if len(parts) > 1 and all(_is_story(part) for part in parts):
            dated = sum(_has_byline(part) for part in parts)
            firm = all(lines[i].marker == "\f" or "=" in lines[i].raw for i in rules)
            if dated * 2 >= len(parts) or firm:
                return parts
    heads = [
        index + 1
        for index, line in enumerate(lines)
        if line.hint == "rule" and _opens_story(lines[index + 1 : index + 12])
    ]
    if heads and _opens_story(lines):
        parts = _cut(lines, [0, *heads])
        if all(_has_prose(part) for part in parts):
            return parts
    return [lines]


def _opens_story(lines: list[Line]) -> bool:
    """Whether a headline comes first, and right below it who wrote the story.

    Any rule may then separate two stories; a day alone is not enough, because a diary's parts
    have one too.
    """
    head = list(islice((line for line in lines if line.hint != "rule"), 5))
    start = 1 if head and furniture.is_breadcrumb(head[0].text) else 0
    if len(head) < start + 3 or not _is_headline(head[start]):
        return False
    below = head[start + 1 : start + 4]
    signed = any(len(line.text) < 120 and bylines.byline(line.text) for line in below)
    dated = any((found := bylines.read_line(line.text, "en")) and found.published for line in below)
    named = any(bylines.is_name(line.text) for line in below)
    return signed or (dated and named)


def _is_headline(line: Line) -> bool:
    return (
        shapes.is_title_like(line.text)
        and words_of(line.text) > 2
        and not bylines.byline(line.text)
        and not line.is_item
    )


def _cut(lines: list[Line], starts: list[int]) -> list[list[Line]]:
    ends = [*starts[1:], len(lines)]
    return [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def _is_separator(line: Line) -> bool:
    return line.marker == "\f" or bool(_STRONG_RULE.fullmatch(line.raw.strip()))


def _has_prose(part: list[Line]) -> bool:
    return sum(len(line.text) for line in part if shapes.is_prose(line)) >= _LEAST_PROSE


def _is_story(part: list[Line]) -> bool:
    first = next((line for line in part if line.hint != "rule"), None)
    return first is not None and shapes.is_title_like(first.text) and _has_prose(part)


def _has_byline(part: list[Line]) -> bool:
    head = [line for line in part if line.hint != "rule"][1:4]
    return any(bylines.read_line(line.text, "en") is not None for line in head)
