"""Notices: who at the desk is told of which step, on the first page and by e-mail.

A notice is written with its step, in one transaction; the mail goes out later, by the clock.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.humanize.templatetags.humanize import NaturalTimeFormatter
from django.core.mail import EmailMessage
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.conf import absolute, conf, in_site_language
from articles.editorial import mailing
from articles.editorial.roles import may, visible_to
from articles.editorial.workflow import LABELS
from articles.models import (
    Article,
    Author,
    DeskProfile,
    Notice,
    Revision,
    ScheduledStep,
    Transition,
)

Kind = Notice.Kind
_ROLES_BACKEND = "django.contrib.auth.backends.ModelBackend"


# --- telling -------------------------------------------------------------------------------------


def tell(line: Transition) -> None:
    """Write the notices that a line of the timeline gives rise to, in its own transaction.

    Whoever took the step is not told of it, nor is anybody who may not see the article. The
    number of queries does not depend on the number of people.
    """
    if line.verb == "undo":
        _untell(line)
        return
    review = Article.Status.IN_REVIEW
    if line.from_status == review and line.to_status != review:
        # It waits for review no more: what told so is settled, read or not.
        settled = Notice.objects.filter(article=line.article, kind=Kind.SUBMITTED, seen_at=None)
        settled.update(seen_at=line.made_at, awaits_mail=False)
    with in_site_language():
        wanted = list(_audiences(line))
    if not wanted:
        return
    moment = _free_moment(line)
    Notice.objects.bulk_create(
        Notice(
            person_id=pk,
            article=line.article,
            kind=kind,
            text=text,
            made_at=moment,
            awaits_mail=bool(email) and wants_mail is not False,
        )
        for whom, kind, text in wanted
        for pk, email, wants_mail in _people(whom, line)
    )


def _audiences(line: Transition) -> Iterator[tuple[Q, str, str]]:
    """Who is told: a condition on accounts, the kind of the notice and its text."""
    article, note = line.article, line.note
    if line.verb == "submit":
        yield _editors_of(article) | Q(pk=article.assignee_id), Kind.SUBMITTED, note
    elif line.verb == "send_back":
        yield _writers_of(article), Kind.SENT_BACK, note
    elif line.verb == "approve":
        yield _writers_of(article), Kind.APPROVED, note
    elif line.verb == "schedule":
        when = date_format(timezone.localtime(line.due_at), "DATETIME_FORMAT")
        what = ScheduledStep.objects.filter(article=article).order_by("-id").first()
        text = _("%(what)s: %(when)s") % {
            "what": what.get_verb_display() if what else LABELS["publish"],
            "when": when,
        }
        yield _writers_of(article), Kind.SCHEDULED, text
    elif line.verb == "publish":
        yield _writers_of(article), Kind.PUBLISHED, note
    elif line.verb == "correct":
        text = _("Readers see the changes now.")
        yield _writers_of(article), Kind.PUBLISHED, f"{text} {note}".strip()
    elif line.verb == "withdraw":
        yield _writers_of(article), Kind.WITHDRAWN, note
    elif line.verb == "plan" and line.kind == "assign":
        yield Q(pk=article.assignee_id), Kind.ASSIGNED, note
    elif line.verb == "miss":
        yield _editors_of(article) | _who_scheduled(line), Kind.MISSED, note
    if _is_late(line):
        text = _("%(what)s: %(late)s after its time.") % {
            "what": LABELS.get(line.verb, line.verb),
            "late": how_long(line.lateness),
        }
        yield _editors_of(article) | _who_scheduled(line), Kind.LATE, text


def _people(whom: Q, line: Transition) -> Iterable[tuple[int, str, bool | None]]:
    """Return key, e-mail address and wish for mail of the accounts that are told."""
    people = get_user_model().objects.filter(whom, _holding("view_article"))
    if line.article.is_embargoed:
        people = people.filter(
            _holding("see_embargoed_article") & _working_in(line.article.section_id)
            | _owners_of(line.article)
        )
    if line.made_by_id and line.lateness is None:
        # What the clock does, nobody did just now: whoever scheduled it is told as well.
        people = people.exclude(pk=line.made_by_id)
    return people.values_list("pk", "email", "desk_profile__wants_mail").distinct()


def _holding(permission: str) -> Q:
    held = get_user_model().objects.with_perm(f"articles.{permission}", backend=_ROLES_BACKEND)
    return Q(pk__in=held.values("pk"))


def _working_in(section_id: int | None) -> Q:
    """The many-row side of `roles.works_in`."""
    if section_id is None:
        return Q()
    theirs = DeskProfile.sections.through.objects.filter(deskprofile__user=OuterRef("pk"))
    return Q(is_superuser=True) | ~Exists(theirs) | Exists(theirs.filter(section=section_id))


def _editors_of(article: Article) -> Q:
    return _holding("approve_article") & _working_in(article.section_id)


def _owners_of(article: Article) -> Q:
    """Accounts whose article it is: `roles.is_own`, seen from the article."""
    named = Author.objects.filter(bylines__article=article, user__isnull=False)
    begun = Revision.objects.filter(article=article, number=1, made_by__isnull=False)
    return Q(pk__in=named.values("user")) | Q(pk__in=begun.values("made_by"))


def _writers_of(article: Article) -> Q:
    handed_in = Transition.objects.filter(
        article=article, verb="submit", made_by__isnull=False
    ).order_by()
    return _owners_of(article) | Q(pk__in=handed_in.values("made_by"))


def _who_scheduled(line: Transition) -> Q:
    verb = line.kind if line.verb == "miss" else line.verb
    steps = ScheduledStep.objects.filter(article=line.article, verb=verb, due_at=line.due_at)
    return Q(pk__in=steps.order_by().values("made_by"))


def _is_late(line: Transition) -> bool:
    return (
        line.verb != "miss"
        and line.lateness is not None
        and line.lateness > timedelta(seconds=conf("LATE_SECONDS"))
    )


def _free_moment(line: Transition) -> datetime:
    """The line's moment, or just after it: the clock may take two steps of an article at once."""
    near = Notice.objects.filter(
        article=line.article,
        made_at__range=(line.made_at, line.made_at + timedelta(milliseconds=1)),
    )
    last = near.aggregate(last=Max("made_at"))["last"]
    return last + timedelta(microseconds=1) if last else line.made_at


