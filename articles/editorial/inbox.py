"""What waits for whom: the lists that somebody at the desk opens the day with.

Every list leaves out what the person may not see (`roles.visible_to`), and reads along indexes:
by state, by assignee, by day due, by what waits for its time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from articles.conf import conf
from articles.editorial.checks import blocking
from articles.editorial.revisions import working_copy
from articles.editorial.roles import own, sections_of, visible_to
from articles.editorial.workflow import NO_STEPS
from articles.models import Article, ScheduledStep, Transition

Status = Article.Status
Outcome = ScheduledStep.Outcome

#: States in which an article is work, and not yet before readers.
UNPUBLISHED = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED)
#: The gate looks at so many articles for the first page, and remembers for so many seconds.
CHECKED_AT_ONCE = 12
CHECKED_FOR = 300
#: Days for which what went wrong with the schedule stays on the first page.
TROUBLE_DAYS = 7


def _cards(person: Any) -> QuerySet[Article]:
    return visible_to(person, Article.objects.for_listing())


def _in_sections_of(person: Any) -> Q:
    """The many-row side of `roles.works_in`."""
    sections = sections_of(person)
    return Q() if sections is None else Q(section=None) | Q(section__in=sections)


def _theirs(person: Any) -> Q:
    """What is in the person's care: an editor's sections, a writer's own articles."""
    edits = person.has_perm("articles.edit_any_article")
    return _in_sections_of(person) if edits else own(person)


def for_review(person: Any) -> QuerySet[Article]:
    """What writers of the person's sections handed in, the longest waiting first."""
    found = _cards(person).filter(_in_sections_of(person), status=Status.IN_REVIEW)
    return found.order_by("saved_at", "id")


def handed_in(person: Any) -> QuerySet[Article]:
    """The person's own articles that an editor has not looked at yet."""
    return _cards(person).filter(own(person), status=Status.IN_REVIEW).order_by("saved_at", "id")


def assigned_to(person: Any) -> QuerySet[Article]:
    """What `person` was asked to write, what is due first before what has no day."""
    found = _cards(person).filter(assignee=person, status__aside__in=UNPUBLISHED)
    return found.order_by(F("due_on").asc(nulls_last=True), "saved_at", "id")


def sent_back_to(person: Any) -> QuerySet[Article]:
    """The person's drafts that an editor sent back, with `sent_back_note`, `_by` and `_at`.

    A plan that changed since (another day due) is no answer to the editor: it still stands.
    """
    lines = Transition.objects.filter(article=OuterRef("pk")).exclude(verb__in=NO_STEPS)
    lines = lines.order_by("-number")
    found = _cards(person).filter(own(person), status=Status.DRAFT)
    return (
        found.annotate(last_verb=Subquery(lines.values("verb")[:1]))
        .filter(last_verb="send_back")
        .annotate(
            sent_back_note=Subquery(lines.values("note")[:1]),
            sent_back_by=Subquery(lines.values("made_by_name")[:1]),
            sent_back_at=Subquery(lines.values("made_at")[:1]),
        )
        .order_by("-sent_back_at", "-id")
    )


def drafts_of(person: Any) -> QuerySet[Article]:
    """What `person` is writing, last saved first."""
    return _cards(person).filter(own(person), status=Status.DRAFT).order_by("-saved_at", "-id")


def ready_to_publish(person: Any) -> QuerySet[Article]:
    """What was approved in the person's sections and has no time yet."""
    found = _cards(person).filter(_in_sections_of(person), status=Status.APPROVED)
    return found.order_by("saved_at", "id")


def changes_waiting(person: Any) -> QuerySet[Article]:
    """Live articles whose changes readers do not see yet; with their update's time, if any."""
    update = ScheduledStep.objects.filter(
        article=OuterRef("pk"), verb=ScheduledStep.Verb.CORRECT, outcome=Outcome.WAITING
    )
    found = _cards(person).with_changes_waiting().filter(_theirs(person))
    return found.annotate(update_at=Subquery(update.values("due_at")[:1])).order_by(
        "-saved_at", "-id"
    )


def stale_drafts(person: Any, now: datetime | None = None) -> QuerySet[Article]:
    """Drafts nobody has touched for `STALE_DAYS`: all of an editor's sections, a writer's own."""
    until = (now or timezone.now()) - timedelta(days=conf("STALE_DAYS"))
    found = _cards(person).filter(_theirs(person), status=Status.DRAFT, saved_at__lt=until)
    return found.order_by("saved_at", "id")


def recently_published() -> QuerySet[Article]:
    return Article.objects.published().for_listing()


def imports_with_warnings(person: Any) -> QuerySet[Article]:
    """Imported stories that readers cannot see and that somebody must look at first."""
    unseen = _cards(person).filter(
        _in_sections_of(person),
        status__aside__in=[Status.DRAFT, Status.IN_REVIEW, Status.APPROVED],
    )
    # The warnings themselves are shown: cards leave them out.
    return (
        unseen.exclude(import_warnings=[])
        .defer(None)
        .defer("body", "body_text")
        .order_by("-saved_at", "-id")
    )


# --- the schedule --------------------------------------------------------------------------------


