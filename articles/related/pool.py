"""Which stories could be neighbours at all: those with a rare word or a rare tag in common."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from django.db.models import QuerySet

from articles.models import KeyTerm, TaggedArticle
from articles.related.scoring import Story
from articles.related.stories import Counts, Kind
from articles.text.weights import KEYS, key_of, rarity

#: Stories that are looked at closely, of all that have a word or a tag in common.
POOL = 200
#: Rows that may be read to find them: the rarest words and tags first, as far as this goes.
ROWS = 4_000
#: What a tag counts beside a word, before stories are looked at closely.
_TAG = 2.0


def pool(story: Story, counts: Counts) -> list[int]:
    """Return the numbers of at most `POOL` articles, the likeliest neighbours of `story` first.

    The number of rows read does not grow with the archive. Whoever shares no more than `ROWS`
    rows and `POOL` stories with others gets them all, and so the same from both sides.
    """
    keys = {
        key_of(story.language, term): weight for term, weight in islice(story.weights.items(), KEYS)
    }
    words, tags = counts.of(Kind.WORD, keys), counts.of(Kind.TAG, story.tags)
    offers = [
        (words.get(key, 1), 0, key, weight * rarity(words.get(key, 1), counts.stories))
        for key, weight in keys.items()
    ]
    offers += [(tags.get(tag, 1), 1, tag, _TAG * weight) for tag, weight in story.tags.items()]
    rough: defaultdict[int, float] = defaultdict(float)
    left = ROWS
    chosen: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for number, kind, key, worth in sorted(offers):
        if number > left and left < ROWS:
            break
        chosen[kind][key] = worth
        left -= number
    for kind, worths in enumerate(chosen):
        for pk, key in _rows(kind, worths, story.pk):
            rough[pk] += worths[key]
    rough.pop(story.pk, None)
    return sorted(rough, key=lambda pk: (-round(rough[pk], 6), -pk))[:POOL]


def _rows(kind: int, keys: Iterable[int], near: int) -> list[tuple[int, int]]:
    """Return article and key of rows that hold one of `keys`: those written about when `near` was.

    Counts are of the round's beginning: what grew since is cut off here.
    """
    rows: QuerySet
    keys = list(keys)
    if not keys:
        return []
    if kind:
        rows, name, key = TaggedArticle.objects.filter(tag__in=keys), "content_object_id", "tag_id"
    else:
        rows, name, key = KeyTerm.objects.filter(key__in=keys), "article_id", "key"
    rows = rows.order_by().values_list(name, key)
    found = list(rows[: 2 * ROWS])
    if len(found) < 2 * ROWS:
        return found
    before = rows.filter(**{f"{name}__lte": near}).order_by(f"-{name}")[:ROWS]
    after = rows.filter(**{f"{name}__gt": near}).order_by(name)[:ROWS]
    return [*before, *after]
