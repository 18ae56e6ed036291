"""The first page: what each role finds there, and one's own page of notices."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.editorial import lease, planning, schedule, transitions
from articles.editorial.revisions import record, working_data
from articles.models import Article, DailyViews, DeskProfile, Notice, ScheduledStep
from tests.factories import Status, make_article, make_author, make_person, make_section
from tests.pages import values_of

pytestmark = pytest.mark.django_db
TODAY = "/admin/"


@pytest.fixture
def writer():
    person = make_person("writer", username="wren")
    make_author("Wren", user=person)
    return person


@pytest.fixture
def editor():
    return make_person("editor", username="edda")


def draft_of(writer, headline, **values):
    article = make_article(headline, status=Status.DRAFT, author=writer.author, **values)
    record(article, by=writer)
    return article


def trays_of(client):
    """Title of a tray -> the text of its lines."""
    page = html.fromstring(client.get(TODAY).text)
    return {
        tray.find(".//h2").text_content(): [
            " ".join(item.text_content().split()) for item in tray.xpath("./ul/li")
        ]
        for tray in page.xpath("//section[contains(@class, 'tray ')]")
    }


def test_a_writer_finds_what_came_back_with_its_note(writer, editor, sign_in):
    article = draft_of(writer, "Pilots vote")
    transitions.submit(article, by=writer)
    assert "Pilots vote" in trays_of(sign_in(writer))["With the editors"][0]
    transitions.send_back(article, by=editor, note="Name a <source>.")
    trays = trays_of(sign_in(writer))
    assert "edda" in trays["Sent back to me"][0]
    assert "Name a <source>." in trays["Sent back to me"][0]
    assert "Sent back Pilots vote" in trays["Told to you"][0]
    assert "With the editors" not in trays


def test_a_writer_sees_what_is_due_and_what_is_overdue(writer, editor, sign_in):
    today = timezone.localdate()
    for headline, days in (("Late", -2), ("Now", 0), ("Next", 1)):
        planning.plan(
            draft_of(editor_author(editor), headline),
            assignee=writer,
            due_on=today + timedelta(days=days),
        )
    lines = trays_of(sign_in(writer))["Waiting for me"]
    assert [line.partition(" World")[0] for line in lines] == [
        "Overdue by 2 days Late",
        "Due today Now",
        "Due tomorrow Next",
    ]


def editor_author(editor):
    if not hasattr(editor, "author"):
        make_author("Edda", user=editor)
        editor.refresh_from_db()
    return editor


def test_an_editor_finds_what_to_review_and_what_was_assigned(writer, editor, sign_in):
    transitions.submit(draft_of(writer, "To read"), by=writer)
    planning.plan(draft_of(writer, "To write"), assignee=editor)
    lines = trays_of(sign_in(editor))["Waiting for me"]
    assert lines[0].startswith("Assigned to you To write")
    assert lines[1].startswith("To review To read")


def test_many_assignments_do_not_hide_what_was_handed_in(writer, editor, sign_in):
    for number in range(8):
        planning.plan(draft_of(writer, f"Mine {number}"), assignee=editor)
        transitions.submit(draft_of(writer, f"Theirs {number}"), by=writer)
    lines = trays_of(sign_in(editor))["Waiting for me"]
    assert len(lines) == 6
    assert sum("To review" in line for line in lines) == 3


def test_an_editor_sees_today_and_what_went_wrong(writer, editor, sign_in):
    late = draft_of(writer, "Came late")
    schedule.schedule(late, at=timezone.now() + timedelta(seconds=5), by=editor)
    due = timezone.now() - timedelta(hours=2)
    ScheduledStep.objects.filter(article=late).update(due_at=due)
    stopped = draft_of(writer, "Was stopped")
    schedule.schedule(stopped, at=timezone.now() + timedelta(seconds=5), by=editor)
    ScheduledStep.objects.filter(article=stopped).update(due_at=due)
    Article.objects.filter(pk=stopped.pk).update(status=Status.APPROVED)
    schedule.publish_due()
    soon = draft_of(writer, "Soon out")
    schedule.schedule(soon, at=timezone.now() + timedelta(days=1), by=editor)
    # Of this very moment, so that it is today's at midnight, too.
    ScheduledStep.objects.filter(article=soon).update(due_at=timezone.now())
    trays = trays_of(sign_in(editor))
    assert "Soon out" in trays["Going live today"][0]
    text = " ".join(trays["Missed or late"]).replace("\xa0", " ")
    assert "2 hours late Came late" in text
    assert "Did not happen Was stopped" in text


def test_failed_checks_are_for_editors_and_say_how_many(writer, editor, sign_in):
    make_article("No text", status=Status.APPROVED, body="")
    assert trays_of(sign_in(editor))["Failed checks"][0].startswith("1 issue No text")
    assert "Failed checks" not in trays_of(sign_in(writer))


def test_live_articles_with_changes_are_listed_with_the_time_of_their_update(editor, sign_in):
    article = make_article("Live")
    record(article, {**working_data(article), "headline": "New"}, by=editor)
    at = timezone.now() + timedelta(days=3)
    schedule.schedule(article, at=at, by=editor, kind="typo")
    line = trays_of(sign_in(editor))["Live, changes waiting"][0]
    assert line.startswith(f"Update {at.day} ")


def test_views_are_written_as_in_the_list_of_articles(editor, sign_in):
    article = make_article("Read a lot")
    DailyViews.objects.create(article=article, day=timezone.localdate(), count=12345)
    line = trays_of(sign_in(editor))["Recently published, live now"][0]
    assert line.endswith("12,345 views")


def test_empty_trays_are_one_quiet_line(editor, sign_in):
    # In no tray; without any article the newsroom greets instead.
    make_article("Gone", status=Status.WITHDRAWN)
    page = html.fromstring(sign_in(editor).get(TODAY).text)
    assert page.xpath("//section[contains(@class, 'tray ')]") == []
    (line,) = page.xpath("//p[@class='trays-empty']")
    for title in ("Waiting for me", "Going live today", "Failed checks", "My drafts"):
        assert title in line.text_content()


def test_a_headline_is_text_on_the_first_page(editor, sign_in):
    article = make_article("Tags", status=Status.IN_REVIEW)
    Article.objects.filter(pk=article.pk).update(headline="<script>alert(1)</script>")
    assert "<script>alert" not in sign_in(editor).get(TODAY).text


def test_the_page_costs_the_same_whatever_was_told_and_scheduled(writer, editor, sign_in):
    client = sign_in(editor)

    def rows():
        for _number in range(3):
            article = draft_of(writer, f"Story {Article.objects.count()}")
            transitions.submit(article, by=writer)
            planning.plan(article, assignee=editor, due_on=timezone.localdate())
            other = draft_of(writer, f"Story {Article.objects.count()}")
            schedule.schedule(other, at=timezone.now() + timedelta(hours=1), by=editor)

    def cost():
        # The gate's answers come from the cache: asking it anew is bounded, not free.
        client.get(TODAY)
        with CaptureQueriesContext(connection) as queries:
            client.get(TODAY)
        return len(queries)

    cache.clear()
    rows()
    few = cost()
    rows()
    rows()
    assert cost() == few
    assert few <= 30


# --- ticking off ---------------------------------------------------------------------------------


def test_a_notice_goes_when_it_was_ticked_off(writer, editor, sign_in):
    transitions.submit(draft_of(writer, "One"), by=writer)
    transitions.submit(draft_of(writer, "Two"), by=writer)
    client = sign_in(editor)
    first, second = Notice.objects.order_by("id")
    answer = client.post(reverse("admin:desk_seen"), {"notice": first.pk})
    assert (answer.status_code, answer.url) == (302, TODAY)
    assert len(trays_of(client)["Told to you"]) == 1
    client.post(reverse("admin:desk_seen"), {"up_to": second.pk})
    assert "Told to you" not in trays_of(client)


def test_nobody_ticks_off_for_others_or_by_a_link(writer, editor, sign_in):
    transitions.submit(draft_of(writer, "One"), by=writer)
    notice = Notice.objects.get()
    sign_in(writer).post(reverse("admin:desk_seen"), {"notice": notice.pk})
    assert sign_in(editor).get(reverse("admin:desk_seen")).status_code == 405
    for odd in ("", "x", "-1", "9" * 30, "²"):
        sign_in(editor).post(reverse("admin:desk_seen"), {"notice": odd, "up_to": odd})
    notice.refresh_from_db()
    assert notice.seen_at is None


# --- one's own page ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["writer", "editor", "chief editor", "admin"])
def test_everybody_says_whether_and_where_they_get_mail(role, sign_in):
    person = make_person(role)
    client, address = sign_in(person), reverse("admin:desk_profile")
    data = values_of(client.get(address), "own_form")
    assert data["wants_mail"] == ["on"]
    answer = client.post(address, {"email": "new@example.org"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert not person.desk_profile.wants_mail
    client.post(address, {"email": "new@example.org", "wants_mail": "on"})
    assert DeskProfile.objects.get(user=person).wants_mail


def test_ones_own_page_gives_nobody_a_right(writer, sign_in):
    world = make_section("World")
    DeskProfile.objects.create(user=writer).sections.add(make_section("Politics"))
    sign_in(writer).post(
        reverse("admin:desk_profile"),
        {"email": "a@example.org", "sections": [world.pk], "is_superuser": "on", "groups": [1, 2]},
    )
    writer.refresh_from_db()
    assert not writer.is_superuser
    assert [group.name for group in writer.groups.all()] == ["writer"]
    assert [section.name for section in writer.desk_profile.sections.all()] == ["Politics"]


def test_an_address_that_is_none_is_not_kept(writer, sign_in):
    answer = sign_in(writer).post(reverse("admin:desk_profile"), {"email": "a@b\nBcc: c@d.example"})
    assert answer.status_code == 200
    writer.refresh_from_db()
    assert writer.email == ""


def test_ones_sections_are_shown(writer, sign_in):
    page = sign_in(writer).get(reverse("admin:desk_profile")).text
    assert "All sections" in page
    DeskProfile.objects.create(user=writer).sections.add(make_section("Politics"))
    assert "Politics" in sign_in(writer).get(reverse("admin:desk_profile")).text


def test_without_signing_in_there_is_no_such_page(client):
    for name in ("desk_profile", "desk_seen"):
        answer = client.post(reverse(f"admin:{name}"), {"email": "a@example.org"})
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("admin:login"))


def test_a_clock_that_stands_still_is_told_to_those_who_publish(as_role):
    article = make_article("Waiting", status="approved")
    said = "what is scheduled waits"
    editor = as_role("editor")
    assert said not in editor.get(reverse("admin:index")).text
    schedule.schedule(article, at=timezone.now() + timedelta(hours=1))
    assert said in editor.get(reverse("admin:index")).text
    assert said not in as_role("writer").get(reverse("admin:index")).text
    lease.note_tick(timezone.now())
    assert said not in editor.get(reverse("admin:index")).text


def test_the_next_days_stand_on_the_first_page_and_a_card_moves_from_there(editor, sign_in):
    article, client = make_article("Waiting", status="approved"), sign_in(editor)
    moment = timezone.now() + timedelta(days=2)
    schedule.schedule(article, at=moment, by=editor)
    step = ScheduledStep.objects.get(outcome="waiting")
    page = html.fromstring(client.get(TODAY).text)
    [form] = page.xpath("//section[@class='next-days']//form")
    data = dict(form.form_values()) | {"to": f"{moment + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    response = client.post(form.get("action"), data)
    assert response["Location"] == TODAY
    moved = ScheduledStep.objects.get(outcome="waiting")
    assert moved.pk != step.pk
    assert moved.due_at.date() == (moment + timedelta(days=1)).date()
    article.refresh_from_db()
    assert article.status == "scheduled"
