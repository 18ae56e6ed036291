"""What every public page shows: the site's name, the menu of sections, masthead and footer."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.conf import absolute
from articles.models import Section
from articles.pagecache.parts import kept
from articles.pagecache.remembering import remembered
from articles.pagecache.showing import on_this_page

#: Views whose pages the menu leads to.
_IN_MENU = frozenset({"front", "latest", "section"})


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: `site` (`name`, `tagline`, `url`), `masthead` and `footer`.

    Both ask the database only where a template shows them.
    """
    return {
        "site": names(),
        "masthead": partial(masthead, request),
        "footer": partial(footer, request),
        "canonical": absolute(request.path),
    }


def menu_of_sections(request: HttpRequest) -> list[Section]:
    """Return all sections, for a view that has a use for them beside the menu, too.

    They are asked once for a request that is answered and forgotten. Of what is kept each part has
    them as they are when it is made.
    """
    page = on_this_page()
    page.also("sections")
    if page.is_to_be_kept:
        return remembered("sections", _sections)
    if not hasattr(request, "menu"):
        request.menu = _sections()
    return request.menu


def _sections() -> list[Section]:
    return list(Section.objects.all())


def masthead(request: HttpRequest, section: int | None = None) -> str:
    """Return the head of a page; `section`: the key of the one that its story belongs to."""
    match = request.resolver_match
    here = request.path if match is not None and match.url_name in _IN_MENU else ""
    context = {"here": here, "section": section}
    return _part(f"masthead {here} {section or ''}", "_masthead.html", request, context)


def footer(request: HttpRequest) -> str:
    """Return the foot of a page."""
    return _part("footer", "_footer.html", request, {})


def _part(name: str, template: str, request: HttpRequest, context: dict[str, Any]) -> str:
    def make() -> str:
        on_this_page().lists()
        everywhere = {"site": names(), "menu": menu_of_sections(request)}
        return render_to_string(template, everywhere | context)

    # A template of ours escaped it when it was made.
    return SafeString(kept(name, make))  # nosec B703


def names() -> dict[str, str]:
    """Return what the site is called, as settings say it."""
    return {
        "name": settings.SITE_NAME,
        "tagline": settings.SITE_TAGLINE,
        "url": settings.SITE_URL,
    }
