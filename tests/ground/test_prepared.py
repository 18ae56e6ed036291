"""Prepared questions answer as the querysets that they are made of, whoever asks and how often."""

from datetime import timedelta

import pytest
from django.db.models import BigIntegerField, DateTimeField, SlugField
from django.utils import timezone

from articles.models import Article
from articles.models.prepared import Prepared
from tests.factories import make_article, make_hidden, make_image

pytestmark = pytest.mark.django_db


def question():
    return Prepared(
        lambda now, slug: Article.objects.published(now).for_page(now).filter(slug=slug),
        now=DateTimeField(),
        slug=SlugField(),
    )


def test_each_asking_has_its_own_values():
    asked = question()
    for name in ("One", "Two"):
        make_article(name, picture=make_image(), tags=(f"Topic {name}",))
    for name in ("one", "two", "one"):
        (article,) = asked.rows(now=timezone.now(), slug=name)
        (plain,) = Article.objects.published().for_page().filter(slug=name)
        assert article == plain
        assert article.__dict__.keys() - {"_state"} == plain.__dict__.keys() - {"_state"}
        assert (article.section, article.picture) == (plain.section, plain.picture)
        assert article.tag_rows == plain.tag_rows
    assert asked.rows(now=timezone.now(), slug="three") == []


def test_one_query_and_nothing_is_read_later(django_assert_num_queries):
    make_article("One", picture=make_image())
    asked = question()
    for _time in range(2):
        with django_assert_num_queries(1):
            (article,) = asked.rows(now=timezone.now(), slug="one")
            assert article.section.name
            assert article.picture.file.name
            assert article.credits


def test_the_moment_is_that_of_asking():
    make_hidden("embargoed", "Later")
    asked = question()
    assert asked.rows(now=timezone.now(), slug="later") == []
    assert len(asked.rows(now=timezone.now() + timedelta(days=2), slug="later")) == 1


def test_nothing_may_stand_at_a_place_in_a_list():
    article = make_article()
    asked = Prepared(
        lambda one, other: Article.objects.filter(pk__in=[one, other]),
        one=BigIntegerField(),
        other=BigIntegerField(),
    )
    assert asked.rows(one=article.pk, other=None) == [article]
    assert asked.rows(one=None, other=None) == []
