"""The lines of a body as blocks: headings, paragraphs, lists and quotes."""

import re

from articles.importers.readers import shapes
from articles.importers.readers.keys import words_of
from articles.importers.readers.lines import Line, width
from articles.importers.readers.records import Block
from articles.text.sentences import ends_sentence, is_greek_question

_HEADING_WIDTH = 130
_HEADING_WORDS = 20
_NUMBERING = re.compile(
    r"^(?:(?:step|part|chapter|section|stage|phase|lesson|tip|rule|reason|act|schritt|teil|"
    r"kapitel|"
    r"abschnitt|phase|étape|partie|chapitre|paso|parte|capítulo|sección|passo|etapa|fase|"
    r"capitolo|"
    r"stap|deel|hoofdstuk|steg|trin|del|krok|część|rozdział|část|kapitola|шаг|часть|глава|раздел|"
    r"этап|крок|частина|розділ|adım|bölüm|kısım|βήμα|μέρος|κεφάλαιο|الخطوة|الجزء|الفصل|שלב|חלק|"
    r"פרק|"
    r"चरण|भाग|अध्याय)\s(?:\d{1,3}|[IVX]{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"[^\W\d_]{1,12})\s?[:.：–—-]\s+(?=\S)"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节節步部回条條部分]{1,2}[、：:\s]\s*"
    r"|(?:步骤|步驟|ステップ|단계)\s?\d{1,2}[、：:\s]\s*|\d{1,2}단계[:：]\s*"
    r"|\(?\d{1,2}[.)]\s+(?=[^\W\d_])|[IVX]{1,5}[.)]\s+(?=\S)"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+(?=[^\W\d_])|[#№]\s?\d{1,2}[:.)]?\s+(?:[–—-]\s)?|"
    r"\d{1,2}\s?[:–—-]\s+(?=[^\W\d_]))",
    re.IGNORECASE,
)
_OPENING, _CLOSING = '“"«„‘「『»‹״', '”"»“’」』«›״'
_ATTRIBUTION = re.compile(r"^[—–―~-]{1,2}\s?(?=[^\W\d_])")
_QUOTE_WITH_SOURCE = re.compile(
    r"^[“\"«„「『].{12,}[”\"»“」』]\.?\s*[—–―-]{1,2}\s?[^\W\d_][^“”\"]{1,90}$"
)
#: A sentence before a list ends with these ("The plan includes:"), a heading does not.
_INTRODUCES = re.compile(
    r"\b(?:are|is|were|was|include[sd]?|including|following|follows|these|those|that|say|says|"
    r"said|"
    r"cover[sd]?|need|needs|must|should|can|will|to|has|have|by|as|for|with|of|sind|ist|"
    r"folgende\w*|"
    r"umfasst|gehören|sont|est|suivant\w*|comprend|son|siguientes?|incluye\w*|são|seguintes?|"
    r"inclui\w*|"
    r"sono|seguenti|include|zijn|volgende|är|følgende|są|następując\w+|такие|следующ\w+|"
    r"являются|включает|"
    r"наступн\w+)\s?:$",
    re.IGNORECASE,
)

_BARE_NUMBER = re.compile(r"^(\d{1,2})\s+(?=[^\W\d_])")
#: The turns of an interview.
_SPEAKER = re.compile(r"(?:Q|A|F|P|R|В|О|问|答|問|שאלה|תשובה)\s?[:：.]\s")
_QUESTION_WORD = re.compile(
    r"(?:what|how|why|who|where|when|was|wie|warum|wer|wo|quoi|comment|pourquoi|qui|où|qué|"
    r"cómo|por qué|"
    r"quién|dónde|o que|como|por que|quem|cosa|come|perché|chi|wat|hoe|waarom|wie|что|как|"
    r"почему|кто|где|"
    r"що|чому|хто)\s\w+",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|must|should|includes?|covers?|contains?|"
    r"offers?|lists?|"
    r"\w{3,}ed|hat|haben|wird|werden|enthält|a|ont|est|sont|tiene|tienen|incluye|tem|têm|ha|"
    r"hanno|"
    r"heeft|hebben|содержит|включает|имеет)\b",
)


def build(lines: list[Line]) -> list[Block]:
    """Return the blocks of the lines that are body (those nobody decided about)."""
    body = _rejoined(lines)
    blocks: list[Block] = []
    index = 0
    while index < len(body):
        index = _next_block(body, index, blocks)
    _drop_running_numbers(blocks)
    return blocks


def _drop_running_numbers(blocks: list[Block]) -> None:
    """ "1 Background", "2 The vote": bare numbers are numbering only where they run."""
    headings = [block for block in blocks if block.type == "heading"]
    found = [match for block in headings if (match := _BARE_NUMBER.match(block.text))]
    if len(found) > 1 and [int(match[1]) for match in found] == list(range(1, len(found) + 1)):
        for block in headings:
            block.text = _BARE_NUMBER.sub("", block.text)


