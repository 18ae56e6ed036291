"""The verbs. Nothing else changes an article's status."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editorial.checks import Issue, issues
from articles.editorial.revisions import name_of, newest_number, record
from articles.editorial.roles import may
from articles.editorial.signals import article_moved
from articles.editorial.workflow import VERBS, Verb
from articles.models import Article, Redirect, Revision, Transition


class NotReady(Exception):
    """The gate stays shut; `issues` says why."""

    def __init__(self, found: list[Issue]) -> None:
        super().__init__(" ".join(issue.message for issue in found))
        self.issues = found


class WrongState(Exception):
    """The verb does not lead on from the article's state."""


def submit(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Hand a draft to the editors."""
    return _move(VERBS["submit"], article, by=by, note=note)


def send_back(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Give an article back to its writer, with a note."""
    return _move(VERBS["send_back"], article, by=by, note=note)


def approve(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Say that an article may be published."""
    return _move(VERBS["approve"], article, by=by, note=note)


def publish(
    article: Article, *, by: Any = None, at: datetime | None = None, note: str = ""
) -> Transition:
    """Put an article before readers as of `at` (now); it keeps the date it first came out with.

    An address that another story of the day already has gets a number behind it. Raises
    NotReady, WrongState or PermissionDenied, and then changes nothing.
    """
    return _move(VERBS["publish"], article, by=by, at=at, note=note)


def withdraw(article: Article, *, by: Any = None, note: str = "") -> Transition:
    """Take a published article back: readers are told at its address that it is gone."""
    return _move(VERBS["withdraw"], article, by=by, note=note)


@transaction.atomic
def keep(article: Article, *, by: Any = None, at: datetime | None = None) -> Revision:
    """Keep a saved article as its newest revision; a published one is now what readers see.

    What readers see goes through the gate here too, and carries the moment of its last change.
    Saving what is already kept changes nothing. Raises NotReady.
    """
    # An article that came live by a fixture may name no live revision: then its newest one is.
    seen = article.live_number or newest_number(article)
    revision = record(article, by=by, at=at)
    if article.status == Article.Status.PUBLISHED and revision.number != seen:
        if found := issues(article):
            raise NotReady(found)
        article.live_number = revision.number
        article.updated_at = revision.made_at
        article.save(update_fields=["live_number", "updated_at"])
    return revision


@transaction.atomic
def _move(
    verb: Verb, article: Article, *, by: Any, at: datetime | None = None, note: str = ""
) -> Transition:
    # The row is read again under its lock: the caller's copy may be older than the state.
    locked = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if by is not None and not may(by, verb.permission, locked):
        raise PermissionDenied(_("Your role does not allow this."))
    if locked.status == verb.target:
        # Done before: doing it twice is doing it once.
        done = locked.transitions.filter(to_status=verb.target).order_by("number").last()
        if done is not None:
            return done
    if locked.status not in verb.sources:
        raise WrongState(
            _("“%(article)s” is %(state)s: this does not follow from there.")
            % {"article": locked, "state": locked.get_status_display().lower()}
        )
    if verb.needs_gate and (found := issues(locked)):
        raise NotReady(found)
    moment = at or timezone.now()
    revision = record(locked, by=by, at=moment)
    source, locked.status = locked.status, verb.target
    if verb.name == "publish":
        _give_address(locked, moment)
        locked.live_number = revision.number
        Redirect.objects.filter(old_path=locked.get_absolute_url()).delete()
    elif verb.name == "withdraw":
        _close_address(locked)
    locked.save()
    last = locked.transitions.order_by("-number").first()
    transition = Transition.objects.create(
        article=locked,
        number=last.number + 1 if last else 1,
        verb=verb.name,
        from_status=source,
        to_status=verb.target,
        note=note,
        revision=revision,
        made_at=moment,
        made_by=by,
        made_by_name=name_of(by),
    )
    article.refresh_from_db()
    transaction.on_commit(
        lambda: article_moved.send(Article, article=article, transition=transition)
    )
    return transition


def _give_address(article: Article, moment: datetime) -> None:
    """Set the date of publication once, and a slug that no other story of that day has."""
    if article.published_at is None or article.published_at > moment:
        # A date ahead was a plan: published is published, or readers would wait without knowing.
        article.published_at = moment
    article.published_on = article.published_on or timezone.localdate(article.published_at)
    article.derive()
    base, number = article.slug, 2
    same_day = Article.objects.filter(published_on=article.published_on).exclude(pk=article.pk)
    while same_day.filter(slug=article.slug).exists():
        article.slug, number = f"{base}-{number}", number + 1


def _close_address(article: Article) -> None:
    """An empty redirect at the article's address makes the answer "gone" instead of "unknown"."""
    Redirect.objects.update_or_create(
        old_path=article.get_absolute_url(),
        defaults={"new_path": "", "article": article, "is_automatic": True},
    )
