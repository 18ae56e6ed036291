"""The gate: what must be right before readers see an article.

Each checker looks at one thing and returns issues; the list is run as a whole, so that an editor
sees everything at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles.conf import conf
from articles.models import Article


class Severity(StrEnum):
    """How much an issue weighs: said; stops, unless somebody overrides it; stops everybody."""

    ADVICE = "advice"
    STOP = "stop"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Issue:
    """One thing to mend: the field of the form it is about, and a sentence for the editor.

    `code` is the name of the checker that found it; `severity` follows from the purpose.
    """

    field: str
    message: str
    code: str = ""
    severity: Severity = Severity.STOP

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


def findings(article: Article, purpose: str, *, at: datetime | None = None) -> list[Issue]:
    """Return everything there is to say about `article` for a purpose, in the form's order."""
    moment = at or timezone.now()
    own: dict[str, dict[str, str]] = conf("SEVERITIES")
    found = []
    for checker in all_checkers():
        severities: dict[str, Any] = {**checker.severities, **own.get(checker.code, {})}
        if severity := severities.get(purpose):
            weighed = Severity(severity)
            found += [
                replace(issue, code=checker.code, severity=weighed)
                for issue in checker.find(article, moment)
            ]
    return found


def blocking(article: Article, purpose: str, *, at: datetime | None = None) -> list[Issue]:
    """Return the issues that keep the gate shut."""
    return [issue for issue in findings(article, purpose, at=at) if issue.blocks]


def all_checkers() -> list[Checker]:
    """Return the stock checkers and those that the project's settings name."""
    return [*STOCK, *(import_string(name) for name in conf("CHECKERS"))]


def _headline(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.headline:
        yield Issue("headline", _("The article has no headline."))
    elif any(warning["code"] == "no-headline" for warning in article.import_warnings) and (
        article.body_text.startswith(article.headline)
    ):
        yield Issue("headline", _("The headline is only the start of the text: write one."))


def _body(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.body_text:
        yield Issue("body", _("The article has no text."))


def _section(article: Article, at: datetime) -> Iterable[Issue]:
    if article.section_id is None:
        yield Issue("section", _("The article belongs to no section."))


def _byline(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.credits:
        yield Issue("byline", _("The article names no author."))


def _alt_text(article: Article, at: datetime) -> Iterable[Issue]:
    picture = article.picture
    if picture and not picture.alt and not picture.is_decorative:
        yield Issue("picture", _("The picture has no alt text and is not marked as decorative."))


def _embargo(article: Article, at: datetime) -> Iterable[Issue]:
    if article.embargo_until and article.embargo_until > at:
        yield Issue("embargo_until", _("The embargo lasts until later."))


STOCK: tuple[Checker, ...] = (
    Checker("headline", _headline, {"publish": Severity.REFUSE}),
    Checker("body", _body, {"publish": Severity.REFUSE}),
    Checker("section", _section, {"publish": Severity.STOP}),
    Checker("byline", _byline, {"publish": Severity.STOP}),
    Checker("alt-text", _alt_text, {"publish": Severity.STOP}),
    Checker("embargo", _embargo, {"publish": Severity.REFUSE}),
)