def _rejoined(lines: list[Line]) -> list[Line]:
    """The open lines; two halves of a sentence that furniture stood between are one again."""
    body: list[Line] = []
    interrupted = False
    for line in lines:
        if not line.open:
            interrupted = interrupted or line.hint != "rule"
            continue
        previous = body[-1] if body else None
        if (
            interrupted
            and previous
            and not previous.hint
            and not line.hint
            and not line.is_item
            and previous.text
            and not ends_sentence(previous.text)
            and shapes.starts_lower(line.text)
            and words_of(previous.text) > 3
        ):
            previous.text = f"{previous.text} {line.text}"
            previous.raw = f"{previous.raw.rstrip()} {line.raw.lstrip()}"
        else:
            body.append(line)
        interrupted = False
    return body


def _next_block(body: list[Line], index: int, blocks: list[Block]) -> int:
    line = body[index]
    if line.hint == "quote" and not line.is_item:
        return _quote(body, index, blocks)
    if _is_attributed(body, index):
        source = body[index + 1]
        blocks.append(Block("quote", f"{line.text} {source.source}"))
        return index + 2
    if not line.is_item and _QUOTE_WITH_SOURCE.match(line.text) and width(line.text) < 600:
        blocks.append(Block("quote", line.text))
        return index + 1
    if items := _unmarked_list(body, index):
        blocks.append(Block("paragraph", line.text))
        texts = [each.text for each in items]
        blocks.append(Block("list", "\n".join(texts), items=texts))
        return index + 1 + len(items)
    if is_heading(body, index):
        blocks.append(Block("heading", heading_text(line.text), level=_level(line)))
        return index + 1
    if line.is_item and not _is_dialogue(body, index):
        return _list(body, index, blocks)
    blocks.append(Block("paragraph", line.source))
    return index + 1


def heading_text(text: str) -> str:
    """Return a heading without its numbering and its closing colon."""
    bare = _NUMBERING.sub("", text, count=1).strip() or text
    return bare.rstrip(":： ").strip() or bare


def _level(line: Line) -> int:
    return min(max(int(line.hint[1]), 2), 4) if re.fullmatch("h[1-6]", line.hint) else 2


def is_heading(body: list[Line], index: int) -> bool:
    """Return whether a line heads what follows it."""
    line = body[index]
    text = line.text
    if re.fullmatch("h[1-6]", line.hint):
        return True
    if index + 1 >= len(body) or width(text) > _HEADING_WIDTH or words_of(text) > _HEADING_WORDS:
        return False
    following = body[index + 1]
    if is_greek_question(text):
        text = text[:-1] + "?"
    if line.is_item:
        return _is_numbered_heading(body, index)
    if line.hint == "strong":
        return not ends_sentence(text) or text.endswith(("?", "!"))
    if text[-1:] in ",;،；、-–—" or text.endswith(("…", "...")) or shapes.starts_lower(text):
        return False
    if _SPEAKER.match(text):
        return False
    if text[0] in _OPENING and (text[-1] in _CLOSING or _is_direct_speech(text)):
        return False
    if text.endswith((":", "：")):
        return _is_heading_with_colon(line, following)
    if ends_sentence(text) and text[-1] not in "?!？！":
        return False
    if not shapes.is_title_like(text) or not re.search(r"[^\W\d_]|\d{4}", text):
        return False
    if text[-1] in "!！" and not (text.isupper() or shapes.is_title_case(text)):
        return False
    return _heads(body, index)


def _is_direct_speech(text: str) -> bool:
    """Whether a line that begins with a quotation goes on telling who said it."""
    stops = [at for at in (text.find(mark, 1) for mark in _CLOSING) if at > 0]
    if not stops:
        # The quotation goes on in the next paragraph.
        return width(text) > 60
    told = text[min(stops) + 1 :].lstrip(_CLOSING)
    return told[:1] in {",", "，", "،"} or (told.lstrip(" –—-")[:1].islower() and width(text) > 60)


def _heads(body: list[Line], index: int) -> bool:
    """Whether text, a list or a quote comes under it, at most one more heading between."""
    following = body[index + 1]
    if shapes.is_sentence(following) or following.is_item or following.hint:
        return True
    if width(following.text) > _HEADING_WIDTH or following.text.endswith((":", "：")):
        return True
    after = body[index + 2] if index + 2 < len(body) else None
    return after is not None and shapes.is_prose(after)


