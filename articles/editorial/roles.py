"""Roles: what writers, editors and chief editors may do, and in which sections."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Byline, Revision

_ALL = ("view", "add", "change", "delete")
_DESK_TABLES = ("section", "author", "tag", "image", "redirect", "promo", "correction")
_HISTORY = ("revision", "transition", "scheduledstep", "dailyviews")
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
    "approve_article",
    "publish_article",
    "see_embargoed_article",
    "view_tagchange",
    *(f"{verb}_{table}" for table in _DESK_TABLES for verb in ("add", "change")),
    "view_message",
    "change_message",
}
_CHIEF = {
    *_EDITOR,
    "delete_article",
    "override_gate",
    "view_deskprofile",
    "change_deskprofile",
    "add_deskprofile",
    *(f"delete_{table}" for table in _DESK_TABLES),
    "delete_message",
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

#: States in which a writer's own article is theirs to edit. Approved and scheduled ones were
#: handed over: what was approved is what goes out.
WRITABLE_BY_ITS_WRITER = frozenset(
    {
        Article.Status.DRAFT,
        Article.Status.IN_REVIEW,
        Article.Status.PUBLISHED,
        Article.Status.WITHDRAWN,
    }
)


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

    Editors and chief editors act on every article of their sections. Everybody edits, and hands
    in, articles that name them in the byline, that they began or are to write (see
    WRITABLE_BY_ITS_WRITER); an edit of a published one waits in its working copy for an editor.
    """
    if not person.has_perm(f"articles.{permission}"):
        return False
    if article is None or permission == "add_article":
        return True
    if permission == "view_article":
        return (
            not article.is_embargoed
            or may(person, "see_embargoed_article", article)
            or is_own(person, article)
        )
    if person.has_perm("articles.edit_any_article") and works_in(person, article.section_id):
        return True
    if permission != "change_article":
        return False
    return article.status in WRITABLE_BY_ITS_WRITER and is_own(person, article)


def sections_of(person: Any) -> frozenset[int] | None:
    """Return the sections in which the person's role counts; None for all of them."""
    if person.is_superuser:
        return None
    if not hasattr(person, "_desk_sections"):
        found = person.__class__.objects.filter(pk=person.pk).values_list(
            "desk_profile__sections", flat=True
        )
        # One query a request: the account object lives as long as its request.
        person._desk_sections = frozenset(pk for pk in found if pk is not None)
    return person._desk_sections or None


def works_in(person: Any, section_id: int | None) -> bool:
    """Whether the person's role counts in a section; a story without one is everybody's."""
    sections = sections_of(person)
    return sections is None or section_id is None or section_id in sections


def is_own(person: Any, article: Article) -> bool:
    """Whether `person` stands in the byline, is to write it, or made the first revision."""
    return (
        article.assignee_id == person.pk
        or Byline.objects.filter(article=article.pk, author__user=person).exists()
        or Revision.objects.filter(article=article.pk, number=1, made_by=person).exists()
    )


def own(person: Any) -> Q:
    """Return the condition that an article is `person`'s: the many-row side of `is_own`.

    By the keys of all that is theirs, which are looked up once: asking the bylines and revisions
    of each article would take the longer the more the desk has.
    """
    named = Byline.objects.filter(author__user=person).order_by()
    begun = Revision.objects.filter(number=1, made_by=person).order_by()
    asked = Article.objects.filter(assignee=person).order_by().values("pk")
    # As one set: of alternatives PostgreSQL looks through all articles.
    return Q(pk__in=asked.union(named.values("article_id"), begun.values("article_id")))


def visible_to(person: Any, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Leave out articles under embargo that `person` may not see: `may(…, "view_article")`."""
    open_to_all = Q(embargo_until=None) | Q(embargo_until__lte=timezone.now())
    if not person.has_perm("articles.see_embargoed_article"):
        return articles.filter(open_to_all | own(person))
    sections = sections_of(person)
    if sections is None:
        return articles
    in_theirs = Q(section=None) | Q(section__in=sections)
    return articles.filter(open_to_all | in_theirs | own(person))
