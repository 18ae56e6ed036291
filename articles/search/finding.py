"""Finding stories: a query in, a page of stories out, with what else there is to say of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from articles.conf import INTERFACE_LANGUAGES
from articles.models import Article
from articles.search import engine
from articles.search.asking import Asked, Clause, Part, clause, parse
from articles.search.documents import moment_of, place_of
from articles.search.ranking import frequency, rank, shares
from articles.search.seam import Candidate, Known, Spelling, Wanted
from articles.search.snippets import Snippet, snippet
from articles.text.language import language_of
from articles.text.terms import fold

#: Stories that are counted; of more, "over 1,000" is said.
MOST_COUNTED = 1000
#: Words so much more common than a near one that was typed are worth asking about.
RARE, FAR_MORE_COMMON = 2, 20
#: Words from which on a query is a sentence: stories that have most of it may be meant.
SENTENCE = 4
#: Stories that have only some of the words are looked for among the rarest of these.
RELAXED_WORDS = 8
RELAXED_STORIES = 400
MOST_RANKED = 2 * RELAXED_STORIES


@dataclass(slots=True)
class Facets:
    """How many of the stories found belong where. Each: key -> number."""

    sections: Counter = field(default_factory=Counter)
    years: Counter = field(default_factory=Counter)


@dataclass(slots=True)
class Found:
    """The answer to a query.

    asked: as it was read; total: of stories, at least so many if is_capped. corrected: the query
    that was answered instead, because a word of it stands nowhere; meant: one that may have been
    meant. is_relaxed: no story has all the words; is_mixed: some have, others follow that do not.
    first_year: of the archive.
    """

    asked: Asked
    stories: list[Article] = field(default_factory=list)
    snippets: dict[int, Snippet] = field(default_factory=dict)
    total: int = 0
    is_capped: bool = False
    has_more: bool = False
    corrected: str = ""
    meant: str = ""
    is_relaxed: bool = False
    is_mixed: bool = False
    facets: Facets = field(default_factory=Facets)
    first_year: int | None = None


def for_readers(text: str, *, page: int = 1, size: int = 20, newest: bool = False) -> Found:
    """Return page `page` of what readers may see of the stories that `text` asks for."""
    return find(text, Article.objects.published(), page=page, size=size, newest=newest)


def for_desk(text: str, articles: QuerySet[Article], most: int = MOST_COUNTED) -> list[int]:
    """Return the keys of those of `articles`, in whatever state, that `text` asks for, best first.

    articles: what the person may see. What was ranked comes first, the rest by time.
    """
    asked = parse(text)
    if not asked:
        return []
    known, clauses, excluded, unknown = _understood(asked)
    wanted = replace(_wanted(asked, clauses, excluded, known), is_public=False)
    found = engine().find(wanted, articles, most)
    # Only now: a word that no public story has may stand in a draft.
    if not found and unknown and (better := _corrected(asked, unknown, known)) != asked:
        clauses, excluded, _unknown = _clauses(better, known)
        wanted = replace(_wanted(better, clauses, excluded, known), is_public=False)
        found = engine().find(wanted, articles, most)
    ranked = rank(found, clauses, excluded, known)
    seen = {one.article for one in ranked}
    rest = [one.article for one in found if one.article not in seen]
    return [*(one.article for one in ranked), *rest][:most]


def find(
    text: str, scope: QuerySet[Article], *, page: int = 1, size: int = 20, newest: bool = False
) -> Found:
    """Return a page of the stories of `scope` that `text` asks for; any text is answered."""
    asked = parse(text)
    answer = Found(asked)
    if not asked:
        return answer
    known, clauses, excluded, unknown = _understood(asked)
    answered = asked
    if unknown and (better := _corrected(asked, unknown, known)) != asked:
        answered, answer.corrected = better, str(better)
        clauses, excluded, unknown = _clauses(better, known)
    candidates = []
    # A word that no public story has finds nothing: that need not be tried.
    if not unknown:
        wanted = _wanted(answered, clauses, excluded, known)
        candidates = engine().find(wanted, scope, MOST_COUNTED)
        if not candidates and answer.corrected:
            answer.meant, answer.corrected = answer.corrected, ""
            return answer
    counted = [one for one in candidates if one.is_counted]
    answer.is_mixed = bool(counted) and len(counted) < size and _is_long(clauses)
    if (not candidates or answer.is_mixed) and not answer.corrected:
        others = _with_some(answered, clauses, excluded, known, scope)
        answer.is_relaxed = bool(others) and not candidates
        counted = counted or [one for one in others if one.is_counted]
        seen = {one.place for one in candidates}
        candidates += [one for one in others if one.place not in seen]
    ranked = rank(candidates, clauses, excluded, known)
    _count(answer, counted, known)
    if newest:
        ranked = sorted(ranked, key=lambda one: -one.place)
    start = (page - 1) * size
    answer.has_more = len(ranked) > start + size
    _show(answer, ranked[start : start + size], _telling(clauses, known), scope)
    if (
        not (answer.corrected or answer.is_relaxed or answer.is_mixed)
        and answer.total < size
        and page == 1
    ):
        answer.meant = _meant(asked, known)
    return answer


# --- what was asked ------------------------------------------------------------------------------


def languages_of(text: str) -> list[str]:
    """The languages whose rules a query's words may follow: the site's, and its script's."""
    return [settings.LANGUAGE_CODE, *INTERFACE_LANGUAGES, language_of(text)]


