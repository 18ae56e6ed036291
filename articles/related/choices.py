"""What an editor says of the neighbours of an article: one does not belong there, or does again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from articles.editorial.revisions import name_of
from articles.editorial.roles import may
from articles.editorial.signals import neighbours_changed
from articles.models import Article, DroppedNeighbour
from articles.related.work import note


def may_choose(person: Any, article: Article) -> bool:
    """Whether a person may drop neighbours: of what readers see, who may publish it alone."""
    if not may(person, "change_article", article):
        return False
    return not article.was_public or may(person, "publish_article", article)


@transaction.atomic
def drop(article: Article, neighbour: Article, by: Any = None) -> None:
    """Take a story from under an article, at once and for good; twice is once.

    Raises PermissionDenied.
    """
    _ask(article, by)
    DroppedNeighbour.objects.get_or_create(
        article=article,
        neighbour=neighbour,
        defaults={"made_by": by, "made_by_name": name_of(by)},
    )
    _announce(article)


@transaction.atomic
def take_back(article: Article, neighbour: Article, by: Any = None) -> None:
    """Let a dropped story stand under an article again, if it is near. Raises PermissionDenied."""
    _ask(article, by)
    DroppedNeighbour.objects.filter(article=article, neighbour=neighbour).delete()
    _announce(article)


def _ask(article: Article, by: Any) -> None:
    if by is not None and not may_choose(by, article):
        raise PermissionDenied(_("Your role does not allow this."))


def _announce(article: Article) -> None:
    note([article.pk])
    neighbours_changed.send(Article, articles={article.pk})
