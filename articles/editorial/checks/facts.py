"""Checkers of what stands beside the words: headline, place, people, picture, time, addresses."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.editorial.checks.issue import Issue
from articles.models import Article, Image
from articles.text.bodies import pictures
from articles.text.slugs import title_key

#: Words (or characters, in a script without blanks) from which on a headline that opens the
#: text, too, is no chance: a portrait of Berlin may well begin with "Berlin".
_SAME_WORDS, _SAME_CHARACTERS = 5, 12
#: What search engines show before they cut, in Latin letters; an ideograph is two wide.
SEO_TITLE_WIDTH, SEO_DESCRIPTION_WIDTH = 60, 160
#: "IMG_2034.jpg", "photo.png", "DSC00123": what a camera or a folder calls a picture.
_FILE_NAME = re.compile(
    r"[\w .()-]*\.(?:jpe?g|png|gif|webp|avif|tiff?|heic)|(?:IMG|DSC|DSCN|DSCF|PXL|P)[_-]?\d{3,}\w*"
    r"|(?:image|photo|picture|untitled|bild|foto)[ _-]?\d*",
    re.IGNORECASE,
)


def headline(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.headline:
        yield Issue("headline", _("The article has no headline."))
    elif _is_working_title(article):
        yield Issue("headline", _("The headline is only the start of the text: write one."))


def headline_from_text(article: Article, at: datetime) -> Iterable[Issue]:
    key = title_key(article.headline)
    is_long = len(key.split()) >= _SAME_WORDS or _width(key) >= 2 * _SAME_CHARACTERS
    if not key or not is_long or _is_working_title(article):
        return
    opening = title_key(article.body_text[: len(article.headline) + 200])
    if opening == key or opening.startswith(key if " " not in key else f"{key} "):
        yield Issue("headline", _("The text begins with the headline: readers read it twice."))


def _is_working_title(article: Article) -> bool:
    """Whether an import made the headline from the text, and nobody has written another."""
    marked = any(warning["code"] == "no-headline" for warning in article.import_warnings)
    return marked and article.body_text.startswith(article.headline)


def duplicate_headline(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.headline_key:
        return
    public = Article.objects.published(found=True)
    others = public | Article.objects.filter(status__aside=Article.Status.SCHEDULED)
    same = others.filter(headline_key=article.headline_key).exclude(pk=article.pk)
    other = same.only("published_at", "status").first()
    if other is None:
        return
    if other.status == Article.Status.SCHEDULED:
        yield Issue("headline", _("An article on the schedule has this headline, too."))
    elif other.published_at:
        day = date_format(timezone.localtime(other.published_at), "DATE_FORMAT")
        text = _("The article of %(day)s has this headline, too.")
        yield Issue("headline", text % {"day": day})


def body(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.body_text:
        yield Issue("body", _("The article has no text."))


def standfirst(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.standfirst:
        yield Issue("standfirst", _("The article has no standfirst: cards and feeds show one."))


def section(article: Article, at: datetime) -> Iterable[Issue]:
    if article.section_id is None:
        yield Issue("section", _("The article belongs to no section."))


def byline(article: Article, at: datetime) -> Iterable[Issue]:
    if not article.credits:
        yield Issue("byline", _("The article names no author."))


def gone(article: Article, at: datetime) -> Iterable[Issue]:
    """Rows that the revision names and that are not there: what readers would miss unnoticed."""
    for entry in getattr(article, "missing", ()):
        kind, _blank, name = entry.rpartition(" ")
        if kind == "picture":
            yield Issue("picture", _("The picture that stood here was deleted."))
        elif kind == "section":
            text = _("The section “%(name)s” is not there any more.")
            yield Issue("section", text % {"name": name})
        elif kind or article.section_id is not None:
            # A bare name is the section's or an author's; without a section, that is said first.
            text = _("“%(name)s” of the byline is not there any more.")
            yield Issue("byline", text % {"name": name})


def alt_text(article: Article, at: datetime) -> Iterable[Issue]:
    """Of the picture of the article, and of those in its text."""
    silent = [one.uid for one in pictures(article.body) if not one.alt.strip()]
    if silent:
        decorative = Image.objects.filter(uid__in=silent, is_decorative=True)
        known = {str(uid) for uid in decorative.values_list("uid", flat=True)}
        if set(silent) - known:
            yield Issue("body", _("A picture in the text has no alt text."))
    picture = article.picture
    if picture is None or picture.is_decorative:
        return
    if not picture.alt.strip():
        yield Issue("picture", _("The picture has no alt text and is not marked as decorative."))
    elif _FILE_NAME.fullmatch(picture.alt.strip()):
        text = _("The picture's alt text is a file's name: “%(alt)s”.")
        yield Issue("picture", text % {"alt": picture.alt.strip()})


def credit(article: Article, at: datetime) -> Iterable[Issue]:
    if article.picture and not article.picture.credit.strip():
        yield Issue("picture", _("The picture has no credit: whose is it?"))


def conflict(article: Article, at: datetime) -> Iterable[Issue]:
    """Words that two people changed at once, and both of which stand there until one chooses."""
    text = _("Two people changed the same words, and both stand there: “%(one)s”, “%(other)s”.")
    for dispute in article.conflicts.filter(settled_at=None):
        words = [line["value"] for line in dispute.versions if isinstance(line["value"], str)]
        field = article.body_text if dispute.field == "body" else getattr(article, dispute.field)
        folded = " ".join(field.split()) if isinstance(field, str) else ""
        there = [one for one in words if one and " ".join(one.split()) in folded]
        if len(there) > 1:
            shown = {"one": there[0][:80], "other": there[1][:80]}
            yield Issue(dispute.field, text % shown, excerpt=there[0])


def seo_length(article: Article, at: datetime) -> Iterable[Issue]:
    text = _("Search engines show about %(limit)d characters; these are %(number)d.")
    for field, limit in (
        ("seo_title", SEO_TITLE_WIDTH),
        ("seo_description", SEO_DESCRIPTION_WIDTH),
    ):
        if (width := _width(getattr(article, field))) > limit:
            yield Issue(field, text % {"limit": limit, "number": width})


def embargo(article: Article, at: datetime) -> Iterable[Issue]:
    if article.embargo_until and article.embargo_until > at:
        yield Issue("embargo_until", _("The embargo lasts until later."))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
