"""Previews: an article as its page would show it, before readers see it.

A link for somebody without an account is a secret of 256 bits. The table holds only its hash, so
a link cannot be shown a second time, and finding it is one look-up in an index.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.conf import conf
from articles.editorial.corrections import live_lines
from articles.editorial.revisions import lock, name_of, newest
from articles.editorial.roles import may
from articles.editorial.snapshots import Snapshot, laid_over, snapshot
from articles.models import Article, PreviewLink, Revision, ScheduledStep

#: Days for which a link may be good.
MOST_DAYS = 30


def page_of(article: Article, data: Snapshot) -> Article:
    """Return the article as its public page would get it, were `data` what readers see.

    In memory only (see `laid_over`); with what the page's own query carries: corrections, views.
    One that has not come out yet bears the time at which it is to, or this moment.
    """
    rows = Article.objects.for_page().annotate(lines=live_lines())
    row = rows.defer(None).get(pk=article.pk)
    copy = laid_over(row, data)
    for name, value in row.__dict__.items():
        if not name.startswith("_"):
            copy.__dict__.setdefault(name, value)
    if copy.published_at is None:
        step = row.scheduled_steps.filter(
            verb=ScheduledStep.Verb.PUBLISH, outcome=ScheduledStep.Outcome.WAITING
        ).first()
        copy.published_at = step.due_at if step else timezone.now()
    if copy.published_on is None or copy.published_at != row.published_at:
        copy.published_on = timezone.localdate(copy.published_at)
    if not row.is_public or copy.get_absolute_url() != row.get_absolute_url():
        # Its earlier versions are at no address that readers could follow now.
        del copy.lines
    return copy


@transaction.atomic
def make_link(
    article: Article,
    by: Any,
    revision: Revision | None = None,
    *,
    days: int | None = None,
    label: str = "",
    opens_embargoed: bool = False,
) -> tuple[PreviewLink, str]:
    """Make a link to the working copy, or to one revision; return it and its token.

    The token is nowhere else: whoever loses it makes another link. Raises PermissionDenied, and
    ValidationError for a time or a revision that cannot be.
    """
    days = conf("PREVIEW_DAYS") if days is None else days
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("A preview is open for 1 to %(days)d days.") % {"days": MOST_DAYS})
    # Under the lock, or an autosave might be folded away under the link that points at it.
    locked = lock(article)
    if not may(by, "change_article", locked):
        raise PermissionDenied(_("Your role does not allow this."))
    if opens_embargoed and not may(by, "see_embargoed_article", locked):
        raise PermissionDenied(_("Your role does not allow to show what is under embargo."))
    if revision is not None and revision.article_id != locked.pk:
        raise ValidationError(_("There is no such revision."))
    token = secrets.token_urlsafe(32)
    moment = timezone.now()
    link = PreviewLink.objects.create(
        token_hash=_hash(token),
        article=locked,
        revision=revision,
        label=label.strip()[: PreviewLink._meta.get_field("label").max_length],
        opens_embargoed=opens_embargoed,
        made_at=moment,
        made_by=by,
        made_by_name=name_of(by),
        expires_at=moment + timedelta(days=days),
    )
    return link, token


def find_link(token: str) -> PreviewLink | None:
    """Return the link of a token, open or not, with article, revision and maker."""
    found = PreviewLink.objects.select_related("article", "revision", "made_by")
    return found.filter(token_hash=_hash(token)).first()


def has_ended(link: PreviewLink, now: datetime | None = None) -> bool:
    """Whether a link is over for good: expired, revoked, or its maker is at the desk no more."""
    person = link.made_by
    return (
        link.revoked_at is not None
        or link.expires_at <= (now or timezone.now())
        or person is None
        or not (person.is_active and person.is_staff)
    )


def count_opening(link: PreviewLink, now: datetime | None = None) -> None:
    """Count one opening; the article's row is not touched."""
    PreviewLink.objects.filter(pk=link.pk).update(
        opened=F("opened") + 1, opened_at=now or timezone.now()
    )


def is_shut(link: PreviewLink, now: datetime | None = None) -> bool:
    """Whether an embargo keeps the link shut at this moment."""
    until = link.article.embargo_until
    return until is not None and until > (now or timezone.now()) and not link.opens_embargoed


def shown_by(link: PreviewLink) -> tuple[Revision | None, Article]:
    """Return the revision that an open link shows now, and the page that it makes.

    No revision: none was ever kept, and the page shows the article's rows.
    """
    article = link.article
    revision = link.revision or newest(article)
    return revision, page_of(article, revision.snapshot if revision else snapshot(article))


def revoke(link: PreviewLink, by: Any) -> None:
    """End a link now; one that was revoked before stays so. Raises PermissionDenied."""
    if not may(by, "change_article", link.article):
        raise PermissionDenied(_("Your role does not allow this."))
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    link.refresh_from_db()


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
