"""Which promos stand on a page, and where."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import timezone

from articles.models import Promo
from articles.models.noting import rows_read
from articles.models.promos import Placed, rules_of_page, winners
from articles.pagecache.remembering import remembered
from articles.pagecache.showing import on_this_page

#: Position on a page -> who stands there.
Places = dict[str, list[Placed]]


def promos_at(
    *positions: str,
    section: int | None = None,
    tags: Iterable[int] = (),
    trial: Promo | None = None,
) -> Places:
    """Return what stands at the positions of a page about a section and tags (keys).

    One query, or none for a page that is made to be kept.

    trial: a promo that is tried out, whatever else is there; only the desk sees such a page.
    """
    tags, now = list(tags), timezone.now()
    found = [
        promo
        for promo in remembered("promos", lambda: list(Promo.objects.standing_or_coming()))
        if promo.position in positions
        and promo.is_about(section, tags)
        and not (promo.ends_at and promo.ends_at <= now)
    ]
    _say_what_is_shown(positions, section, tags, found)
    found = [promo for promo in found if promo.starts_at is None or promo.starts_at <= now]
    places = {
        position: winners(promo for promo in found if promo.position == position)
        for position in positions
    }
    if trial is not None and trial.position in places:
        places[trial.position] = [Placed(trial, trial.devices)]
    return places


def html_of(promos: list[Placed]) -> str:
    """Return the HTML of promos that stand in one place; mostly there are none."""
    return render_to_string("_promos.html", {"places": promos}) if promos else ""


def _say_what_is_shown(
    positions: Iterable[str], section: int | None, tags: list[int], found: list[Promo]
) -> None:
    """The page is another one once a promo comes by one of its rules, or its time is there."""
    page = on_this_page()
    for position in positions:
        page.also(*(("promos", rule) for rule in rules_of_page(position, section, tags)))
    rows_read("promo", (promo.pk for promo in found))
    now = timezone.now()
    for promo in found:
        for moment in (promo.starts_at, promo.ends_at):
            if moment is not None and moment > now:
                page.ends(moment.timestamp())
