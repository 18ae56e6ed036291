"""No public door shows an article that is not public: every door × every other state."""

import pytest
from django.utils import timezone

from articles.editorial.revisions import record, working_data
from articles.models import Article, Neighbour, Ranking
from articles.sitemaps import PART
from tests.factories import HIDDEN_STATES, make_article, make_author, make_hidden, make_section

pytestmark = pytest.mark.django_db

SECRET = "Quokka shipment"
#: Every address of articles/urls.py that shows articles; the next test finds a missing one.
DOORS = {
    "front": "/",
    "latest": "/latest/",
    "section": "/section/world/",
    "tag": "/tag/quokkas/",
    "tags": "/tags/",
    "author": "/author/mara-lind/",
    "archive": "/archive/",
    "search": "/search/?q=quokka",
    "suggestions": "/search/suggestions.json?q=quok",
    "site_rss": "/rss.xml",
    "site_atom": "/atom.xml",
    "site_json": "/feed.json",
    "section_rss": "/section/world/rss.xml",
    "section_atom": "/section/world/atom.xml",
    "section_json": "/section/world/feed.json",
    "tag_rss": "/tag/quokkas/rss.xml",
    "tag_atom": "/tag/quokkas/atom.xml",
    "tag_json": "/tag/quokkas/feed.json",
    "author_rss": "/author/mara-lind/rss.xml",
    "author_atom": "/author/mara-lind/atom.xml",
    "author_json": "/author/mara-lind/feed.json",
    "corrections": "/corrections/",
    "corrections_rss": "/corrections/rss.xml",
    "corrections_atom": "/corrections/atom.xml",
    "corrections_json": "/corrections/feed.json",
    "sitemap": "/sitemap.xml",
    "sitemap_part": "/sitemap-articles-{1}.xml",
    "news_sitemap": "/news-sitemap.xml",
    "llms": "/llms.txt",
    "year": "/{0:%Y}/",
    "month": "/{0:%Y/%m}/",
    "day": "/{0:%Y/%m/%d}/",
}
#: Addresses that show no article of another's choosing.
OTHERS = {
    "article", "article_text", "beacon", "beacon_pixel", "changes", "contact", "contact_sent",
    "counts", "favicon", "manifest", "media", "opensearch", "picture", "preview", "robots",
    "security",
}  # fmt: skip


def test_every_public_address_is_among_the_doors():
    from articles.urls import urlpatterns

    assert {pattern.name for pattern in urlpatterns} == set(DOORS) | OTHERS


@pytest.fixture(params=HIDDEN_STATES)
def hidden(request):
    article = make_hidden(
        request.param,
        f"{SECRET} seized",
        standfirst=f"{SECRET} in the standfirst",
        body=f"<p>{SECRET} in the body</p>",
        author=make_author(),
        section=make_section(),
        tags=("Quokkas",),
        slug="quokka-secret",
    )
    # What would be told of it if it were public: a note, and versions that differ.
    before = record(article)
    after = record(article, {**working_data(article), "headline": f"{SECRET} mended"})
    moment = timezone.now()
    article.corrections.create(
        note=f"{SECRET} in a note", before=before, after=after, made_at=moment
    )
    for number, (verb, revision) in enumerate((("publish", before), ("correct", after)), start=1):
        article.transitions.create(
            number=number, verb=verb, kind="", note=f"{SECRET} in the timeline",
            from_status="draft", to_status=article.status, revision=revision, made_at=moment,
        )  # fmt: skip
    return article


def test_a_hidden_article_is_behind_no_door(client, hidden):
    shown = make_article("A public story", tags=("Quokkas",))
    shown.related_links.create(target=hidden, title="Somebody's title of it", position=0)
    for door, address in DOORS.items():
        page = client.get(address.format(hidden.published_at, hidden.pk // PART + 1))
        assert page.status_code in {200, 404}, door
        text = page.content.decode()
        assert SECRET not in text, door
        assert "quokka-secret" not in text, door


def test_its_own_address_does_not_know_it(client, hidden):
    day = timezone.localdate(hidden.published_at)
    page = Article.address(day, hidden.slug)
    below = (f"{page}changes/", f"{page}changes/?before=2")
    for address in (page, f"{page.rstrip('/')}.md", *below):
        response = client.get(address)
        assert response.status_code in {404, 410}
        assert SECRET not in response.content.decode()


def test_a_related_link_to_it_leads_nowhere(client, hidden):
    shown = make_article("A public story", tags=("Quokkas",))
    shown.related_links.create(target=hidden, title="Somebody's title of it", position=0)
    text = client.get(shown.get_absolute_url()).content.decode()
    assert "Somebody&#x27;s title of it" in text or "Somebody's title of it" in text
    assert "quokka-secret" not in text
    assert SECRET not in text


def test_a_neighbour_that_left_is_shown_at_no_moment(client, hidden):
    """Before its lists are computed anew, it stands in them."""
    shown = make_article("A public story", tags=("Quokkas",))
    Neighbour.objects.create(article=shown, neighbour=hidden, score=0.9, place=1, rank=1)
    text = client.get(shown.get_absolute_url()).content.decode()
    assert "quokka-secret" not in text
    assert SECRET not in text


def test_its_views_are_not_counted(client, hidden):
    response = client.post(
        f"/beacon/{hidden.pk}/", headers={"user-agent": "Mozilla/5.0 Firefox/140"}
    )
    assert response.status_code == 404
    pixel = client.get(f"/beacon/{hidden.pk}/view.gif", headers={"user-agent": "Firefox/140"})
    assert pixel.status_code == 404
    assert not hidden.daily_views.exists()


def test_how_often_it_was_read_is_not_told(client, hidden):
    shown = make_article("A public story", starting_views=7)
    answer = client.get(f"/counts.json?ids={hidden.pk},{shown.pk}")
    assert answer.json() == {str(shown.pk): "7 views"}


def test_it_is_in_no_list_of_what_is_read(client, hidden):
    others = [make_article(f"Story {number}") for number in range(4)]
    for place, article in enumerate((hidden, *others)):
        for scope in ("", "world"):
            Ranking.objects.create(kind="week", scope=scope, place=place, article=article, count=9)
    for address in ("/counts.json?lists=", "/counts.json?lists=world", "/", "/section/world/"):
        text = client.get(address).content.decode()
        assert "Most read this week" in text, address
        assert SECRET not in text, address
        assert "quokka-secret" not in text, address


def test_a_topic_or_author_with_hidden_articles_only_shows_none(client, hidden):
    for address in ("/tag/quokkas/", "/author/mara-lind/", "/tags/"):
        assert SECRET not in client.get(address).content.decode()
    assert "Quokkas" not in client.get("/tags/").content.decode()
    index = client.get("/sitemap.xml").content.decode()
    assert "-tags-" not in index
    assert "-authors-" not in index
    assert "-articles-" not in index
