"""What the admin's own pages show beyond Django's: today's lists and a menu in rooms."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.editorial import inbox

register = template.Library()

#: Stories in each list of the first page.
LIST_SIZE = 6

#: Rooms of the menu and the tables in each, in order; every other table goes into the last.
ROOMS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Desk"), ("Article", "Image", "Correction")),
    (_("Site"), ("Section", "Tag", "Author", "Promo", "Redirect")),
    (_("History"), ("Transition", "Revision", "DailyViews")),
    (_("People and system"), ()),
)


@dataclass(frozen=True)
class Tray:
    """One list of the first page: its stories, and what it says when there are none."""

    name: str
    title: str | Promise
    empty: str | Promise
    articles: list[Any]
    see_all: str = ""


@register.simple_tag
def trays(person: AbstractBaseUser) -> list[Tray]:
    """Return the lists of the first page for `person`; one query each."""

    def tray(name: str, title: Any, empty: Any, found: Any, see_all: str) -> Tray:
        return Tray(name, title, empty, list(found[:LIST_SIZE]), see_all)

    mine = tray(
        "drafts",
        _("My drafts"),
        _("Nothing begun. A new article starts with the button above."),
        inbox.drafts_of(person),
        "status__exact=draft&whose=mine",
    )
    published = tray(
        "published",
        _("Recently published"),
        _("Readers see nothing yet."),
        inbox.recently_published(),
        "status__exact=published",
    )
    waiting = tray(
        "waiting",
        _("Waiting for review"),
        _("Nothing is waiting."),
        inbox.waiting_for_review(),
        "status__exact=in_review",
    )
    if not person.has_perm("articles.approve_article"):
        return [mine, waiting, published]
    return [
        waiting,
        tray(
            "approved",
            _("Approved, not out yet"),
            _("Nothing is ready."),
            inbox.ready_to_publish(),
            "status__exact=approved",
        ),
        tray(
            "warnings",
            _("Imports to look at"),
            _("Every import is clean or dealt with."),
            inbox.imports_with_warnings(),
            "warnings=yes",
        ),
        mine,
        published,
    ]


@register.filter
def in_rooms(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the admin's list of apps as rooms: `name` and `models`; empty rooms are left out."""
    tables = {}
    others = []
    named = {name for _room, names in ROOMS for name in names}
    for app in app_list:
        for table in app["models"]:
            if app["app_label"] == "articles" and table["object_name"] in named:
                tables[table["object_name"]] = table
            else:
                others.append(table)
    rooms = []
    for title, names in ROOMS:
        models = [tables[name] for name in names if name in tables] if names else others
        if models:
            rooms.append({"name": title, "models": models})
    return rooms
