"""The names and addresses of tags: which are free, and how those of the past are kept."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from articles.editorial.addresses import drop_redirects, lead_on, leave_gone
from articles.models import FormerTagName, Tag
from articles.text.slugs import slugify

_NAME_LENGTH = Tag._meta.get_field("name").max_length
#: Shorter than the column, so that there is room for a number behind it.
_SLUG_LENGTH = 90


class NameTaken(ValidationError):
    """Another tag has the name; `tag` is the one to merge into."""

    def __init__(self, tag: Tag) -> None:
        text = _("There is a tag “%(tag)s” already. Merge the two, or choose another name.")
        super().__init__(text % {"tag": tag}, code="taken")
        self.tag = tag


def slug_of(name: str) -> str:
    """Return the address that a tag's name makes."""
    return slugify(name, fallback="tag", max_length=_SLUG_LENGTH)


def checked_name(name: str, tag: Tag | None = None) -> str:
    """Return a name that `tag`, or a new tag, may have. Raises NameTaken or ValidationError.

    The former name of another tag is not free: older revisions mean that tag by it.
    """
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("A tag needs a name."))
    if len(name) > _NAME_LENGTH:
        text = _("A tag's name has at most %(number)d characters.")
        raise ValidationError(text % {"number": _NAME_LENGTH})
    if taken := _same_name(_others(tag), name):
        raise NameTaken(taken)
    if former := _same_name(_formers_of_others(tag), name):
        raise ValidationError(_former_problem(former))
    return name


def checked_slug(slug: str | None, name: str, tag: Tag | None = None) -> str:
    """Return an address for `tag` or a new tag: `slug`, or one made from `name`.

    One that was not asked for stays where the new name makes the same, and gets a number where
    another tag has it, or had it. Raises ValidationError for one that was asked for.
    """
    tags, formers = _others(tag), _formers_of_others(tag)
    if slug:
        validate_slug(slug)
        if other := tags.filter(slug=slug).first():
            text = _("This is the address of the tag “%(tag)s”.")
            raise ValidationError(text % {"tag": other})
        if former := formers.filter(slug=slug).first():
            raise ValidationError(_former_problem(former))
        return slug
    base = found = slug_of(name)
    if tag is not None and slug_of(tag.name) == base:
        return tag.slug
    number = 2
    while tags.filter(slug=found).exists() or formers.filter(slug=found).exists():
        found, number = f"{base}-{number}", number + 1
    return found


def move(tag: Tag, name: str, slug: str) -> None:
    """Write a tag's new name and address, and lead the old ones there."""
    old_name, old_slug, old_page = tag.name, tag.slug, tag.get_absolute_url()
    tag.name, tag.slug = name, slug
    tag.save(update_fields=["name", "slug"])
    remember(tag, old_name, old_slug)
    new_page = tag.get_absolute_url()
    if new_page != old_page:
        drop_redirects(old_page)
        drop_redirects(new_page)
        lead_on(old_page, new_page)


def remember(tag: Tag, name: str, slug: str) -> None:
    """Keep a name that the tag had, at the address it had and at the one its name makes.

    Revisions look a former name up by the address that its words make.
    """
    made = slug_of(name)
    known = name.casefold() == tag.name.casefold()
    for address in dict.fromkeys([slug, made]):
        if address == tag.slug and (known or address != made):
            continue
        if address != slug and (known or _others(tag).filter(slug=address).exists()):
            continue
        found = FormerTagName.objects.filter(slug=address).first()
        if found is None:
            FormerTagName.objects.create(slug=address, tag=tag, name=name)
        elif found.tag_id != tag.pk and address == slug:
            # A page stood there until now, whatever its past.
            FormerTagName.objects.filter(pk=found.pk).update(tag=tag, name=name, is_synonym=False)
    if not known and name.casefold() not in {kept.casefold() for kept in names_of(tag)}:
        # Two names that make one address: the second is kept beside it.
        FormerTagName.objects.create(slug=checked_slug(None, f"{name} {slug}"), tag=tag, name=name)
    # What it is called today, where it is today, is no past.
    for former in tag.former_names.filter(slug=tag.slug):
        if former.name.casefold() == tag.name.casefold():
            former.delete()


def unknown(names: Iterable[str]) -> list[str]:
    """Return those of `names` that no tag has or had: to use them is to create them."""
    return [
        name
        for name in names
        if not _same_name(_others(None), name) and not _same_name(_formers_of_others(None), name)
    ]


def names_of(tag: Tag) -> set[str]:
    """Return all names by which revisions may mean the tag."""
    return {tag.name, *tag.former_names.values_list("name", flat=True)}


def add_synonym(synonym: FormerTagName) -> None:
    """Keep a name by which a tag is known as well, and lead its address there."""
    synonym.is_synonym = True
    synonym.save()
    lead_on(Tag(slug=synonym.slug).get_absolute_url(), synonym.tag.get_absolute_url())


def remove_synonym(synonym: FormerTagName) -> None:
    """Take a synonym back; its address says "gone". What a tag was once called stays."""
    if synonym.is_synonym:
        synonym.delete()
        leave_gone(Tag(slug=synonym.slug).get_absolute_url())


def former_names_of(tags: list[Tag]) -> list[dict[str, Any]]:
    """Return the other names of the tags as plain data: `slug`, `name`, `is_synonym`, and whose
    (`of`)."""
    rows = FormerTagName.objects.filter(tag__in=tags).select_related("tag").order_by("slug")
    return [
        {"slug": row.slug, "name": row.name, "is_synonym": row.is_synonym, "of": row.tag.slug}
        for row in rows
    ]


def _others(tag: Tag | None) -> QuerySet:
    return Tag.objects.exclude(pk=tag.pk) if tag is not None else Tag.objects.all()


def _formers_of_others(tag: Tag | None) -> QuerySet:
    rows = FormerTagName.objects.select_related("tag")
    return rows.exclude(tag=tag) if tag is not None else rows


def _former_problem(former: FormerTagName) -> str:
    if former.is_synonym:
        text = _(
            "“%(former)s” is another name of the tag “%(tag)s”. Remove it there, or choose another."
        )
    else:
        text = _(
            "“%(former)s” is a former name of the tag “%(tag)s”: older revisions mean that tag by "
            "it. Undo the change that made it so, or choose another."
        )
    return text % {"former": former.name, "tag": former.tag}


def _same_name(rows: QuerySet, name: str) -> Any:
    """The row of that name, whatever its case: SQLite's own lower() knows only ASCII."""
    slug = slug_of(name)
    near = rows.annotate(lower=Lower("name")).filter(
        Q(lower=name.lower()) | Q(name__iexact=name) | Q(slug=slug) | Q(slug__startswith=f"{slug}-")
    )
    return next((row for row in near if row.name.casefold() == name.casefold()), None)
