"""Related news: what the desk chose first, then stories that share the most tags."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.conf import conf
from articles.models import Article, RelatedLink, TaggedArticle


@dataclass(frozen=True)
class Neighbour:
    """One line of related news; `url` is "" for a story that is not (yet) here."""

    title: str
    url: str
    authors: str
    day: date | None
    views: int | None
    article: Article | None = None


def related_news(article: Article, size: int | None = None) -> list[Neighbour]:
    """Return at most `size` neighbours: curated links in their order, then by shared tags.

    `article` comes from `for_page()`. A link whose target readers may not see shows what its
    source said of the story, without an address. Two queries.
    """
    size = conf("RELATED_SIZE") if size is None else size
    links = article.curated[:size]
    targets = [link.target_id for link in links if link.target_id]
    ours = TaggedArticle.objects.filter(tag__in=[row["id"] for row in article.tag_rows])
    shared = (
        ours.filter(content_object=OuterRef("pk"))
        .order_by()
        .values("content_object")
        .annotate(number=Count("pk"))
        .values("number")
    )
    cards = (
        Article.objects.published()
        .filter(Q(pk__in=targets) | Q(pk__in=ours.values("content_object")))
        .exclude(pk=article.pk)
        .for_listing()
        .annotate(
            is_target=ExpressionWrapper(Q(pk__in=targets), output_field=BooleanField()),
            shared_tags=Coalesce(Subquery(shared), 0),
        )
        .order_by("-is_target", "-shared_tags", "-published_at", "-id")
    )
    found = {card.pk: card for card in cards[: len(targets) + size]}
    neighbours = [_from_link(link, found.pop(link.target_id or 0, None)) for link in links]
    neighbours += [_from_article(card) for card in found.values()]
    return neighbours[:size]


def _from_article(card: Article) -> Neighbour:
    return Neighbour(
        title=card.headline,
        url=card.get_absolute_url(),
        authors=", ".join(card.writers),
        day=timezone.localdate(card.published_at) if card.published_at else None,
        views=card.views,
        article=card,
    )


def _from_link(link: RelatedLink, card: Article | None) -> Neighbour:
    if card is not None:
        return _from_article(card)
    return Neighbour(link.title, link.url, link.author, link.date, link.views)
