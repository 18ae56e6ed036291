"""Linking translations: articles that tell the same lead readers to each other.

A link is no part of any article's text. It changes the pages of its whole group, and at once: so
it asks for more than writing does where readers see the article (decision 0025).
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.conf import in_site_language
from articles.editorial.collisions import whole
from articles.editorial.revisions import lock
from articles.editorial.roles import may
from articles.editorial.transitions import write_line
from articles.models import Article, Translation
from articles.models.translations import own_name


def translations_of(article: Article) -> list[Article]:
    """Return the other articles of its group, whatever their state, by their language."""
    group = Translation.objects.filter(article=article.pk).values("group")
    found = Article.objects.filter(translation__group__in=group).exclude(pk=article.pk)
    return list(found.defer("body", "body_text").order_by("language"))


def may_link(person: Any, article: Article) -> bool:
    """Whether `person` may link `article` or take its link away: readers may see that at once."""
    if not may(person, "change_article", article):
        return False
    return not article.is_public or may(person, "publish_article", article)


@whole
def link(article: Article, other: Article, *, by: Any = None) -> None:
    """Make two articles, and all that they are linked with, translations of each other.

    Doing it twice is doing it once. Raises PermissionDenied, and ValidationError where two of
    them have one language.
    """
    if article.pk == other.pk:
        raise ValidationError(_("That is this article itself."))
    groups = Translation.objects.filter(article__in=(article.pk, other.pk)).values("group")
    places = Translation.objects.filter(group__in=groups)
    keys = {article.pk, other.pk, *places.values_list("article", flat=True)}
    # In one order, whoever links whom: two that lock each other would wait for ever.
    members = {pk: lock(Article(pk=pk)) for pk in sorted(keys)}
    for pk in (article.pk, other.pk):
        if by is not None and not may_link(by, members[pk]):
            raise PermissionDenied(_("Your role does not allow this."))
    known = {place.article_id: place for place in places}
    if article.pk in known and other.pk in known and len({p.group for p in known.values()}) == 1:
        return
    _refuse_two_of_one_language(members.values())
    group = next(iter(known.values()), Translation()).group
    try:
        with transaction.atomic():
            for pk, member in members.items():
                place = known.get(pk) or Translation(article=member)
                place.group = group
                place.save()
    except IntegrityError:
        # Somebody linked another one at the same moment.
        raise ValidationError(_("There is an article in this language already.")) from None
    _write_down(members.values(), by)


@whole
def unlink(article: Article, *, by: Any = None) -> None:
    """Take an article out of its group; one that is in none stays as it is.

    Raises PermissionDenied.
    """
    group = Translation.objects.filter(article=article.pk).values("group")
    keys = Translation.objects.filter(group__in=group).values_list("article", flat=True)
    members = {pk: lock(Article(pk=pk)) for pk in sorted({article.pk, *keys})}
    if by is not None and not may_link(by, members[article.pk]):
        raise PermissionDenied(_("Your role does not allow this."))
    if len(members) == 1:
        return
    # One that would stay alone is no group.
    leaving = members if len(members) == 2 else {article.pk: members[article.pk]}
    Translation.objects.filter(article__in=leaving).delete()
    _write_down(members.values(), by)


def _refuse_two_of_one_language(members: Iterable[Article]) -> None:
    seen: set[str] = set()
    for member in members:
        if member.language in seen:
            text = _("Two of these articles are in one language: %(language)s.")
            raise ValidationError(text % {"language": own_name(member.language)})
        seen.add(member.language)


def _write_down(members: Iterable[Article], by: Any) -> None:
    """Add a line to the timeline of each article whose page changed, and so announce it."""
    for member in members:
        others = ", ".join(
            f"“{other}” ({own_name(other.language)})" for other in translations_of(member)
        )
        with in_site_language():
            note = _("Linked with %(others)s.") % {"others": others} if others else ""
            note = note or _("Linked with no other article.")
        write_line(member, member, "translate", member.status, by=by, note=note)
