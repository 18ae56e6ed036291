"""A reader's way through the site, in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, DailyViews, Section
from articles.readership.rankings import rank
from articles.related import work
from tests.factories import make_article, make_section
from tests.feature import make_feature
from tests.journeys.conftest import load_world

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


def test_no_page_scrolls_sideways(world, page):
    # One word, as some languages and all addresses have them.
    make_article("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte" * 3)
    story = Article.objects.published().exclude(picture=None)[0]
    for address in ("/", "/latest/", story.get_absolute_url(), "/tags/", "/archive/", "/search/"):
        page.goto(address)
        for width in (320, 390, 820, 1280, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            wide, shown = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide <= shown, (address, width)


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


# --- kinds of readers ----------------------------------------------------------------------------


def load_world_and_feature():
    load_world()
    make_feature(slug="the-light", published_at=timezone.now())
    work.settle("the clock")


@pytest.fixture
def feature(transactional_db, worlds):
    """A long story with a table, notes, key dates and whatever else a body holds, in the seeded
    world."""
    worlds.put("feature", load_world_and_feature)
    return Article.objects.get(slug="the-light")


def test_a_reader_with_a_keyboard_reaches_the_text_a_wide_table_and_a_note(feature, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(feature.get_absolute_url(), wait_until="networkidle")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    table = page.get_by_role("region", name="Table 1")
    table.focus()
    page.keyboard.press("ArrowRight")
    # A key that comes while the table still glides stops the browser on its way to a note.
    page.wait_for_timeout(700)
    assert table.evaluate("e => e.scrollLeft") > 0
    assert table.evaluate("e => getComputedStyle(e).outlineStyle") != "none"

    mark = page.locator("#note_2_mark")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#note_2")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(mark).to_be_in_viewport()


def test_a_reader_without_scripts_gets_all_of_a_long_story(feature, browser, live_server):
    context = browser.new_context(java_script_enabled=False, base_url=str(live_server))
    page = context.new_page()
    page.goto(feature.get_absolute_url())
    page.locator(".contents").get_by_role("link", name="Key dates").click()
    expect(page.get_by_role("heading", name="Key dates")).to_be_in_viewport()
    page.locator("#note_1_mark").click()
    expect(page.locator("#note_1")).to_be_in_viewport()
    expect(page.locator("#share").get_by_role("link").first).to_be_visible()
    expect(page.locator("button:visible:not([type=submit])")).to_have_count(0)
    context.close()


def test_a_reader_who_enlarges_to_200_percent_loses_nothing(feature, page):
    # A window of 1280 by 900 at 200 % has room for half of both.
    page.set_viewport_size({"width": 640, "height": 450})
    for address in (feature.get_absolute_url(), "/", "/section/culture/", "/search/?q=light"):
        page.goto(address)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main :is(h1, h2, h3, p, li, figcaption)")]
              .filter((e) => !e.closest(".unseen, .table-scroll, [hidden]"))
              .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
              .map((e) => e.textContent)"""
        )
        assert cut == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_reader_on_a_phone_sees_nothing_jump_and_keeps_dark_colours(feature, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(
        """globalThis.jumps = [];
        new PerformanceObserver((list) => jumps.push(...list.getEntries().map((e) => e.value)))
          .observe({ type: "layout-shift", buffered: true });"""
    )
    with page.expect_response(lambda response: "/counts.json" in response.url) as answer:
        page.goto(feature.get_absolute_url(), wait_until="networkidle")
    assert answer.value.ok
    for name in ("#related", ".story__end", ".footer"):
        page.locator(name).last.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert page.evaluate("jumps") == []

    page.locator(".story__body h2").nth(1).scroll_into_view_if_needed()
    expect(page.locator(".progress")).to_be_visible()
    expect(page.locator(".contents [aria-current]")).to_have_count(1)

    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Dark colours").click()
    page.goto("/latest/")
    assert page.evaluate(background) != light

    page.goto(Section.objects.last().get_absolute_url())
    expect(page.locator(".menu [aria-current]")).to_be_in_viewport(ratio=1)


def test_a_picture_in_a_text_has_its_place_before_it_comes(feature, page):
    """A style for pictures that are not cut took away the shape that their width and height give:
    the text below jumped by a whole picture."""
    # Asked for, and never answered.
    page.route("**/media/**", lambda route: None)
    page.goto(feature.get_absolute_url(), wait_until="domcontentloaded")
    picture = page.locator(".story__body figure img")
    assert picture.evaluate("e => e.complete") is False
    width, height = picture.evaluate("e => [e.offsetWidth, e.offsetHeight]")
    assert width > 0
    assert height == pytest.approx(width * 2 / 3, abs=1)


def test_a_kept_page_gets_the_lists_of_now_unless_that_would_move_what_is_looked_at(
    live_server, page
):
    sections = make_section("World"), make_section("Science")
    stories = [
        make_article(f"Story {number}", section=sections[number % 2], standfirst="Words. " * 9)
        for number in range(8)
    ]
    for number, story in enumerate(stories):
        DailyViews.objects.create(article=story, day=timezone.localdate(), count=10 + number)
    rank()
    page.set_viewport_size({"width": 390, "height": 400})
    page.add_init_script(
        """globalThis.jumps = [];
        new PerformanceObserver((list) => jumps.push(...list.getEntries().map((e) => e.value)))
          .observe({ type: "layout-shift", buffered: true });"""
    )
    waiting = []
    page.route("**/counts.json*", lambda route: waiting.append(route))
    first = page.locator(".ranking__headline").first

    def come_to(place):
        waiting.clear()
        page.goto("/", wait_until="load")
        page.locator(place).last.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
        assert len(waiting) == 1

    def tell():
        with page.expect_response(lambda response: "/counts.json" in response.url):
            waiting[0].continue_()
        page.wait_for_timeout(100)

    come_to("h1")
    expect(first).to_have_text("Story 7")
    Article.objects.filter(pk=stories[2].pk).update(headline="A much longer headline " * 4)
    DailyViews.objects.filter(article=stories[2]).update(count=99)
    rank()
    tell()
    expect(first).to_contain_text("A much longer headline")
    expect(page.locator(".ranking .meta").first).to_have_text("99 views")

    come_to(".ranking__headline")
    DailyViews.objects.filter(article=stories[3]).update(count=999)
    DailyViews.objects.filter(article=stories[2]).update(count=1)
    rank()
    tell()
    expect(first).to_contain_text("A much longer headline")
    assert page.evaluate("jumps") == []

    # Without scripts the lists are those of the moment when the page was made.
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{live_server}/section/science/")
    expect(plain.locator(".ranking__headline").first).to_have_text("Story 3")
    context.close()
