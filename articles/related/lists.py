"""The lists of neighbours: one is computed, the others that it touches follow, all get an order."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from articles.conf import conf
from articles.editorial.signals import neighbours_changed
from articles.models import Article, DroppedNeighbour, Neighbour, RelatedWork, StoryTerms
from articles.related.pool import pool
from articles.related.scoring import KEPT, Alike, Near, Story, arranged, nearest, nearness
from articles.related.stories import Counts, describe, stories_of

#: An article's neighbours, the nearest first.
List = list[Near]


def refresh(pk: int, counts: Counts, *, is_settled: bool = True) -> set[int]:
    """Compute an article's words and neighbours, and mend the lists that it comes into or leaves.

    Returns the articles whose readers get other related news. is_settled: False while a round is
    being computed, whose turn will come to this article again. Lists that lost what they could not
    know a substitute for are queued.
    """
    is_listed = pk in describe([pk], counts)
    held_by = set(Neighbour.objects.filter(neighbour=pk).values_list("article_id", flat=True))
    story = stories_of([pk], counts).get(pk) if is_listed else None
    others = stories_of({*(pool(story, counts) if story else ()), *held_by}, counts)
    dropped = _dropped({pk, *others})
    lists: dict[int, List] = {}
    again = set()
    near: dict[int, Near | None] = dict.fromkeys(held_by)
    if story:
        found = (nearness(story, other) for other in others.values())
        lists[pk] = nearest([one for one in found if one and (pk, one.pk) not in dropped])
        for other in others.values():
            if (other.pk, pk) not in dropped and (one := nearness(other, story)):
                near[other.pk] = one
    # Only lists into which it comes, or in which it stood.
    touched = held_by | _open_to({of: one for of, one in near.items() if one})
    before = lists_of({pk, *touched})
    for of in touched:
        now = _with(before.get(of, []), pk, near[of])
        if now is None:
            again.add(of)
        else:
            lists[of] = now
    with transaction.atomic():
        shown = _write(lists, before, counts, others)
        number = counts.number if is_settled else 0
        StoryTerms.objects.filter(article=pk).update(list_round=number, order_round=number)
        RelatedWork.objects.bulk_create([RelatedWork(article_id=one) for one in sorted(again)])
    return shown


def _open_to(near: dict[int, Near]) -> set[int]:
    """Return those of the articles whose lists a story comes into, as near as it is to them."""
    ends = Neighbour.objects.filter(article__in=near, place=KEPT).values_list("article_id", "score")
    full = dict(ends)
    return {of for of, one in near.items() if of not in full or one.score >= full[of]}


def _with(had: List, pk: int, near: Near | None) -> List | None:
    """Return a list with `pk` at its new place or without it.

    None where it was full, and nobody knows what would follow: then it has to be computed anew.
    """
    rest = [one for one in had if one.pk != pk]
    if len(had) == KEPT and len(rest) < len(had):
        (old,) = (one for one in had if one.pk == pk)
        if near is None or near.order > max(old.order, rest[-1].order):
            return None
    return nearest([*rest, near]) if near else rest


def compute(pks: Iterable[int], counts: Counts) -> set[int]:
    """Compute the lists of these articles from nothing, without looking at any other list."""
    pks = set(pks)
    stories = stories_of(pks, counts)
    pools = {pk: pool(story, counts) for pk, story in stories.items()}
    known = stories_of({one for found in pools.values() for one in found}, counts)
    dropped = _dropped(pks)
    lists: dict[int, List] = {}
    for pk, story in stories.items():
        found = (nearness(story, known[one]) for one in pools[pk] if one in known)
        lists[pk] = nearest([one for one in found if one and (pk, one.pk) not in dropped])
    with transaction.atomic():
        shown = _write(lists, None, counts)
        StoryTerms.objects.filter(article__in=pks).update(list_round=counts.number)
    return shown


def put_in_order(pks: Iterable[int], counts: Counts) -> set[int]:
    """Give the lists of these articles their order anew."""
    pks = set(pks)
    lists = lists_of(pks)
    with transaction.atomic():
        shown = _write(lists, lists, counts)
        StoryTerms.objects.filter(article__in=pks).update(order_round=counts.number)
    return shown


def lists_of(pks: Iterable[int]) -> dict[int, List]:
    """Return the lists that are kept of these articles, the nearest first, without reasons."""
    found: dict[int, List] = defaultdict(list)
    rows = Neighbour.objects.filter(article__in=set(pks)).order_by("article", "place")
    for pk, *row in rows.values_list("article_id", "neighbour_id", "score"):
        found[pk].append(Near(*row))
    return dict(found)


def _dropped(pks: Iterable[int]) -> set[tuple[int, int]]:
    rows = DroppedNeighbour.objects.filter(article__in=set(pks))
    return set(rows.values_list("article_id", "neighbour_id"))


# --- writing -------------------------------------------------------------------------------------


def _write(
    lists: dict[int, List],
    before: dict[int, List] | None,
    counts: Counts,
    known: dict[int, Story] | None = None,
) -> set[int]:
    """Write lists with their orders; return the articles whose readers get something else.

    before: what the lists were; None where all of them are computed, and their order comes later.
    known: stories that were read already.
    """
    lists = dict(lists)
    if before is not None:
        lists |= _looking_at(lists, before)
    orders = _orders(lists, counts, known or {}) if before is not None else {}
    names = ("pk", "article_id", "neighbour_id", "place", "rank")
    stored = Neighbour.objects.filter(article__in=lists).values_list(*names)
    old = {(of, one): (row, place, rank) for row, of, one, place, rank in stored}
    wanted = {
        (of, near.pk): (near, place, orders[of].get(near.pk) if of in orders else place)
        for of, kept in lists.items()
        for place, near in enumerate(kept, start=1)
    }
    gone = [old[key][0] for key in old.keys() - wanted.keys()]
    Neighbour.objects.filter(pk__in=gone).delete()
    fresh, moved = [], []
    for (of, one), (near, place, rank) in wanted.items():
        row = Neighbour(
            article_id=of, neighbour_id=one, score=near.score, place=place, rank=rank,
            reasons=near.reasons or {},
        )  # fmt: skip
        if near.reasons is not None:
            fresh.append(row)
        elif old[of, one][1:] != (place, rank):
            moved.append(row)
    for rows, columns in (
        (fresh, ["score", "place", "rank", "reasons"]),
        (moved, ["place", "rank"]),
    ):
        Neighbour.objects.bulk_create(
            rows,
            batch_size=1_000,
            update_conflicts=True,
            unique_fields=["article", "neighbour"],
            update_fields=columns,
        )
    if not orders:
        return set()
    was = _tops((*key, rank) for key, (_row, _place, rank) in old.items())
    now = _tops((*key, rank) for key, (_near, _place, rank) in wanted.items())
    shown = {of for of in lists if was.get(of) != now.get(of)}
    if shown:
        neighbours_changed.send(Article, articles=shown)
    return shown


def _looking_at(lists: dict[int, List], before: dict[int, List]) -> dict[int, List]:
    """Return the other lists whose order may change: they hold one into which they came or from
    which they went."""
    moved: set[int] = set()
    for pk, now in lists.items():
        moved |= {one.pk for one in now} ^ {one.pk for one in before.get(pk, ())}
    found = lists_of(moved - lists.keys())
    return {pk: kept for pk, kept in found.items() if any(one.pk in lists for one in kept)}


def _orders(
    lists: dict[int, List], counts: Counts, known: dict[int, Story]
) -> dict[int, dict[int, int]]:
    """Return the rank of each neighbour in each list."""
    members = {one.pk for kept in lists.values() for one in kept}
    stories = {pk: known[pk] for pk in members & known.keys()}
    stories |= stories_of(members - stories.keys(), counts)
    alike = Alike(stories)
    # Who stands in whose list, as it will be.
    holds = {
        pk: {one.pk for one in kept}
        for pk, kept in {**lists_of(members - lists.keys()), **lists}.items()
    }
    return {
        pk: {
            one: rank
            for rank, one in enumerate(
                arranged(
                    [(one.pk, one.score) for one in kept if one.pk in stories],
                    stories,
                    {one.pk for one in kept if pk in holds.get(one.pk, ())},
                    alike,
                ),
                start=1,
            )
        }
        for pk, kept in lists.items()
    }


def _tops(rows: Iterable[tuple[int, int, int | None]]) -> dict[int, list[int]]:
    """The neighbours that readers of each article get, if all are public.

    rows: article, neighbour and rank.
    """
    found: dict[int, list[int]] = defaultdict(list)
    size = conf("RELATED_SIZE")
    for of, one, rank in sorted(rows, key=lambda row: row[2] or 0):
        if rank and len(found[of]) < size:
            found[of].append(one)
    return found
