"""The writing screen in a real browser: findings, panel, preview, keys, and a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles.editorial.revisions import record, working_data
from tests.factories import make_article, make_author, make_person, make_section
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BODY = (
    "<p>Rain fell all night on the harbour.</p>"
    + "<p>The boats stayed where they were, and nobody was surprised.</p>" * 12
    + "<p>On , a vote was held in the hall of the town.</p>"
)


def begin(page: Page) -> str:
    """Let an editor in; return the address of a draft with a hole and without a section."""
    make_section("World")
    article = make_article("Pilots vote", status="draft", author=make_author("Mara Lind"))
    hole = {"body": BODY, "section": None}
    record(article, {**working_data(article), **hole})
    let_in(page, make_person("editor"))
    return f"/admin/articles/article/{article.pk}/change/"


def test_the_keyboard_gets_past_what_every_page_begins_with(page: Page) -> None:
    address = begin(page)
    for path in (address, "/admin/articles/article/"):
        page.goto(path)
        skip = page.get_by_role("link", name="Skip to main content")
        skip.focus()
        # Nothing lies over it: a click where it is seen is one on it.
        skip.click(timeout=5_000)
        expect(page.locator("#content-start")).to_be_focused()


def test_the_tab_says_which_story_it_is_as_soon_as_it_has_a_name(page: Page) -> None:
    page.goto(begin(page))
    expect(page).to_have_title(re.compile("^Pilots vote · "))
    page.locator("#id_headline").fill("Pilots vote again")
    expect(page).to_have_title(re.compile("^Pilots vote again · (?!Pilots vote)"))
    page.goto("/admin/articles/article/add/")
    before = page.title()
    page.locator("#id_headline").fill("Harbour opens")
    expect(page).to_have_title(f"Harbour opens · {before}")


def test_everything_beside_the_text_is_a_click_or_a_key_away(page: Page) -> None:
    address = begin(page)
    page.goto(address)
    expect(page.get_by_role("textbox", name="Body")).to_be_visible()
    panel = page.get_by_role("complementary", name="About this article")

    # A finding leads to its very words, and one about a field to the field.
    panel.get_by_role("link", name="On , a vote was held").click()
    chosen = "document.getSelection().toString()"
    assert page.evaluate(chosen).startswith("On , a vote was held")
    words = page.get_by_role("textbox", name="Body").get_by_text("On , a vote was held")
    expect(words).to_be_in_viewport()
    expect(page.locator("[data-word-count]")).to_contain_text("selected")
    panel.get_by_role("link", name="belongs to no section").click()
    expect(page.locator("#id_section")).to_be_focused()

    # A closed group says what it holds.
    page.locator("#id_section").select_option(label="World")
    section = panel.locator("[data-group=section]")
    section.locator("summary").click()
    expect(section.locator("[data-value]")).to_have_text("World")

    # What is beside the text stays as it was left.
    page.get_by_role("button", name="About this article").click()
    expect(panel).to_be_hidden()
    page.goto(address)
    expect(page.get_by_role("button", name="About this article")).to_be_visible()
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="About this article").click()
    expect(panel).to_be_visible()
    expect(panel.locator("#id_section")).to_be_hidden()

    # The page of the readers, as wide as a tablet's, and up to date after each save.
    page.locator("[data-preview-toggle]").click()
    frame = page.frame_locator("[data-frame]")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Pilots vote")
    page.get_by_role("button", name="Tablet").click()
    inner = "document.querySelector('[data-frame]').contentWindow.innerWidth"
    assert page.evaluate(inner) == 820
    before = page.locator("[data-frame]").get_attribute("src")
    saved = "document.dispatchEvent(new CustomEvent('newsroom:sync', {detail: {state: 'saved'}}))"
    page.wait_for_timeout(5)  # the address tells two moments apart
    page.evaluate(saved)
    expect(page.locator("[data-frame]")).not_to_have_attribute("src", before or "")
    page.keyboard.press("Escape")
    expect(page.locator("#preview-pane")).to_be_hidden()
    page.keyboard.press("Control+Shift+P")
    expect(page.locator("#preview-pane")).to_be_visible()
    page.locator("[data-preview-close]").click()

    # Keys: a list of them, the history, and the next step, which asks before readers notice.
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    panel.get_by_role("link", name="Timeline and revisions").click()
    history = page.get_by_role("dialog", name="History")
    expect(history.get_by_role("link", name="Compare 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(history).to_be_hidden()
    text = page.get_by_role("textbox", name="Body")
    text.get_by_text("Rain fell").click()
    lines = text.locator("p, br").count()
    page.keyboard.press("Control+Enter")
    asked = page.get_by_role("dialog", name="Publish")
    expect(asked).to_contain_text("to mend")
    asked.get_by_role("button", name="Not yet").click()
    expect(asked).to_be_hidden()
    assert text.locator("p, br").count() == lines


def test_it_is_a_place_to_write_on_a_telephone_too(page: Page) -> None:
    address = begin(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    expect(page.get_by_role("textbox", name="Body")).to_be_visible()
    panel = page.get_by_role("complementary", name="About this article")
    toggle = page.get_by_role("button", name="About this article")
    expect(toggle).to_be_visible()
    expect(panel).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    toggle.click()
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    toggle.click()
    panel.get_by_role("link", name="On , a vote was held").click()
    expect(panel).to_be_hidden()
    words = page.get_by_role("textbox", name="Body").get_by_text("On , a vote was held")
    expect(words).to_be_in_viewport()
    page.locator("[data-menu] summary").click()
    page.get_by_role("link", name="Preview", exact=True).click()
    frame = page.frame_locator("[data-frame]")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    page.locator("[data-preview-close]").click()

    # The first time, a new article explains itself, once.
    page.goto("/admin/articles/article/add/")
    page.get_by_role("button", name="Understood").click()
    expect(page.locator("#id_headline")).to_be_focused()
    page.goto("/admin/articles/article/add/")
    expect(page.locator("#id_headline")).to_be_visible()
    expect(page.get_by_role("button", name="Understood")).to_be_hidden()
