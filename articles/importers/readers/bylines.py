"""Lines about a story: who wrote it, when, how often it was read. The same for related items."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from articles.importers.readers import credits as opened
from articles.importers.readers.credits import alternatives
from articles.importers.readers.keys import Phrases, line_key, words_of
from articles.importers.readers.vocabulary import meta
from articles.text.dates import DAY_AND_MONTH, find_dates
from articles.text.numbers import COUNT, parse_count, plain_digits

_VIEW_WORDS = alternatives(meta.VIEWS)
_VIEWS_AFTER = re.compile(rf"{COUNT}\s?(?:{_VIEW_WORDS})(?!\w)", re.IGNORECASE)
_VIEWS_BEFORE = re.compile(
    rf"(?<!\w)(?:{_VIEW_WORDS})\s?[:：(]?\s?{COUNT}(?![\w:/])\)?", re.IGNORECASE
)
_EYE = re.compile(rf"[👁👀]\ufe0f?\s?{COUNT}", re.IGNORECASE)
_TIME_WORDS = alternatives(meta.READING_TIME)
_READING = re.compile(
    rf"(?<!\w)(?:(?:{_TIME_WORDS})\s?[:：]?\s?)?(?:<\s?)?\d{{1,3}}[\s-]?(?:{_TIME_WORDS})(?!\w)"
    rf"|(?<!\w)(?:{_TIME_WORDS})\s?[:：]\s?\d{{1,3}}(?::\d\d)?|約?\d{{1,3}}分で読めます",
    re.IGNORECASE,
)
_COUNTERS = re.compile(
    r"(?<!\w)\d[\d.,]*[km]?\s(?:comments?|shares?|likes?|reactions?|kommentare|commentaires?|"
    r"comentarios?|comentários?|commenti|reacties|комментари\w{1,2}|коментар\w{0,2}|yorum|"
    r"تعليقات?|"
    r"תגובות|retweets)(?!\w)|(?:评论|評論|コメント|댓글)\s?[:：]?\s?\d+",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d:])\d{1,2}[:h.]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\b\.?)?\s?(?:uhr\b|h\b)?\s?"
    r"(?:utc|gmt|[ecmpi][sd]?t|bst|cest|msk|мск|ist)?\b|\b\d{1,2}\s?[ap]\.?m\b\.?"
    r"|(?:오전|오후|上午|下午|午前|午後)\s?\d{1,2}\s?[:시时時点]\s?(?:\d{1,2}\s?[분分]?)?",
    re.IGNORECASE,
)
_PUBLISHED = alternatives(meta.PUBLISHED)
_UPDATED = alternatives(meta.UPDATED)
#: "Updated 14:05 GMT": an hour of no day.
_CLOCK_LINE = re.compile(
    rf"(?:{_UPDATED}|{_PUBLISHED})\s?[:：]?\s?(?:(?:at|um|à|alle|a las|às)\s)?(?:{_CLOCK.pattern})",
    re.IGNORECASE,
)
#: "…, mis à jour le 4 novembre à 10h00": a day of no year says nothing of its own.
_LATER_DAY = re.compile(
    rf"(?<!\w)(?:{_UPDATED})\s?[:：]?\s?(?:(?:le|am|on|el|em|il|op|den)\s)?{DAY_AND_MONTH}"
    r"(?:,?\s(?:à|at|um|a las|às|alle))?",
    re.IGNORECASE,
)
_DATE_LABEL_END = re.compile(
    rf"(?<!\w)(?:(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))\s?[:：|,-]?\s?"
    r"(?:(?:on|at|am|le|el|em|il|op|den|den|в|at)\s)?$",
    re.IGNORECASE,
)
_LABELS = Phrases((meta.PUBLISHED, meta.UPDATED, meta.BY_LABELS, meta.VIEWS, meta.READING_TIME))
_JUNK = Phrases(
    (
        "at | on | in | by | and | et | und | um | à | a las | le | el | o | share | save |"
        " print | comments | "
        "comment | no comments | views | ist | gmt | utc | est | edt | bst | et | pt | cet |"
        " msk | uhr | am | pm | uur | om | alle | ore | godz | saat | klo | kl | ora | hs | "
        "est | новости | min | photo | updated | published | original",
    )
)
_BY_LABEL_ALONE = Phrases((meta.BY_LABELS, meta.BY))
_DESK = Phrases((meta.DESKS,))
_ROLE = Phrases((meta.ROLES,))
_AGENCY = Phrases((meta.AGENCIES,))
_SECTION = Phrases((meta.SECTIONS,))
_AND = re.compile(
    r"\s*(?:,|;|&|、|，|؛|،|/|\||\u2022|·)\s*|\s+(?:and|und|et|y|e|en|och|og|i|a|oraz|и|та|і|ve|"
    r"και|و|with|mit)\s+",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    "de da do dos das del della di van von der den ter ten la le el al bin ibn abu du des y e zu "
    "af av bint ben st. mc o' dos d' l' ud uz".split()
)
_CONTACT = re.compile(
    r"\s*[(<\[]?\s*(?:\S{1,60}@\S{1,60}\.\w{2,12}|@\w{2,30}|https?://\S{1,200})\s*[)>\]]?"
)
_PIECES = re.compile(r"\s+[|•·–—-]\s+|\s*[|•·]\s*|\s+//\s+|\s/\s|\t|\s[-–—]$|^[-–—]\s")
#: Where fields follow each other on one line with nothing but a blank between.
_BEFORE_LABEL = re.compile(
    r"\s+(?=(?:来源|來源|作者|记者|記者|责任编辑|责编|编辑|編輯|出典|執筆|摄影|攝影|撮影|撰文|整理|Source|Author|Autor|Автор|Источник)\s?[:：])"
)
_SOURCE = re.compile(
    r"(?:^|(?<=[|\s]))(?:来源|來源|责任编辑|责编|编辑|編輯|编审|校对|摄影|攝影|撮影|出典|source|quelle|fuente|fonte|bron|źródło|"
    r"источник|джерело|kaynak|المصدر|מקור)\s?[:：]\s?[^\s|]{1,30}(?=\s|\||$)",
    re.IGNORECASE,
)
_TRIM = " \t|•·,;:-–—/()[]【】（）\u3000"


@dataclass
class Meta:
    """What a line says about a story. `rest` is what is left of it: a title, a name, or ""."""

    authors: list[str] = field(default_factory=list)
    published: date | None = None
    updated: date | None = None
    views: int | None = None
    section: str | None = None
    #: Whether a date stood there that no day could be made of ("2 hours ago", "31/02/2025").
    lost_date: str = ""
    rest: str = ""
    #: Whether anything about a story was found at all.
    found: bool = False
    #: The line as the source has it.
    line: str = ""


def read_views(text: str) -> tuple[int | None, str]:
    """Return the view count in a line and the line without it."""
    plain = plain_digits(text)
    for pattern in (_VIEWS_AFTER, _VIEWS_BEFORE, _EYE):
        if match := pattern.search(plain):
            digits = match[1] + (f" {match[2]}" if match[2] else "")
            count = parse_count(digits)
            if count is not None:
                return count, text[: match.start()] + " | " + text[match.end() :]
    return None, text


def read_meta(text: str, language: str, *, day_first: bool | None = None) -> Meta:
    """Take dates, views, reading time and counters out of a line; `rest` is what remains."""
    meta_ = Meta()
    dates = find_dates(text, language, day_first=day_first)
    last_label = "published"
    for found in reversed(dates):
        before = text[: found.start]
        label = _DATE_LABEL_END.search(before.rstrip(" (["))
        if label:
            before = before[: label.start()]
            last_label = "updated" if label["updated"] else "published"
        else:
            last_label = "published"
        meta_.found = True
        if found.day is None:
            meta_.lost_date = meta_.lost_date or found.problem
        elif last_label == "updated":
            meta_.updated = found.day
        else:
            meta_.published = found.day
        text = before + " | " + text[found.end :]
    # "Temps de lecture : 3 min" is no count of readings: the reading time goes first.
    for pattern in (_READING, _COUNTERS):
        text, count = pattern.subn(" | ", plain_digits(text))
        meta_.found = meta_.found or bool(count)
    meta_.views, text = read_views(text)
    meta_.found = meta_.found or meta_.views is not None
    if dates:
        text = _CLOCK.sub(" ", _LATER_DAY.sub(" | ", text))
    elif _CLOCK_LINE.fullmatch(text.strip()):
        meta_.found, text = True, ""
    text = _SOURCE.sub(" | ", _BEFORE_LABEL.sub(" | ", text))
    pieces = [piece.strip(_TRIM) for piece in _PIECES.split(text)]
    kept = [piece for piece in pieces if piece and line_key(piece) and not _is_label(piece)]
    meta_.rest = " | ".join(kept)
    return meta_


def _is_label(piece: str) -> bool:
    key = line_key(piece)
    if key in _DESK:
        return False
    return key in _LABELS or key in _JUNK or key.replace("#", "").strip() == ""


def byline(text: str, *, after_label: bool = False) -> list[str]:
    """Return the authors that a line names ("By Jane Doe and John Roe"), or []."""
    if len(text) > 160:
        return []
    if people := opened.people_named(_CONTACT.sub(" ", text).strip()):
        return people
    text = _CONTACT.sub(" ", text).strip(_TRIM)
    if people := opened.people_named(text):
        return people
    credited = opened.opening(text)
    if credited is None and not after_label:
        return []
    rest, labelled = credited or (text, False)
    if line_key(rest) in _DESK and words_of(rest) <= 4:
        return [rest]
    return names(rest, strict=not labelled and not after_label)


def credit(text: str, people: list[str]) -> str | None:
    """Return the people of a line as it prints them ("A and B"); None where there are none."""
    if not people:
        return None
    lowered = text.casefold()
    start = lowered.find(people[0].casefold())
    stop = lowered.rfind(people[-1].casefold()) + len(people[-1])
    printed = text[start:stop] if 0 <= start < stop and len(lowered) == len(text) else ""
    left = printed.casefold()
    for name in people:
        left = left.replace(name.casefold(), " ", 1)
    # What stands between the names links them; a role or a place does not belong to a credit.
    linked = len(people) == 1 or (bool(printed) and len(_AND.sub("", left).strip()) == 0)
    if len(people) > 1 and printed and linked and not printed.isupper():
        return printed
    return ", ".join(people)


_FOR_PAPER = re.compile(
    r"\s(?:for|für|pour|para|per|voor)\s(?:the\s|die\s|den\s|das\s|le\s|la\s|el\s|il\s|de\s)?"
    r"[A-Z]\S{0,30}(?:\s[A-Z]\S{0,30}){0,3}$"
)


def names(text: str, *, strict: bool = True) -> list[str]:
    """Return the people in a list of names, without their roles and agencies; [] if it is none."""
    found: list[str] = []
    text = re.sub(r"\s+(?:in|for|at|from|aus|à|en|from)\s+[A-Z][\w.]+(?:\s[A-Z]\w+)?$", "", text)
    # "… for the Harbour Post" and "…, photographs by …" say more than who wrote it.
    text = _FOR_PAPER.sub("", text)
    text = re.sub(r"\s*[(（\[][^()（）\[\]]{0,60}[)）\]]\s*", " ", text)
    for index, part in enumerate(_AND.split(text)):
        part = re.sub(r"\s+[-–—]\s.*$", "", part or "").strip(_TRIM)
        part = opened.without_by(part).strip(_TRIM)
        if part.endswith(".") and len(part.rpartition(" ")[2]) > 3:
            part = part.rstrip(".")
        if not part:
            continue
        key = line_key(part)
        if key in _ROLE or _is_role(key):
            continue
        if is_name(part) or (not found and not strict and _is_single_name(part)):
            found.append(_cased(part))
        elif key in _AGENCY or _SECTION.__contains__(key):
            if index == 0 and key in _AGENCY:
                found.append(part)
        elif found and (not strict or words_of(part) <= 6):
            # "…, who covers the courts": the names are before it.
            break
        else:
            return []
    return list(dict.fromkeys(found))


def _is_role(key: str) -> bool:
    words = key.split()
    return any(" ".join(words[start:]) in _ROLE for start in range(1, min(len(words), 5))) or any(
        " ".join(words[:end]) in _ROLE for end in range(len(words) - 1, 0, -1)
    )


def is_name(text: str) -> bool:
    """Return whether a text looks like one person's name, in any script."""
    if not 2 <= len(text) <= 45 or re.search(r"[\d?!:：;；“”\"«»…]", text):
        return False
    if re.fullmatch(
        r"[\u3400-\u9fff々]{2,3}|(?:欧阳|司马|上官|诸葛)[\u3400-\u9fff]{2}|"
        r"[\u3400-\u9fff々]{1,3}[\s\u3000][\u3400-\u9fff々\u3040-\u30ff]{1,4}|"
        r"[\u30a0-\u30ff・=·]{3,20}|[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,6}|"
        r"[\uac00-\ud7a3]{2,4}",
        text,
    ):
        return True
    words = text.split()
    if not 2 <= len(words) <= 5 or (text.endswith(".") and len(words[-1]) > 4):
        return False
    cased = any(char.lower() != char.upper() for char in text)
    if not cased:
        return (
            all(
                re.fullmatch(r"[^\W\d_]+(?:['’\"״׳\-]?[^\W\d_\s]*)*\.?", w.replace("\u200c", ""))
                or not w.isascii()
                for w in words
            )
            and len(words) <= 4
        )
    proper = 0
    for word in words:
        if word.lower() in _PARTICLES:
            continue
        if not re.fullmatch(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*", word) or not word[0].isupper():
            return False
        proper += 1
    return proper >= 2 and words[0].lower() not in _NOT_FIRST


_NOT_FIRST = frozenset(
    "the a an this that how why what when where who is are der die das ein eine le la les un une "
    "el los las una o os as il lo gli de het een our my your new more all latest in on "
    "at for".split()
)


def _is_single_name(text: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][\w.'’-]{1,24}", text)) or words_of(text) <= 4


def _cased(name: str) -> str:
    """ "JANE DOE" is how a page sets a name, not how it is written."""
    if name.isupper() and len(name) > 4 and " " in name:
        return re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), name)
    return name


