"""Splits: one name becomes two, for readers at once and for everything that waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.editorial import schedule, tags, transitions
from articles.editorial.addresses import where_now
from articles.editorial.revisions import newest, record
from articles.editorial.tag_names import NameTaken
from articles.models import Redirect, Tag
from tests.desk.test_tags import edit, live_tags, make_live, make_tag, tags_of
from tests.factories import Status, make_article, make_person

pytestmark = pytest.mark.django_db


def test_a_split_changes_what_readers_see_at_once_and_no_date():
    article, other = make_live("One", "Sea", "Ports", "Trade"), make_live("Two", "Ports")
    article.refresh_from_db()
    before = (article.published_at, article.updated_at, article.saved_at)
    tags.split(make_tag("Ports"), "Docks", [article], by=make_person("editor"))
    assert tags_of(article) == ["Sea", "Docks", "Trade"]
    assert tags_of(other) == ["Ports"]
    article.refresh_from_db()
    assert (article.published_at, article.updated_at, article.saved_at) == before
    assert not article.has_changes_waiting
    revision = newest(article)
    assert article.live_number == article.working_number == revision.number == 2
    assert revision.snapshot["tags"] == ["Sea", "Docks", "Trade"]
    assert (revision.made_by_name, revision.note) == ("editor", "Tag “Ports” split: “Docks”")


def test_after_a_split_publishing_does_not_bring_the_old_tag_back():
    live = make_live("Live", "Ports")
    draft = make_article("Draft", status=Status.APPROVED, tags=("Ports",))
    record(draft)
    tags.split(make_tag("Ports"), "Docks", [live, draft])
    edit(live, headline="Corrected")
    transitions.correct(live, kind="typo")
    transitions.publish(draft)
    assert tags_of(live) == tags_of(draft) == ["Docks"]


def test_changes_that_wait_go_on_waiting_after_a_split():
    article = make_live("One", "Ports")
    edit(article, headline="Waiting")
    tags.split(make_tag("Ports"), "Docks", [article])
    article.refresh_from_db()
    assert article.has_changes_waiting
    assert (article.headline, live_tags(article)) == ("One", ["Docks"])
    assert newest(article).snapshot["headline"] == "Waiting"
    transitions.correct(article, kind="typo")
    assert (article.headline, tags_of(article)) == ("Waiting", ["Docks"])


def test_changes_that_had_dropped_the_tag_do_not_get_the_new_one():
    article = make_live("One", "Ports", "Sea")
    edit(article, tags=["Sea"])
    tags.split(make_tag("Ports"), "Docks", [article])
    assert live_tags(article) == ["Docks", "Sea"]
    assert newest(article).snapshot["tags"] == ["Sea"]
    assert article.has_changes_waiting


def test_what_waits_for_its_time_goes_out_with_the_new_tag():
    article = make_article("One", status=Status.APPROVED, tags=("Ports",))
    moment = timezone.now() + timedelta(hours=2)
    schedule.schedule(article, at=moment)
    edit(article, headline="Edited after it was scheduled")
    tags.split(make_tag("Ports"), "Docks", [article])
    taken = schedule.publish_due(moment)
    article.refresh_from_db()
    assert [one.outcome for one in taken] == ["done"]
    assert (article.headline, tags_of(article)) == ("One", ["Docks"])
    assert newest(article).snapshot["headline"] == "Edited after it was scheduled"


def test_a_split_finds_revisions_that_name_the_tag_as_it_was_called_before():
    article = make_live("One", "Harbours")
    tags.rename(make_tag("Harbours"), "Ports")
    tags.split(make_tag("Ports"), "Docks", [article])
    assert live_tags(article) == ["Docks"]


def test_a_split_needs_a_free_name_and_an_article_with_the_tag():
    article, other = make_live("One", "Ports"), make_live("Two", "Sea")
    with pytest.raises(NameTaken):
        tags.split(make_tag("Ports"), "sea", [article])
    with pytest.raises(ValidationError, match="at least one article"):
        tags.split(make_tag("Ports"), "Docks", [other])
    assert not Tag.objects.filter(name="Docks").exists()


def test_an_undone_split_leaves_one_tag_and_no_dead_address():
    article, waiting = make_live("One", "Ports"), make_live("Two", "Ports")
    edit(waiting, headline="Waiting")
    change = tags.split(make_tag("Ports"), "Docks", [article, waiting])
    tags.undo(change)
    assert list(Tag.objects.values_list("name", flat=True)) == ["Ports"]
    assert where_now("/tag/docks/") == "/tag/ports/"
    assert where_now("/tag/docks/rss.xml") == "/tag/ports/rss.xml"
    for one in (article, waiting):
        assert tags_of(one) == live_tags(one) == newest(one).snapshot["tags"] == ["Ports"]
    assert not article.has_changes_waiting
    assert waiting.has_changes_waiting


def test_an_undone_split_keeps_a_tag_that_others_have_since():
    article = make_live("One", "Ports")
    change = tags.split(make_tag("Ports"), "Docks", [article])
    other = make_live("Two", "Docks")
    tags.undo(change)
    assert (tags_of(article), tags_of(other)) == (["Ports"], ["Docks"])


def test_what_was_split_off_can_be_split_off_again():
    article = make_live("One", "Ports")
    tags.undo(tags.split(make_tag("Ports"), "Docks", [article]))
    tags.split(make_tag("Ports"), "Docks", [article])
    assert tags_of(article) == ["Docks"]
    assert not Redirect.objects.filter(old_path="/tag/docks/").exists()
