"""What the reader's templates need beyond Django's own tags: times, languages, shares, data."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.conf import absolute
from articles.models import Article, Author, Byline, Correction, Image
from articles.models.listings import PORTRAIT
from articles.models.translations import own_name
from articles.views.pieces import (
    card_of,
    language_attributes,
    minutes_of,
    names_of,
    picture_of,
    related_of,
    text_language,
    time_of,
    views_of,
    writers_of,
)
from articles.views.templates import Standing

register = template.Library()

#: Characters that could end a script element or start a comment in it, and the two line breaks
#: that JSON allows and JavaScript once did not.
_UNSAFE_IN_SCRIPT = [(char, f"\\u{ord(char):04x}") for char in "<>&\u2028\u2029"]
_JSON = DjangoJSONEncoder(ensure_ascii=False)


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """A dictionary as a data block: `<script type="application/ld+json">`.

    Moments become ISO 8601 with their zone. No text in `data` can leave the element.
    """
    text = _JSON.encode(data)
    for char, escaped in _UNSAFE_IN_SCRIPT:
        text = text.replace(char, escaped)
    # Every character that could end the element is escaped above.
    return SafeString(f'<script type="application/ld+json">{text}</script>')  # nosec B703


register.filter("absolute", absolute)
register.filter("own_name", own_name)
register.filter("minutes_of", minutes_of)
register.filter("views_of", views_of)
register.filter("writers_of", writers_of)
for _write in (card_of, names_of, picture_of, related_of, text_language, time_of):
    register.simple_tag(_write)


@register.tag
def standing(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """`{% standing %}…{% endstanding %}`: the same on every page until settings or code are others.

    Within, nothing of the page, a reader or a row may be named.
    """
    nodes = parser.parse(("endstanding",))
    parser.delete_first_token()
    return Standing(nodes)


@register.filter(expects_localtime=True)
def iso(moment: datetime | None) -> str:
    """A moment for machines, in the site's zone: what `date:"c"` says, by a shorter way."""
    return moment.isoformat() if moment else ""


@register.simple_tag
def social_picture() -> str:
    """The full address of the picture that stands for the site where a page has none."""
    return absolute(static("articles/icons/social.png"))


@register.simple_tag
def stylesheet_if_any(name: str) -> str:
    """A link to the style sheet `name`, or "" when the list of static files cannot tell where.

    For the page of a broken server, where a plain page is better than a second fault.
    """
    try:
        return format_html('<link rel="stylesheet" href="{}">', static(name))
    except ValueError:
        return ""


@register.simple_tag
def page_language(article: Article) -> str:
    """`lang` and `dir` for the page's own words inside an article of another language."""
    page = get_language() or settings.LANGUAGE_CODE
    return "" if article.language == page.lower() else language_attributes(page)


@register.filter
def news_language(language: str) -> str:
    """A language as news sitemaps take it: ISO 639, with a region only for Chinese."""
    return language if language in {"zh-cn", "zh-tw"} else language.partition("-")[0]


@register.filter
def others_of(article: Article) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rest of the byline, as (what they did, lines) in the order of the byline."""
    first = writers_of(article)
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in article.credits:
        if line not in first:
            groups.setdefault(line["role"], []).append(line)
    return [(str(Byline.Role(role).label), lines) for role, lines in groups.items()]


@register.simple_tag
def authors_of(article: Article) -> list[Author]:
    """The writers of an article who have something to say about themselves.

    With an article of `for_page()` they come in its own row; a copy costs one query.
    """
    slugs = list(dict.fromkeys(line["slug"] for line in writers_of(article)))
    if (rows := article.__dict__.get("author_rows")) is None:
        people = list(Author.objects.filter(slug__in=slugs).select_related("portrait"))
    else:
        people = [_author_of(tuple(row.items())) for row in rows]
    found = {author.slug: author for author in people if author.bio or author.portrait}
    return [found[slug] for slug in slugs if slug in found]


# The same few people stand under the stories of a site.
@lru_cache(512)
def _author_of(columns: tuple[tuple[str, Any], ...]) -> Author:
    """An author, and what is shown of them, from a row of `Article.author_rows`."""
    row, portrait = dict(columns), None
    if row["portrait"]:
        rest = {name: row[name] for name in PORTRAIT} | {"uid": UUID(row["uid"])}
        portrait = Image(file=row["portrait"], **rest)
    return Author(name=row["name"], slug=row["slug"], bio=row["bio"], portrait=portrait)


@register.filter
def correction_kind(kind: str) -> str:
    """The name of a kind of correction, for a row of `Article.correction_rows`."""
    return str(Correction.Kind(kind).label)


@dataclass(frozen=True)
class Share:
    """One way to pass a story on: its name and the address that does it."""

    name: str
    url: str


@register.simple_tag
def shares_of(article: Article) -> list[Share]:
    """Plain links that share an article: mail first, then the networks."""
    # Each of both stands in several addresses, and is written for an address once.
    url = quote(absolute(article.get_absolute_url()), safe="")
    title = quote(article.headline, safe="")
    return [
        Share(_("E-mail"), f"mailto:?subject={title}&body={title}%0A%0A{url}"),
        Share("WhatsApp", f"https://wa.me/?text={title}%20{url}"),
        Share("X", f"https://x.com/intent/post?text={title}&url={url}"),
        Share("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        Share("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
        Share("Telegram", f"https://t.me/share/url?url={url}&text={title}"),
    ]
