"""What pages have dozens of, written without a template: a tenth of the work.

Every text is escaped where it is put in; `card_of` below is the HTML that card.css speaks of.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache, wraps
from html import escape
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.signals import setting_changed
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from articles.models import Article, Byline, Image
from articles.models.paths import path_of
from articles.models.rows import moment as moment_of
from articles.related.neighbours import RelatedStory
from articles.text.direction import direction

#: How wide pictures of related news are shown (related.css).
_RELATED_SIZES = "(min-width: 64rem) 230px, (min-width: 40rem) 30vw, 110px"

Said = TypeVar("Said")


def _html(text: str) -> SafeString:
    """HTML in which every text is escaped. Django's `mark_safe` would first ask whether it is a
    promise of words that are translated later."""
    return SafeString(text)  # nosec B703


def in_each_language(say: Callable[..., Said]) -> Callable[..., Said]:
    """Remember what `say` returns for its arguments, in each language, until settings change.

    For what pages say again and again: a few words around a number.
    """
    known = lru_cache(4096)(lambda language, *args: say(*args))

    @wraps(say)
    def said(*args: Any) -> Said:
        return known(get_language(), *args)

    # Settings change under a test alone.
    setting_changed.connect(lambda **kwargs: known.cache_clear(), weak=False)
    return said


def card_of(
    story: Article, kind: str, show: str, sizes: str, heading: str = "h3", *, eager: bool = False
) -> SafeString:
    """Return the card of an article of `for_listing()`.

    kind: row, thumb, text, lead, story (card.css). show: words among kicker, standfirst, byline,
    date, hour, clock, minutes, views. sizes: of the picture, none without it. A story that was
    found shows where (`found`, of search).
    """
    has_picture = bool(sizes and story.picture)
    found = getattr(story, "found", None)
    language = text_language(story)
    plain = "" if has_picture else " card--plain"
    lines = [f'<article class="card card--{kind}{plain}">']
    if has_picture:
        picture = picture_of(story.picture, sizes, eager=eager)
        lines.append(f'<div class="card__picture">{picture}</div>')
    lines.append('<div class="card__text">')
    if "kicker" in show and story.section:
        section = story.section
        lines.append(
            f'<p class="kicker"><a href="{escape(section.get_absolute_url())}">'
            f"{escape(section.name)}</a></p>"
        )
    headline = escape(story.headline)
    if found and found.headline:
        headline = conditional_escape(found.headline)
    lines.append(
        f'<{heading} class="card__headline"><a href="{escape(story.get_absolute_url())}"{language}>'
        f"{headline}</a></{heading}>"
    )
    if "standfirst" in show and story.standfirst:
        standfirst = escape(story.standfirst)
        if found and found.standfirst:
            standfirst = conditional_escape(found.standfirst)
        lines.append(f'<p class="card__standfirst"{language}>{standfirst}</p>')
    if found and found.text:
        lines.append(f'<p class="card__found"{language}>{conditional_escape(found.text)}</p>')
    lines.append(f'<p class="meta">{_meta(story, show)}</p>\n</div>\n</article>')
    return _html("\n".join(lines))


def _meta(story: Article, show: str) -> str:
    facts: list[str] = []
    if "byline" in show and story.credits:
        facts.append(names_of(writers_of(story)))
    for word in ("date", "hour", "clock"):
        if word in show:
            facts.append(time_of(story.published_at, word))
            break
    if "minutes" in show:
        facts.append(minutes_of(story.minutes))
    if "views" in show and story.views:
        facts.append(f'<span data-views="{story.pk}">{escape(views_of(story.views))}</span>')
    return _spans(facts)


def _spans(facts: Iterable[str]) -> str:
    return "".join(f"<span>{fact}</span>\n" for fact in facts)


def related_of(story: RelatedStory) -> SafeString:
    """Return one line of related news."""
    article = story.article
    picture = article.picture if article else None
    language = text_language(article) if article else ""
    title = escape(story.title)
    facts: list[str] = []
    if story.authors:
        facts.append(f"<bdi>{escape(story.authors)}</bdi>")
    if story.day:
        facts.append(time_of(story.day))
    if story.views is not None:
        of = f' data-views="{article.pk}"' if article else ""
        facts.append(f"<span{of}>{escape(views_of(story.views))}</span>")
    plain = "" if picture else " related__item--plain"
    lines = [f'<li class="related__item{plain}">']
    if picture:
        lines.append(f'<div class="related__picture">{picture_of(picture, _RELATED_SIZES)}</div>')
    if story.url:
        title = f'<a href="{escape(story.url)}">{title}</a>'
    lines.append(
        f'<div class="related__text">\n<h3 class="related__headline"{language}>{title}</h3>\n'
        f'<p class="meta">{_spans(facts)}</p>\n</div>\n</li>'
    )
    return _html("\n".join(lines))


def headline_of(story: Article) -> SafeString:
    """Return one line of a list of headlines with their times."""
    address, moment = story.get_absolute_url(), story.published_at
    return _headline(address, story.headline, story.language, moment, _today())


def headline_of_row(row: dict[str, Any]) -> SafeString:
    """Return the same of a row of `with_next()`."""
    address = Article.address(date.fromisoformat(row["day"]), row["slug"])
    published_at = moment_of(row["published_at"])
    return _headline(address, row["headline"], row["language"], published_at, _today())


@in_each_language
def _headline(
    address: str, headline: str, language: str, moment: datetime | None, today: date
) -> SafeString:
    """Remembered: a list that has one more has all others as before."""
    return _html(
        f'<li class="times__item"><span class="times__when">{time_of(moment, "clock")}</span>\n'
        f'<h3 class="times__headline"><a href="{escape(address)}"{_foreign(language)}>'
        f"{escape(headline)}</a></h3></li>"
    )


def names_of(lines: Iterable[dict[str, Any]], *, rel: bool = False) -> SafeString:
    """Return the names of lines of a byline, each with the address of its author."""
    more = ' rel="author"' if rel else ""
    names = []
    for line in lines:
        address = escape(path_of("articles:author", line["slug"]))
        names.append(f'<a href="{address}"{more}><bdi>{escape(line["name"])}</bdi></a>')
    if len(names) > 1:
        names[-2:] = [f" {_and()} ".join(names[-2:])]
    return _html(", ".join(names))


@in_each_language
def _and() -> str:
    return escape(pgettext("between two names", "and"))


def writers_of(article: Article) -> list[dict[str, Any]]:
    """The lines of the byline that follow "By": the same people as `Article.writers`."""
    named = [line for line in article.credits if line["role"] == Byline.Role.WRITER]
    return named or article.credits


def picture_of(
    picture: Image, sizes: str, *, eager: bool = False, alt_of_whole: str | None = None
) -> SafeString:
    """Return a picture in all formats and widths, for the widths at which it is shown (`sizes`).

    eager: it is the leading one of its page. alt_of_whole: for a picture in a text, which is not
    cut, its alternative text there.
    """
    is_whole = alt_of_whole is not None
    sources, image = _files_of(picture, sizes, is_whole=is_whole)
    alt = escape(alt_of_whole if is_whole else picture.alt_text)
    loading = 'fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'
    return _html(f'<picture>{sources}<img {image} alt="{alt}" {loading}></picture>')


#: What pages say of the files of pictures, by all that it follows from. The same pictures stand on
#: dozens of pages.
_files: dict[tuple[Any, ...], tuple[str, str]] = {}
_MOST_FILES = 1024


def _files_of(picture: Image, sizes: str, *, is_whole: bool) -> tuple[str, str]:
    """Return the sources of a picture, and what its `<img>` says but for words."""
    key = (
        picture.uid, picture.file.name, picture.focal_x, picture.focal_y, picture.credit,
        picture.copyright, picture.width, picture.height, picture.colour,
        sizes, is_whole, settings.MEDIA_URL,
    )  # fmt: skip
    if (known := _files.get(key)) is None:
        if len(_files) >= _MOST_FILES:
            _files.clear()
        known = _files[key] = _files_anew(picture, escape(sizes), is_whole=is_whole)
    return known


def _files_anew(picture: Image, sizes: str, *, is_whole: bool) -> tuple[str, str]:
    cut = picture.whole if is_whole else picture.cut
    plain = cut.plain
    sources = "".join(
        f'<source type="{source.type}" srcset="{escape(source.srcset)}" sizes="{sizes}">'
        for source in cut.sources
    )
    whole = " picture--whole" if is_whole else ""
    return sources, (
        f'class="picture{whole} {picture.tone}" src="{escape(cut.address_of(plain))}" '
        f'srcset="{escape(cut.srcset)}" sizes="{sizes}" width="{plain.width}" '
        f'height="{plain.height}"'
    )


@in_each_language
def minutes_of(number: int) -> SafeString:
    """Return how long a story takes to read, such as "4 min read"."""
    return _html(escape(_("%(minutes)s min read") % {"minutes": number}))


@in_each_language
def views_of(number: Any) -> str:
    """Return a number of views in the page's words, such as "1,204 views"."""
    return ngettext("%(shown)s view", "%(shown)s views", number) % {"shown": intcomma(number)}


