"""Lines of a head or a foot that say themselves what they are: "Title: …", "Tags: …"."""

import re

from articles.importers.readers.keys import Phrases
from articles.importers.readers.lines import width
from articles.importers.readers.vocabulary import meta as vocabulary


def _labelled(*tables: str) -> re.Pattern[str]:
    entries = {entry.strip() for table in tables for entry in table.split("|")} - {""}
    words = "|".join(re.escape(entry) for entry in sorted(entries, key=len, reverse=True))
    return re.compile(rf"^(?:{words})\s?[:：]\s*(?P<value>\S.*)$", re.IGNORECASE)


TITLE = _labelled(vocabulary.TITLE_LABELS)
STANDFIRST = _labelled(vocabulary.STANDFIRST_LABELS)
TAGS = _labelled(vocabulary.TAGS)
SECTION = _labelled(vocabulary.SECTION_LABELS)
DATED = _labelled(vocabulary.PUBLISHED, vocabulary.UPDATED, vocabulary.VIEWS)
TAG_LABEL = Phrases((vocabulary.TAGS,))
DATE_LABEL = Phrases((vocabulary.PUBLISHED, vocabulary.UPDATED))
GENERIC = Phrases((vocabulary.GENERIC_HEADINGS,))
HASHTAGS = re.compile(r"(?:#[^\W_][\w-]{1,40}[\s,·|]*){2,}")
SIGN_OFF = re.compile(
    r"^[(\[（]?\s?(?:(?:additional |further )?(?:reporting|writing) by|with (?:reporting|files|"
    r"additional reporting) (?:by|from)|edited by|editing by|"
    r"compiled by|redaktion:|bearbeitet von|con información de|com informações d[aeo]|"
    r"avec (?:afp|reuters)|"
    r"\(?(?:责任编辑|责编|編集|编辑)[:：]).{2,200}$",
    re.IGNORECASE,
)


def split_tags(text: str) -> list[str]:
    """Return the tags of a line that lists them."""
    parts = re.split(r"\s*[,;|、，،؛·•/#]\s*", text.strip(" .[]"))
    return [part.strip() for part in parts if part.strip()]


def is_title_label(text: str) -> bool:
    """Return whether a line gives a title with its label ("Title: …")."""
    return bool(TITLE.match(text)) and width(text) < 240