def _understood(
    asked: Asked,
) -> tuple[Known, tuple[Clause, ...], tuple[Clause, ...], list[Part]]:
    """Return what is known of a query's words, its clauses, and its parts that stand nowhere."""
    languages = languages_of(" ".join(part.text for part in asked.parts))
    read = [clause(part, languages) for part in asked.parts]
    folded = {fold(one.word) for one in read if one.word}
    terms = {term for one in read for term in one.terms}
    known = engine().know(sorted(folded), sorted(terms))
    return known, *_clauses(asked, known)


def _clauses(
    asked: Asked, known: Known
) -> tuple[tuple[Clause, ...], tuple[Clause, ...], list[Part]]:
    languages = languages_of(" ".join(part.text for part in asked.parts))
    clauses, excluded, unknown = [], [], []
    for part in asked.parts:
        one = clause(part, languages)
        if not one.ways:
            continue
        # The texts know which terms a word has in their languages.
        if one.word and (others := known.terms.get(fold(one.word))):
            ways = dict.fromkeys([*one.ways, *((term,) for term in others)])
            one = replace(
                one, ways=tuple(ways), terms=frozenset(term for way in ways for term in way)
            )
        if part.is_excluded:
            excluded.append(one)
            continue
        clauses.append(one)
        if one.word and not part.is_phrase and not frequency(one, known):
            unknown.append(part)
    return tuple(clauses), tuple(excluded), unknown


