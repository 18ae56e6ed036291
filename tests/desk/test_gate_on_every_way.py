"""No way to readers leads past the gate: raw texts, furniture and holes left in, are stopped.

Every text goes on every way: the three samples that are not part of the repository (left out,
aloud, where they are absent) and texts written for these tests.
"""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.editorial import schedule, transitions
from articles.editorial.checks import findings
from articles.editorial.revisions import record, working_copy, working_data
from articles.editorial.transitions import NotReady
from articles.importers import loader
from articles.importers.readers.records import Block, SourceStory
from articles.models import Article, ScheduledStep
from tests.conftest import SHARED
from tests.factories import Status, make_article, make_author, make_image, make_person, make_section
from tests.pages import BACKEND, messages_of, values_of

pytestmark = pytest.mark.django_db

OWN = {
    "furniture": (
        "Harbour pilots vote on a new rota\n"
        "The pilots of the northern harbour will vote on Friday on a rota that gives them two "
        "free weekends a month.\n"
        "Share this article\n"
        "Lastest News\n-\n-\nRelated News\n"
        "Bats return to the old customs house\nPia Vasari - Feb 12, 2026 41 Views -\n"
    ),
    "holes": (
        "The night ferry stays for another winter\n"
        "From to , the ferry carried people, and its skipper, born in , never missed a tide.\n"
        "The council spoke with the owner on , a sequence that surprised both.\n"
    ),
    "marks": (
        "Eine Brücke für die Altstadt\n"
        "Die Brücke kostet [TK] Euro und soll am XX.XX.2027 fertig sein, sagt die Stadt.\n"
        "× Chat Now\n"
    ),
}
SAMPLES = ("000_637bae460ec9815c.txt", "001_3171b80cf9c66fe3.txt", "004_564a403320e59fd0.txt")
every_text = pytest.mark.parametrize(
    "name", [*OWN, *(pytest.param(name, marks=pytest.mark.shared) for name in SAMPLES)]
)


