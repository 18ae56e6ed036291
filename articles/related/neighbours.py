"""Related news: what the desk chose first, then the nearest stories, as they were computed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from articles.conf import conf
from articles.models import Article, DroppedNeighbour, Neighbour, RelatedLink


@dataclass(frozen=True)
class RelatedStory:
    """One line of related news; `url` is "" for a story that is not (yet) here."""

    title: str
    url: str
    authors: str
    day: date | None
    views: int | None
    article: Article | None = None


def related_news(article: Article, size: int | None = None) -> list[RelatedStory]:
    """Return at most `size` stories: curated links in their order, then the kept neighbours.

    `article` comes from `for_page()`. A link whose target readers may not see shows what its
    source said of the story, without an address. One query, and nothing is computed.
    """
    size = conf("RELATED_SIZE") if size is None else size
    links = article.curated[:size]
    targets = [link.target_id for link in links if link.target_id]
    ours = ranked(article)
    cards = (
        Article.objects.published(found=True)
        .filter(Q(pk__in=targets) | Q(pk__in=ours.values("neighbour")))
        .exclude(pk=article.pk)
        .for_listing()
        .annotate(
            is_target=ExpressionWrapper(Q(pk__in=targets), output_field=BooleanField()),
            rank=Subquery(ours.filter(neighbour=OuterRef("pk")).values("rank")),
        )
        .order_by("-is_target", "rank", "-published_at", "-id")
    )
    found = {card.pk: card for card in cards[: len(targets) + size]}
    stories = [_from_link(link, found.pop(link.target_id or 0, None)) for link in links]
    stories += [_from_article(card) for card in found.values()]
    return stories[:size]


def ranked(article: Article) -> QuerySet[Neighbour]:
    """Return the neighbours of an article that readers may get, if they are public."""
    dropped = DroppedNeighbour.objects.filter(article=article.pk).values("neighbour")
    found = Neighbour.objects.filter(article=article.pk, rank__isnull=False)
    return found.exclude(neighbour__in=dropped).order_by("rank")


def _from_article(card: Article) -> RelatedStory:
    return RelatedStory(
        title=card.headline,
        url=card.get_absolute_url(),
        authors=", ".join(card.writers),
        day=timezone.localdate(card.published_at) if card.published_at else None,
        views=card.views,
        article=card,
    )


def _from_link(link: RelatedLink, card: Article | None) -> RelatedStory:
    if card is not None:
        return _from_article(card)
    return RelatedStory(link.title, link.url, link.author, link.date, link.views)