def _wanted(
    asked: Asked,
    clauses: tuple[Clause, ...],
    excluded: tuple[Clause, ...],
    known: Known,
    any_of: tuple[tuple[Clause, ...], ...] = (),
) -> Wanted:
    until = asked.until and asked.until + timedelta(days=1)
    return Wanted(
        required=clauses,
        excluded=excluded,
        any_of=any_of,
        shares=() if any_of else shares(clauses, known),
        since=place_of(_midnight(asked.since)) if asked.since else None,
        until=place_of(_midnight(until)) - 1 if until else None,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _held(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """What is held to a field stays asked for, whatever else is let go."""
    return tuple(one for one in clauses if one.field)


def _is_long(clauses: tuple[Clause, ...]) -> bool:
    """Whether a query is a sentence rather than a few words that all are meant."""
    return sum(not one.field for one in clauses) >= SENTENCE


def _with_some(
    asked: Asked,
    clauses: tuple[Clause, ...],
    excluded: tuple[Clause, ...],
    known: Known,
    scope: QuerySet[Article],
) -> list[Candidate]:
    """Return stories that have some of the words, the telling ones if not all can be looked at."""
    groups = _relaxed(clauses, known)
    if not groups:
        return []
    wanted = _wanted(asked, _held(clauses), excluded, known, groups)
    # Here the best may be anywhere: all of them are ranked.
    return engine().find(replace(wanted, ranked=MOST_RANKED), scope, MOST_COUNTED)


def _relaxed(clauses: tuple[Clause, ...], known: Known) -> tuple[tuple[Clause, ...], ...]:
    """Return groups of clauses, one of which a story has to have where none has all of them.

    The rarest words alone, as long as they are rare; and pairs of the others.
    """
    if len([one for one in clauses if not one.field]) < 2:
        return ()
    # What stands nowhere helps nobody.
    free = [one for one in clauses if not one.field and frequency(one, known)]
    free.sort(key=lambda one: frequency(one, known))
    rarest = free[:RELAXED_WORDS]
    seen = {one: frequency(one, known) for one in rarest}
    groups: list[tuple[Clause, ...]] = []
    stories = 0.0
    for one in rarest:
        stories += seen[one]
        if groups and stories > RELAXED_STORIES:
            break
        groups.append((one,))
    # As many as there would be if words stood beside each other by chance.
    expected = sorted(
        (seen[one] * seen[other] / max(known.stories, 1), place, (one, other))
        for place, (one, other) in enumerate(combinations(rarest, 2))
        if (one,) not in groups
    )
    stories = 0.0
    for number, _place, pair in expected:
        stories += number
        if stories > RELAXED_STORIES:
            break
        groups.append(pair)
    return tuple(groups)


# --- words that were not meant -------------------------------------------------------------------


def _corrected(asked: Asked, unknown: list[Part], known: Known) -> Asked:
    """Return the query with its unknown words as they may have been meant; `known` learns them."""
    near = engine().near(fold(part.text) for part in unknown)
    parts = []
    for part in asked.parts:
        found = near.get(fold(part.text)) if part in unknown else None
        if found:
            _learn(known, found[0])
            part = replace(part, text=found[0].shown)
        parts.append(part)
    return replace(asked, parts=tuple(parts))


def _learn(known: Known, word: Spelling) -> None:
    known.frequency[word.term] = max(known.frequency.get(word.term, 0), word.stories)
    known.terms.setdefault(word.word, []).append(word.term)


def _meant(asked: Asked, known: Known) -> str:
    """Return the query with rare words as far more common ones nearby; "" where there are none."""
    rare = {}
    for part in asked.parts:
        word = fold(part.text)
        seen = sum(known.frequency.get(term, 0) for term in known.terms.get(word, ()))
        if 0 < seen <= RARE and not (part.is_phrase or part.is_excluded):
            rare[word] = seen
    near = engine().near(rare) if rare else {}
    parts = []
    for part in asked.parts:
        word = fold(part.text)
        likelier = [
            one
            for one in near.get(word, ())
            if word in rare and one.stories >= FAR_MORE_COMMON * rare[word]
        ]
        parts.append(replace(part, text=likelier[0].shown) if likelier else part)
    better = replace(asked, parts=tuple(parts))
    return str(better) if better != asked else ""


# --- what is shown -------------------------------------------------------------------------------


def _count(answer: Found, counted: list[Candidate], known: Known) -> None:
    answer.total = min(len(counted), MOST_COUNTED)
    answer.is_capped = len(counted) > MOST_COUNTED
    for one in counted[:MOST_COUNTED]:
        if one.section:
            answer.facets.sections[one.section] += 1
        answer.facets.years[year_of(one.place)] += 1
    if known.first_place is not None:
        answer.first_year = year_of(known.first_place)


def year_of(place: int) -> int:
    """Return the year of a place on this site's calendar."""
    return datetime.fromtimestamp(moment_of(place), timezone.get_current_timezone()).year


def _telling(clauses: tuple[Clause, ...], known: Known) -> list[Clause]:
    """The clauses that are worth a mark: not those that stand in most stories, if others do not."""
    free = [one for one in clauses if not one.field]
    rarer = [one for one in free if 2 * frequency(one, known) <= known.stories]
    return rarer or free


def _show(
    answer: Found, page: list[Candidate], clauses: Iterable[Clause], scope: QuerySet[Article]
) -> None:
    """Read the stories of a page, as whoever asks may see them at this moment."""
    if not page:
        return
    order: dict[int, int] = {one.article: place for place, one in enumerate(page)}
    stories: Any = scope.filter(pk__in=list(order)).for_listing()
    stories = stories.defer(None).defer("body", "import_warnings")
    answer.stories = sorted(stories, key=lambda story: order[story.pk])
    texts = {one.article: one.texts or {} for one in page}
    sought = [one.terms for one in clauses]
    for story in answer.stories:
        answer.snippets[story.pk] = snippet(story, texts[story.pk], sought)
