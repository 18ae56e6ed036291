"""Counting views."""

import pytest
from django.utils import timezone

from articles.models import Article, DailyViews
from tests.factories import make_article, make_person

pytestmark = pytest.mark.django_db
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def test_a_reader_is_counted_on_the_day(client):
    article = make_article()
    for _ in range(3):
        assert client.post(f"/beacon/{article.pk}/", headers=BROWSER).status_code == 204
    row = DailyViews.objects.get()
    assert (row.article, row.day, row.count) == (article, timezone.localdate(), 3)


@pytest.mark.parametrize(
    "agent", ["", "  ", "Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5", "python-requests/2"]
)
def test_machines_are_not_counted(client, agent):
    article = make_article()
    response = client.post(f"/beacon/{article.pk}/", headers={"user-agent": agent})
    assert response.status_code == 204
    assert not DailyViews.objects.exists()


def test_the_newsroom_itself_is_not_counted(client):
    article = make_article()
    client.force_login(make_person("writer"))
    assert client.post(f"/beacon/{article.pk}/", headers=BROWSER).status_code == 204
    assert not DailyViews.objects.exists()


def test_an_unknown_article_is_not_found(client):
    assert client.post("/beacon/4711/", headers=BROWSER).status_code == 404
    assert client.get("/beacon/4711/", headers=BROWSER).status_code == 405
    assert not DailyViews.objects.exists()


def test_counting_does_not_touch_the_article(client):
    article = make_article()
    before = Article.objects.values().get()
    client.post(f"/beacon/{article.pk}/", headers=BROWSER)
    assert Article.objects.values().get() == before
