"""A large newsroom, written straight to the tables: the rows that years of work would leave."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from articles.editorial.snapshots import snapshot
from articles.models import (
    Article,
    Author,
    Byline,
    DailyViews,
    Revision,
    Section,
    Tag,
    TaggedArticle,
    Transition,
)

Status = Article.Status
REVISIONS = 200
#: Every so many articles, one that is not published, in these states by turns.
UNPUBLISHED_EVERY = 40
UNPUBLISHED = (Status.DRAFT, Status.IN_REVIEW, Status.DRAFT, Status.APPROVED, Status.WITHDRAWN)
SYLLABLES = "ba den for gul han ir jo kel lum mar nor os pel qua rin sta tor un vel wick".split()

chance = random.Random(20260504)  # nosec B311


def words(number: int) -> list[str]:
    """Words that are none, as long as English ones."""
    return [
        "".join(chance.choices(SYLLABLES, k=chance.choice((1, 1, 2, 2, 3)))) for _ in range(number)
    ]


def body(number: int) -> str:
    """Paragraphs of forty words, with a heading before every eighth."""
    parts = []
    for place in range(0, number, 40):
        if place and place % 320 == 0:
            parts.append(f"<h2>{' '.join(words(4)).capitalize()}</h2>")
        text = " ".join(words(min(40, number - place))).capitalize()
        parts.append(f"<p>{text}.</p>")
    return "".join(parts)


def changed(text: str) -> str:
    """The text with one paragraph written anew: what an editor does between two saves."""
    parts = text.split("</p>")
    parts[chance.randrange(len(parts) - 1)] = f"<p>{' '.join(words(40)).capitalize()}."
    return "</p>".join(parts)


def build(size: int) -> None:
    """Fill an empty, migrated database with `size` articles and what belongs to them."""
    for number in range(8):
        Section.objects.create(name=f"Desk {number}", slug=f"desk-{number}")
    authors = Author.objects.bulk_create(
        Author(name=f"Author {number}", slug=f"author-{number}") for number in range(60)
    )
    tags = Tag.objects.bulk_create(
        Tag(name=f"Topic {number}", slug=f"topic-{number}") for number in range(300)
    )
    sections = list(Section.objects.all())
    # Cleaning a hundred thousand bodies would take longer than all the rest.
    texts = [derived(body(400)) for _ in range(200)]
    now = timezone.now()
    for numbers in batches(range(size), 2000):
        made = Article.objects.bulk_create(
            one_article(number, size, now, texts, sections) for number in numbers
        )
        Byline.objects.bulk_create(
            Byline(article=article, author=chance.choice(authors), position=1) for article in made
        )
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object=article, tag=tag)
            for article in made
            for tag in chance.sample(tags, 2)
        )
        Revision.objects.bulk_create(
            Revision(article=article, number=1, snapshot=plain_snapshot(article), made_at=now)
            for article in made
        )
        Transition.objects.bulk_create(
            Transition(
                article=article,
                number=1,
                verb="publish",
                from_status=Status.DRAFT,
                to_status=Status.PUBLISHED,
                made_at=article.published_at,
            )
            for article in made
            if article.status == Status.PUBLISHED
        )
    DailyViews.objects.bulk_create(
        DailyViews(article_id=pk, day=(now - timedelta(days=chance.randrange(7))).date(), count=pk)
        for pk in Article.objects.order_by("-pk").values_list("pk", flat=True)[:20_000]
    )


def one_article(
    number: int, size: int, now: Any, texts: list[Article], sections: list[Section]
) -> Article:
    text = chance.choice(texts)
    turn, rest = divmod(number, UNPUBLISHED_EVERY)
    status = UNPUBLISHED[turn % len(UNPUBLISHED)] if rest == 0 else Status.PUBLISHED
    moment = now - timedelta(minutes=25 * (size - number))
    article = Article(
        headline=f"Story {number} {' '.join(words(5))}",
        standfirst=text.standfirst,
        body=text.body,
        body_text=text.body_text,
        words=text.words,
        language="en",
        slug=f"story-{number}",
        section=chance.choice(sections),
        status=status,
        saved_at=moment,
        working_number=1,
    )
    article.headline_key = article.headline.lower()
    if article.was_public:
        article.published_at, article.published_on = moment, moment.date()
        article.live_number = 1
    return article


def with_revisions(status: str, length: int, headline: str) -> Article:
    """One article with `REVISIONS` revisions, each a little different from the one before."""
    article = Article(
        headline=headline,
        standfirst=" ".join(words(20)),
        body=body(length),
        section=Section.objects.first(),
        status=status,
    )
    if status == Status.PUBLISHED:
        article.published_at = timezone.now() - timedelta(days=1)
    article.write()
    Byline.objects.create(article=article, author=Author.objects.first())
    data = snapshot(article)
    rows = []
    for number in range(1, REVISIONS + 1):
        rows.append(Revision(article=article, number=number, snapshot=data))
        data = {**data, "body": changed(data["body"])}
    Revision.objects.bulk_create(rows)
    live = REVISIONS - 1 if status == Status.PUBLISHED else None
    article.working_number, article.live_number = REVISIONS, live
    article.body = rows[(live or REVISIONS) - 1].snapshot["body"]
    article.write()
    return article


def derived(text: str) -> Article:
    article = Article(headline="x", standfirst=" ".join(words(20)), body=text)
    article.derive()
    return article


def plain_snapshot(article: Article) -> dict[str, Any]:
    """What `snapshot()` would say, without its four queries for each of the articles."""
    moment = article.published_at.isoformat() if article.published_at else None
    return {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "byline": [],
        "section": article.section.slug,
        "tags": [],
        "picture": None,
        "related": [],
        "slug": article.slug,
        "published_at": moment,
        "seo_title": "",
        "seo_description": "",
        "language": article.language,
        "starting_views": 0,
    }


def batches(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    numbers = iter(numbers)
    while batch := list(islice(numbers, size)):
        yield batch
