"""The work on related news: what is noted is done, rounds are begun and gone through.

One process at a time does it, in small steps of a transaction each: it may be stopped anywhere,
and whoever comes next goes on there. Doing a step twice is doing it once.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import (
    Article,
    KeyTerm,
    Neighbour,
    RelatedWork,
    StoryTerms,
    TaggedArticle,
    TermCount,
    TermRound,
)
from articles.related import lists
from articles.related.stories import (
    NAME,
    Counts,
    Kind,
    counts_in_force,
    describe,
    parts_of,
)
from articles.text.terms import primary
from articles.text.weights import frequencies, key_of

logger = logging.getLogger(__name__)

#: How long the one who works is waited for once it is silent.
HELD_FOR = timedelta(seconds=60)
#: Articles of one step: of weighing words, computing lists, putting them in order.
_WEIGHED, _LISTED, _ORDERED = 50, 10, 25
#: Notes that are read at once.
_NOTES = 500
#: From so many noted articles on, or a tenth of all, a round is cheaper than one after the other.
_MANY = 20
#: A round is due when the number of stories differs by this share from what it was.
_SHARE = 0.1
_COUNTS_WRITTEN = 1_000
_LISTED_AT_ONCE = 2_000
#: The parts of a round: articles at once, and what is done to them.
_WAYS: tuple[tuple[str, int, Callable], ...] = (
    ("words", _WEIGHED, describe),
    ("list", _LISTED, lists.compute),
    ("order", _ORDERED, lists.put_in_order),
)

Work = tuple[str, int]


def hold(holder: str, now: datetime | None = None) -> bool:
    """Take the work, or keep it; False while somebody else has it."""
    now = now or timezone.now()
    if not (rows := TermRound.objects.filter(name=NAME)).exists():
        first = TermRound(name=NAME, held_until=now)
        TermRound.objects.bulk_create([first], ignore_conflicts=True)
    free = rows.filter(Q(holder=holder) | Q(held_until__lte=now))
    return bool(free.update(holder=holder, held_until=now + HELD_FOR))


def let_go(holder: str) -> None:
    """Give the work back before its time."""
    TermRound.objects.filter(name=NAME, holder=holder).update(holder="", held_until=timezone.now())


def note(pks: Any) -> None:
    """Note articles whose neighbours are to be computed, for what no trigger sees."""
    RelatedWork.objects.bulk_create([RelatedWork(article_id=pk) for pk in pks], batch_size=1_000)


def note_lists_with(article: Article) -> None:
    """Note the articles under which `article` stands, before it is deleted."""
    held = Neighbour.objects.filter(neighbour=article)
    note(held.exclude(article=article).values_list("article_id", flat=True))


def settle(holder: str) -> bool:
    """Do all that is to be done now; False if somebody else does it."""
    if not hold(holder):
        return False
    for _step in steps():
        hold(holder)
    let_go(holder)
    return True


def steps() -> Iterator[Work]:
    """Do what is to be done now, and yield of each step what it was and for how many articles.

    The caller holds the work. Ends when nothing is left.
    """
    while True:
        if done := _take_notes():
            yield done
        elif _round_is_asked_for():
            yield from _begin_round()
        elif step := _go_through():
            yield step
        elif _round_is_due():
            yield from _begin_round()
        else:
            return


def is_waiting() -> bool:
    """Whether there is anything to do: some cheap looks, and no write."""
    if _due().exists() or _round_is_asked_for():
        return True
    counts = counts_in_force()
    return any(_pending(part, counts).exists() for part, _size, _do in _WAYS)


def left() -> dict[str, int]:
    """Return for how many articles each part of the round is still to be done."""
    counts = counts_in_force()
    found = {part: _pending(part, counts).count() for part, _size, _do in _WAYS}
    return {**found, "noted": _due().count()}


def begin_again(*, recount: bool = True) -> None:
    """Let everything be computed anew; recount: with new counts of all words."""
    if recount:
        TermRound.objects.filter(name=NAME).update(stories=0)
    _forget_the_gone()
    StoryTerms.objects.update(words_round=0, list_round=0, order_round=0)


# --- what is noted -------------------------------------------------------------------------------


def _due() -> QuerySet[RelatedWork]:
    return RelatedWork.objects.filter(Q(due_at=None) | Q(due_at__lte=timezone.now()))


def _take_notes() -> Work | None:
    """Do the oldest note; many of them are left to a round. None without any."""
    notes = list(_due().order_by("id").values_list("id", "article_id")[:_NOTES])
    if not notes:
        return None
    counts = counts_in_force()
    waiting = dict.fromkeys(pk for _id, pk in notes)
    if len(waiting) > max(_MANY, counts.stories * _SHARE) or not counts.number:
        return _leave_to_round(counts)
    pk = next(iter(waiting))
    _come_again(pk)
    lists.refresh(pk, counts, is_settled=not _pending("words", counts).exists())
    RelatedWork.objects.filter(pk__in=[note for note, of in notes if of == pk]).delete()
    return "noted", 1


def _leave_to_round(counts: Counts) -> Work:
    """Take all notes: their articles are weighed anew by the round that begins with them."""
    last = _due().aggregate(last=Max("id"))["last"]
    notes = _due().filter(pk__lte=last)
    later = Article.objects.public_later().filter(pk__in=notes.values("article"))
    for pk in list(later.values_list("pk", flat=True)):
        _come_again(pk)
    StoryTerms.objects.filter(article__in=notes.values("article")).update(words_round=0)
    TermRound.objects.filter(name=NAME).update(stories=0)
    number, _by_model = notes.delete()
    return "noted", number


def _come_again(pk: int) -> None:
    """Note an article for the moment from which readers may see it, if that comes by itself."""
    for moments in (
        Article.objects.public_later().filter(pk=pk).values_list("published_at", "embargo_until")
    ):
        moment = max(moment for moment in moments if moment)
        if not RelatedWork.objects.filter(article=pk, due_at=moment).exists():
            RelatedWork.objects.create(article_id=pk, due_at=moment)


# --- rounds --------------------------------------------------------------------------------------


def _round_is_asked_for() -> bool:
    counts = counts_in_force()
    return not counts.number or (not counts.stories and Article.objects.published().exists())


def _round_is_due() -> bool:
    counts = counts_in_force()
    stories = StoryTerms.objects.filter(is_listed=True).count()
    return abs(stories - counts.stories) > counts.stories * _SHARE


def _begin_round() -> Iterator[Work]:
    """Count words and tags of all public stories, beside the counts in force, and swap them.

    What is noted meanwhile is done in between: a publication does not wait for a count.
    """
    number = counts_in_force().number + 1
    TermCount.objects.filter(number__gte=number).delete()
    found: Counter[tuple[str, int]] = Counter()
    public = Article.objects.published().order_by()
    seen = 0
    for articles in _batches(
        public.only("headline", "standfirst", "body_text", "language").iterator(_WEIGHED)
    ):
        for article in articles:
            often, _written = frequencies(parts_of(article), article.language)
            language = primary(article.language)
            found.update((Kind.WORD, key_of(language, term)) for term in often)
            found[Kind.LANGUAGE, key_of(language, "")] += 1
        seen += len(articles)
        yield "counted", len(articles)
        while done := _take_notes():
            yield done
    tagged = TaggedArticle.objects.filter(content_object__in=public.values("pk")).order_by()
    for tag in tagged.values_list("tag_id", flat=True).iterator():
        found[Kind.TAG, tag] += 1
    rows = (
        TermCount(number=number, kind=kind, key=key, stories=stories)
        for (kind, key), stories in sorted(found.items())
        if stories > 1
    )
    while batch := list(islice(rows, _COUNTS_WRITTEN)):
        TermCount.objects.bulk_create(batch)
        yield "counts", 0
    _list_the_unknown()
    TermRound.objects.filter(name=NAME).update(number=number, stories=seen)
    while old := list(
        TermCount.objects.filter(number__lt=number).values_list("pk", flat=True)[:_COUNTS_WRITTEN]
    ):
        TermCount.objects.filter(pk__in=old).delete()
        yield "counts", 0


def _list_the_unknown() -> None:
    """Articles that no trigger saw, because they are older than it, are described, too."""
    known = StoryTerms.objects.filter(article=OuterRef("pk"))
    missing = Article.objects.filter(~Exists(known)).order_by("pk").values_list("pk", flat=True)
    last = 0
    while pks := list(missing.filter(pk__gt=last)[:_LISTED_AT_ONCE]):
        StoryTerms.objects.bulk_create(
            [StoryTerms(article_id=pk) for pk in pks], ignore_conflicts=True
        )
        last = pks[-1]


def _pending(part: str, counts: Counts) -> QuerySet:
    """What a round has still to do of a part: article numbers."""
    behind = StoryTerms.objects.filter(**{f"{part}_round__lt": counts.number})
    if part != "words":
        behind = behind.filter(is_listed=True)
    return behind.values_list("article_id", flat=True)


def _go_through() -> Work | None:
    """Take one step of the round: first all words, then all lists, then all orders."""
    counts = counts_in_force()
    for part, size, do in _WAYS:
        if pks := list(_pending(part, counts)[:size]):
            do(pks, counts)
            return part, len(pks)
    return None


def _forget_the_gone() -> None:
    """Remove rows of articles that were deleted while somebody worked on them."""
    for model, names in (
        (StoryTerms, ("article",)),
        (KeyTerm, ("article",)),
        (Neighbour, ("article", "neighbour")),
        (RelatedWork, ("article",)),
    ):
        for name in names:
            here = Article.objects.filter(pk=OuterRef(f"{name}_id"))
            model.objects.filter(~Exists(here)).delete()


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, _WEIGHED)):
        yield batch
