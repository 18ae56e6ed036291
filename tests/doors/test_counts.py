"""The views of stories as they are now, for pages that were kept."""

import re

import pytest
from django.utils import timezone

from articles.models import DailyViews
from articles.readership.rankings import rank
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_it_tells_the_views_of_several_stories_in_the_words_of_the_page(client):
    one, other = make_article("One", starting_views=1203), make_article("Other")
    DailyViews.objects.create(article=one, day=timezone.localdate(), count=1)
    DailyViews.objects.create(article=other, day=timezone.localdate(), count=1)
    answer = client.get(f"/counts.json?ids={one.pk},{other.pk},{other.pk + 1}")
    assert answer.json() == {str(one.pk): "1,204 views", str(other.pk): "1 view"}
    assert "public" in answer["Cache-Control"]
    assert answer["Cache-Control"].count("max-age=") == 1
    assert "Cookie" not in answer.get("Vary", "")
    text = client.get(one.get_absolute_url()).text
    assert f'data-views="{one.pk}"' in text
    assert "1,204 views" in text


def test_it_tells_the_lists_of_now_as_the_page_would_have_them(client):
    stories = [make_article(f"<Story> {number}") for number in range(6)]
    for number, story in enumerate(stories):
        DailyViews.objects.create(article=story, day=timezone.localdate(), count=1 + number)
    rank()
    for scope, address in (("", "/"), ("world", "/section/world/")):
        listed = client.get(f"/counts.json?lists={scope}").json()["lists"]
        page = client.get(address).text
        assert f'data-rankings="{scope}">{listed}' in page
        titles = re.findall("&lt;Story&gt; [0-9]", listed)
        assert titles == [f"&lt;Story&gt; {number}" for number in (5, 4, 3, 2, 1)]
        assert "Most read this week" in listed
    DailyViews.objects.filter(article=stories[0]).update(count=9)
    rank()
    both = client.get(f"/counts.json?ids={stories[0].pk}&lists=").json()
    assert both[str(stories[0].pk)] == "9 views"
    assert both["lists"].index("Story&gt; 0") < both["lists"].index("Story&gt; 5")
    # A section's past has them once, on its first page.
    assert "data-rankings" not in client.get("/latest/").text
    assert client.get("/counts.json?lists=nowhere").json() == {}


@pytest.mark.parametrize(
    "query", ["", "lists=a/b", f"lists={'x' * 81}", "lists=%00", "ids=a&lists="]
)
def test_it_answers_for_an_address_of_a_section_only(client, query):
    assert client.get(f"/counts.json?{query}").status_code == 400


@pytest.mark.parametrize(
    "ids", ["", "a", "1,", "-1", "1;2", "1,2'--", "٣", "9" * 19, ",".join(["1"] * 31)]
)
def test_it_answers_for_a_short_list_of_numbers_only(client, ids):
    assert client.get("/counts.json", {"ids": ids}).status_code == 400


def test_it_is_only_read(client):
    assert client.post("/counts.json?ids=1").status_code == 405