def raw(name):
    """Headline (the first line, cut where it is too long) and body (the lines as they are)."""
    text = OWN[name] if name in OWN else (SHARED / "seeds" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    paragraphs = lines if len(lines[0]) > 200 else lines[1:]
    headline = lines[0][:140].rpartition(" ")[0] if len(lines[0]) > 200 else lines[0]
    return headline, "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in paragraphs)


def make_raw(name, status=Status.APPROVED):
    """An article to which nothing is lacking but a clean text."""
    headline, body = raw(name)
    language = "de" if name == "marks" else "en"
    return make_article(headline, status=status, body=body, picture=make_image(), language=language)


def assert_hidden(article, status=Status.APPROVED):
    fresh = Article.objects.get(pk=article.pk)
    assert fresh.status == status
    assert not Article.objects.published().filter(pk=article.pk).exists()


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def wire(tmp_path):
    """Return a function that writes a source text and a desk that says: publish it."""

    def write(text, headline=""):
        make_section()
        make_author()
        folder = tmp_path / "wire"
        folder.mkdir()
        (folder / "story.txt").write_text(text, encoding="utf-8")
        desk = '[stories.story]\npublish = true\nsection = "world"\nbyline = ["mara-lind"]\n'
        desk += f"headline = {json.dumps(headline)}\n" if headline else ""
        (folder / "desk.toml").write_text(desk, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def browser():
    client = Client()
    client.force_login(make_person("editor"), backend=BACKEND)
    return client


@every_text
def test_only_the_text_stands_in_the_way(name):
    issues = findings(working_copy(make_raw(name)), "publish")
    assert {issue.code for issue in issues if issue.blocks} <= {"holes", "furniture", "marks"}
    assert any(issue.blocks for issue in issues)


@every_text
def test_the_button_of_the_form_is_stopped(name, browser):
    article = make_raw(name)
    page = reverse("admin:articles_article_change", args=[article.pk])
    data = values_of(browser.get(page), "article_form")
    response = browser.post(page, {**data, "_verb": "publish"}, follow=True)
    assert "Body:" in messages_of(response)
    assert_hidden(article)


@every_text
def test_the_bulk_action_is_stopped(name, browser):
    article = make_raw(name)
    response = browser.post(
        reverse("admin:articles_article_changelist"),
        {"action": "publish", "_selected_action": [article.pk]},
        follow=True,
    )
    assert "Body:" in messages_of(response)
    assert_hidden(article)


@every_text
def test_it_cannot_be_put_on_the_schedule(name):
    article = make_raw(name)
    with pytest.raises(NotReady):
        schedule.schedule(article, at=timezone.now() + timedelta(hours=1), by=make_person("editor"))
    assert_hidden(article)
    assert not ScheduledStep.objects.exists()


@every_text
def test_one_that_got_on_the_schedule_all_the_same_is_stopped_when_due(name):
    article = make_raw(name, status=Status.SCHEDULED)
    due_at = timezone.now() + timedelta(hours=1)
    ScheduledStep.objects.create(
        article=article, verb="publish", due_at=due_at, revision=record(article)
    )
    [taken] = schedule.publish_due(due_at + timedelta(seconds=5))
    assert taken.outcome == ScheduledStep.Outcome.STOPPED
    assert taken.problem
    assert_hidden(article)
    assert article.transitions.get().verb == "miss"


@every_text
def test_a_text_that_was_spoilt_after_it_was_scheduled_goes_out_as_it_was(name):
    article = make_article("A clean story", status=Status.APPROVED)
    due_at = timezone.now() + timedelta(hours=1)
    schedule.schedule(article, at=due_at)
    record(article, {**working_data(article), "body": raw(name)[1]})
    schedule.publish_due(due_at + timedelta(seconds=5))
    article.refresh_from_db()
    assert article.body == "<p>The vote closes on Friday.</p>"
    assert article.has_changes_waiting


@every_text
def test_an_import_that_is_told_to_publish_is_stopped(name, wire, monkeypatch):
    headline, body = raw(name)
    folder = wire("", headline=headline)

    def leave_everything_in(file):
        """A reader that takes nothing out: what a new kind of source would do."""
        lines = [html.unescape(line) for line in re.findall("<p>(.*?)</p>", body)]
        blocks = [Block("paragraph", line) for line in lines]
        language = "de" if name == "marks" else "en"
        return [SourceStory(headline, blocks=blocks, language=language, external_id=file.stem)]

    monkeypatch.setattr(loader, "read_file", leave_everything_in)
    [outcome] = loader.Loader().load([folder / "story.txt"])
    assert outcome.verdict == "created"
    article = Article.objects.get()
    assert (article.headline, article.writers) == (headline, ["Mara Lind"])
    assert_hidden(article, Status.DRAFT)
    assert "not-ready" in {warning["code"] for warning in article.import_warnings}


def test_an_import_whose_reader_keeps_the_holes_is_stopped(wire):
    """The same with Newsroom's own reader: lost values stay lost, and the gate sees them."""
    folder = wire(OWN["holes"] + "The tide table says nothing of it.\n")
    call_command("seed", str(folder), verbosity=0)
    article = Article.objects.get()
    assert_hidden(article, Status.DRAFT)
    reasons = [w["message"] for w in article.import_warnings if w["code"] == "not-ready"]
    assert any("From to , the ferry" in reason for reason in reasons)


@every_text
@pytest.mark.parametrize("role", [None, "editor", "chief editor", "admin"])
def test_the_verb_is_stopped_whoever_calls_it(name, role):
    article = make_raw(name)
    with pytest.raises(NotReady) as caught:
        transitions.publish(article, by=make_person(role) if role else None)
    assert all(issue.field and issue.message for issue in caught.value.issues)
    assert_hidden(article)
    assert not article.transitions.exists()


@every_text
def test_changes_of_a_live_article_are_stopped_and_readers_see_what_they_saw(name, client):
    article = make_article("A clean story", status=Status.DRAFT)
    transitions.publish(article)
    before = client.get(article.get_absolute_url()).content
    headline, body = raw(name)
    record(article, {**working_data(article), "headline": headline, "body": body})
    for kind in transitions.KINDS:
        with pytest.raises(NotReady):
            transitions.correct(article, kind=kind, note="What changed.")
    with pytest.raises(NotReady):
        schedule.schedule(
            article, at=timezone.now() + timedelta(hours=1), step="correct", kind="typo"
        )
    assert client.get(article.get_absolute_url()).content == before


@every_text
def test_a_program_that_sets_the_status_itself_is_refused(name):
    article = make_raw(name)
    article.status = Status.PUBLISHED
    with pytest.raises(TypeError, match="verb"):
        article.save()
    with pytest.raises(TypeError, match="verb"):
        article.save(update_fields=["status"])
    assert_hidden(article)
    copy = working_copy(make_raw(name, status=Status.DRAFT))
    with pytest.raises(TypeError, match="verb"):
        copy.save()


# --- a reason, a permission, a line in the timeline ------------------------------------------


def test_a_chief_editor_with_a_reason_passes_and_it_stands_in_the_timeline():
    article = make_raw("furniture")
    chief = make_person("chief editor")
    line = transitions.publish(article, by=chief, override=" The bar is the story. ")
    assert article.is_public
    line.refresh_from_db()
    assert line.override_reason == "The bar is the story."
    assert any("Share this article" in message for message in line.overridden)
    assert line.made_by == chief


def test_an_override_of_a_clean_article_is_none():
    article = make_article("A clean story", status=Status.APPROVED)
    line = transitions.publish(article, by=make_person("chief editor"), override="To be sure.")
    assert (line.overridden, line.override_reason) == ([], "")


@pytest.mark.parametrize("role", ["editor", "writer", None])
def test_nobody_else_passes_with_a_reason(role):
    article = make_raw("furniture")
    with pytest.raises(PermissionDenied):
        transitions.publish(
            article, by=make_person(role) if role else None, override="Because I say so."
        )
    assert_hidden(article)


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_an_empty_reason_is_none(reason):
    article = make_raw("furniture")
    with pytest.raises(NotReady):
        transitions.publish(article, by=make_person("chief editor"), override=reason)
    assert_hidden(article)


@pytest.mark.parametrize(
    "values",
    [{"headline": ""}, {"body": ""}, {"embargo_until": timezone.now() + timedelta(days=300)}],
)
def test_what_is_refused_cannot_be_overridden(values):
    article = make_article(status=Status.APPROVED, **values)
    for role in ("chief editor", "admin"):
        with pytest.raises(NotReady) as caught:
            transitions.publish(article, by=make_person(role), override="It must go out.")
        assert not any(issue.can_be_overridden for issue in caught.value.issues)
    assert_hidden(article)


def test_a_reason_given_when_it_was_scheduled_counts_when_it_is_due():
    article = make_raw("marks")
    due_at = timezone.now() + timedelta(hours=1)
    chief = make_person("chief editor")
    line = schedule.schedule(article, at=due_at, by=chief, override="Checked by phone.")
    assert line.overridden
    assert line.override_reason == "Checked by phone."
    schedule.publish_due(due_at + timedelta(seconds=5))
    article.refresh_from_db()
    assert article.status == Status.PUBLISHED
    assert article.transitions.get(verb="publish").override_reason == "Checked by phone."
