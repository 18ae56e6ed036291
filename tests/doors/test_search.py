"""The search page says what it did with a query, and offers ways on."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Section
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    now = timezone.now()
    politics = make_section("Politics", slug="at-home")
    for number in range(3):
        make_article(f"Otters {number}", published_at=now - timedelta(hours=number))
    make_article("Old otters", section=politics, published_at=now - timedelta(days=800))


def page_of(client, query, **asked):
    response = client.get("/search/", {"q": query, **asked})
    assert response.status_code == 200
    return html.fromstring(response.text)


def headlines(page):
    return [link.text_content() for link in page.xpath("//*[@class='card__headline']/a")]


def test_sections_and_years_narrow_and_are_taken_back(client, world):
    page = page_of(client, "otters")
    assert page.xpath("//mark")
    choices = {
        " ".join(link.text_content().split()): link.get("href")
        for link in page.xpath("//nav[@class='narrow']//a")
    }
    then, now = timezone.localdate() - timedelta(days=800), timezone.localdate()
    assert set(choices) >= {"World 3", "Politics 1", f"{then.year} 1"}
    narrow = html.fromstring(client.get(choices["Politics 1"]).text)
    assert headlines(narrow) == ["Old otters"]
    (back,) = narrow.xpath("//ul[@class='held']//a")
    assert "Politics" in back.text_content()
    assert len(headlines(html.fromstring(client.get(back.get("href")).text))) == 4
    past = html.fromstring(client.get(choices[f"{then.year} 1"]).text)
    assert headlines(past) == ["Old otters"]
    assert then.year != now.year
    (back,) = past.xpath("//ul[@class='held']//a")
    assert back.text_content().split()[0] == str(then.year)


def test_pages_and_the_order_are_kept_from_page_to_page(client, world, settings):
    settings.NEWSROOM = {"PAGE_SIZE": 2}
    page = page_of(client, "otters", sort="newest")
    assert headlines(page) == ["Otters 0", "Otters 1"]
    (following,) = page.xpath("//a[@rel='next']/@href")
    last = html.fromstring(client.get(following).text)
    assert headlines(last) == ["Otters 2", "Old otters"]
    (before,) = last.xpath("//a[@rel='prev']/@href")
    assert headlines(html.fromstring(client.get(before).text)) == ["Otters 0", "Otters 1"]
    for odd in ("0", "-1", "x", "99999999", "٣"):
        page_of(client, "otters", page=odd)


def test_a_corrected_query_says_so_and_is_narrowed_as_corrected(client, world):
    page = page_of(client, "oters")
    said = " ".join(page.xpath("//*[@role='status']")[0].text_content().split())
    assert said == "No story has “oters”. These have otters. 4 stories"
    (link,) = page.xpath("//nav[@class='narrow']//a[contains(., 'Politics')]/@href")
    assert headlines(html.fromstring(client.get(link).text)) == ["Old otters"]


def test_what_was_typed_stays_in_the_field_as_it_was(client, world):
    typed = "\"otters\" <b> 'x' & –y"
    page = page_of(client, typed)
    assert page.xpath("//main//input[@name='q']/@value") == [typed]


def test_suggestions_are_the_same_for_everybody_and_lead_to_their_pages(client, world):
    answer = client.get("/search/suggestions.json", {"q": "ott"})
    assert "Cookie" not in answer.get("Vary", "")
    titles = {line["title"]: line["address"] for line in answer.json()["lines"]}
    assert set(titles) == {"Otters 0", "Otters 1", "Otters 2", "Old otters"}
    assert client.get(titles["Old otters"]).status_code == 200
    story = make_article("Of ferries", tags=("European Union",))
    story.tags.get().former_names.create(name="EU", slug="eu", is_synonym=True)
    (topic,) = client.get("/search/suggestions.json", {"q": "eu"}).json()["lines"][:1]
    assert (topic["kind"], topic["title"]) == ("Topic", "European Union")
    section = client.get("/search/suggestions.json", {"q": "polit"}).json()["lines"]
    assert section == []  # Its name begins so, but not the address that it is looked up by.
    address = Section.objects.get(name="Politics").get_absolute_url()
    (line,) = client.get("/search/suggestions.json", {"q": "at ho"}).json()["lines"]
    assert (line["kind"], line["address"]) == ("Section", address)
