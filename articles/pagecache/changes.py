"""What a saved or deleted row changes of what readers see (connected in articles/apps.py)."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Byline,
    Correction,
    Image,
    Promo,
    RelatedLink,
    Section,
    Tag,
    TagChange,
    TaggedArticle,
    Translation,
)
from articles.models.noting import Place
from articles.pagecache.dropping import Change, changed

#: States in which readers see an article, or saw it.
_PUBLIC_ONCE = {Article.Status.PUBLISHED, Article.Status.WITHDRAWN}


def hear(
    sender: Any, instance: Any, signal: Any = None, created: bool = False, **kwargs: Any
) -> None:
    """Receiver of `post_save` and `post_delete`: what the row shows is dropped after the commit."""
    say = _SAYS[sender]
    if sender is Article and not _was_public(instance):
        # A draft is nothing that readers see.
        return
    changed(lambda change: say(change, instance, created))


def _article(change: Change, article: Article, created: bool) -> None:
    change.article(article.pk)
    before, now = article.stood_at, Place.of(article)
    article.stood_at = now
    if article.status != Article.Status.PUBLISHED:
        # It left: the pages that showed it are those that have it.
        change.touch("counts", "topics")
        return
    if before is None or before[:-1] != now[:-1]:
        change.came(article.pk)
    elif before != now:
        change.moved(article.pk)
    moment = timezone.now()
    if article.is_embargoed or (article.published_at and article.published_at > moment):
        change.touch_times()


def _was_public(article: Article) -> bool:
    before = article.stood_at
    return article.was_public or (before is not None and before.status in _PUBLIC_ONCE)


def _of_article(change: Change, row: Any, created: bool) -> None:
    """A byline or a tag on an article."""
    pk = row.content_object_id if isinstance(row, TaggedArticle) else row.article_id
    known = row._state.fields_cache.get(
        "content_object" if isinstance(row, TaggedArticle) else "article"
    )
    if known is None or known.was_public:
        change.perhaps_came(pk)


def _correction(change: Change, row: Correction, created: bool) -> None:
    change.article(row.article_id)
    change.touch("corrections")


def _link(change: Change, row: RelatedLink, created: bool) -> None:
    change.perhaps(row.article_id)


def _translation(change: Change, row: Translation, created: bool) -> None:
    change.perhaps(row.article_id)
    change.group(row.group)


def _author(change: Change, author: Author, created: bool) -> None:
    change.touch(("author", author.pk), "names")


def _section(change: Change, section: Section, created: bool) -> None:
    change.touch(("section", section.pk), "sections", "names")


def _tag(change: Change, tag: Tag, created: bool) -> None:
    change.touch(("tag", tag.pk), ("of tag", tag.pk), ("feed of tag", tag.pk))


def _tag_change(change: Change, row: TagChange, created: bool) -> None:
    """Merging, splitting and their undoing write many rows without a word each."""
    change.touch("topics", "counts")
    for tag in Tag.objects.filter(slug__in=row.data.get("slugs", ())):
        _tag(change, tag, False)


def _image(change: Change, image: Image, created: bool) -> None:
    change.touch(("image", image.pk))
    if created:
        change.touch("new pictures")


def _promo(change: Change, promo: Promo, created: bool) -> None:
    change.touch(("promo", promo.pk), ("promos", promo.place), "promos")


_SAYS: dict[type, Callable[[Change, Any, bool], None]] = {
    Article: _article,
    Author: _author,
    Byline: _of_article,
    Correction: _correction,
    Image: _image,
    Promo: _promo,
    RelatedLink: _link,
    Section: _section,
    Tag: _tag,
    TagChange: _tag_change,
    TaggedArticle: _of_article,
    Translation: _translation,
}
#: Models that public pages show.
SHOWN = tuple(_SAYS)


def hear_of_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receiver of `post_delete`."""
    if sender is Article:
        if _was_public(instance):
            # Its key is gone from the instance after the signal.
            pk = instance.pk
            changed(lambda change: _deleted(change, pk))
        return
    hear(sender, instance)


def _deleted(change: Change, pk: int) -> None:
    change.article(pk)
    change.touch("counts", "topics", "corrections")
