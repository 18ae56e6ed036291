"""The gate: what must be right before readers see an article.

Each checker looks at one thing and returns issues; the list is run as a whole, so that an editor
sees everything at once. `STOCK` is Newsroom's own list, with what each weighs for which purpose;
a project adds to it and weighs differently by its settings (decision 0013).
"""

from articles.editorial.checks.issue import FIELDS, PURPOSES, Checker, Issue, Severity
from articles.editorial.checks.running import (
    all_checkers,
    blocking,
    configuration_errors,
    findings,
)
from articles.editorial.checks.stock import STOCK

__all__ = [
    "FIELDS",
    "PURPOSES",
    "STOCK",
    "Checker",
    "Issue",
    "Severity",
    "all_checkers",
    "blocking",
    "configuration_errors",
    "findings",
]
