"""The verbs: the only way an article changes its state."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editorial import transitions
from articles.editorial.revisions import record
from articles.editorial.signals import article_moved
from articles.editorial.snapshots import snapshot
from articles.editorial.transitions import NotReady, WrongState
from articles.models import Article, Redirect
from tests.factories import (
    Status,
    make_article,
    make_author,
    make_byline,
    make_image,
    make_person,
    make_related,
    make_section,
)

pytestmark = pytest.mark.django_db


def make_draft(headline="Pilots vote", **values):
    return make_article(headline, status=Status.DRAFT, **values)


def test_publish_puts_an_article_before_readers_and_writes_it_down():
    article, editor = make_draft(), make_person("editor")
    line = transitions.publish(article, by=editor)
    assert article.is_public
    assert article.live_number == line.revision.number == 1
    assert (line.from_status, line.to_status, line.made_by_name) == ("draft", "published", "editor")
    assert line.revision.snapshot["headline"] == "Pilots vote"


def test_publishing_twice_is_publishing_once():
    article = make_draft()
    first = transitions.publish(article)
    assert transitions.publish(article) == first
    assert article.transitions.count() == 1


def test_the_moment_can_be_given():
    article = make_draft()
    transitions.publish(article, at=datetime(2024, 2, 29, 23, 30, tzinfo=UTC))
    assert article.get_absolute_url() == "/2024/02/29/pilots-vote/"


def test_a_date_ahead_does_not_keep_a_published_article_from_readers():
    article = make_draft(published_at=timezone.now() + timedelta(days=3))
    transitions.publish(article)
    assert article.is_public
    assert article.published_on == timezone.localdate()


def test_two_drafts_may_plan_one_day_and_address():
    moment = datetime(2026, 1, 2, 9, tzinfo=UTC)
    one, other = (make_draft(published_at=moment) for _ in range(2))
    transitions.publish(one)
    transitions.publish(other)
    assert one.get_absolute_url() == "/2026/01/02/pilots-vote/"
    assert other.get_absolute_url() == "/2026/01/02/pilots-vote-2/"


def test_an_address_that_is_taken_gets_a_number():
    moment = datetime(2026, 1, 2, 9, tzinfo=UTC)
    made = [make_draft() for _ in range(3)]
    for article in made:
        transitions.publish(article, at=moment)
    assert [article.slug for article in made] == ["pilots-vote", "pilots-vote-2", "pilots-vote-3"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"headline": ""}, "headline"),
        ({"body": ""}, "body"),
        ({"body": "<p> </p>"}, "body"),
    ],
)
def test_an_unready_article_is_stopped_whoever_asks(values, field):
    article = make_draft(**values)
    for person in (None, make_person("admin")):
        with pytest.raises(NotReady) as caught:
            transitions.publish(article, by=person)
        assert field in [issue.field for issue in caught.value.issues]
    article.refresh_from_db()
    assert article.status == Status.DRAFT
    assert not article.transitions.exists()


def test_section_byline_and_alt_text_are_asked_for_all_at_once():
    article = make_draft(picture=make_image(alt=""))
    Article.objects.filter(pk=article.pk).update(section=None)
    article.bylines.all().delete()
    with pytest.raises(NotReady) as caught:
        transitions.publish(article)
    assert [issue.field for issue in caught.value.issues] == ["section", "byline", "picture"]


def test_a_headline_that_only_repeats_the_text_is_none():
    article = make_draft(
        "The pilots of the harbour",
        body="<p>The pilots of the harbour vote on Friday.</p>",
        import_warnings=[{"code": "no-headline", "message": "The text has no headline."}],
    )
    with pytest.raises(NotReady):
        transitions.publish(article)
    article.headline = "Pilots vote on Friday"
    article.save()
    transitions.publish(article)


def test_withdraw_takes_it_from_readers_and_says_gone(client):
    article = make_draft()
    transitions.publish(article)
    address = article.get_absolute_url()
    transitions.withdraw(article)
    assert article.status == Status.WITHDRAWN
    assert client.get(address).status_code == 410
    transitions.publish(article)
    assert client.get(address).status_code == 200
    assert not Redirect.objects.exists()


def test_a_verb_that_does_not_follow_is_refused():
    with pytest.raises(WrongState, match="draft"):
        transitions.withdraw(make_draft())


def test_a_fresh_draft_was_never_sent_back():
    with pytest.raises(WrongState):
        transitions.send_back(make_draft())


@pytest.mark.parametrize(
    ("role", "verb", "allowed"),
    [
        ("writer", "submit", True),
        ("writer", "approve", False),
        ("writer", "publish", False),
        ("editor", "approve", True),
        ("editor", "publish", True),
        ("chief editor", "publish", True),
    ],
)
def test_roles_decide_who_may_do_what(role, verb, allowed):
    person = make_person(role)
    article = make_draft(author=make_author("Own Name", user=person))
    call = getattr(transitions, verb)
    if allowed:
        call(article, by=person)
        assert article.transitions.get().verb == verb
    else:
        with pytest.raises(PermissionDenied):
            call(article, by=person)
        article.refresh_from_db()
        assert article.status == Status.DRAFT


def test_a_writer_cannot_submit_the_work_of_others():
    with pytest.raises(PermissionDenied):
        transitions.submit(make_draft(), by=make_person("writer"))


def test_the_announcement_comes_after_the_commit(django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, article, transition, **kwargs):
        heard.append((article.headline, transition.verb))

    article_moved.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            transitions.publish(make_draft())
            assert heard == []
        assert heard == [("Pilots vote", "publish")]
    finally:
        article_moved.disconnect(listen)


def test_history_keeps_the_name_when_the_account_goes():
    article, editor = make_draft(), make_person("editor")
    transitions.publish(article, by=editor)
    editor.delete()
    line = article.transitions.get()
    assert (line.made_by, line.made_by_name) == (None, "editor")
    assert line.revision.made_by_name == "editor"


def test_a_related_link_finds_the_article_that_arrives_later():
    early = make_article("Earlier story", section=make_section())
    link = early.related_links.create(title="Pilots Vote!", position=0)
    transitions.publish(make_draft("pilots vote"))
    link.refresh_from_db()
    assert link.target.headline == "pilots vote"


def test_a_link_that_was_saved_beside_the_draft_finds_it_when_it_comes_out():
    draft = make_draft("pilots vote", tags=("Harbour",))
    record(draft)
    # As somebody leaves it whose transaction did not see the draft yet.
    early = make_article("Earlier story", section=make_section())
    link = early.related_links.create(title="Pilots Vote!", position=0)
    transitions.publish(draft)
    link.refresh_from_db()
    assert link.target == draft


def test_a_draft_that_is_kept_as_it_stands_is_not_written_before_it_comes_out():
    draft = make_draft(
        "Pilots vote", tags=("Harbour", "Boats"), author=make_author(), section=make_section()
    )
    working = record(draft)
    with CaptureQueriesContext(connection) as asked:
        line = transitions.publish(draft)
    assert line.revision == working
    written = [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len([sql for sql in written if "articles_article" in sql]) == 1
    assert not [sql for sql in written if "taggedarticle" in sql or "byline" in sql]
    assert list(draft.tags.values_list("name", flat=True)) == ["Harbour", "Boats"]


@pytest.mark.parametrize("what", ["headline", "byline", "tags", "link"])
def test_what_a_program_wrote_into_a_drafts_rows_is_recorded_before_it_comes_out(what):
    draft = make_draft("Pilots vote", section=make_section(), author=make_author("Ada Lovelace"))
    first = record(draft)
    if what == "headline":
        draft.headline = "Pilots vote again"
        draft.save()
    elif what == "byline":
        make_byline(draft, make_author("Mara Lind"))
    elif what == "tags":
        draft.tags.add("Harbour")
    else:
        make_related(draft, title="The other story", url="https://example.org/")
    rows = snapshot(Article.objects.get(pk=draft.pk))
    line = transitions.publish(draft)
    assert line.revision.number == first.number + 1
    assert line.revision.snapshot == rows == snapshot(draft) | {"published_at": None}


def test_whoever_lost_the_role_cannot_take_a_step_back_not_even_their_own():
    article, editor = make_draft(), make_person("editor")
    transitions.approve(article, by=editor)
    editor.groups.clear()
    with pytest.raises(PermissionDenied):
        transitions.take_back(article, by=type(editor).objects.get(pk=editor.pk))
    article.refresh_from_db()
    assert article.status == Status.APPROVED
