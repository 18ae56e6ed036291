"""What a reader hands over: plain records, no tables."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

BlockType = Literal["heading", "paragraph", "list", "quote"]


class UnreadableSource(ValueError):
    """A source that holds no story; `reason` is one sentence for whoever ran the import."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Block:
    """One piece of a body. `text` is plain text; a list's is its items, one per line.

    `level` (2 to 4) belongs to headings, `ordered` and `items` to lists.
    """

    type: BlockType
    text: str
    items: list[str] = field(default_factory=list)
    level: int = 2
    ordered: bool = False


@dataclass
class RelatedItem:
    """A story that the source points to, with what the source says about it."""

    title: str
    author: str | None = None
    date: dt.date | None = None
    views: int | None = None
    url: str | None = None


@dataclass
class SourceWarning:
    """Something an editor must look at: a stable `code` and a sentence."""

    code: str
    message: str


@dataclass
class SourceStory:
    """One story as its source tells it; what the source does not say is None or empty."""

    title: str
    title_is_derived: bool = False
    standfirst: str | None = None
    authors: list[str] = field(default_factory=list)
    published: dt.date | None = None
    updated: dt.date | None = None
    views: int | None = None
    #: BCP 47 primary subtag, "und" when nothing tells the language.
    language: str = "und"
    blocks: list[Block] = field(default_factory=list)
    related: list[RelatedItem] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    section: str | None = None
    warnings: list[SourceWarning] = field(default_factory=list)
    external_id: str = ""
    #: Lines of page furniture that were left out, for explanation.
    dropped: list[str] = field(default_factory=list)


@dataclass
class Masthead:
    """What a story's head and foot say about it."""

    title: str = ""
    standfirst: str | None = None
    authors: list[str] = field(default_factory=list)
    published: dt.date | None = None
    updated: dt.date | None = None
    views: int | None = None
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    #: Dates that stood there and name no day, as the source wrote them.
    lost_dates: list[str] = field(default_factory=list)
