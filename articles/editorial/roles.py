"""Roles: what writers, editors and chief editors may do."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext_lazy as _

from articles.models import Article

_ALL = ("view", "add", "change", "delete")
_DESK_TABLES = ("section", "author", "tag", "image", "redirect", "promo", "correction")
_HISTORY = ("revision", "transition", "dailyviews")
#: Parts of an article's form: they are edited by whoever may edit the article.
_PARTS = ("byline", "relatedlink", "formertagname", "taggedarticle")

_WRITER = {
    *(f"{verb}_article" for verb in ("view", "add", "change")),
    *(f"{verb}_{part}" for part in _PARTS for verb in _ALL),
    *(f"view_{table}" for table in (*_DESK_TABLES, *_HISTORY)),
    "add_image",
    "change_image",
    "add_tag",
}
_EDITOR = {
    *_WRITER,
    "edit_any_article",
    "edit_published_article",
    "approve_article",
    "publish_article",
    *(f"{verb}_{table}" for table in _DESK_TABLES for verb in ("add", "change")),
}
_CHIEF = {
    *_EDITOR,
    "delete_article",
    *(f"delete_{table}" for table in _DESK_TABLES),
}

#: Role (the name of its group) -> codenames of permissions of the articles app.
ROLES: dict[str, frozenset[str]] = {
    "writer": frozenset(_WRITER),
    "editor": frozenset(_EDITOR),
    "chief editor": frozenset(_CHIEF),
}
ROLE_LABELS = {
    "writer": _("Writer"),
    "editor": _("Editor"),
    "chief editor": _("Chief editor"),
}
#: A chief editor also looks after people's accounts.
_PEOPLE = ("add_user", "change_user", "view_user", "view_group")


def ensure_roles(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the groups with exactly the permissions of `ROLES`; permissions of other apps stay."""
    from django.contrib.auth.models import Group, Permission

    for name, codenames in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        ours = Permission.objects.using(using).filter(content_type__app_label="articles")
        wanted = set(ours.filter(codename__in=codenames))
        if name == "chief editor":
            wanted |= set(
                Permission.objects.using(using).filter(
                    content_type__app_label="auth", codename__in=_PEOPLE
                )
            )
        have = set(group.permissions.filter(content_type__app_label="articles"))
        group.permissions.remove(*(have - wanted))
        group.permissions.add(*wanted)


def may(person: Any, permission: str, article: Article | None = None) -> bool:
    """Whether `person` may do `permission` (a codename), to `article` if one is given.

    Writers touch only articles that name them in the byline or that they began, and only
    before readers see them.
    """
    if not person.has_perm(f"articles.{permission}"):
        return False
    if article is None or permission in {"view_article", "add_article"}:
        return True
    if article.status in {Article.Status.PUBLISHED, Article.Status.WITHDRAWN} and (
        not person.has_perm("articles.edit_published_article")
    ):
        return False
    return person.has_perm("articles.edit_any_article") or is_own(person, article)


def is_own(person: Any, article: Article) -> bool:
    """Whether the byline names `person`, or `person` made the first revision."""
    return (
        article.bylines.filter(author__user=person).exists()
        or article.revisions.filter(number=1, made_by=person).exists()
    )
