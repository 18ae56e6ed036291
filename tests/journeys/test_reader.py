"""A reader's way through the site, in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, DailyViews
from tests.factories import make_article

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_reader_goes_from_the_front_page_through_related_news(world, page):
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()
    story = (
        Article.objects.published().filter(related_links__target__status="published").distinct()[0]
    )
    page.goto("/latest/")
    page.goto(story.get_absolute_url())
    expect(page.locator("h1")).to_have_text(story.headline)
    related = page.locator("#related a").first
    related.click()
    page.wait_for_url(re.compile(r"/2026/\d\d/\d\d/"))
    expect(page.locator("article")).to_be_visible()


def test_a_visible_page_counts_one_view(world, page):
    story = Article.objects.published()[0]
    with page.expect_response(lambda response: "/beacon/" in response.url) as answer:
        page.goto(story.get_absolute_url())
    # Headless Chromium says so in its name: it is a machine, answered but not counted.
    assert answer.value.status == 204
    assert not DailyViews.objects.filter(article=story, day=timezone.localdate()).exists()


def test_the_site_works_without_scripts(world, browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=str(live_server))
    page = context.new_page()
    page.goto("/")
    page.locator("main a[href^='/2026/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.goto("/search/?q=lighthouse")
    expect(page.locator("main a[href^='/2026/']").first).to_be_visible()
    page.goto("/latest/")
    expect(page.locator("main a[href^='/2026/']").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 820, 1280, 1440])
def test_no_page_scrolls_sideways(world, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    story = Article.objects.published().exclude(picture=None)[0]
    for address in ("/", "/latest/", story.get_absolute_url(), "/tags/", "/archive/", "/search/"):
        page.goto(address)
        wide, shown = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= shown, address


def test_the_keyboard_reaches_the_text_first(world, page):
    page.goto("/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#main"


def test_hebrew_is_laid_out_from_right_to_left(world, page):
    make_article("מגדלור חדש", language="he", body="<p>שלום</p>", slug="new-light")
    story = Article.objects.get(slug="new-light")
    page.goto(story.get_absolute_url())
    assert page.locator("h1").evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_nothing_is_asked_of_anybody_else(world, page, live_server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.goto(Article.objects.published()[0].get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((str(live_server), "data:"))] == []
