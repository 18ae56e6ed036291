"""What the heads of pages tell search engines and whoever passes an address on."""

import json

import pytest
from lxml import html

from articles.models import Author, Byline
from tests.factories import make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def article():
    return make_article("Bats & boats", tags=("Bats",), picture=make_image(caption="At dusk"))


def head_of(client, address):
    return html.fromstring(client.get(address).content.decode()).head


def things_of(client, address):
    """The objects of a page by their type."""
    scripts = head_of(client, address).xpath(".//script[@type='application/ld+json']/text()")
    return {thing["@type"]: thing for thing in map(json.loads, scripts)}


def names_of(breadcrumbs):
    return [step["name"] for step in breadcrumbs["itemListElement"]]


def test_every_page_has_one_canonical_address_and_a_card(client, article):
    for address in (
        "/", "/latest/", "/section/world/", "/tag/bats/", "/tags/", "/author/mara-lind/",
        "/archive/", "/corrections/", article.get_absolute_url(),
    ):  # fmt: skip
        head = head_of(client, f"{address}?utm_source=x")
        assert head.xpath("link[@rel='canonical']/@href") == [f"{SITE}{address}"], address
        assert head.xpath("meta[@property='og:url']/@content") == [f"{SITE}{address}"]
        for name in ("og:title", "og:description", "og:image", "og:type", "og:site_name"):
            (content,) = head.xpath("meta[@property=$name]/@content", name=name)
            assert content, (address, name)
        assert head.xpath("meta[@name='twitter:card']/@content") == ["summary_large_image"]
        assert len(head.xpath("meta[@name='description']")) == 1
        (robots,) = head.xpath("meta[@name='robots']/@content")
        assert "max-image-preview:large" in robots


def test_the_front_page_says_who_publishes_it_and_how_it_is_searched(client, article):
    things = things_of(client, "/")
    publisher = things["NewsMediaOrganization"]
    assert publisher["logo"]["width"] == 512
    assert publisher["correctionsPolicy"] == f"{SITE}/corrections/"
    action = things["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"


def test_a_list_says_what_it_lists_and_where_it_lies(client, article):
    day = article.published_on
    ways = {
        "/section/world/": ["Newsroom", "World"],
        "/tag/bats/": ["Newsroom", "Topics", "Bats"],
        "/latest/": ["Newsroom", "Latest"],
        f"/{day:%Y/%m}/": ["Newsroom", "Archive", f"{day:%Y}", f"{day:%B %Y}"],
    }
    for address, way in ways.items():
        things = things_of(client, address)
        assert names_of(things["BreadcrumbList"]) == way
        (entry,) = things["CollectionPage"]["mainEntity"]["itemListElement"]
        assert entry["url"] == f"{SITE}{article.get_absolute_url()}"


def test_an_author_s_page_is_about_a_person(client, article):
    Author.objects.update(bio="Writes about bats.", portrait=article.picture)
    page = things_of(client, "/author/mara-lind/")["ProfilePage"]
    person = page["mainEntity"]
    assert (person["@type"], person["name"]) == ("Person", "Mara Lind")
    assert person["description"] == "Writes about bats."
    assert person["image"][0]["url"].startswith(f"{SITE}/media/")
    assert person["worksFor"]["name"] == "Newsroom"


def test_an_article_says_who_made_it_and_what_it_looks_like(client, article):
    for number, (name, role) in enumerate(
        (("Jo Fu", "photographer"), ("Ann Te", "translator"), ("Ada Holm", "writer")), start=1
    ):
        Byline.objects.create(article=article, author=make_author(name), role=role, position=number)
    things = things_of(client, article.get_absolute_url())
    story = things["NewsArticle"]
    assert [one["name"] for one in story["author"]] == ["Mara Lind", "Ada Holm"]
    assert [one["name"] for one in story["contributor"]] == ["Jo Fu"]
    assert [one["name"] for one in story["translator"]] == ["Ann Te"]
    assert story["author"][0]["url"] == f"{SITE}/author/mara-lind/"
    shapes = [(one["width"], one["height"]) for one in story["image"]]
    assert shapes == [(1200, 675), (1200, 900), (1200, 1200)]
    assert story["image"][0]["caption"] == "At dusk"
    assert story["articleSection"] == "World"
    assert story["isAccessibleForFree"] is True
    assert names_of(things["BreadcrumbList"]) == ["Newsroom", "World", "Bats & boats"]


def test_an_article_without_picture_or_byline_has_its_card_and_the_site(client):
    article = make_article()
    article.bylines.all().delete()
    story = things_of(client, article.get_absolute_url())["NewsArticle"]
    assert story["author"][0]["@type"] == "NewsMediaOrganization"
    assert story["image"] == [f"{SITE}{article.card.url}"]


def test_an_article_names_its_markdown_and_its_section_s_feeds(client, article):
    head = head_of(client, article.get_absolute_url())
    assert head.xpath("link[@type='text/markdown']/@href") == [
        f"{article.get_absolute_url().rstrip('/')}.md"
    ]
    assert "/section/world/rss.xml" in head.xpath("link[@type='application/rss+xml']/@href")


def test_an_empty_list_lists_nothing(client):
    make_section("Science")
    assert "mainEntity" not in things_of(client, "/section/science/")["CollectionPage"]
