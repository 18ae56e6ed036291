"""Which promos stand on a page, and where."""

from collections.abc import Iterable

from articles.models import Promo
from articles.models.promos import Placed, winners

#: Position on a page -> who stands there.
Places = dict[str, list[Placed]]


def promos_at(
    *positions: str,
    section: int | None = None,
    tags: Iterable[int] = (),
    trial: Promo | None = None,
) -> Places:
    """Return what stands at the positions of a page about a section and tags (keys). One query.

    trial: a promo that is tried out, whatever else is there; only the desk sees such a page.
    """
    found = list(Promo.objects.standing().filter(position__in=positions).about(section, tags))
    places = {
        position: winners(promo for promo in found if promo.position == position)
        for position in positions
    }
    if trial is not None and trial.position in places:
        places[trial.position] = [Placed(trial, trial.devices)]
    return places
