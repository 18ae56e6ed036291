"""What a checker is, and what it says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from articles.models import Article

#: What the checks are run for: before a story is handed on, and before readers see it.
PURPOSES = ("review", "publish")
#: Fields of the form that an issue may name, in the order in which editors are shown them.
FIELDS = (
    "headline", "standfirst", "body", "section", "byline", "tags", "picture", "related", "slug",
    "seo_title", "seo_description", "language", "published_at", "embargo_until",
)  # fmt: skip


class Severity(StrEnum):
    """How much an issue weighs: said; stops, unless somebody overrides it; stops everybody."""

    ADVICE = "advice"
    STOP = "stop"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Issue:
    """One thing to mend: the field of the form it is about, and a sentence for the editor.

    `code` is the name of the checker that found it; `severity` follows from the purpose.
    `excerpt`: the field's own words at the place, for a screen that leads there; "" for none.
    """

    field: str
    message: str
    code: str = ""
    severity: Severity = Severity.STOP
    excerpt: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity != Severity.ADVICE

    @property
    def can_be_overridden(self) -> bool:
        return self.severity != Severity.REFUSE


@dataclass(frozen=True)
class Checker:
    """One check. `find` gets the article as it would be seen (`revisions.working_copy`) and the
    moment at which it would be, and yields issues; `severities`: purpose ("review", "publish")
    -> severity. A purpose without one does not run it.
    """

    code: str
    find: Callable[[Article, datetime], Iterable[Issue]]
    severities: Mapping[str, Severity]
