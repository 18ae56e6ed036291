"""Moving cards of the calendar in a real browser: by dragging, by keyboard, without scripts."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.editorial import planning, schedule
from articles.editorial.revisions import record
from articles.editorial.roles import ensure_roles
from articles.models import Article, ScheduledStep
from tests.factories import Status, make_article, make_person
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def in_days(days: int, hour: int = 15) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.fixture
def scheduled(transactional_db: None) -> Article:
    # Emptying the tables between such tests also empties the groups.
    ensure_roles()
    article = make_article("Pilots vote", status=Status.DRAFT)
    record(article)
    schedule.schedule(article, at=in_days(1))
    return article


def open_calendar(page: Page) -> None:
    let_in(page, make_person("editor"))
    page.goto(f"/admin/articles/article/calendar/?from={timezone.localdate() - timedelta(days=1)}")


def day(page: Page, days: int) -> object:
    return page.locator(f'[data-day="{in_days(days).date()}"]')


def step_of(article: Article) -> ScheduledStep:
    return ScheduledStep.objects.get(article=article, outcome="waiting")


def test_a_card_is_dragged_to_another_day_and_keeps_its_time(
    page: Page, scheduled: Article
) -> None:
    open_calendar(page)
    card = page.locator(".cal-card", has_text="Pilots vote")
    card.drag_to(day(page, 4))
    expect(page.locator(".messagelist")).to_contain_text("Publish of “Pilots vote”")
    expect(day(page, 4)).to_contain_text("Pilots vote")
    assert step_of(scheduled).due_at == in_days(4)
    scheduled.refresh_from_db()
    assert scheduled.status == Status.SCHEDULED
    page.get_by_role("button", name="Undo").click()
    expect(day(page, 1)).to_contain_text("Pilots vote")
    assert step_of(scheduled).due_at == in_days(1)


def test_a_card_cannot_be_dropped_on_a_day_that_has_passed(page: Page, scheduled: Article) -> None:
    open_calendar(page)
    page.locator(".cal-card", has_text="Pilots vote").drag_to(day(page, -1))
    expect(day(page, 1)).to_contain_text("Pilots vote")
    assert step_of(scheduled).due_at == in_days(1)


def test_a_card_is_moved_by_keyboard(page: Page, scheduled: Article) -> None:
    open_calendar(page)
    card = page.locator(".cal-card", has_text="Pilots vote")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    card.get_by_label("New time").fill(f"{in_days(3):%Y-%m-%d}T09:30")
    card.get_by_role("button", name="Move").press("Enter")
    expect(day(page, 3)).to_contain_text("09:30 Publish")
    assert step_of(scheduled).due_at == in_days(3, hour=9) + timedelta(minutes=30)


def test_a_plan_is_moved_without_scripts_on_a_phone(
    browser: Browser, live_server: object, scheduled: Article
) -> None:
    planning.plan(make_article("To be written", status=Status.DRAFT), due_on=in_days(1).date())
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, base_url=str(live_server), java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    open_calendar(page)
    card = page.locator(".cal-card", has_text="To be written")
    card.locator("summary").click()
    card.get_by_label("New time").fill(str(in_days(2).date()))
    card.get_by_role("button", name="Move").click()
    expect(day(page, 2)).to_contain_text("To be written")
    context.close()


def test_the_calendar_fits_its_window(page: Page, scheduled: Article) -> None:
    make_article("Ein-sehr-langes-Wort-" * 6, published_at=timezone.now() - timedelta(minutes=1))
    open_calendar(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        for summary in page.locator(".cal-move summary").all():
            summary.click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, scheme
