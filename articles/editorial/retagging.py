"""One tag in the place of another on many articles at once: their rows and their revisions.

The newest revision of an article, the one that readers see, and those that wait for a time all
come back as new ones with the tag exchanged, in their old order; nothing old is rewritten.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from articles.editorial.revisions import name_of
from articles.models import Article, Revision, ScheduledStep, Tag, TaggedArticle

#: Articles whose revisions are held in memory at a time.
_REVISED = 250
#: Articles named in one query: databases take only so many values at once.
_NAMED = 5_000


@transaction.atomic
def exchange(keys: set[int], old: set[str], new: str, *, by: Any = None, note: str = "") -> int:
    """Let the articles `keys` carry the tag `new` where a revision in use has a name of `old`.

    Their rows are the caller's to change. No date moves, and what waits goes on waiting. Returns
    how many articles got revisions; one that was never recorded needs none.
    """
    names = {name.casefold() for name in old}
    parts = batches(sorted(keys), _REVISED)
    return sum(_exchange(part, names, new, by, note[:200]) for part in parts)


def _exchange(keys: list[int], names: set[str], new: str, by: Any, note: str) -> int:
    articles = list(
        Article.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys)
        .only("pk", "live_number", "working_number")
        .order_by("pk")
    )
    waiting = ScheduledStep.objects.filter(
        article__in=keys, outcome=ScheduledStep.Outcome.WAITING, revision__isnull=False
    )
    steps = list(waiting)
    used = Revision.objects.filter(
        Q(number=F("article__live_number"))
        | Q(number=F("article__working_number"))
        | Q(pk__in={step.revision_id for step in steps}),
        article__in=keys,
    )
    of_article: dict[int, list[Revision]] = defaultdict(list)
    for revision in used.order_by("article", "number"):
        of_article[revision.article_id].append(revision)
    # Revision in use -> the one that takes its place.
    instead: dict[int, Revision] = {}
    changed = []
    for article in articles:
        found = of_article[article.pk]
        if not any(names & set(map(str.casefold, _tags(one))) for one in found):
            continue
        number = found[-1].number
        for one in found:
            tags = _exchanged(_tags(one), names, new)
            # The newest stays the newest, even where it has lost the tag already.
            if tags == _tags(one) and one is not found[-1]:
                continue
            number += 1
            instead[one.pk] = Revision(
                article=article,
                number=number,
                snapshot={**one.snapshot, "tags": tags},
                note=note,
                based_on=one,
                made_at=timezone.now(),
                made_by=by,
                made_by_name=name_of(by),
            )
            if one.number == article.live_number:
                article.live_number = number
        article.working_number = number
        changed.append(article)
    Revision.objects.bulk_create(instead.values(), batch_size=100)
    steps = [step for step in steps if step.revision_id in instead]
    for step in steps:
        step.revision = instead[step.revision_id]
    ScheduledStep.objects.bulk_update(steps, ["revision"], batch_size=100)
    Article.objects.bulk_update(changed, ["live_number", "working_number"], batch_size=100)
    return len(changed)


def _tags(revision: Revision) -> list[str]:
    return revision.snapshot.get("tags") or []


def _exchanged(tags: list[str], names: set[str], new: str) -> list[str]:
    return list(dict.fromkeys(new if name.casefold() in names else name for name in tags))


# --- rows ----------------------------------------------------------------------------------------


def articles_of(tag: Tag) -> QuerySet:
    return TaggedArticle.objects.filter(tag=tag).values("content_object")


def shared_by(tags: list[Tag]) -> QuerySet:
    """Articles that have more than one of the tags."""
    rows = TaggedArticle.objects.filter(tag__in=tags).order_by().values("content_object")
    return rows.annotate(number=Count("pk")).filter(number__gt=1).values("content_object")


def orders_of(articles: QuerySet) -> dict[str, list[str]]:
    """The order of all tags on each of the articles."""
    orders: dict[str, list[str]] = defaultdict(list)
    rows = TaggedArticle.objects.filter(content_object__in=articles).order_by("id")
    for uid, slug in rows.values_list("content_object__uid", "tag__slug"):
        orders[str(uid)].append(slug)
    return dict(orders)


def keys_of(articles: QuerySet) -> set[int]:
    return set(articles.order_by().values_list("pk", flat=True))


def batches(values: Iterable[Any], size: int = _NAMED) -> Iterator[list[Any]]:
    """Cut `values` into lists that a query can name."""
    values = list(values)
    for start in range(0, len(values), size):
        yield values[start : start + size]


def restore_orders(
    orders: dict[str, list[str]], made: dict[str, Tag], into: Tag, *, since: datetime
) -> None:
    """Articles that had several of the tags have them again, each at its old place."""
    for batch in batches(orders):
        articles = Article.objects.filter(uid__in=batch).only("uid")
        # Somebody chose their tags anew.
        articles = articles.exclude(pk__in=keys_of(articles & saved_since(since)))
        rows: dict[int, list[TaggedArticle]] = defaultdict(list)
        held = TaggedArticle.objects.filter(content_object__in=articles).select_related("tag")
        for row in held.order_by("id"):
            rows[row.content_object_id].append(row)
        again: list[TaggedArticle] = []
        for article in articles:
            now = {row.tag.slug: row.tag for row in rows[article.pk]}
            if into.slug not in now:
                continue
            order = orders[str(article.uid)]
            now |= {slug: made[slug] for slug in order if slug in made}
            gone = set() if into.slug in order else {into.slug}
            kept = [slug for slug in order if slug in now]
            kept += [slug for slug in now if slug not in {*kept, *gone}]
            again += [TaggedArticle(content_object=article, tag=now[slug]) for slug in kept]
        changed = {row.content_object_id for row in again}
        TaggedArticle.objects.filter(content_object__in=changed).delete()
        TaggedArticle.objects.bulk_create(again, batch_size=500)


def saved_since(moment: datetime) -> QuerySet:
    """Return articles with a revision made at `moment` or later."""
    return Article.objects.filter(
        pk__in=Revision.objects.filter(made_at__gte=moment).values("article")
    )
