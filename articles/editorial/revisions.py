"""Snapshots: everything editable of an article, as plain data."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.models import Article, RelatedLink, Revision

#: Columns that a snapshot holds as they are.
PLAIN = ("headline", "standfirst", "body", "language", "slug", "seo_title", "seo_description")


def snapshot(article: Article) -> dict[str, Any]:
    """Return everything editable of `article` as JSON-ready data.

    Other rows are named by natural keys, so that a snapshot means the same on every database.
    """
    data: dict[str, Any] = {name: getattr(article, name) for name in PLAIN}
    data["section"] = article.section.slug if article.section else None
    data["picture"] = str(article.picture.uid) if article.picture else None
    data["tags"] = list(article.tags.order_by("tagged_articles__id").values_list("name", flat=True))
    data["byline"] = [
        {"author": line.author.slug, "role": line.role}
        for line in article.bylines.select_related("author")
    ]
    data["related"] = [
        {
            "target": str(link.target.uid) if link.target else None,
            "url": link.url,
            "title": link.title,
            "author": link.author,
            "date": link.date.isoformat() if link.date else None,
            "views": link.views,
        }
        for link in article.related_links.select_related("target")
    ]
    return data


@transaction.atomic
def record(article: Article, *, by: Any = None, at: datetime | None = None) -> Revision:
    """Keep `article` as it stands as its newest revision, and connect related links with it.

    Saving what is already kept returns the revision that keeps it. The article's row is locked,
    so that two saves get two numbers.
    """
    Article.objects.select_for_update().only("pk").get(pk=article.pk)
    data = snapshot(article)
    newest = article.revisions.order_by("-number").first()
    if newest is not None and newest.snapshot == data:
        return newest
    connect_related_links(article)
    return Revision.objects.create(
        article=article,
        number=newest.number + 1 if newest else 1,
        snapshot=data,
        based_on=newest,
        made_at=at or timezone.now(),
        made_by=by,
        made_by_name=name_of(by),
    )


def newest_number(article: Article) -> int | None:
    """Return the number of the working copy: the newest revision, or None before the first."""
    return article.revisions.aggregate(newest=Max("number"))["newest"]


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
