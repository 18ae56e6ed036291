"""Tags are renamed, merged and split, and each of these can be undone.

Revisions name tags by name, and find a renamed or merged one by its former name: they need no
rewriting. A split parts what one name meant, so the chosen articles get new revisions.
Whoever may change tags may do all of it, because none of it loses anything.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.conf import in_site_language
from articles.editorial.addresses import drop_redirects, lead_on, leave_gone, leave_redirect
from articles.editorial.collisions import TRIES, whole
from articles.editorial.retagging import (
    articles_of,
    batches,
    exchange,
    keys_of,
    orders_of,
    restore_orders,
    saved_since,
    shared_by,
)
from articles.editorial.revisions import name_of
from articles.editorial.roles import may
from articles.editorial.tag_names import (
    checked_name,
    checked_slug,
    former_names_of,
    move,
    names_of,
    remember,
)
from articles.models import (
    Article,
    FormerTagName,
    Redirect,
    Tag,
    TagChange,
    TaggedArticle,
)

Verb = TagChange.Verb


# --- the verbs -----------------------------------------------------------------------------------


@whole
def rename(tag: Tag, name: str, by: Any = None, slug: str | None = None) -> TagChange | None:
    """Give a tag another name, and the address made from it or `slug`; None if it has both.

    Its old name and address go on leading to it. Raises NameTaken, ValidationError or
    PermissionDenied.
    """
    (locked,) = _lock([tag], by)
    name, slug = checked_name(name, locked), checked_slug(slug, name, locked)
    if (name, slug) == (locked.name, locked.slug):
        return None
    before, formers = _kept(locked), former_names_of([locked])
    move(locked, name, slug)
    tag.name, tag.slug = locked.name, locked.slug
    with in_site_language():
        summary = _("“%(old)s” renamed “%(new)s”") % {"old": before["name"], "new": name}
    return _write_down(
        Verb.RENAME,
        summary,
        by,
        tag=before,
        now=_kept(locked),
        formers=formers,
    )


@whole
def merge(tags: Iterable[Tag], into: Tag, by: Any = None) -> TagChange:
    """Turn `tags` into `into`: its articles are theirs too, and their names lead to it.

    Raises ValidationError when nothing else is left to merge, and PermissionDenied. The number
    of queries depends on the number of tags, not of articles.
    """
    locked = _lock_with_articles([*tags, into], by)
    target = next(tag for tag in locked if tag.pk == into.pk)
    others = [tag for tag in locked if tag.pk != into.pk]
    if not others:
        raise ValidationError(_("Choose another tag to merge into."))
    formers = former_names_of(locked)
    shared = shared_by(locked)
    orders, parts = orders_of(shared), []
    for tag in others:
        alone = TaggedArticle.objects.filter(tag=tag).exclude(content_object__in=shared)
        moved = [str(uid) for uid in alone.values_list("content_object__uid", flat=True)]
        led = lead_on(tag.get_absolute_url(), target.get_absolute_url())
        parts.append({**_kept(tag), "moved": moved, "led": led})
    for tag in others:
        held = TaggedArticle.objects.filter(tag=tag)
        held.filter(content_object__in=articles_of(target)).delete()
        held.update(tag=target)
        tag.former_names.update(tag=target)
        name, slug = tag.name, tag.slug
        tag.delete()
        remember(target, name, slug)
    known = {kept["slug"] for kept in formers}
    names = ", ".join(f"“{part['name']}”" for part in parts)
    with in_site_language():
        summary = _("%(tags)s merged into “%(into)s”") % {"tags": names, "into": target}
    return _write_down(
        Verb.MERGE,
        summary,
        by,
        tags=parts,
        into=_kept(target),
        orders=orders,
        formers=formers,
        formers_made=[
            kept["slug"] for kept in former_names_of([target]) if kept["slug"] not in known
        ],
    )


@whole
def split(tag: Tag, name: str, articles: Iterable[Article], by: Any = None) -> TagChange:
    """Give those of `articles` that have the tag a new one called `name` in its place.

    What readers see changes with it, its dates do not. Raises NameTaken, ValidationError or
    PermissionDenied.
    """
    (locked,) = _lock_with_articles([tag], by)
    name = checked_name(name)
    if isinstance(articles, QuerySet):
        # No row is read for its number.
        keys = list(articles.values_list("pk", flat=True))
    else:
        keys = [article.pk for article in articles]
    held = TaggedArticle.objects.filter(tag=locked)
    carry = dict(held.values_list("content_object", "content_object__uid"))
    chosen = {key: str(carry[key]) for key in keys if key in carry}
    if not chosen:
        raise ValidationError(_("Choose at least one article that has the tag."))
    made = Tag.objects.create(name=name, slug=checked_slug(None, name))
    drop_redirects(made.get_absolute_url())
    for batch in batches(chosen):
        held.filter(content_object__in=batch).update(tag=made)
    number = len(chosen)
    with in_site_language():
        note = _("Tag “%(old)s” split: “%(new)s”") % {"old": locked, "new": made}
        summary = ngettext(
            "%(number)d article of “%(old)s” is now “%(new)s”",
            "%(number)d articles of “%(old)s” are now “%(new)s”",
            number,
        ) % {"number": number, "old": locked, "new": made}
    exchange(set(chosen), names_of(locked), made.name, by=by, note=note)
    return _write_down(
        Verb.SPLIT,
        summary,
        by,
        tag=_kept(locked),
        made=_kept(made),
        moved=list(chosen.values()),
        formers=[],
    )


@whole
def remove(tag: Tag, by: Any = None) -> None:
    """Delete a tag that no article has; its addresses say "gone" from then on.

    Raises ValidationError while articles have it, and PermissionDenied.
    """
    (locked,) = _lock([tag], by, "delete_tag")
    if problem := why_kept(locked):
        raise ValidationError(problem)
    former = [
        Tag(slug=slug).get_absolute_url()
        for slug in locked.former_names.values_list("slug", flat=True)
    ]
    page = locked.get_absolute_url()
    locked.delete()
    leave_gone(page, *former)
    lead_on(page, "")


def why_kept(tag: Tag) -> str:
    """Return why the tag cannot be deleted; "" if it can."""
    number = tag.tagged_articles.count()
    if not number:
        return ""
    return ngettext(
        "“%(tag)s” stands on %(number)d article. Merge it into another tag instead.",
        "“%(tag)s” stands on %(number)d articles. Merge it into another tag instead.",
        number,
    ) % {"tag": tag, "number": number}


# --- the way back --------------------------------------------------------------------------------


@whole
def undo(change: TagChange, by: Any = None) -> TagChange:
    """Take a change back; twice is once.

    What was tagged or untagged by hand since then stays as it is. Raises ValidationError when a
    later change, or a tag made since then, stands in the way, and PermissionDenied.
    """
    _ask(by)
    locked = TagChange.objects.select_for_update().get(pk=change.pk)
    if locked.undone_at is None:
        if later := _in_the_way(locked):
            text = _("Undo the later change first: %(change)s.")
            raise ValidationError(text % {"change": later})
        _WAYS_BACK[locked.verb](locked, by)
        locked.undone_at, locked.undone_by_name = timezone.now(), name_of(by)
        locked.save(update_fields=["undone_at", "undone_by_name"])
    change.refresh_from_db()
    return change


def _undo_rename(change: TagChange, by: Any) -> None:
    before = change.data["tag"]
    (tag,) = _lock([_still_here(change.data["now"])], by)
    move(tag, checked_name(before["name"], tag), checked_slug(before["slug"], "", tag))
    _give_back_names(change)


def _undo_merge(change: TagChange, by: Any) -> None:
    (into,), made = _lock_with_articles([_still_here(change.data["into"])], by), {}
    into.former_names.filter(slug__in=change.data["formers_made"]).delete()
    for part in change.data["tags"]:
        made[part["slug"]] = tag = _made_again(part)
        drop_redirects(tag.get_absolute_url())
        _lead_back(part["led"], into, tag)
        back: set[int] = set()
        for batch in batches(part["moved"]):
            held = TaggedArticle.objects.filter(tag=into, content_object__uid__in=batch)
            back.update(held.values_list("content_object", flat=True))
            held.update(tag=tag)
        # Saved since then, they name the tag that is left: the next publication would use it.
        edited = back & keys_of(saved_since(change.made_at))
        with in_site_language():
            note = _("Merger into “%(into)s” undone: “%(tag)s”") % {"into": into, "tag": tag}
        exchange(edited, {into.name}, tag.name, by=by, note=note)
    _give_back_names(change)
    restore_orders(change.data["orders"], made, into, since=change.made_at)


def _undo_split(change: TagChange, by: Any) -> None:
    parts = [_still_here(change.data[name]) for name in ("tag", "made")]
    tag, made = _lock_with_articles(parts, by)
    chosen: set[int] = set()
    for batch in batches(change.data["moved"]):
        held = TaggedArticle.objects.filter(tag=made, content_object__uid__in=batch)
        chosen.update(held.values_list("content_object", flat=True))
        held.filter(content_object__in=articles_of(tag)).delete()
        held.update(tag=tag)
    with in_site_language():
        note = _("Split of “%(tag)s” undone") % {"tag": tag}
    exchange(chosen, names_of(made), tag.name, by=by, note=note)
    if not made.tagged_articles.exists():
        old_page = made.get_absolute_url()
        made.former_names.update(tag=tag)
        made.delete()
        leave_redirect(old_page, tag.get_absolute_url())


_WAYS_BACK = {
    Verb.RENAME: _undo_rename,
    Verb.MERGE: _undo_merge,
    Verb.SPLIT: _undo_split,
}


def _in_the_way(change: TagChange) -> TagChange | None:
    """The newest later change, not undone, that touched one of the same tags."""
    later = TagChange.objects.filter(undone_at=None).exclude(pk=change.pk)
    later = later.filter(
        Q(made_at__gt=change.made_at) | Q(made_at=change.made_at, pk__gt=change.pk)
    )
    ours = set(change.data["slugs"])
    for pk, slugs in later.order_by("-made_at", "-id").values_list("pk", "data__slugs"):
        if ours & set(slugs):
            return TagChange.objects.get(pk=pk)
    return None


def _still_here(kept: dict[str, str]) -> Tag:
    tag = Tag.objects.filter(slug=kept["slug"], name=kept["name"]).first()
    if tag is None:
        text = _("The tag “%(tag)s” is not there any more, so this cannot be undone.")
        raise ValidationError(text % {"tag": kept["name"]})
    return tag


def _made_again(kept: dict[str, Any]) -> Tag:
    """A merged tag as it was. Raises ValidationError where its name or address is in use."""
    try:
        name, slug = checked_name(kept["name"]), checked_slug(kept["slug"], "")
    except ValidationError as error:
        text = _("“%(tag)s” cannot come back: another tag has its name or its address now.")
        raise ValidationError(text % {"tag": kept["name"]}) from error
    return Tag.objects.create(name=name, slug=slug, description=kept["description"])


def _give_back_names(change: TagChange) -> None:
    """Former names that the tags had before the change are theirs again."""
    tags = {tag.slug: tag for tag in Tag.objects.filter(slug__in=change.data["slugs"])}
    for kept in change.data["formers"]:
        if tag := tags.get(kept["of"]):
            FormerTagName.objects.update_or_create(
                slug=kept["slug"],
                defaults={
                    "tag": tag,
                    "name": kept["name"],
                    "is_synonym": kept.get("is_synonym", False),
                },
            )


def _lead_back(old_paths: list[str], into: Tag, tag: Tag) -> None:
    """Redirects that led to a merged tag lead there again, unless somebody led them elsewhere."""
    there, here = into.get_absolute_url(), tag.get_absolute_url()
    rows = list(Redirect.objects.filter(old_path__in=old_paths, new_path__startswith=there))
    for row in rows:
        row.new_path = here + row.new_path[len(there) :]
    Redirect.objects.bulk_update(rows, ["new_path"], batch_size=200)


# --- what all share ------------------------------------------------------------------------------


def _ask(by: Any, permission: str = "change_tag") -> None:
    if by is not None and not may(by, permission):
        raise PermissionDenied(_("Your role does not allow this."))


def _lock(tags: Iterable[Tag], by: Any, permission: str = "change_tag") -> list[Tag]:
    """The tags' rows as they are now, locked, in the order given. Raises ValidationError."""
    _ask(by, permission)
    keys = list(dict.fromkeys(tag.pk for tag in tags))
    rows = {
        row.pk: row for row in Tag.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    if len(rows) < len(keys):
        raise ValidationError(_("One of the tags is not there any more."))
    return [rows[pk] for pk in keys]


def _lock_with_articles(tags: list[Tag], by: Any) -> list[Tag]:
    """The same, and before them the rows of all articles that have one of the tags.

    Whoever publishes an article has locked its row, and may be giving it a tag or taking one away:
    so articles come before tags here, too. For one that got a tag in between all begins again.
    """
    held = TaggedArticle.objects.filter(tag__in=[tag.pk for tag in tags]).values("content_object")
    articles = Article.objects.filter(pk__in=held).order_by("pk").values_list("pk", flat=True)
    for tries_left in reversed(range(TRIES)):
        with transaction.atomic():
            known = set(articles.select_for_update(no_key=True))
            rows = _lock(tags, by)
            if not tries_left or known.issuperset(articles):
                return rows
            # Without the tags' locks, and then with those of the new articles before them.
            transaction.set_rollback(True)
    raise AssertionError("a last try returns")


def _kept(tag: Tag) -> dict[str, str]:
    return {"slug": tag.slug, "name": tag.name, "description": tag.description}


def _write_down(verb: str, summary: str, by: Any, **data: Any) -> TagChange:
    kept = [data.get("tag"), data.get("now"), data.get("into"), data.get("made")]
    slugs = {one["slug"] for one in (*kept, *data.get("tags", ())) if one}
    return TagChange.objects.create(
        verb=verb,
        summary=summary if len(summary) <= 300 else f"{summary[:299]}…",
        data={**data, "slugs": sorted(slugs)},
        made_by=by,
        made_by_name=name_of(by),
    )
