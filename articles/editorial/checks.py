"""The gate: what must be right before readers see an article.

Each checker looks at one thing and returns issues; the list is run as a whole, so that an editor
sees everything at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Article


@dataclass(frozen=True)
class Issue:
    """One thing to mend: the form field it is about, and a sentence for the editor."""

    field: str
    message: str


Checker = Callable[[Article], Iterable[Issue]]


def has_a_headline(article: Article) -> Iterable[Issue]:
    if not article.headline:
        yield Issue("headline", _("The article has no headline."))
    elif any(warning["code"] == "no-headline" for warning in article.import_warnings) and (
        article.body_text.startswith(article.headline)
    ):
        yield Issue("headline", _("The headline is only the start of the text: write one."))


def has_a_body(article: Article) -> Iterable[Issue]:
    if not article.body_text:
        yield Issue("body", _("The article has no text."))


def has_a_section(article: Article) -> Iterable[Issue]:
    if article.section_id is None:
        yield Issue("section", _("The article belongs to no section."))


def has_a_byline(article: Article) -> Iterable[Issue]:
    if not article.bylines.exists():
        yield Issue("byline", _("The article names no author."))


def picture_is_described(article: Article) -> Iterable[Issue]:
    picture = article.picture
    if picture and not picture.alt and not picture.is_decorative:
        yield Issue("picture", _("The picture has no alt text and is not marked as decorative."))


CHECKERS: tuple[Checker, ...] = (
    has_a_headline,
    has_a_body,
    has_a_section,
    has_a_byline,
    picture_is_described,
)


def issues(article: Article) -> list[Issue]:
    """Return everything that keeps `article` from being published, in the order of the form."""
    return [issue for checker in CHECKERS for issue in checker(article)]