def is_role(text: str, before: str = "") -> bool:
    """Return whether a line is only what somebody does ("Political editor").

    Under a name (the line `before`) any desk's word may stand in front of the role.
    """
    key = line_key(text)
    if words_of(text) > 5 or byline(text):
        return False
    return key in _ROLE or (is_name(opened.without_by(before)) and _ends_in_role(key))


def _ends_in_role(key: str) -> bool:
    words = key.split()
    return any(" ".join(words[start:]) in _ROLE for start in range(1, len(words)))


def is_byline_label(text: str) -> bool:
    """Return whether a line is only the label of a byline ("By", "Author:")."""
    return line_key(text) in _BY_LABEL_ALONE and len(text) < 30


@lru_cache(maxsize=8192)
def read_line(text: str, language: str, *, day_first: bool | None = None) -> Meta | None:
    """Return what a line of a story's head says if the whole line is about the story, else None."""
    if len(text) > 220:
        return None
    if people := opened.people_named(_CONTACT.sub(" ", text).strip()):
        return Meta(authors=people, line=text)
    found = read_meta(text, language, day_first=day_first)
    pieces = [piece for piece in found.rest.split(" | ") if piece]
    for index, piece in enumerate(pieces):
        key = line_key(piece)
        people = byline(piece) or (
            # "Posted on 3 March by admin": one word will do beside a date.
            names(opened.without_by(piece), strict=False)
            if found.found and opened.opens_with_by(piece) and words_of(piece) == 2
            else names(piece)
            if (found.found or len(pieces) > 1 or _has_role(piece)) and not found.authors
            else []
        )
        if people:
            found.authors += people
        elif key in _DESK and words_of(piece) <= 4:
            found.authors.append(piece)
        elif key in _SECTION:
            found.section = piece
        elif (
            key in _ROLE
            or _is_role(key)
            or key in _AGENCY
            or (
                found.found
                and words_of(piece) <= 4
                and (index or len(pieces) == 1)
                and _is_place(piece)
            )
        ):
            continue
        else:
            return None
    if not found.found and not found.authors:
        return None
    signed = line_key(text) in _DESK or byline(text)
    if not found.found and not (signed or len(pieces) > 1 or "," in text):
        return None
    found.authors = list(dict.fromkeys(found.authors))
    found.rest = ""
    found.line = text
    return found


def _has_role(piece: str) -> bool:
    """ "Jane Doe, Staff Writer": a name needs no "by" where its role follows."""
    _, comma, role = piece.partition(",")
    return bool(comma) and (line_key(role) in _ROLE or _is_role(line_key(role)))


def _is_place(piece: str) -> bool:
    return all(word[0].isupper() or word.lower() in _PARTICLES for word in piece.split() if word)
