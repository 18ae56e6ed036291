"""`manage.py make_world`: invented stories are rows as real ones are."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.editorial.snapshots import snapshot
from articles.importers import synthetic
from articles.importers.synthetic import Plan, World
from articles.models import Article, DailyViews
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def make(**options):
    said = StringIO()
    call_command("make_world", stdout=said, words=60, **options)
    return said.getvalue()


def test_the_stories_are_as_a_save_would_leave_them_and_can_be_read():
    assert "90 of 90 articles" in make(articles=90)
    assert Article.objects.count() == 90
    assert DailyViews.objects.exists()
    for article in Article.objects.order_by("?")[:5]:
        columns = {field.attname for field in Article._meta.fields} - {"saved_at"}
        before = {name: getattr(article, name) for name in columns}
        article.derive()
        assert {name: getattr(article, name) for name in columns} == before
        assert article.revisions.get().snapshot == snapshot(article)
    client = Client()
    for address in ("/", Article.objects.published().first().get_absolute_url(), "/latest/"):
        assert client.get(address).status_code == 200


def test_a_run_that_was_stopped_goes_on_and_the_same_seed_gives_the_same_stories(monkeypatch):
    monkeypatch.setattr(synthetic, "BATCH", 20)
    runs = []
    for _ in range(2):
        next(World(Plan(60, seed=7, words=60)).build())
        assert Article.objects.count() == 20
        make(articles=60, seed=7)
        assert "are there" in make(articles=60, seed=7)
        runs.append(list(Article.objects.order_by("pk").values_list("uid", "headline", "body")))
        Article.objects.all().delete()
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 60


def test_a_site_with_stories_of_its_own_is_left_alone():
    make_article()
    with pytest.raises(CommandError, match="stories of its own"):
        make(articles=10)
    assert Article.objects.count() == 1
