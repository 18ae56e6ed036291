"""What pages have dozens of, written without a template: pictures, and numbers of views."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from articles.models import Image


def picture_of(
    picture: Image, sizes: str, *, eager: bool = False, alt_of_whole: str | None = None
) -> SafeString:
    """Return a picture in all formats and widths, for the widths at which it is shown (`sizes`).

    eager: it is the leading one of its page. alt_of_whole: for a picture in a text, which is not
    cut, its alternative text there.
    """
    is_whole = alt_of_whole is not None
    cut = picture.whole if is_whole else picture.cut
    plain, sizes = cut.plain, escape(sizes)
    sources = "".join(
        f'<source type="{source.type}" srcset="{escape(source.srcset)}" sizes="{sizes}">'
        for source in cut.sources
    )
    whole = " picture--whole" if is_whole else ""
    loading = 'fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'
    # Every text is escaped.
    return mark_safe(  # noqa: S308  # nosec B308 B703
        f'<picture>{sources}<img class="picture{whole} {picture.tone}" src="{escape(plain.url)}" '
        f'srcset="{escape(cut.srcset)}" sizes="{sizes}" width="{plain.width}" '
        f'height="{plain.height}" alt="{escape(alt_of_whole if is_whole else picture.alt_text)}" '
        f"{loading}></picture>"
    )


def views_of(number: Any) -> str:
    """Return a number of views in the page's words, such as "1,204 views"."""
    return ngettext("%(shown)s view", "%(shown)s views", number) % {"shown": intcomma(number)}