def _untell(line: Transition) -> None:
    """A step was taken back: what nobody has read or got by mail yet is not told any more."""
    undone = Transition.objects.filter(article=line.article, number=line.number - 1).first()
    kinds = {"submit": Kind.SUBMITTED, "send_back": Kind.SENT_BACK, "approve": Kind.APPROVED}
    if undone is not None and undone.verb in kinds:
        Notice.objects.filter(
            article=line.article,
            kind=kinds[undone.verb],
            made_at__gte=undone.made_at,
            seen_at=None,
            mailed_at=None,
        ).delete()


def how_long(time: timedelta) -> str:
    """Return a span of time in words: "40 seconds", "3 hours, 12 minutes"."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    start = timezone.now()
    return timesince(start, start + time)


def ago(moment: datetime) -> str:
    """Return how long a moment is past, roughly: "just now", "3 hours ago", "a month ago"."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("just now")
    # Of "1 month, 1 week" the month is enough here. In some languages "6 days" alone and in "6 days
    # ago" are different words.
    past = NaturalTimeFormatter.past_substrings
    return _("%(when)s ago") % {"when": timesince(moment, depth=1, time_strings=past)}


# --- on the first page ---------------------------------------------------------------------------


def unseen(person: Any) -> QuerySet[Notice]:
    """Return what `person` was told and has not ticked off, newest first.

    Notices of articles that have gone under an embargo since are left out.
    """
    visible = visible_to(person, Article.objects.filter(pk=OuterRef("article")))
    return (
        Notice.objects.filter(Exists(visible), person=person, seen_at=None)
        .select_related("article__section")
        .defer("article__body", "article__body_text")
    )


def mark_seen(person: Any, notices: Iterable[int] | None = None, *, up_to: int = 0) -> int:
    """Tick off notices of `person`: those named by key, or all up to the key `up_to`.

    Returns how many; those of others and those that came since stay as they are.
    """
    mine = Notice.objects.filter(person=person, seen_at=None)
    mine = mine.filter(pk__in=list(notices)) if notices is not None else mine.filter(pk__lte=up_to)
    # Who has read it here needs no mail about it.
    return mine.update(seen_at=timezone.now(), awaits_mail=False)


# --- by e-mail -----------------------------------------------------------------------------------


def send_mail_notices(now: datetime | None = None, limit: int = 100) -> int:
    """Mail the notices that await it, oldest first; return how many mails went out.

    Notices for one person about one article go in one mail. Safe with any number of processes,
    and with any mail server (see `mailing.send`).
    """
    moment = now or timezone.now()
    waiting = list(
        Notice.objects.filter(mailing.ready(moment))
        .select_related("person__desk_profile", "article__section")
        .defer("article__body", "article__body_text")
        .order_by("made_at", "id")[:limit]
    )
    first = {}
    for notice in waiting:
        first.setdefault((notice.person_id, notice.article_id), len(first))
    waiting.sort(key=lambda notice: first[notice.person_id, notice.article_id])
    groups = groupby(waiting, key=lambda one: (one.person_id, one.article_id))
    return mailing.send((list(group) for _key, group in groups), _compose, moment)


def _wanted(notice: Notice) -> bool:
    """Whether the person still wants mail, and may still see what it is about."""
    person = notice.person
    profile = getattr(person, "desk_profile", None)
    return bool(
        person.is_active
        and person.email
        and (profile is None or profile.wants_mail)
        and may(person, "view_article", notice.article)
    )


def _compose(notices: Sequence[Notice], connection: Any) -> EmailMessage | None:
    if not _wanted(notices[0]):
        return None
    person, article = notices[0].person, notices[0].article
    context = {
        "person": person,
        "article": article,
        "notices": notices,
        "site": settings.SITE_NAME,
        "address": absolute(reverse("admin:articles_article_change", args=[article.pk])),
        "own_page": absolute(reverse("admin:desk_profile")),
    }
    with in_site_language():
        subject = render_to_string("notices/subject.txt", context)
        body = render_to_string("notices/mail.txt", context)
    return EmailMessage(
        mailing.one_line(subject),
        body,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
