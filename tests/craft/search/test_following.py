"""The index says what the tables say, however they were written."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Byline,
    FormerTagName,
    Section,
    Tag,
    TaggedArticle,
)
from articles.search import engine
from articles.search.documents import documents
from articles.search.finding import for_readers
from articles.search.naming import named
from tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db


def keys(text):
    return [story.pk for story in for_readers(text).stories]


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(named(sql))
        return cursor.fetchall()


def assert_index_is_true():
    """Everything that is kept is what would be made of the articles now."""
    engine().follow()
    made = {one.place: one for one in documents(Article.objects.values_list("pk", flat=True))}
    kept = rows("SELECT place, article, headline, body, flags FROM {document}")
    assert {row[0]: row[1:] for row in kept} == {
        place: (one.article, one.texts["headline"], one.texts["body"], one.flags)
        for place, one in made.items()
    }
    uses: dict[tuple[str, str], int] = {}
    for one in made.values():
        for pair in one.vocabulary if one.is_public else ():
            uses[pair] = uses.get(pair, 0) + 1
    assert {row[:2]: row[2] for row in rows("SELECT word, term, stories FROM {word}")} == uses
    ((stories,),) = rows("SELECT value FROM {state} WHERE name = 'stories'")
    assert stories == sum(one.is_public for one in made.values())
    words = {row[0] for row in rows("SELECT DISTINCT word FROM {deletion}")}
    assert words == {word for word, _term in uses if 3 <= len(word) <= 32 and not word.isdecimal()}
    assert rows("SELECT 1 FROM {queue}") == []


def test_every_way_to_write_is_followed():
    story = make_article("Otters return", tags=("Rivers",), body="<p>Upstream.</p>")
    assert keys("otters") == [story.pk]
    # update(), which sends no signal
    Article.objects.update(headline="Beavers return", headline_key="beavers return")
    assert (keys("otters"), keys("beavers")) == ([], [story.pk])
    # a tag that is renamed, keeps its former name, and goes
    Tag.objects.filter(name="Rivers").update(name="Streams")
    assert (keys("tag:rivers"), keys("tag:streams")) == ([], [story.pk])
    FormerTagName.objects.bulk_create(
        [FormerTagName(tag=Tag.objects.get(), name="Becks", slug="b")]
    )
    assert keys("becks") == [story.pk]
    FormerTagName.objects.all().delete()
    assert keys("becks") == []
    TaggedArticle.objects.all().delete()
    assert keys("streams") == []
    # an author and a section that get other names
    Author.objects.update(name="Ada Quill")
    Section.objects.update(name="Nature")
    assert keys("author:quill section:nature") == [story.pk]
    Byline.objects.all().delete()
    assert keys("author:quill") == []
    # many at once
    other = Article(
        headline="Lynxes seen", body_text="In snow.", status="published", slug="lynxes",
        published_at=timezone.now(), published_on=timezone.localdate(), section=story.section,
    )  # fmt: skip
    Article.objects.bulk_create([other])
    assert keys("lynxes") == keys("snow") == [other.pk]
    # plain SQL
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET standfirst = 'A gorge.' WHERE slug = 'lynxes'")
    assert keys("gorge") == [other.pk]
    # and away
    Article.objects.filter(pk=other.pk).delete()
    assert keys("lynxes") == []
    assert_index_is_true()


def test_a_fixture_is_followed(tmp_path):
    make_article("Otters return", tags=("Rivers",), author=make_author("Ada Quill"))
    models = (Section, Author, Tag, Article, Byline, TaggedArticle)
    text = serializers.serialize(
        "json", [row for model in models for row in model.objects.all()],
        use_natural_foreign_keys=True, use_natural_primary_keys=True,
    )  # fmt: skip
    for model in reversed(models):
        model.objects.all().delete()
    assert keys("otters") == []
    fixture = tmp_path / "world.json"
    fixture.write_text(text)
    call_command("loaddata", str(fixture), verbosity=0)
    assert keys("otters") == keys("tag:rivers author:quill") == [Article.objects.get().pk]
    assert_index_is_true()


def test_time_makes_a_story_public_without_a_write(monkeypatch):
    soon = timezone.now() + timedelta(minutes=5)
    story = make_article("Otters return", embargo_until=soon)
    assert keys("otters") == []
    later = soon + timedelta(seconds=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert keys("otters") == [story.pk]
    assert_index_is_true()


def test_what_a_transaction_takes_back_was_never_there():
    story = make_article("Otters return")
    with transaction.atomic():
        Article.objects.update(headline="Beavers return")
        engine().follow()
        transaction.set_rollback(True)
    assert (keys("otters"), keys("beavers")) == ([story.pk], [])
    assert_index_is_true()


def test_an_index_is_built_beside_and_swapped_with_what_was_written_meanwhile():
    first = make_article("Otters return")
    second = make_article("Lynxes seen")
    engine().follow()
    with connection.cursor() as cursor:
        cursor.execute(named("DELETE FROM {document}"))
        cursor.execute(named("DELETE FROM {queue}"))
    assert keys("otters") == []

    def report(done, of):
        Article.objects.filter(pk=first.pk).update(headline="Beavers return")
        assert keys("lynxes") == []  # The old one answers until the new one is whole.

    assert engine().rebuild(report) == 2
    assert (keys("otters"), keys("beavers"), keys("lynxes")) == ([], [first.pk], [second.pk])
    assert_index_is_true()
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "2 articles" in out.getvalue()
    assert_index_is_true()


def test_tables_that_are_altered_are_followed_again_from_then_on():
    story = make_article("Otters return")
    assert keys("otters") == [story.pk]
    engine().step_aside()
    Article.objects.update(headline="Beavers return")
    assert keys("beavers") == []
    engine().prepare()
    assert keys("beavers") == [story.pk]
    Article.objects.update(headline="Lynxes return")
    assert keys("lynxes") == [story.pk]
    assert_index_is_true()


def test_emptied_tables_empty_the_index():
    make_article("Otters return")
    engine().follow()
    with connection.cursor() as cursor:
        for table in ("articles_taggedarticle", "articles_byline", "articles_article"):
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"TRUNCATE {table} CASCADE")
            else:
                cursor.execute(f"DELETE FROM {table}")
    assert keys("otters") == []
    assert_index_is_true()


@pytest.mark.django_db(transaction=True)
def test_a_write_is_in_the_index_when_it_is_committed():
    # What tests before this one left when their tables were emptied.
    engine().follow()
    with transaction.atomic():
        make_article("Otters return")
        assert rows("SELECT 1 FROM {document}") == []
    assert len(rows("SELECT 1 FROM {document}")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_save_is_found_at_once_however_much_waits_before_it():
    engine().follow()
    story = make_article("Otters return")
    rows_waiting = [(number,) for number in range(10**6, 10**6 + 300)]
    with connection.cursor() as cursor:
        cursor.executemany(named("INSERT INTO {queue} (article) VALUES (%s)"), rows_waiting)
    story.headline = "Beavers return"
    story.write()
    assert len(rows("SELECT 1 FROM {document} WHERE headline LIKE '%beaver%'")) == 1
    # Whoever saves pays for little of it.
    assert len(rows("SELECT 1 FROM {queue}")) > 250
