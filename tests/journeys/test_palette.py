"""The palette from the keyboard, and the first five minutes, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from articles.editorial.roles import ensure_roles
from articles.models import Tag
from tests.factories import make_article, make_author, make_person, make_section
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def roles(transactional_db: None) -> None:
    # Emptying the tables between such tests also empties the groups.
    ensure_roles()


def test_from_an_empty_newsroom_to_anywhere_by_some_letters(page: Page, roles: None) -> None:
    let_in(page, make_person("chief editor"))
    page.goto("/admin/")

    # The greeting; the tour is put away once, and stays away.
    expect(page.get_by_role("heading", name="is empty, and yours.")).to_be_visible()
    tour = page.get_by_role("region", name="Three things to know")
    tour.get_by_role("button", name="Jump anywhere").click()
    dialog = page.get_by_role("dialog", name="Jump to")
    line = dialog.get_by_role("combobox")
    expect(line).to_be_focused()
    expect(dialog.get_by_role("option").first).to_have_text("New article")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tour.get_by_role("button", name="Got it").click()
    page.reload()
    expect(page.get_by_role("link", name="Write the first article")).to_be_visible()
    expect(tour).to_be_hidden()

    world = make_section("World")
    article = make_article("Pilots vote on a rota", status="in_review", section=world)
    make_article("Pilots' wages", section=world)
    make_author("Helena Sørby", slug="helena-sorby")
    Tag.objects.create(name="Ports", slug="ports")

    # By key, some letters, arrows and Enter; accents need not be typed.
    page.keyboard.press("Control+k")
    page.keyboard.type("sorby")
    expect(dialog.get_by_role("option")).to_have_text(["Helena Sørby Author"])
    line.fill("pilots")
    options = dialog.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(line).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_contain_text("Pilots vote on a rota")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(dialog).to_be_visible()
    assert opened.value.url.endswith(f"/articles/article/{article.pk}/change/")
    opened.value.close()

    # Enter before the answer came means what will be first.
    line.fill("")
    page.keyboard.type("rota")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/articles/article/{article.pk}/change/")

    # In the article: its own steps come first. With words chosen in the text the key is the text's.
    body = page.get_by_role("textbox", name="Body")
    body.click()
    page.keyboard.press("Control+k")
    expect(dialog.get_by_role("option").first).to_contain_text("Send back to the writer")
    page.keyboard.press("Escape")
    body.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(150)
    expect(dialog).to_be_hidden()

    page.goto("/admin/articles/article/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Jump to…").click()
    page.keyboard.type("ports")
    dialog.get_by_role("option", name="Ports").click()
    page.wait_for_url("**/articles/tag/*/change/")
