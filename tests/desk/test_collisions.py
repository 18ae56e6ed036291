"""Verbs that meet: they wait for each other, none of them fails for it, and nothing gets lost."""

import threading
import time
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from articles.editorial import merging, tags, transitions
from articles.editorial.collisions import TRIES, whole
from articles.editorial.revisions import record, working_data
from articles.models import Article, Tag
from tests.desk.changes import publish
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_writers():
    """One that does its work while a transaction of ours is open, and has to wait for it."""
    if connection.vendor != "postgresql":
        pytest.skip("left out: on SQLite one transaction writes at a time")
    return Meanwhile


class Meanwhile(threading.Thread):
    """Somebody else's verb, begun in the middle of our transaction."""

    def __init__(self, verb):
        super().__init__(daemon=True)
        self.verb, self.error = verb, None
        self.start()
        self.wait_until_it_waits()

    def run(self):
        try:
            self.verb()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def wait_until_it_waits(self):
        """Return when a lock of ours is in its way, or when it went through."""
        asked = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        for _ in range(500):
            with connection.cursor() as cursor:
                # Within a transaction it would be told the same each time.
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(asked)
                if cursor.fetchone()[0] or not self.is_alive():
                    return
            time.sleep(0.01)
        raise AssertionError("it neither waits nor ends")

    def end(self):
        self.join(20)
        assert not self.is_alive()
        if self.error:
            raise self.error


def tag_names(article):
    return list(article.tags.order_by("tagged_articles__id").values_list("name", flat=True))


def give_tags(article, *names):
    record(article, {**working_data(article), "tags": list(names)})
    transitions.correct(article, kind="typo")


def the_tag(name):
    return Tag.objects.get(name=name)


# --- tags and stories ----------------------------------------------------------------------------


def test_a_merger_waits_for_a_story_that_is_exchanging_its_tag(two_writers):
    """Each had what the other waited for: the tag's row, and the row of the tag on the story."""
    story, other = publish("One", tags=("Quays",)), publish("Two", tags=("Docks",))
    with transaction.atomic():
        give_tags(story, "Docks")
        merger = two_writers(lambda: tags.merge([the_tag("Quays")], the_tag("Docks")))
    merger.end()
    assert tag_names(story) == tag_names(other) == ["Docks"]
    assert [tag.name for tag in Tag.objects.all()] == ["Docks"]


def test_a_story_that_gets_a_tag_while_it_is_merged_away_gets_the_one_it_became(two_writers):
    story, _other = publish("One"), publish("Two", tags=("Quays", "Docks"))
    with transaction.atomic():
        tags.merge([the_tag("Quays")], the_tag("Docks"))
        publication = two_writers(lambda: give_tags(story, "Quays"))
    publication.end()
    assert tag_names(story) == ["Docks"]
    assert [tag.name for tag in Tag.objects.all()] == ["Docks"]


def test_a_merger_takes_along_the_story_that_got_the_tag_while_it_waited(two_writers):
    first, late = publish("One", tags=("Quays",)), publish("Two")
    target = Tag.objects.create(name="Docks", slug="docks")
    with transaction.atomic():
        give_tags(first, "Quays", "Sea")
        give_tags(late, "Quays")
        merger = two_writers(lambda: tags.merge([the_tag("Quays")], target))
    merger.end()
    assert tag_names(late) == ["Docks"]
    assert sorted(tag_names(first)) == ["Docks", "Sea"]


@pytest.mark.parametrize("first", ["split", "story"])
def test_a_split_and_a_publication_of_one_story_both_happen(two_writers, first):
    story, other = publish("One", tags=("Sea",)), publish("Two", tags=("Sea",))

    def split():
        tags.split(the_tag("Sea"), "Ocean", [story])

    clock = merging.clock_of(story)

    def tell_more():
        merging.save(story, {"headline": "One, and more"}, by=None, client="a", base=clock)
        transitions.correct(story, kind="typo")

    ours, theirs = (split, tell_more) if first == "split" else (tell_more, split)
    with transaction.atomic():
        ours()
        somebody = two_writers(theirs)
    somebody.end()
    story.refresh_from_db()
    assert (story.headline, tag_names(story)) == ("One, and more", ["Ocean"])
    assert tag_names(other) == ["Sea"]


def test_two_stories_of_one_headline_that_come_out_at_once_get_two_addresses(two_writers):
    one, two = (make_article("Pilots vote", status="draft", slug="") for _ in range(2))
    with transaction.atomic():
        transitions.publish(one)
        second = two_writers(lambda: transitions.publish(two))
    second.end()
    assert {article.slug for article in Article.objects.all()} == {"pilots-vote", "pilots-vote-2"}


# --- what is done again, and what is not ---------------------------------------------------------


class Unlucky:
    """A verb that the database ends a number of times."""

    def __init__(self, times, state="40P01", error=None):
        self.times, self.done = times, 0
        self.error = error or OperationalError("deadlock detected")
        self.error.__cause__ = Exception()
        self.error.__cause__.sqlstate = state

    def __call__(self):
        Tag.objects.create(name=f"Try {self.done}", slug=f"try-{self.done}")
        self.done += 1
        if self.done <= self.times:
            self.fail()
        return "done"

    def fail(self):
        raise self.error


def test_what_a_collision_ended_is_done_again_three_times_at_most_and_leaves_no_half():
    for times, tried in ((TRIES, TRIES), (TRIES - 1, TRIES)):
        verb = Unlucky(times)
        do = whole(lambda verb=verb: verb())
        with pytest.raises(OperationalError) if times == TRIES else nullcontext():
            assert do() == "done"
        assert verb.done == tried
    assert [tag.name for tag in Tag.objects.filter(name__startswith="Try")] == ["Try 2"]


def test_nothing_is_done_again_that_was_done_or_refused_or_belongs_to_the_caller():
    refused, elsewhere, within, done = (
        Unlucky(1, error=ValidationError("No.")), Unlucky(1, state="53100"), Unlucky(1), Unlucky(0)
    )  # fmt: skip

    def done_but():
        done()
        transaction.on_commit(Unlucky(1).fail)

    with pytest.raises(ValidationError):
        whole(lambda: refused())()
    with pytest.raises(OperationalError):
        whole(lambda: elsewhere())()
    with pytest.raises(OperationalError), transaction.atomic():
        whole(lambda: within())()
    with pytest.raises(OperationalError):
        whole(done_but)()
    assert [one.done for one in (refused, elsewhere, within, done)] == [1, 1, 1, 1]
    assert [tag.name for tag in Tag.objects.filter(name__startswith="Try")] == ["Try 0"]
