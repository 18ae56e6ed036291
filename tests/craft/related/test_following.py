"""Neighbours follow every write, and are the same however and in whichever order it came."""

import random
from datetime import timedelta

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.editorial import tags, transitions
from articles.editorial.revisions import record, working_data
from articles.models import (
    Article,
    Neighbour,
    RelatedWork,
    StoryTerms,
    Tag,
    TaggedArticle,
    Translation,
)
from articles.related import choices, work
from articles.related.stories import counts_in_force
from tests.chance import examples
from tests.craft.related.archive import SUBJECTS, lists, make_story, settle, under
from tests.factories import HIDDEN_STATES, make_article, make_hidden, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def bats():
    """Three stories on bats among others."""
    found = [make_story("Bats", number) for number in range(3)]
    for subject in ("Ports", "Bread"):
        for number in range(3):
            make_story(subject, number)
    settle()
    return found


def test_stories_on_one_subject_stand_under_each_other(bats):
    for one in bats:
        assert set(under(one)[:2]) == {other.headline for other in bats if other != one}


def test_what_is_published_comes_into_the_lists_of_its_neighbours(bats):
    new = make_story("Bats", 7, status="draft", published_at=None)
    settle()
    assert not Neighbour.objects.filter(neighbour=new).exists()
    transitions.publish(new)
    settle()
    assert set(under(new)[:3]) == {one.headline for one in bats}
    for one in bats:
        assert new.headline in under(one)


def test_what_is_withdrawn_leaves_all_lists_and_keeps_none(bats):
    transitions.withdraw(bats[0])
    settle()
    assert not Neighbour.objects.filter(neighbour=bats[0]).exists()
    assert not Neighbour.objects.filter(article=bats[0]).exists()
    transitions.publish(bats[0])
    settle()
    assert bats[0].headline in under(bats[1])


def test_a_correction_of_the_text_moves_it_to_other_stories(bats):
    bread = Article.objects.published().filter(tags__name="Bread").first()
    data = working_data(bread)
    words = " ".join(SUBJECTS["Bats"])
    record(bread, {**data, "body": f"<p>{words} {words}.</p>", "tags": ["Bats"]})
    transitions.correct(bread, kind="typo")
    settle()
    assert {one.headline for one in bats} <= set(under(bread)[:3])
    assert bread.headline in under(bats[0])


