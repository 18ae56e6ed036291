"""Several stories in one source: told apart only where the source plainly separates them."""

import re

from articles.importers.readers import bylines, shapes
from articles.importers.readers.lines import Line
from articles.importers.readers.masthead import is_title_label

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
    return [lines]


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
