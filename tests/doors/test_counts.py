"""The views of stories as they are now, for pages that were kept."""

import pytest
from django.utils import timezone

from articles.models import DailyViews
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


@pytest.mark.parametrize(
    "ids", ["", "a", "1,", "-1", "1;2", "1,2'--", "٣", "9" * 19, ",".join(["1"] * 31)]
)
def test_it_answers_for_a_short_list_of_numbers_only(client, ids):
    assert client.get("/counts.json", {"ids": ids}).status_code == 400


def test_it_is_only_read(client):
    assert client.post("/counts.json?ids=1").status_code == 405
