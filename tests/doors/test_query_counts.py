"""No public page asks more than six queries, with twenty articles or with two thousand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Byline,
    DailyViews,
    Promo,
    Redirect,
    RelatedLink,
    Revision,
    Tag,
    TaggedArticle,
    Transition,
)
from articles.readership.rankings import rank
from articles.search import engine
from articles.sitemaps import PART
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    part_of_sitemap,
)

MOST = 6


def make_many(number):
    """Fill the site with `number` articles that have everything a page can show."""
    sections = [make_section(name) for name in ("World", "Politics", "Science", "Culture")]
    author, image = make_author(), make_image()
    first = make_article("The first", tags=("Bats", "Boats"), section=sections[0], picture=image)
    tags = list(first.tags.all())
    now = timezone.now()
    articles = Article.objects.bulk_create(
        Article(
            headline=f"Story {n}", slug=f"story-{n}", status="published", body="<p>Text.</p>",
            published_at=now - timedelta(minutes=n + 5),
            published_on=timezone.localdate(now - timedelta(minutes=n + 5)),
            section=sections[n % 4], picture=image,
        )
        for n in range(number - 1)
    )  # fmt: skip
    Byline.objects.bulk_create(Byline(article=article, author=author) for article in articles)
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object=article, tag=tag) for article in articles for tag in tags
    )
    DailyViews.objects.bulk_create(
        DailyViews(article=article, day=timezone.localdate(), count=3) for article in articles
    )
    RelatedLink.objects.bulk_create(
        RelatedLink(article=first, target=target, position=n, title=target.headline)
        for n, target in enumerate(articles[:3])
    )
    RelatedLink.objects.create(article=first, title="A story elsewhere", position=9)
    make_histories([first, *articles[:30]])
    rank()
    for position in Promo.Position:
        Promo.objects.create(slug=position, title="Write to us", kind="contact", position=position)
    return first


def make_histories(articles):
    """Give each article versions enough for two pages, each with a public note."""
    for article in articles:
        section, author = article.section.slug, "moved-away"
        for number in range(1, 26):
            moment = article.published_at + timedelta(seconds=number)
            revision = Revision.objects.create(
                article=article,
                number=number,
                snapshot={
                    "headline": f"Story {number}",
                    "body": f"<p>Text {number}.</p>",
                    "section": section,
                    "byline": [{"author": author, "role": "writer"}],
                },
            )
            Transition.objects.create(
                article=article, number=number, revision=revision, made_at=moment,
                verb="publish" if number == 1 else "correct", kind="correction",
                from_status="published", to_status="published",
            )  # fmt: skip
            if number > 1:
                kind = "correction" if number % 2 else "update"
                article.corrections.create(note="It was Friday.", kind=kind, made_at=moment)
    # The name of an author whose address was changed takes one more step.
    moved = make_author()
    Redirect.objects.get_or_create(
        old_path=reverse("articles:author", args=["moved-away"]),
        new_path=reverse("articles:author", args=[moved.slug]),
    )


@pytest.mark.django_db
def test_no_public_page_asks_more_than_six_queries_at_any_size(client):
    counts = {}
    for number in (20, 2000):
        Article.objects.all().delete()
        Promo.objects.all().delete()
        article = make_many(number)
        # As the site's clock does; a search looks for itself when nobody did.
        engine().follow()
        day = article.published_on
        for address in (
            "/", "/latest/", "/section/world/", "/tag/bats/", "/tags/", "/author/mara-lind/",
            "/archive/", f"/{day:%Y}/", f"/{day:%Y/%m}/", f"/{day:%Y/%m/%d}/",
            "/search/?q=story", "/search/?q=storry+numbr", "/search/?q=story+mad+zebra",
            "/search/suggestions.json?q=stor", "/search/suggestions.json?q=mrra+lni",
            article.get_absolute_url(), "/nothing/", "/rss.xml", "/atom.xml",
            "/feed.json", "/section/world/rss.xml", "/tag/bats/atom.xml",
            "/author/mara-lind/feed.json", "/corrections/", "/corrections/?kind=update",
            "/corrections/rss.xml", "/corrections/atom.xml", "/corrections/feed.json",
            f"{article.get_absolute_url()}changes/",
            f"{article.get_absolute_url()}changes/?before=4",
            "/sitemap.xml", part_of_sitemap(article), "/sitemap-pages-1.xml", "/news-sitemap.xml",
            f"/sitemap-authors-{Author.objects.get().pk // PART + 1}.xml",
            f"/sitemap-tags-{Tag.objects.first().pk // PART + 1}.xml",
            f"{article.get_absolute_url().rstrip('/')}.md", "/llms.txt", "/robots.txt",
            "/manifest.webmanifest", "/opensearch.xml", "/favicon.ico",
            f"/counts.json?ids={article.pk},{article.pk + 1}&lists=world",
            "/contact/beside/", "/contact/beside/sent/",
        ):  # fmt: skip
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = client.get(address)
            assert response.status_code == (404 if address == "/nothing/" else 200), address
            name = address.replace(article.get_absolute_url(), "article/").partition("?ids")[0]
            # Its number differs from run to run.
            name = "part" if address == part_of_sitemap(article) else name
            counts.setdefault(name, []).append(len(queries))
    assert {a: n for a, n in counts.items() if max(n) > MOST} == {}
    assert {a: n for a, n in counts.items() if n[0] != n[1]} == {}
