"""Newsroom's own checkers, and what each weighs. Decision 0013 says why."""

from articles.editorial.checks import facts, links, words
from articles.editorial.checks.issue import Checker, Severity

_ADVICE = {"review": Severity.ADVICE, "publish": Severity.ADVICE}
#: A writer hands in what an editor may still mend; readers get nothing that was not mended.
_STOP = {"review": Severity.ADVICE, "publish": Severity.STOP}

STOCK: tuple[Checker, ...] = (
    Checker("headline", facts.headline, {"review": Severity.ADVICE, "publish": Severity.REFUSE}),
    Checker("headline-from-text", facts.headline_from_text, _ADVICE),
    Checker("duplicate-headline", facts.duplicate_headline, _ADVICE),
    Checker("standfirst", facts.standfirst, _ADVICE),
    Checker("body", facts.body, {"review": Severity.REFUSE, "publish": Severity.REFUSE}),
    Checker("holes", words.holes, _STOP),
    Checker("marks", words.marks, _STOP),
    Checker("furniture", words.furniture, _STOP),
    Checker("dead-links", links.dead_links, _STOP),
    Checker("empty-links", links.empty_links, _STOP),
    Checker("headings", words.headings, _ADVICE),
    Checker("blanks", words.blanks, _ADVICE),
    Checker("section", facts.section, _STOP),
    Checker("byline", facts.byline, _STOP),
    Checker("gone", facts.gone, _STOP),
    Checker("alt-text", facts.alt_text, _STOP),
    Checker("credit", facts.credit, _STOP),
    Checker("conflict", facts.conflict, _STOP),
    Checker("seo-length", facts.seo_length, _ADVICE),
    Checker("embargo", facts.embargo, {"publish": Severity.REFUSE}),
)
