"""The shape of a line: does it look like running text, like a title, like neither?"""

import re

from articles.importers.readers.keys import words_of
from articles.importers.readers.lines import Line, width
from articles.text.sentences import ends_sentence, is_greek_question, split_sentences

#: A line this wide is running text even where its script writes no stops.
_WIDE = 160
_SENTENCE_WIDTH = 60
_TITLE_WIDTH = 200
_TITLE_WORDS = 28


def is_prose(line: Line) -> bool:
    """Whether a line is running text: a sentence of some length, or several."""
    text = line.text
    if line.hint in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return False
    size = width(text)
    if size >= _WIDE:
        return True
    if not ends_sentence(text):
        return size >= _SENTENCE_WIDTH and len(split_sentences(text)) > 1
    if (text.endswith("?") or is_greek_question(text)) and len(split_sentences(text)) == 1:
        return size >= 110
    return size >= _SENTENCE_WIDTH or len(split_sentences(text)) > 1


def is_sentence(line: Line) -> bool:
    """Whether a line ends like a sentence, however short it is."""
    return is_prose(line) or (
        ends_sentence(line.text)
        and not line.text.endswith(("?", "!", "…", "..."))
        and not is_greek_question(line.text)
        and words_of(line.text) >= 2
    )


def is_title_like(text: str) -> bool:
    """Whether a line could be the title of a story: one phrase, no full stop at its end."""
    if not text or width(text) > _TITLE_WIDTH or words_of(text) > _TITLE_WORDS:
        return False
    if is_greek_question(text):
        text = text[:-1] + "?"
    if text[-1] in ",;،；、" or not re.search(r"[^\W\d_]", text):
        return False
    if ends_sentence(text) and text.rstrip("”\"'’»)")[-1:] not in "?!？！…":
        return False
    sentences = split_sentences(text)
    return len(sentences) <= 1 or (
        # "What now? Five questions" is a title, a dialogue is not.
        len(sentences) == 2 and width(text) < 130 and not ends_sentence(sentences[1])
    )


def is_title_case(text: str) -> bool:
    """Whether most longer words of a line begin with a capital."""
    words = re.findall(r"[^\W\d_]{4,}", text)
    return len(words) >= 1 and sum(word[0].isupper() for word in words) * 4 >= len(words) * 3


def starts_lower(text: str) -> bool:
    """Whether the first letter of a line is a small one, in a script that has them."""
    return text[:1].islower()