@pytest.mark.parametrize("write", ["update", "bulk_create", "loaddata", "delete", "tag"])
def test_writes_that_send_no_signal_are_followed_too(bats, write, tmp_path):
    one, two, three = bats
    if write == "update":
        Article.objects.filter(pk=three.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    elif write == "delete":
        Article.objects.filter(pk=three.pk).delete()
    elif write == "tag":
        TaggedArticle.objects.filter(content_object=three).delete()
        TaggedArticle.objects.filter(content_object=one).update(tag=Tag.objects.get(name="Bread"))
    else:
        copy = Article.objects.get(pk=three.pk)
        Article.objects.filter(pk=three.pk).delete()
        settle()
        assert three.headline not in under(one)
        if write == "bulk_create":
            Article.objects.bulk_create([copy])
        else:
            path = tmp_path / "one.json"
            path.write_text(serializers.serialize("json", [copy], use_natural_primary_keys=True))
            call_command("loaddata", str(path), verbosity=0)
    settle()
    if write in {"update", "delete"}:
        assert three.headline not in under(one) + under(two)
    elif write == "tag":
        reasons = Neighbour.objects.get(article=one, neighbour=two).reasons
        assert reasons["tags"] == []
    else:
        assert three.headline in under(one)
    assert not work.is_waiting()


def test_a_merger_of_tags_brings_their_stories_together(bats):
    lone = make_story("Trams", 1, tags=("Night animals",))
    settle()
    assert bats[0].headline not in under(lone)
    tags.merge([Tag.objects.get(name="Night animals")], Tag.objects.get(name="Bats"))
    settle()
    assert set(under(lone)[:3]) == {one.headline for one in bats}
    tags.rename(Tag.objects.get(name="Bats"), "Flying mammals")
    settle()
    assert set(under(lone)[:3]) == {one.headline for one in bats}


def test_translations_of_one_story_are_no_neighbours(bats):
    one, two, _three = bats
    assert two.headline in under(one)
    Article.objects.filter(pk=two.pk).update(language="de")
    place = Translation.objects.create(article=one)
    Translation.objects.create(article=Article.objects.get(pk=two.pk), group=place.group)
    settle()
    assert two.headline not in under(one)
    Translation.objects.all().delete()
    settle()
    assert two.headline in under(one)


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_what_readers_may_not_see_stands_in_no_list(bats, state):
    hidden = make_hidden(state, tags=("Bats",), body=bats[0].body + "<p>And more of it.</p>")
    settle()
    assert not Neighbour.objects.filter(neighbour=hidden).exists()
    assert not Neighbour.objects.filter(article=hidden).exists()


def test_what_becomes_public_by_its_time_alone_comes_then(bats):
    moment = timezone.now() + timedelta(hours=1)
    coming = make_story("Bats", 9, embargo_until=moment)
    settle()
    assert coming.headline not in under(bats[0])
    Article.objects.filter(pk=coming.pk).update()
    # Time goes by: nobody writes to the article.
    RelatedWork.objects.update(due_at=timezone.now())
    with pytest.MonkeyPatch.context() as patch:
        later = moment + timedelta(seconds=1)
        patch.setattr(timezone, "now", lambda: later)
        settle()
        assert coming.headline in under(bats[0])


def test_an_editors_drop_outlasts_every_computation(bats):
    one, two, _three = bats
    choices.drop(one, two)
    assert two.headline in under(two.__class__.objects.get(pk=bats[2].pk))
    for again in (settle, lambda: call_command("relate"), lambda: Article.objects.update(words=1)):
        again()
        settle()
        assert two.headline not in under(one)
        # Only under this one.
        assert one.headline in under(two)
    choices.take_back(one, two)
    settle()
    assert two.headline in under(one)


def test_two_texts_of_nearly_the_same_words_are_no_neighbours(bats):
    copy = make_article(
        "The same again", body=bats[0].body + "<p>One more word.</p>", tags=("Bats",),
        standfirst=bats[0].standfirst,
    )  # fmt: skip
    settle()
    assert copy.headline not in under(bats[0])
    assert bats[0].headline not in under(copy)
    # Under a third story only one of the two stands.
    assert len({copy.headline, bats[0].headline} & set(under(bats[1]))) == 1


def test_one_story_that_is_a_little_near_to_all_does_not_stand_under_all():
    every = " ".join(word for words in SUBJECTS.values() for word in words)
    hub = make_article("A week in short", body=f"<p>{every}.</p>", tags=tuple(SUBJECTS))
    for subject in SUBJECTS:
        for number in range(9):
            make_story(subject, number)
    settle()
    top = Neighbour.objects.filter(neighbour=hub, rank__lte=5).count()
    # It is among the five nearest of many, and among the first five of those only to which it is
    # one of the nearest in turn.
    assert top <= 15
    lists_of_others = Neighbour.objects.exclude(article=hub).filter(rank__lte=5)
    assert lists_of_others.values("neighbour").distinct().count() > len(SUBJECTS) * 8


def test_reasons_are_true(bats):
    call_command("relate")
    rows = list(Neighbour.objects.select_related("article", "neighbour"))
    assert any(row.reasons["tags"] for row in rows)
    assert any(row.reasons["words"] for row in rows)
    for row in rows:
        sides = (row.article, row.neighbour)
        for tag in row.reasons["tags"]:
            assert all(side.tags.filter(pk=tag).exists() for side in sides)
        for word in row.reasons["words"]:
            texts = [f"{one.headline} {one.standfirst} {one.body_text}".lower() for one in sides]
            assert all(word.lower()[:4] in text for text in texts), word
        assert row.reasons["section"] is (sides[0].section_id == sides[1].section_id)


def test_computing_again_changes_nothing(bats, django_assert_max_num_queries):
    before = lists()
    assert before
    work.begin_again(recount=False)
    settle()
    assert lists() == before
    call_command("relate", "--keep-counts")
    assert lists() == before
    call_command("relate")
    assert lists().keys() == before.keys()


def test_a_round_that_was_broken_off_is_gone_on_with(bats):
    work.begin_again()
    steps = work.steps()
    for _number in range(3):
        next(steps)
    steps.close()
    assert work.is_waiting()
    settle()
    assert not work.is_waiting()
    number = counts_in_force().number
    assert not StoryTerms.objects.exclude(words_round=number, order_round=number).exists()


def test_one_process_at_a_time_does_the_work(bats):
    now = timezone.now()
    assert work.hold("one", now)
    assert not work.hold("two", now)
    assert work.settle("two") is False
    assert work.hold("two", now + work.HELD_FOR)
    work.let_go("two")
    assert work.settle("one")


class TestAnyOrder(TestCase):
    """Whatever is written: what follows step by step is what a look at everything says."""

    @settings(max_examples=examples(3, proof=60), deadline=None)
    @given(seed=st.integers(0, 10_000))
    def test_step_by_step_is_the_same_as_from_nothing(self, seed):
        chance = random.Random(seed)
        made: list[Article] = []
        for number in range(chance.randint(6, 14)):
            made.append(make_story(chance.choice(list(SUBJECTS)), number, tags=tags_of(chance)))
            one = chance.choice(made)
            what = chance.randrange(6)
            if what == 0:
                one.tags.set(tags_of(chance))
            elif what == 1:
                Article.objects.filter(pk=one.pk).update(headline=f"Changed {number} ship loaf")
            elif what == 2:
                Article.objects.filter(pk=one.pk).update(
                    status=chance.choice(["withdrawn", "published"])
                )
            elif what == 3:
                Article.objects.filter(pk=one.pk).update(
                    section=make_section(chance.choice(["World", "Sport"]))
                )
            elif what == 4 and len(made) > 4:
                made.remove(one)
                Article.objects.filter(pk=one.pk).delete()
            if chance.random() < 0.6:
                settle()
        settle()
        before = lists()
        work.begin_again(recount=False)
        settle()
        assert lists() == before


def tags_of(chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample([*SUBJECTS, "World", "Odd"], chance.randint(0, 3)))


def test_nothing_is_to_be_done_for_a_story_that_is_gone_with_its_tags():
    """Tables emptied by SQL left work for stories that were not there; a dump of them failed."""
    make_article("Otters return", tags=("Otters",))
    with connection.cursor() as cursor:
        for table in ("byline", "article", "taggedarticle"):
            cursor.execute(f"DELETE FROM articles_{table}")
    assert not RelatedWork.objects.exists()