def time_of(moment: datetime | date | None, style: str = "date") -> str:
    """A `<time>` in the site's zone and language; "" for no moment.

    style: "date"; "full" (date and time); "hour" (the time alone); "clock" (the time today, the
    day on others).
    """
    if moment is None:
        return ""
    return _said_of(moment, style, _today() if style == "clock" else None)


def _today() -> date:
    """The day in the site's own zone: nobody's pages have another."""
    return timezone.now().astimezone(timezone.get_default_timezone()).date()


@in_each_language
def _said_of(moment: datetime | date, style: str, today: date | None) -> str:
    if not isinstance(moment, datetime):
        return _time(moment.isoformat(), _day(moment))
    local = moment.astimezone(timezone.get_default_timezone())
    day = local.date()
    if style == "full":
        # Translators: a day and a time, as in "June 5, 2025, 14:30".
        shown = _("%(day)s, %(time)s") % {"day": _day(day), "time": f"{local:%H:%M}"}
    elif style == "hour" or (style == "clock" and day == today):
        shown = f"{local:%H:%M}"
    elif style == "clock":
        shown = _day_of_year(day)
    else:
        shown = _day(day)
    return _time(local.isoformat(timespec="seconds"), shown)


def _time(moment: str, shown: str) -> SafeString:
    return _html(f'<time datetime="{escape(moment)}">{escape(shown)}</time>')


@in_each_language
def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


@in_each_language
def _day_of_year(day: date) -> str:
    return date_format(day, pgettext("date format", "j M"))


def language_attributes(language: str) -> str:
    return _html(f' lang="{escape(language)}" dir="{direction(language)}"')


def text_language(article: Article) -> str:
    """`lang` and `dir` for an article's words on a page of another language, else ""."""
    return _foreign(article.language)


def _foreign(language: str) -> str:
    page = get_language() or settings.LANGUAGE_CODE
    return "" if language == page.lower() else language_attributes(language)
