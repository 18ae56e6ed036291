"""Undo hard line breaks: lines broken at a column, and words broken at a hyphen."""

import re
from collections.abc import Callable
from itertools import pairwise

from articles.importers.readers.lines import Line, width
from articles.text.sentences import ends_sentence

#: Lines longer than this were not broken at a column.
_WIDEST_COLUMN = 110
_NARROWEST_COLUMN = 40
#: So many of the widest lines are tried as the margin.
_CANDIDATES = 12
#: Endings that are no word of their own: the hyphen before them was put in by a typesetter.
_ENDINGS = re.compile(
    r"(?:ment|ments|tion|tions|sion|sions|ation|ations|ing|ings|ed|ly|ity|ities|ness|ance|ence|"
    r"able|ible|al|ally|ous|ious|ive|ative|ism|ist|ists|ical|er|ers|est|ty|ture|tures|tional|"
    r"ship|ially|ently|antly|cial|tial|dent|dents|nent|rity|nal|mental|mentary|izing|ised|ized)"
    r"(?=\W|$)"
)
_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def unwrap(lines: list[Line], *, is_label: Callable[[str], bool]) -> list[Line]:
    """Return the lines with those that were broken at a column joined again.

    `is_label(text)` says of a line that it stands for itself (page furniture, a byline).
    """
    column = _column(lines)
    vocabulary: set[str] | None = None
    out: list[Line] = []
    last_width = 0
    for line in lines:
        previous = out[-1] if out else None
        if previous and _continues(previous, line, column, last_width, is_label):
            if previous.text.endswith("-") and line.text[:1].isalpha():
                if vocabulary is None:
                    vocabulary = _words(lines)
                previous.text = _rejoin_word(previous.text, line.text, vocabulary)
            else:
                glue = "" if _CJK.match(previous.text[-1:]) and _CJK.match(line.text[:1]) else " "
                previous.text = f"{previous.text}{glue}{line.source}".strip()
            previous.raw = f"{previous.raw.rstrip()} {line.raw.lstrip()}"
            previous.origin += line.origin
        else:
            out.append(line)
        last_width = width(line.raw.strip())
    return out


def _column(lines: list[Line]) -> int:
    """Return the column at which the text was broken, 0 if it was not."""
    widths = sorted(width(line.raw.strip()) for line in lines if line.hint != "rule")
    if len(widths) < 3 or widths[-max(1, len(widths) // 30) - 1] > _WIDEST_COLUMN:
        return 0
    candidates = sorted({found for found in widths if found <= _WIDEST_COLUMN}, reverse=True)
    runs = [
        (width(line.raw.strip()), _first_width(following))
        for line, following in pairwise(lines)
        if not (following.blanks or ends_sentence(line.text) or line.hint or following.hint)
    ]
    best, column = 0, 0
    for candidate in candidates[:_CANDIDATES]:
        if candidate < _NARROWEST_COLUMN:
            break
        # A credit or a headline may stand over the margin; running text does not.
        wider = sum(found > candidate for found in widths)
        tight = sum(here <= candidate < here + 1 + needed for here, needed in runs)
        loose = sum(here + 1 + needed <= candidate for here, needed in runs)
        if tight >= 2 and tight >= loose and tight - loose - 2 * wider > best:
            best, column = tight - loose - 2 * wider, candidate
    if not column and candidates:
        widest = candidates[0]
        tight = sum(here + 1 + needed > widest for here, needed in runs)
        if widest >= _NARROWEST_COLUMN and tight >= 2 and tight * 2 >= len(runs):
            column = widest
    return column


def _first_width(line: Line) -> int:
    """Return the room that a line's first word needed on the line before it."""
    first = line.text.split(" ", 1)[0]
    return 1 if _CJK.match(first) else width(first)


def _did_not_fit(here: int, following: Line, column: int) -> bool:
    return here <= column < here + 1 + _first_width(following)


def _continues(
    previous: Line, line: Line, column: int, last_width: int, is_label: Callable[[str], bool]
) -> bool:
    if "rule" in {previous.hint, line.hint} or not previous.text or not line.text:
        return False
    if line.hint != previous.hint and not (previous.is_item and not line.hint):
        return False
    if line.zone != previous.zone or line.hint in {"h1", "h2", "h3", "h4", "strong", "li", "oli"}:
        return False
    if line.blanks or (line.marker and not _is_number_in_prose(previous, line)):
        return False
    if previous.marker and line.indent and not column and line.indent >= previous.indent + 2:
        return not ends_sentence(previous.text) and line.text[:1].islower()
    if not _reads_on(previous, line, column, last_width):
        return False
    return not (is_label(line.text) or is_label(previous.text))


def _reads_on(previous: Line, line: Line, column: int, last_width: int) -> bool:
    if line.text[0] in ",;.)]»”、。，！？" and line.text[:3] != "...":
        return True
    lower = line.text[:1].islower()
    if column:
        if _did_not_fit(last_width, line, column):
            return True
        if lower and last_width >= column * 0.75 and not ends_sentence(previous.text):
            return True
    if previous.text.endswith("-") and lower and len(previous.text) > 30:
        return True
    # A line of running text that stops before its sentence does goes on in the next one.
    return (
        lower
        and len(previous.text) > 60
        and not ends_sentence(previous.text)
        and previous.text[-1] not in ":;"
    )


def _is_number_in_prose(previous: Line, line: Line) -> bool:
    """ "… on page" / "2. The next": only where the sentence plainly goes on."""
    return (
        line.is_numbered
        and previous.text[-1:].islower()
        and not previous.marker
        and not ends_sentence(previous.text)
        and line.text[:1].islower()
    )


def _words(lines: list[Line]) -> set[str]:
    return {
        word.lower()
        for line in lines
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)
    }


def _rejoin_word(before: str, after: str, vocabulary: set[str]) -> str:
    """Join a word broken at a hyphen; the hyphen stays where it belongs to the word."""
    head = re.search(r"[^\W\d_]+-$", before)
    tail = re.match(r"[^\W\d_]+", after)
    if head and tail and after[:1].islower():
        first, second = head[0][:-1].lower(), tail[0].lower()
        whole = first + second
        hyphenated = f"{first}-{second}" in vocabulary
        if not hyphenated and (whole in vocabulary or _ENDINGS.match(second)):
            return before[:-1] + after
    return before + after