def _is_heading_with_colon(line: Line, following: Line) -> bool:
    text = line.text
    if following.text[:1] in _OPENING:
        return False
    if _QUESTION_WORD.match(text):
        return words_of(text) <= 12
    if shapes.is_title_case(text) and words_of(text) > 1:
        return True
    if _INTRODUCES.search(text) or (words_of(text) >= 4 and _VERB.search(text)):
        return False
    if following.is_item:
        return words_of(text) <= 6
    if words_of(text) <= 3 and not shapes.is_title_case(text) and text.isascii():
        # "He said:" introduces; "Background:" heads.
        return not re.search(
            r"\b(?:he|she|they|it|we|said|says|adds?|added)\b", text, re.IGNORECASE
        )
    return words_of(text) <= 9 or shapes.is_title_case(text)


def _is_numbered_heading(body: list[Line], index: int) -> bool:
    line, following = body[index], body[index + 1]
    previous = body[index - 1] if index else None
    if following.is_item or line.hint in {"li", "oli"}:
        return False
    if previous is not None and previous.is_item and _goes_on(previous, line):
        return False
    if ends_sentence(line.text) and line.text[-1] not in "?!？！":
        return False
    heads = shapes.is_prose(following) or bool(following.hint) or _introduces(following)
    return shapes.is_title_like(line.text) and heads


def _goes_on(previous: Line, line: Line) -> bool:
    """Whether a marker is the next of the list before: "4." after "3.", "c)" after "b)"."""
    one, two = previous.marker.strip("()."), line.marker.strip("().")
    if not (one.isdecimal() and two.isdecimal()):
        return one.isdecimal() == two.isdecimal() and previous.is_numbered == line.is_numbered
    return previous.marker[-1] == line.marker[-1] and int(two) == int(one) + 1


def _introduces(line: Line) -> bool:
    return line.text.endswith((":", "：")) and width(line.text) >= 60 and not line.is_item


def _is_dialogue(body: list[Line], index: int) -> bool:
    """A dash before direct speech is no bullet: a lone one, before a sentence with a dash in it."""
    line = body[index]
    if line.marker not in {"-", "–"}:
        return (
            not line.hint and line.is_numbered and _is_lone(body, index) and shapes.is_prose(line)
        )
    return bool(re.search(r"[,!?…]\s[–—-]\s", line.text)) and shapes.is_sentence(line)


def _is_lone(body: list[Line], index: int) -> bool:
    before = index and body[index - 1].is_item
    after = index + 1 < len(body) and body[index + 1].is_item
    return not before and not after


def _list(body: list[Line], index: int, blocks: list[Block]) -> int:
    ordered = body[index].is_numbered
    items: list[str] = []
    while index < len(body) and body[index].is_item:
        line = body[index]
        if items and line.is_numbered != ordered and line.indent <= body[index - 1].indent:
            break
        if items and line.is_numbered and is_heading(body, index):
            break
        items.append(line.text)
        index += 1
    previous = blocks[-1] if blocks else None
    if previous and previous.type == "quote" and len(items) == 1 and words_of(items[0]) <= 8:
        previous.text = f"{previous.text} — {items[0]}"
        return index
    blocks.append(Block("list", "\n".join(items), items=items, ordered=ordered))
    return index


def _unmarked_list(body: list[Line], index: int) -> list[Line]:
    """Three short lines or more after a colon are a list whose bullets were lost."""
    line = body[index]
    if not line.text.endswith((":", "：")):
        return []
    items = []
    for each in body[index + 1 :]:
        if each.is_item or each.hint or width(each.text) > 90 or shapes.is_prose(each):
            break
        if ends_sentence(each.text) and not each.text.endswith("."):
            break
        items.append(each)
    ends_body = len(items) == len(body) - index - 1
    # What stands right before a paragraph, set off by an empty line, heads it.
    set_off = bool(items) and items[-1].blanks > items[0].blanks
    if set_off and not ends_body and not items[-1].text.endswith((".", ";")):
        items.pop()
    return items if len(items) >= 3 else []


def _quote(body: list[Line], index: int, blocks: list[Block]) -> int:
    parts = []
    first = True
    while index < len(body) and body[index].hint == "quote" and (first or not body[index].blanks):
        parts.append(body[index].source)
        index, first = index + 1, False
    text = " ".join(parts)
    if index < len(body) and not body[index].blanks and _is_source(body[index]):
        text = f"{text} {_source_text(body[index])}"
        index += 1
    blocks.append(Block("quote", text))
    return index


def _is_attributed(body: list[Line], index: int) -> bool:
    """Whether a line is a quotation from end to end with its source on the next line."""
    line = body[index]
    if index + 1 >= len(body) or line.is_item or line.hint.startswith("h"):
        return False
    text = line.text
    whole = text[0] in _OPENING and text.rstrip(".,")[-1:] in _CLOSING and len(text) > 12
    return whole and text.count("“") <= 1 and _is_source(body[index + 1])


def _is_source(line: Line) -> bool:
    text = _source_text(line)
    return bool(_ATTRIBUTION.match(text)) and words_of(text) <= 14 and not ends_sentence(text)


def _source_text(line: Line) -> str:
    return line.source
