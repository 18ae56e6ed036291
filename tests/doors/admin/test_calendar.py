"""The calendar: what stands on which day, and that moving a card publishes nothing."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from articles.editorial import planning, schedule
from articles.editorial.revisions import record, working_data
from articles.models import Article, DeskProfile, ScheduledStep
from tests.chance import examples
from tests.factories import Status, make_article, make_author, make_person, make_section
from tests.pages import messages_of

pytestmark = pytest.mark.django_db
CALENDAR, MOVE = "/admin/articles/article/calendar/", "/admin/articles/article/calendar/move/"


def in_days(days, hour=15):
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def spelled(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def a_scheduled(headline="Soon", at=None, **values):
    article = make_article(headline, status=Status.DRAFT, **values)
    record(article)
    schedule.schedule(article, at=at or in_days(2))
    return article


def step_of(article):
    return ScheduledStep.objects.get(article=article, outcome="waiting")


def cards_of(response):
    """Day -> what its cards say."""
    page = html.fromstring(response.text)
    return {
        day.get("data-day"): [
            " ".join(card.find("./p").text_content().split())
            + " "
            + card.xpath("./a")[0].text_content()
            for card in day.xpath("./ul/li")
        ]
        for day in page.xpath("//li[@data-day]")
    }


def move(client, article, step, to, **more):
    key = step.pk if isinstance(step, ScheduledStep) else step
    data = {"article": article.pk, "step": key, "to": to, **more}
    return client.post(MOVE, data, follow=True)


# --- looking -------------------------------------------------------------------------------------


def test_every_kind_of_thing_stands_on_its_day(as_role):
    live = make_article("Live", published_at=in_days(-1, hour=9))
    record(live, {**working_data(live), "headline": "New"})
    schedule.schedule(live, at=in_days(1), step="correct", kind="typo")
    schedule.schedule(live, at=in_days(3), step="withdraw")
    a_scheduled("Soon")
    planning.plan(make_article("Work", status=Status.DRAFT), due_on=in_days(4).date())
    planning.plan(make_article("Secret", status=Status.DRAFT), embargo_until=in_days(5, hour=8))
    start = timezone.localdate() - timedelta(days=2)
    cards = cards_of(as_role("editor").get(f"{CALENDAR}?from={start}"))
    found = {(date.fromisoformat(day) - start).days - 2: said for day, said in cards.items()}
    assert {day: said for day, said in found.items() if said} == {
        -1: ["09:00 Published Live"],
        1: ["15:00 Update Live"],
        2: ["15:00 Publish Soon"],
        3: ["15:00 Withdraw Live"],
        4: ["Due Work"],
        5: ["08:00 Embargo ends Secret"],
    }


def test_a_plan_that_came_true_or_a_step_that_was_taken_is_no_card(as_role):
    planning.plan(make_article("Out", status=Status.DRAFT), due_on=timezone.localdate())
    Article.objects.update(status=Status.WITHDRAWN, published_at=timezone.now() - timedelta(days=9))
    article = a_scheduled()
    schedule.unschedule(article)
    assert not any(cards_of(as_role("editor").get(CALENDAR)).values())


def test_the_calendar_of_one_section_shows_only_that(as_role):
    a_scheduled("World story")
    a_scheduled("Politics story", section=make_section("Politics"))
    start = timezone.localdate()
    page = as_role("editor").get(f"{CALENDAR}?from={start}&section=politics")
    cards = [card for day in cards_of(page).values() for card in day]
    assert cards == ["15:00 Publish Politics story"]


def test_a_full_day_says_how_many_more_there_are(as_role):
    for number in range(9):
        make_article(f"Story {number}", published_at=in_days(-1, hour=number))
    start = timezone.localdate() - timedelta(days=1)
    page = as_role("writer").get(f"{CALENDAR}?from={start}&days=7")
    assert len(cards_of(page)[str(start)]) == 6
    assert "3 more" in page.text


def test_a_due_day_that_has_passed_is_marked(as_role):
    planning.plan(make_article("Work", status=Status.DRAFT), due_on=in_days(-2).date())
    start = timezone.localdate() - timedelta(days=7)
    cards = cards_of(as_role("editor").get(f"{CALENDAR}?from={start}"))
    assert cards[str(in_days(-2).date())] == ["Due 2 days late Work"]


def test_a_writer_sees_the_calendar_and_finds_nothing_to_move(as_role):
    a_scheduled()
    page = as_role("writer").get(f"{CALENDAR}?from={timezone.localdate()}")
    assert page.status_code == 200
    assert "Soon" in page.text
    assert 'name="to"' not in page.text


def test_an_embargoed_story_of_another_section_is_not_on_it(sign_in):
    person = make_person("editor")
    DeskProfile.objects.create(user=person).sections.add(make_section("World"))
    article = make_article("Secret", status=Status.DRAFT, section=make_section("Politics"))
    planning.plan(article, embargo_until=in_days(1), due_on=in_days(1).date())
    schedule.schedule(article, at=in_days(2))
    for address in (CALENDAR, f"{CALENDAR}?section=politics", "/admin/"):
        assert "Secret" not in sign_in(person).get(address).text


def test_an_account_without_a_role_gets_no_calendar(sign_in):
    person = make_person("writer")
    person.groups.clear()
    assert sign_in(person).get(CALENDAR).status_code == 403


@given(
    st.dictionaries(
        st.sampled_from(["from", "days", "section", "other"]),
        st.one_of(
            st.text(max_size=12),
            st.dates().map(str),
            st.integers().map(str),
            st.sampled_from(["0001-01-01", "9999-12-31", "2026-02-30"]),
        ),
    )
)
@settings(
    deadline=None,
    max_examples=examples(20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_stands_in_the_address_the_calendar_opens(shared_client, query):
    assert shared_client.get(CALENDAR, query).status_code == 200


@pytest.fixture
def shared_client(as_role):
    return as_role("editor")


def test_the_calendar_costs_the_same_with_many_cards(as_role):
    client = as_role("editor")
    writer = make_person("writer")

    def rows():
        for _number in range(4):
            name = f"Story {Article.objects.count()}"
            a_scheduled(name, at=in_days(1), section=make_section(name))
            plan = make_article(f"Plan of {name}", status=Status.DRAFT)
            planning.plan(plan, assignee=writer, due_on=in_days(1).date(), embargo_until=in_days(1))
            make_article(f"{name} is out", published_at=timezone.now() - timedelta(minutes=1))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{CALENDAR}?from={timezone.localdate()}")
        return len(queries)

    rows()
    cost()
    few = cost()
    rows()
    rows()
    assert cost() == few
    assert few <= 12


# --- moving --------------------------------------------------------------------------------------


def test_a_moved_step_keeps_its_revision_and_publishes_nothing(as_role):
    article = a_scheduled("Soon")
    step = step_of(article)
    record(article, {**working_data(article), "headline": "Written since"})
    answer = move(as_role("editor"), article, step, spelled(in_days(6, hour=9)))
    assert "Publish of “" in messages_of(answer)
    moved = step_of(article)
    assert (moved.due_at, moved.revision) == (in_days(6, hour=9), step.revision)
    article.refresh_from_db()
    assert article.status == Status.SCHEDULED
    assert article.transitions.last().verb == "schedule"
    schedule.publish_due(in_days(7))
    article.refresh_from_db()
    assert article.headline == "Soon"


def test_an_update_and_a_withdrawal_keep_what_was_said_with_them(as_role):
    article = make_article("Live")
    record(article, {**working_data(article), "headline": "New"})
    client = as_role("editor")
    schedule.schedule(
        article, at=in_days(1), step="correct", kind="correction", note="A name.", hides_change=True
    )
    move(client, article, step_of(article), spelled(in_days(2)))
    moved = step_of(article)
    assert (moved.kind, moved.note, moved.hides_change) == ("correction", "A name.", True)
    schedule.unschedule(article)
    schedule.schedule(article, at=in_days(1), step="withdraw", redirect_to="/world/")
    move(client, article, step_of(article), spelled(in_days(2)))
    assert (step_of(article).due_at, step_of(article).redirect_to) == (in_days(2), "/world/")


def test_a_card_is_never_moved_into_the_past(as_role):
    article = a_scheduled()
    planning.plan(article, due_on=in_days(2).date())
    step, client = step_of(article), as_role("editor")
    for key, to in ((step, spelled(in_days(-1))), ("due", str(in_days(-1).date()))):
        answer = move(client, article, key, to)
        assert "passed" in messages_of(answer)
    article.refresh_from_db()
    assert step_of(article) == step
    assert article.due_on == in_days(2).date()
    assert not article.is_public


@pytest.mark.parametrize("to", ["", "soon", "2026-13-01", "2026-02-30T10:00", "9999999999"])
@pytest.mark.parametrize("key", ["step", "due"])
def test_a_time_that_is_none_moves_nothing(as_role, key, to):
    article = a_scheduled()
    step = step_of(article)
    answer = move(as_role("editor"), article, step if key == "step" else "due", to)
    assert "This is no day" in messages_of(answer)
    assert step_of(article) == step


def test_a_plan_is_moved_by_a_plan(as_role):
    article = make_article("Work", status=Status.DRAFT)
    planning.plan(article, due_on=in_days(1).date())
    answer = move(as_role("editor"), article, "due", str(in_days(3).date()))
    assert "is due on" in messages_of(answer)
    article.refresh_from_db()
    assert (article.due_on, article.status) == (in_days(3).date(), Status.DRAFT)
    assert [line.verb for line in article.transitions.all()] == ["plan", "plan"]


def test_a_move_can_be_undone(as_role):
    article, client = a_scheduled(at=in_days(2)), as_role("editor")
    answer = move(client, article, step_of(article), spelled(in_days(4)))
    form = html.fromstring(answer.text).xpath("//form[@class='undo']")[0]
    assert urlsplit(form.get("action")).path == MOVE
    client.post(MOVE, dict(form.form_values()))
    assert step_of(article).due_at == in_days(2)


def test_a_card_that_somebody_else_moved_says_so(as_role):
    article, client = a_scheduled(), as_role("editor")
    old = step_of(article)
    schedule.schedule(article, at=in_days(5))
    assert "any more" in messages_of(move(client, article, old, spelled(in_days(3))))
    assert step_of(article).due_at == in_days(5)


def test_the_gate_is_asked_for_the_new_time(as_role):
    article = make_article(status=Status.DRAFT)
    planning.plan(article, embargo_until=in_days(3))
    schedule.schedule(article, at=in_days(4))
    answer = move(as_role("editor"), article, step_of(article), spelled(in_days(2)))
    assert "embargo" in messages_of(answer)
    assert step_of(article).due_at == in_days(4)


def test_who_may_not_schedule_may_not_move(as_role, sign_in):
    article = a_scheduled(author=make_author("Wren"))
    planning.plan(article, due_on=in_days(2).date())
    step = step_of(article)
    politician = make_person("editor", username="paul")
    DeskProfile.objects.create(user=politician).sections.add(make_section("Politics"))
    for client in (as_role("writer"), sign_in(politician)):
        assert move(client, article, step, spelled(in_days(3))).status_code == 403
        assert move(client, article, "due", str(in_days(3).date())).status_code == 403
        assert move(client, article, "", spelled(in_days(3))).status_code == 403
    assert step_of(article) == step


def test_moving_is_a_post_by_somebody_signed_in(as_role, client):
    article = a_scheduled()
    assert as_role("editor").get(MOVE).status_code == 405
    answer = client.post(MOVE, {"article": article.pk})
    assert answer.url.startswith(reverse("admin:login"))


def test_what_one_may_not_see_is_not_there_to_be_moved(sign_in):
    person = make_person("editor")
    DeskProfile.objects.create(user=person).sections.add(make_section("World"))
    article = make_article(status=Status.DRAFT, section=make_section("Politics"))
    planning.plan(article, embargo_until=in_days(1))
    client = sign_in(person)
    for key in (article.pk, "", "x", 0, "9" * 30):
        data = {"article": key, "step": "due", "to": str(in_days(2).date())}
        assert client.post(MOVE, data).status_code == 404


@pytest.mark.parametrize(
    ("target", "where"),
    [
        (f"{CALENDAR}?days=7", f"{CALENDAR}?days=7"),
        ("https://elsewhere.example/", CALENDAR),
        ("//elsewhere.example/", CALENDAR),
        ("", CALENDAR),
    ],
)
def test_after_a_move_one_is_back_on_this_site(as_role, target, where):
    article = a_scheduled()
    data = {"article": article.pk, "step": step_of(article).pk, "to": spelled(in_days(3))}
    assert as_role("editor").post(MOVE, {**data, "next": target}).url == where


def test_an_hour_that_the_clock_skips_is_refused(as_role, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    with timezone.override("Europe/Berlin"):
        year = timezone.localdate().year + 1
        last = max(
            day for day in (date(year, 3, number) for number in range(25, 32)) if day.weekday() == 6
        )
        article = a_scheduled()
        answer = move(as_role("editor"), article, step_of(article), f"{last}T02:30")
        assert "This is no day" in messages_of(answer)
        assert step_of(article).due_at < datetime(year, 3, 1, tzinfo=UTC)
