"""Prepared questions answer as the querysets that they are made of, whoever asks and how often."""

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import BigIntegerField, CharField, DateTimeField, SlugField, Value
from django.utils import timezone

from articles.models import Article, Section
from articles.models.noting import Place, listener
from articles.models.prepared import Prepared
from tests.factories import make_article, make_hidden, make_image, make_section

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


def test_a_row_that_several_point_at_is_one_object():
    section, picture = make_section("World"), make_image()
    for name in ("One", "Two"):
        make_article(name, section=section, picture=picture)
    asked = Prepared(lambda now: Article.objects.published(now).for_front(), now=DateTimeField())
    one, two = asked.rows(now=timezone.now())
    assert one.section is two.section
    assert one.picture is two.picture
    assert one.section.articles.count() == 2


def test_rows_are_noted_and_can_be_saved():
    article = make_article("One", picture=make_image())
    noted = set()
    token = listener.set(lambda kind, number: noted.add((kind, number)))
    try:
        (found,) = question().rows(now=timezone.now(), slug="one")
    finally:
        listener.reset(token)
    of_author = ("author", found.byline_rows[0]["id"])
    assert {("article", article.pk), ("section", article.section_id), of_author} <= noted
    assert found.stood_at == Place.of(article)
    found.due_on = timezone.localdate()
    found.save(update_fields=["due_on"])
    article.refresh_from_db()
    assert article.due_on == timezone.localdate()


def test_what_was_not_asked_for_is_read_later(django_assert_num_queries):
    make_article("One", body="<p>Words.</p>")
    asked = Prepared(lambda now: Article.objects.published(now).for_front(), now=DateTimeField())
    (article,) = asked.rows(now=timezone.now())
    with django_assert_num_queries(1):
        assert article.body == "<p>Words.</p>"


def test_constants_with_any_sign_stay_what_they_are():
    article = make_article("One")
    for text in ("O'Hara", "50%s", "a:b %(now)s", "", "1", "now()", "ü"):
        asked = Prepared(
            lambda pk, text=text: Article.objects.filter(pk=pk).annotate(
                said=Value(text, output_field=CharField())
            ),
            pk=BigIntegerField(),
        )
        assert [one.said for one in asked.rows(pk=article.pk)] == [text]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads its schema anew")
def test_a_column_that_changed_its_type_meanwhile_is_read_all_the_same():
    make_section("World")
    asked = Prepared(lambda: Section.objects.filter(slug="world"))
    other = connections.create_connection("default")
    try:
        for length in (301, 300):
            assert [one.name for one in asked.rows()] == ["World"]
            with other.cursor() as cursor:
                table = "ALTER TABLE articles_section ALTER COLUMN description TYPE"
                cursor.execute(f"{table} varchar({length})")
        assert [one.name for one in asked.rows()] == ["World"]
    finally:
        other.close()
