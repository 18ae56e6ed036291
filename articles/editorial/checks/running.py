"""Running the checkers: Newsroom's own, then the project's, each with its weight."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core import checks as system
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.module_loading import import_string

from articles.conf import conf
from articles.editorial.checks.issue import FIELDS, PURPOSES, Checker, Issue, Severity
from articles.editorial.checks.stock import STOCK
from articles.models import Article


def findings(article: Article, purpose: str, *, at: datetime | None = None) -> list[Issue]:
    """Return everything there is to say about `article` for a purpose, in the form's order.

    `at`: the moment at which readers would see it (now). Asks the database at most eight times
    about a copy that `laid_over` made. Raises ImproperlyConfigured for settings that are wrong.
    """
    moment = at or timezone.now()
    checkers = all_checkers()
    own = _own_severities(checkers)
    found: list[Issue] = []
    for checker in checkers:
        severity = {**checker.severities, **own.get(checker.code, {})}.get(purpose)
        if severity is None:
            continue
        for issue in checker.find(article, moment):
            if issue.field not in FIELDS:
                raise ImproperlyConfigured(
                    f"The checker “{checker.code}” names the field “{issue.field}”, which the "
                    f"article's form does not have; it has: {', '.join(FIELDS)}."
                )
            found.append(replace(issue, code=checker.code, severity=Severity(severity)))
    return sorted(found, key=lambda issue: FIELDS.index(issue.field))


def blocking(article: Article, purpose: str, *, at: datetime | None = None) -> list[Issue]:
    """Return the issues that keep the gate shut."""
    return [issue for issue in findings(article, purpose, at=at) if issue.blocks]


def all_checkers() -> list[Checker]:
    """Return the stock checkers and those that the project's settings name.

    Raises ImproperlyConfigured for a name that leads to no checker, and for a code used twice.
    """
    found = [*STOCK, *(_named(name) for name in conf("CHECKERS"))]
    codes = [checker.code for checker in found]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise ImproperlyConfigured(
            f'NEWSROOM["CHECKERS"]: there is a checker called “{doubled[0]}” already; the stock '
            'one is weighed by NEWSROOM["SEVERITIES"], and switched off there by None.'
        )
    return found


def configuration_errors(**_given: Any) -> list[system.CheckMessage]:
    """Return what is wrong with the gate's settings, for Django's own system checks."""
    try:
        _own_severities(all_checkers())
    except ImproperlyConfigured as error:
        return [system.Error(str(error), id="articles.E001")]
    return []


def _named(name: str) -> Checker:
    try:
        checker = import_string(name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(
            f'NEWSROOM["CHECKERS"] names “{name}”, which cannot be imported: {error}'
        ) from error
    if not isinstance(checker, Checker):
        raise ImproperlyConfigured(
            f'NEWSROOM["CHECKERS"] names “{name}”, which is no Checker '
            "(articles.editorial.checks.Checker)."
        )
    return checker


def _own_severities(checkers: list[Checker]) -> Mapping[str, Mapping[str, str | None]]:
    own: dict[str, dict[str, str | None]] = conf("SEVERITIES")
    codes = {checker.code for checker in checkers}
    for code, severities in own.items():
        if code not in codes:
            raise ImproperlyConfigured(
                f'NEWSROOM["SEVERITIES"] names “{code}”, which is no checker; there are: '
                f"{', '.join(sorted(codes))}."
            )
        for purpose, severity in severities.items():
            if purpose not in PURPOSES:
                raise ImproperlyConfigured(
                    f'NEWSROOM["SEVERITIES"]["{code}"] names “{purpose}”, which is no purpose; '
                    f"there are: {', '.join(PURPOSES)}."
                )
            if severity is not None and severity not in set(Severity):
                raise ImproperlyConfigured(
                    f'NEWSROOM["SEVERITIES"]["{code}"]["{purpose}"] is “{severity}”; it may be '
                    f"{', '.join(Severity)}, or None for a check that is not made."
                )
    return own
