"""What only a line's neighbours and its place on the page tell: the second look at furniture."""

import re

from articles.importers.readers import shapes
from articles.importers.readers.furniture import weak_kind_of
from articles.importers.readers.keys import line_key, words_of
from articles.importers.readers.lines import Line, width
from articles.importers.readers.vocabulary import cues
from articles.text.sentences import ends_sentence

_CUES = {kind: tuple(filter(None, text.split("|"))) for kind, text in cues.LIKELY.items()}
_LARGEST_FORM = 3
#: Kinds that come as a block of lines: what stands close to one of them may belong to it.
_BLOCKY = ("newsletter", "login", "cookie", "comments", "follow")
_COMMENT_SIGNS = re.compile(
    r"\b(?:reply|replies|says|wrote|said|ago|likes?|report|flag|upvote|share|antworten|"
    r"répondre|responder|rispondi|"
    r"ответить|відповісти|yanıtla|cevapla|odpowiedz|odpovědět|svara|svar|beantwoorden)\b\s*:?$|"
    r"^@\w|\bsays\s?:|"
    r"回复|返信|답글|رد$|הגב|उत्तर",
    re.IGNORECASE,
)
_BIO = re.compile(
    r"\b(?:is (?:a|an|the|our)\b.{0,60}\b(?:writer|reporter|correspondent|journalist|editor|"
    r"columnist|"
    r"author|contributor|fellow|professor|analyst)|covers\b|writes (?:about|for)\b|"
    r"ist (?:redakteur|"
    r"korrespondent|journalist|autor)|est journaliste|es periodista|é jornalista)",
    re.IGNORECASE,
)


def look_around(lines: list[Line], authors: list[str]) -> None:
    """Mark what the neighbours give away: blocks, comments, menus, the page below the story."""
    _between(lines)
    _blocks(lines)
    _weak(lines)
    _contents(lines)
    _bio(lines, authors)
    _below(lines)


def _last_prose(lines: list[Line]) -> int:
    return max(
        (i for i, line in enumerate(lines) if line.open and shapes.is_prose(line)), default=-1
    )


def _blocks(lines: list[Line]) -> None:
    """A sign-up block has several lines, each too harmless to be known by itself."""
    prose = [line for line in lines if line.open and shapes.is_prose(line)]
    spaced = sum(line.blanks > 0 for line in prose) * 2 > len(prose)
    for step in (1, -1):
        ordered = lines if step == 1 else lines[::-1]
        kind = ""
        for previous, line in zip([None, *ordered], ordered, strict=False):
            if line.state in _BLOCKY:
                kind = line.state
                continue
            if not line.open or line.hint == "rule":
                kind = kind if line.state in {"ornament", "nav"} else ""
                continue
            gap = line.blanks if step == 1 else (previous.blanks if previous else 0)
            limit = 200 if step == 1 else 70
            if (
                kind
                and gap <= 1
                and width(line.text) <= limit
                and (step == 1 or not ends_sentence(line.text) or gap == 0)
                and _has_cue(line.text, kind)
                and not line.hint.startswith("h")
            ) or (
                kind
                and step == -1
                and not gap
                and _opens_block(line)
                and ((spaced and line.blanks) or _heads_nothing(line, lines))
            ):
                line.state = kind
            else:
                kind = ""


def _between(lines: list[Line]) -> None:
    """What stands between the first and the last line of one sign-up form belongs to it."""
    last: dict[str, int] = {}
    for index, line in enumerate(lines):
        kind = line.state or line.weak
        if kind not in {"newsletter", "login", "ad"}:
            continue
        start = last.get(kind, -1)
        last[kind] = index
        inside = lines[start + 1 : index]
        if start < 0 or not inside or len(inside) > _LARGEST_FORM:
            continue
        if line_key(lines[start].text) == line_key(line.text):
            # The same label twice is two boxes, and what stands between them is the story's.
            continue
        if kind == "ad" and any(
            shapes.is_sentence(each) or width(each.text) > 80 for each in inside
        ):
            continue
        if all(
            each.state in {kind, "share", "footer", "nav", "cookie"}
            or (each.open and width(each.text) <= 140 and not each.hint and not each.is_item)
            for each in inside
        ) and all(each.blanks <= 1 for each in (*inside, line)):
            for each in (*inside, line):
                each.state = each.state or kind


def _opens_block(line: Line) -> bool:
    """The first lines of a sign-up block: its name, and what it promises the visitor."""
    if line.hint or line.is_item:
        return False
    if shapes.is_title_like(line.text) and width(line.text) <= 40:
        return True
    return width(line.text) <= 160 and bool(re.search(r"\b(?:you|your)\b", line.text.lower()))


