"""Where sentences end, in any script, and how the start of one becomes a working title."""

import re
import unicodedata

#: Words whose full stop does not end a sentence (lower case, without the last stop).
ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st ste gen sen rep gov lt col sgt capt cpl maj adm rev hon pres sec amb supt
    jr sr messrs mx vs etc e.g i.e cf al no nos inc ltd co corp bros plc dept est approx ca fig
    figs vol ch pp pg para art ed eds mt ft ave blvd rd jan feb mar apr jun jul aug sep sept oct
    nov dec mon tue tues wed thu thur thurs fri sat sun a.m p.m u.s u.k u.n e.u d.c u.s.a u.a.e
    z.b d.h u.a usw bzw nr hr fr bd abs s.o ggf inkl m mm mme mlle mgr sra srta dra lic ing ud uds
    p.ej av avda núm pág dott sig dhr mevr dw г ул т.е т.д т.п им др руб млн млрд тыс стр см гг
    np m.in ul tj tzn mgr inż tzv např dhs
    """.split()
)
_STOPS = ".!?…。！？｡।॥؟۔։።"
_CLOSERS = "\"'”’»›)]）」』】〉》“״«"
_FULL_WIDTH_STOPS = "。！？｡।॥؟۔"
_END = re.compile(rf"[{re.escape(_STOPS)}]+[{re.escape(_CLOSERS)}]*")
_TERMINAL = re.compile(rf"[{re.escape(_STOPS)}][{re.escape(_CLOSERS)}*_\s]*$")
_WORD_BEFORE = re.compile(r"[^\s(\[“\"«‘]+$")
#: Words after which a title must not stop.
_DANGLING = frozenset(
    """
    a an the of and or but in on at to for from by with as that which who whose when while than
    is are was were be been has have had will would its his her their our your this these those
    into over under about between after before against during der die das des dem den ein eine
    und oder mit von zu zum zur im am für auf aus bei dass le la les un une des du de et ou à au
    aux en dans pour par sur avec que qui el los las una y o con por para del al il lo gli e di da
    in con per su che o os as um uma do da dos das e em no na com por para que и в на с по к из от
    до за о об для не что как или а но у
    """.split()
)
_CLAUSE = re.compile(r"\s[–—-]\s|[,;:](?=\s)|[，、；：،؛]")
MIN_TITLE, MAX_TITLE = 20, 140


def ends_sentence(text: str) -> bool:
    """Return whether a line ends like a sentence: a stop, closing quotes and brackets aside."""
    return bool(_TERMINAL.search(text[-12:])) or is_greek_question(text)


def is_greek_question(text: str) -> bool:
    """Return whether a Greek text ends in its question mark, which looks like a semicolon."""
    return text.endswith((";", "\u037e")) and bool(re.search("[\u0370-\u03ff]", text[-24:]))


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; "U.S.", "Dr." and initials do not end one."""
    out, start = [], 0
    for match in _END.finditer(text):
        if match.end() <= start or not _is_boundary(text, match):
            continue
        out.append(text[start : match.end()].strip())
        start = match.end()
    rest = text[start:].strip()
    return [*out, rest] if rest else out


def _is_boundary(text: str, match: re.Match[str]) -> bool:
    if any(char in _FULL_WIDTH_STOPS for char in match[0]):
        return True
    after = text[match.end() : match.end() + 12]
    if after and not after[0].isspace():
        return False
    following = after.lstrip()
    if following and following.lstrip("\"'“‘«„¿¡([—–- ")[:1].islower():
        return False
    if match[0][0] != ".":
        return True
    word = _WORD_BEFORE.search(text[max(0, match.start() - 24) : match.start()])
    if not word or not following:
        return True
    bare = word[0].lower()
    # "J. Edgar", "U.S. President": one letter, or letters with stops between, are abbreviations.
    initials = len(bare) == 1 and bare.isalpha() and bare != "i"
    dotted = "." in bare and all(len(part) <= 2 for part in bare.split("."))
    return not (initials or dotted or bare in ABBREVIATIONS)


def working_title(paragraph: str) -> str:
    """Return a title made of the start of a text that has none: 20 to 140 characters if it can.

    It is a prefix of the first sentence (of the text, where that sentence is shorter than a
    title), cut at a word; where the sentence is too long, at the end of a clause or of a name.
    """
    text = " ".join(paragraph.split())
    end = 0
    for sentence in split_sentences(text):
        end = text.index(sentence, end) + len(sentence)
        if end >= MIN_TITLE:
            break
    prefix = text[:end]
    if len(prefix) <= MAX_TITLE:
        trimmed = prefix.rstrip(".。।۔ ") if not prefix.endswith("...") else prefix
        return trimmed if len(trimmed) >= MIN_TITLE else prefix
    window = prefix[: MAX_TITLE + 1]
    cuts = [match.start() for match in _CLAUSE.finditer(window) if match.start() >= 45]
    cuts += _name_ends(window)
    if cuts:
        return window[: max(cuts)].strip(" ,;:–—-，、；：،؛")
    words = window.rpartition(" ")[0].split() if " " in window[MIN_TITLE:] else []
    if not words:
        return window[:MAX_TITLE]
    while len(words) > 4 and words[-1].strip(",;:").lower() in _DANGLING:
        words.pop()
    return " ".join(words).rstrip(" ,;:–—-")


def _name_ends(window: str) -> list[int]:
    """Return where a name of two words or more ends and a verb seems to follow."""
    found = []
    words = list(re.finditer(r"\S+", window))
    for one, two, three in zip(words, words[1:], words[2:], strict=False):
        if two.end() < 60 or three.end() >= len(window):
            continue
        if all(unicodedata.category(word[0][0]) == "Lu" for word in (one, two)):
            following = three[0]
            if following.isalpha() and following.islower() and following not in _DANGLING:
                found.append(two.end())
    return found
