"""Revisions: every state that an article was saved in, and the working copy: the newest one.

Of an article that readers never saw, the rows themselves follow the working copy. Of one that
they see or saw, the rows are what readers see, and only a verb changes them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.conf import conf, in_site_language
from articles.editorial.collisions import whole
from articles.editorial.snapshots import Snapshot, laid_over, lay, normal, snapshot, unconnected
from articles.models import Article, PreviewLink, RelatedLink, Revision, ScheduledStep, Transition


def newest(article: Article) -> Revision | None:
    """Return the working copy, or None of an article that was never recorded."""
    return article.revisions.order_by("-number").first()


def working_data(article: Article) -> Snapshot:
    """Return everything editable as editors have it now."""
    revision = newest(article)
    return revision.snapshot if revision is not None else snapshot(article)


def working_copy(article: Article) -> Article:
    """Return the article as editors have it, in memory only (see `laid_over`)."""
    return laid_over(article, working_data(article))


@whole
def record(
    article: Article,
    data: Snapshot | None = None,
    *,
    by: Any = None,
    at: datetime | None = None,
    note: str = "",
    is_autosave: bool = False,
    based_on: Revision | None = None,
) -> Revision:
    """Keep `data` as the article's newest revision; without `data`, its rows as they stand.

    Saving what is already kept returns the revision that keeps it. `based_on` is the revision
    that the person had before them (the newest). Readers see nothing of it. The article's row is
    locked, so that two saves get two numbers.
    """
    locked = lock(article)
    if data is not None or locked.was_public:
        _keep_what_stands(locked)
    data = normal(locked, data) if data is not None else _standing(locked)
    return _store(
        locked,
        article,
        data,
        by=by,
        at=at,
        note=note,
        is_autosave=is_autosave,
        based_on=based_on,
    )


def recorded(locked: Article) -> Revision | None:
    """Return the working copy of a draft whose rows hold just that; else None.

    To the letter, where its related news lead included: whoever finds them so has nothing to
    record, and nothing to lay over the rows.
    """
    last = None if locked.was_public else newest(locked)
    if last is None or locked.working_number != last.number:
        return None
    return last if last.snapshot == snapshot(locked) else None


@whole
def restore(article: Article, number: int, *, by: Any = None) -> Revision:
    """Make the revision `number` the newest again, byte for byte; nothing is thrown away.

    Raises Revision.DoesNotExist.
    """
    old = article.revisions.get(number=number)
    locked = lock(article)
    _keep_what_stands(locked)
    with in_site_language():
        note = _("Restored from %(number)d") % {"number": number}
    return _store(locked, article, old.snapshot, by=by, note=note)


def lock(article: Article) -> Article:
    """Return the article's row as it is now, locked until the transaction ends.

    Rows that name the article, as a tag's, may come meanwhile: its own key stays what it is.
    """
    return Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)


def _standing(article: Article) -> Snapshot:
    """What is to be kept when nobody gave data: the working copy, or rows changed past it."""
    last = newest(article)
    if last is None:
        return snapshot(article)
    # Readers' columns are no news to editors; a draft's rows may have been written by a program.
    return last.snapshot if article.was_public else _as_in_rows(article, last)


def _as_in_rows(article: Article, last: Revision) -> Snapshot:
    rows = snapshot(article)
    known = normal(article, {**rows, **last.snapshot})
    return last.snapshot if unconnected(known) == unconnected(normal(article, rows)) else rows


def _keep_what_stands(article: Article) -> None:
    """Before a first revision: words that stand in the rows without one are kept as number 1."""
    has_words = article.headline or article.standfirst or article.body
    if article.working_number is not None or not has_words or newest(article) is not None:
        return
    first = Revision.objects.create(
        article=article,
        number=1,
        snapshot=snapshot(article),
        made_at=article.updated_at or article.published_at or article.saved_at,
    )
    article.working_number = first.number
    if article.was_public:
        article.live_number = first.number
    numbers = {"live_number": article.live_number, "working_number": article.working_number}
    Article.objects.filter(pk=article.pk).update(**numbers)


def _store(
    locked: Article,
    article: Article,
    data: Snapshot,
    *,
    by: Any = None,
    at: datetime | None = None,
    note: str = "",
    is_autosave: bool = False,
    based_on: Revision | None = None,
) -> Revision:
    last = newest(locked)
    moment = at or timezone.now()
    if last is not None and last.snapshot == data:
        revision = last
    elif last is not None and is_autosave and _may_fold(last, by, moment):
        Revision.objects.filter(pk=last.pk).update(snapshot=data)
        last.snapshot = data
        revision = last
    else:
        revision = Revision.objects.create(
            article=locked,
            number=last.number + 1 if last else 1,
            snapshot=data,
            based_on=based_on or last,
            is_autosave=is_autosave,
            note=note,
            made_at=moment,
            made_by=by,
            made_by_name=name_of(by),
        )
    locked.working_number = revision.number
    if locked.was_public:
        Article.objects.filter(pk=locked.pk).update(
            working_number=revision.number, saved_at=timezone.now()
        )
    else:
        lay(locked, data)
        locked.save()
        connect_related_links(locked)
    _refresh(article)
    return revision


def _may_fold(last: Revision, by: Any, moment: datetime) -> bool:
    """Whether an autosave may replace the last one: same person, close in time, nothing on it."""
    if not last.is_autosave or last.note or by is None or last.made_by_id != by.pk:
        return False
    if moment - last.made_at >= timedelta(minutes=conf("AUTOSAVE_MINUTES")):
        return False
    article = last.article
    if article.live_number == last.number:
        return False
    return not (
        Transition.objects.filter(revision=last).exists()
        or ScheduledStep.objects.filter(revision=last).exists()
        or PreviewLink.objects.filter(revision=last).exists()
        or Revision.objects.filter(based_on=last).exists()
    )


def _refresh(article: Article) -> None:
    """Bring the caller's object up to date, what it carried beside its columns included."""
    article.refresh_from_db()
    for cached in ("credits", "curated"):
        article.__dict__.pop(cached, None)


def revision_of(article: Article, name: str) -> Revision | None:
    """Return a revision by number, or by what it is: "live" or "working".

    None for one that is not there. Raises ValidationError for a name that is none.
    """
    if name == "working":
        return newest(article)
    if name == "live":
        name = str(article.live_number or 0)
    if not name.isdecimal() or len(name) > 9:
        raise ValidationError(_("There is no such revision."))
    return article.revisions.filter(number=int(name)).first()


def connect_related_links(article: Article) -> int:
    """Point the links of other articles that name this headline at `article`; return how many.

    A related-news line may arrive before the story it names.
    """
    if not article.headline_key:
        return 0
    return (
        RelatedLink.objects.filter(target=None, url="", title_key=article.headline_key)
        .exclude(article=article)
        .update(target=article)
    )


def name_of(person: Any) -> str:
    """Return the name that history keeps of an account; "" for the system itself."""
    return (person.get_full_name() or person.get_username()) if person else ""