def _heads_nothing(line: Line, lines: list[Line]) -> bool:
    """Whether the next text below a line is another heading: then it is no heading itself."""
    at = next(i for i, each in enumerate(lines) if each is line)
    below = next((each for each in lines[at + 1 :] if each.open), None)
    above = next((each for each in reversed(lines[:at]) if each.open), None)
    return (
        above is not None
        and shapes.is_prose(above)
        and (below is None or (shapes.is_title_like(below.text) and not below.is_item))
    )


def _has_cue(text: str, kind: str) -> bool:
    lowered = text.casefold().replace("’", "'")
    found = sum(fragment in lowered for fragment in _CUES.get(kind, ()))
    # "Two members left the room." is news; a longer text needs two signs.
    return found >= (2 if words_of(text) > 14 else 1)


def mark_comments(lines: list[Line]) -> None:
    """From the label of the readers' comments to the end of the page, in a story's last part."""
    total = sum(words_of(line.text) for line in lines if line.open and shapes.is_prose(line))
    for index, line in enumerate(lines):
        weak = line.open and line.weak == "comments"
        if line.state != "comments" and not weak:
            continue
        rest = lines[index + 1 :]
        below = sum(words_of(each.text) for each in rest if each.open and shapes.is_prose(each))
        signs = sum(
            each.state == "comments" or bool(_COMMENT_SIGNS.search(each.text)) for each in rest[:16]
        )
        above = total - below
        if above < 20 or below > total * 0.6:
            continue
        if signs or (
            line.state == "comments" and re.search(r"\d", line.text) and below < total * 0.2
        ):
            line.state = "comments"
            for each in rest:
                if each.open:
                    each.state = "comments"
            return


def _weak(lines: list[Line]) -> None:
    """A line that may be furniture is, beside furniture or outside the story."""
    first = next(
        (i for i, line in enumerate(lines) if line.open and shapes.is_prose(line)), len(lines)
    )
    last = _last_prose(lines)
    closed = {"", "title", "standfirst", "related", "meta", "tags"}
    for index, line in enumerate(lines):
        if not line.open or not line.weak:
            continue
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        beside_before = before is not None and (bool(before.weak) or before.state not in closed)
        beside_after = after is not None and (bool(after.weak) or after.state not in closed)
        if (
            index < first
            or index > last
            or beside_after
            or (beside_before and before is not None and before.weak == line.weak)
        ):
            line.state = line.weak


def _contents(lines: list[Line]) -> None:
    """A table of contents repeats the headings that follow it."""
    for index, line in enumerate(lines):
        if (
            line.weak != "contents"
            and not (
                line.state == "nav"
                and line_key(line.text)
                in {"in this article", "on this page", "table of contents", "contents hide"}
            )
            and weak_kind_of(line.text) != "contents"
        ):
            continue
        later = {line_key(each.text) for each in lines[index + 1 :]}
        run = []
        for position, each in enumerate(lines[index + 1 :], start=index + 1):
            if not each.open or shapes.is_prose(each):
                break
            repeated = line_key(each.text) in {line_key(e.text) for e in lines[position + 1 :]}
            if not repeated:
                break
            run.append(each)
        if len(run) >= 2 and later:
            line.state = "contents"
            for each in run:
                each.state = "contents"


def _bio(lines: list[Line], authors: list[str]) -> None:
    """The lines about the author under a story."""
    last = _last_prose(lines)
    for index, line in enumerate(lines):
        if line.state == "about" or (line.open and line.weak == "about"):
            rest = [each for each in lines[index + 1 :] if each.open]
            if len(rest) <= 3 and sum(shapes.is_prose(each) for each in rest) <= 2:
                line.state = "about"
                for each in rest:
                    each.state = "about"
                return
    if last > 3 and authors:
        line = lines[last]
        begins = any(line.text.startswith((name, name.split()[0] + " ")) for name in authors)
        if begins and _BIO.search(line.text[:160]) and width(line.text) < 400:
            line.state = "about"


def _below(lines: list[Line]) -> None:
    """Under the last paragraph no heading can follow: short loose lines there are the page's."""
    last = _last_prose(lines)
    if last < 0:
        return
    tail = [line for line in lines[last + 1 :] if line.open]
    kept_sentence = max(
        (i for i, line in enumerate(tail) if _is_text(line, tail[i - 1] if i else lines[last])),
        default=-1,
    )
    for position, line in enumerate(tail):
        before = tail[position - 1] if position else lines[last]
        if _is_text(line, before):
            continue
        if position < kept_sentence and _heads_text(tail, position):
            continue
        line.state = "fragment"


def _is_text(line: Line, before: Line) -> bool:
    if line.is_item or line.hint == "quote":
        return True
    if before.text[-1:] in '”"»」』' and line.text[:1] in "—–―-":
        return True
    if before.text.endswith((":", "：")) and before.open:
        return True
    return shapes.is_sentence(line)


def _heads_text(tail: list[Line], position: int) -> bool:
    following = tail[position + 1]
    return shapes.is_title_like(tail[position].text) and (
        following.is_item or following.hint == "quote" or shapes.is_sentence(following)
    )