def _steps(person: Any) -> QuerySet[ScheduledStep]:
    # Asked of each step's own article: a list of all that is visible would be 100,000 long.
    visible = visible_to(person, Article.objects.filter(pk=OuterRef("article")))
    return (
        ScheduledStep.objects.filter(Exists(visible))
        .select_related("article__section", "article__picture")
        .defer("article__body", "article__body_text")
    )


def steps_between(person: Any, start: datetime, end: datetime) -> QuerySet[ScheduledStep]:
    """What waits for a moment from `start` to before `end`, soonest first."""
    found = _steps(person).filter(outcome=Outcome.WAITING, due_at__gte=start, due_at__lt=end)
    return found.order_by("due_at", "id")


def going_live_today(person: Any, now: datetime | None = None) -> QuerySet[ScheduledStep]:
    """What happens until midnight, and what should have happened by now."""
    today = timezone.localtime(now or timezone.now())
    midnight = datetime.combine(today.date() + timedelta(days=1), datetime.min.time())
    found = _steps(person).filter(outcome=Outcome.WAITING, due_at__lt=timezone.make_aware(midnight))
    return found.order_by("due_at", "id")


def schedule_trouble(person: Any, now: datetime | None = None) -> QuerySet[ScheduledStep]:
    """Steps of the last days that did not happen, or late; newest first.

    One that was stopped is dealt with once its article got another time for the same step, or
    came out.
    """
    moment = now or timezone.now()
    later = ScheduledStep.objects.filter(
        article=OuterRef("article"), verb=OuterRef("verb"), made_at__gt=OuterRef("settled_at")
    )
    out = Q(verb=ScheduledStep.Verb.PUBLISH, article__status=Status.PUBLISHED)
    stopped = Q(outcome=Outcome.STOPPED) & ~Exists(later) & ~out
    slack = timedelta(seconds=conf("LATE_SECONDS"))
    late = Q(outcome=Outcome.DONE, due_at__lt=F("settled_at") - slack)
    found = _steps(person).filter(
        stopped | late, settled_at__gte=moment - timedelta(days=TROUBLE_DAYS)
    )
    return found.order_by("-settled_at", "-id")


def due_between(person: Any, start: date, end: date) -> QuerySet[Article]:
    """Work that is due from `start` to before `end` and not before readers yet."""
    found = _cards(person).filter(status__aside__in=UNPUBLISHED, due_on__gte=start, due_on__lt=end)
    return found.select_related("section", "picture", "assignee").order_by("due_on", "id")


def embargoes_between(person: Any, start: datetime, end: datetime) -> QuerySet[Article]:
    """Unpublished work whose embargo ends from `start` to before `end`."""
    found = _cards(person).filter(
        status__aside__in=UNPUBLISHED, embargo_until__gte=start, embargo_until__lt=end
    )
    return found.order_by("embargo_until", "id")


# --- what the gate says --------------------------------------------------------------------------


@dataclass(frozen=True)
class ShutGate:
    """An article that is meant to go out, and how many issues keep the gate shut."""

    article: Article
    issues: int


def shut_gates(person: Any) -> list[ShutGate]:
    """Return which of the articles that are to go out next the gate would stop today.

    Looks at `CHECKED_AT_ONCE` articles: scheduled ones, approved ones, and changes of live ones.
    What it found is kept for a while, as long as the article is not saved again.
    """
    waiting = ScheduledStep.objects.filter(
        article=OuterRef("pk"), verb=ScheduledStep.Verb.PUBLISH, outcome=Outcome.WAITING
    )
    found = _cards(person).filter(_in_sections_of(person)).order_by("saved_at", "id")
    found = found.annotate(publish_at=Subquery(waiting.values("due_at")[:1]))
    candidates: list[Article] = []
    # One after the other: each comes in its order from the index of states.
    for status in (Status.SCHEDULED, Status.APPROVED):
        if room := CHECKED_AT_ONCE - len(candidates):
            candidates += found.filter(status=status)[:room]
    if room := CHECKED_AT_ONCE - len(candidates):
        candidates += changes_waiting(person)[:room]
    counts = _issues(candidates)
    return [
        ShutGate(article, counts[article.pk]) for article in candidates if counts.get(article.pk)
    ]


def _issues(articles: list[Article]) -> dict[int, int]:
    """Article's key -> number of issues that would stop it, asked as of when it would go out."""
    now = timezone.now()
    names, moments = {}, {}
    for one in articles:
        step = getattr(one, "publish_at", None) or getattr(one, "update_at", None)
        moments[one.pk] = max(step or one.embargo_until or now, now)
        version = f"{one.working_number}:{one.saved_at.timestamp()}:{step}"
        names[f"gate:{one.pk}:{one.status}:{version}".replace(" ", "_")] = one.pk
    counts = {names[name]: count for name, count in cache.get_many(names).items()}
    missing = {pk: name for name, pk in names.items() if pk not in counts}
    # The rows of a list lack the text, which the gate reads.
    for article in Article.objects.filter(pk__in=missing) if missing else ():
        found = blocking(working_copy(article), "publish", at=moments[article.pk])
        counts[article.pk] = len(found)
    fresh = {name: counts[pk] for pk, name in missing.items() if pk in counts}
    if fresh:
        cache.set_many(fresh, CHECKED_FOR)
    return counts
