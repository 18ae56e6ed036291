"""Prepared questions answer as the querysets that they are made of, whoever asks and how often."""

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import BigIntegerField, CharField, DateTimeField, SlugField, Value
from django.utils import timezone

from articles.models import Article, Revision, Section
from articles.models.noting import Place, listener
from articles.models.prepared import Prepared
from articles.models.rows import shared_rows
from articles.views.pieces import headline_of, headline_of_row
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


def test_columns_of_every_kind_are_read_as_a_queryset_reads_them():
    article = make_article("Größe – “naïve”", picture=make_image(), tags=("Topic",))
    snapshot = {"headline": 'Größe "\\\n\u2028', "order": [1, None, 2.5, True]}
    article.revisions.create(number=1, snapshot=snapshot)
    for model in (Article, type(article.picture), Revision):
        asked = Prepared(lambda model=model: model.objects.order_by("pk"))
        found, plain = asked.rows(), list(model.objects.order_by("pk"))
        assert plain
        for one, other in zip(found, plain, strict=True):
            columns = [field.attname for field in model._meta.concrete_fields]
            assert [getattr(one, name) for name in columns] == [
                getattr(other, name) for name in columns
            ]


def test_headlines_behind_the_first_come_with_them_and_are_noted():
    stories = [make_article(f"Story & {number}") for number in range(5)]
    moved = timezone.now() - timedelta(hours=1)
    for number, story in enumerate(stories):
        Article.objects.filter(pk=story.pk).update(published_at=moved - timedelta(days=number))
    asked = Prepared(
        lambda now: Article.objects.published(now).for_front()[:2].with_next(2, 4, now),
        now=DateTimeField(),
    )
    first, second = asked.rows(now=timezone.now())
    assert first.next_headlines == second.next_headlines
    noted = []
    token = listener.set(lambda kind, number: noted.append((kind, number)))
    try:
        rows = shared_rows(first.next_headlines, {"article": "id"})
    finally:
        listener.reset(token)
    assert noted == [("article", story.pk) for story in stories[2:4]]
    for row, story in zip(rows, Article.objects.published()[2:4], strict=True):
        assert headline_of_row(row) == headline_of(story)


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
