"""What every public page shows: the site's name and the menu of sections."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.conf import absolute
from articles.models import Section
from articles.pagecache.remembering import remembered
from articles.pagecache.showing import on_this_page


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: `site` (`name`, `tagline`, `url`) and `menu` (sections).

    The menu asks the database only where a template shows it.
    """
    return {
        "site": {
            "name": settings.SITE_NAME,
            "tagline": settings.SITE_TAGLINE,
            "url": settings.SITE_URL,
        },
        "menu": SimpleLazyObject(menu_of_sections),
        "canonical": absolute(request.path),
    }


def menu_of_sections() -> list[Section]:
    """Return all sections, for a view that has a use for them beside the menu, too."""
    on_this_page().also("sections")
    return remembered("sections", lambda: list(Section.objects.all()))
