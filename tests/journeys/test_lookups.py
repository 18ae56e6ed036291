"""Related news, byline and tags without ever leaving the line that one types in."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.admin import lookups
from articles.editorial import tags
from articles.editorial.revisions import record, working_copy, working_data
from articles.fetching.web import Fetched
from articles.models import Author, Tag
from articles.related import work
from tests.factories import make_article, make_author, make_person, make_related
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGE = (
    b'<meta property="og:title" content="Ports of the world"><meta name="author" content="A. Holm">'
    b'<meta property="og:site_name" content="The Example"><time datetime="2026-11-12">'
)


def paste(page: Page, field: Any, text: str) -> None:
    """Paste as the keyboard does: an event with the text, which the page may take itself."""
    field.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            field.focus();
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
                                                       cancelable: true});
            if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        text,
    )


@pytest.fixture
def other_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(address: str) -> Fetched:
        return Fetched(address, b"" if "silent" in address else PAGE, "utf-8")

    monkeypatch.setattr(lookups, "fetch", fetch)


def titles_of(page: Page) -> Any:
    return page.locator("#related_links-group .line:not(.is-removed) .line-title")


def save(page: Page) -> None:
    page.locator("[name=_continue]").first.evaluate("button => button.form.requestSubmit(button)")
    expect(page.locator(".messagelist")).to_be_visible(timeout=20_000)


def test_links_authors_and_tags_are_found_arranged_and_taken_back(page, other_sites):
    for name in ("Ada Holm", "Adam West", "Mara Lind"):
        make_author(name)
    make_article("Pilots strike", slug="strike", tags=("Ports",))
    draft = make_article("Pilots rest", status="draft")
    make_article("Ferries wait", slug="ferries", tags=("Ports", "Lugansk"))
    tags.rename(Tag.objects.get(name="Lugansk"), "Luhansk")
    article = make_article("Pilots vote", status="draft", tags=("Ports",), body="<p>Luhansk.</p>")
    make_related(article, title="A story elsewhere", author="Somebody")
    record(article)
    work.settle("the clock")
    let_in(page, make_person("editor"))
    page.goto(f"/admin/articles/article/{article.pk}/change/")

    # --- related news
    group = page.locator("#related_links-group")
    line = group.get_by_role("combobox")
    titles = titles_of(page)
    expect(titles).to_have_text(["A story elsewhere"])
    line.press_sequentially("pilots")
    offers = group.get_by_role("option")
    # Itself is not offered; what is not here can be named.
    expect(offers).to_have_count(3)
    expect(offers.nth(0)).to_contain_text("Pilots rest")
    expect(offers.nth(0)).to_contain_text("Draft")
    line.press("Enter")
    expect(titles).to_have_text(["A story elsewhere", "Pilots rest"])
    near = page.get_by_role("region", name="Near stories").get_by_role("listitem")
    expect(near.filter(has_text="Pilots strike")).to_contain_text("shares Ports")
    near.get_by_role("button", name="Pin Pilots strike").click()
    expect(titles).to_have_count(3)
    expect(near.filter(has_text="Pilots strike")).to_have_count(0)
    paste(page, line, "https://example.org/ports?utm_source=mail")
    expect(titles).to_have_count(4)
    expect(group.locator(".line").last).to_contain_text(
        "A. Holm, The Example · Nov 12, 2026 · example.org"
    )
    paste(page, line, "https://silent.example/ports")
    expect(group.locator("[data-note]")).to_contain_text("could not be read. Write its title")
    expect(page.locator(":focus")).to_have_attribute("name", "related_links-4-title")
    page.keyboard.type("By hand")
    expect(titles).to_have_text(
        ["A story elsewhere", "Pilots rest", "Pilots strike", "Ports of the world", "By hand"]
    )
    group.get_by_role("button", name="Move up: Pilots strike").press("Enter")
    page.keyboard.press("Enter")
    expect(group.get_by_role("status")).to_have_text("Pilots strike: now 1 of 5")
    group.get_by_role("button", name="Remove: Pilots rest").press("Enter")
    expect(page.locator(":focus")).to_have_accessible_name("Undo: Pilots rest")
    page.keyboard.press("Enter")
    group.get_by_role("button", name="Remove: A story elsewhere").click()
    group.locator(".line", has_text="By hand").locator(".line-grip").drag_to(
        group.locator(".line", has_text="Pilots rest"), target_position={"x": 20, "y": 2}
    )
    order = ["Pilots strike", "By hand", "Pilots rest", "Ports of the world"]
    expect(titles).to_have_text(order)

    line.press_sequentially("ferries")
    line.press("Enter")
    order.append("Ferries wait")
    expect(titles).to_have_text(order)

    # --- byline
    group = page.locator("#bylines-group")
    # What is filled in stands folded to one line.
    page.locator("details[data-group='byline'] > summary").click()
    line = group.get_by_role("combobox", name="Add an author")
    line.press_sequentially("ada")
    offers = group.get_by_role("listbox", name="Authors").get_by_role("option")
    expect(offers).to_have_text(["Ada Holm", "Adam West", "Create “ada”…"])
    line.press("ArrowDown")
    line.press("Enter")
    group.locator(".line select[name$=-role]").last.select_option("photographer")
    group.get_by_role("button", name="Move up: Adam West").click()
    line.press_sequentially("Nobody Yet")
    with page.expect_popup() as opened:
        group.get_by_role("option", name="Create “Nobody Yet”…").click()
    window = opened.value
    expect(window.locator("#id_name")).to_have_value("Nobody Yet")
    window.fill("#id_slug", "nobody-yet")
    window.locator("[name=_save]").click()
    expect(group.locator(".line-title:visible")).to_have_text(
        ["Adam West", "Mara Lind", "Nobody Yet"]
    )

    # --- tags
    page.locator("details[data-group='tags'] > summary").click()
    box = page.locator(".tags-box")
    chips = box.locator(".chips li > span")
    entry = box.get_by_role("combobox")
    expect(chips).to_have_text(["Ports"])
    box.get_by_role("button", name="Luhansk", exact=True).click()
    expect(chips).to_have_text(["Ports", "Luhansk"])
    box.get_by_role("button", name="Remove: Luhansk").click()
    expect(chips).to_have_text(["Ports"])
    entry.press_sequentially("lugansk")
    entry.press("Enter")
    expect(chips).to_have_text(["Ports", "Luhansk"])
    box.get_by_role("button", name="Remove: Luhansk").click()
    entry.press_sequentially("lugans")
    # With this story, if it was kept meanwhile.
    expect(box.get_by_role("option").first).to_have_text(re.compile("Lugansk → Luhansk *[12]"))
    entry.press("ArrowDown")
    entry.press("Enter")
    paste(page, entry, 'Sea, ports, "Rivers, lakes"; Tea')
    expect(chips).to_have_text(["Ports", "Luhansk", "Sea", "Rivers, lakes", "Tea"])
    entry.press("Backspace")
    expect(chips).to_have_count(4)

    save(page)
    # Somebody else's changes put the rows there anew: what is being typed goes on.
    line = page.get_by_label("Search the archive or paste an address")
    line.press_sequentially("pilots st")
    page.evaluate(
        """async () => {
            const text = await (await fetch(location.href)).text();
            const made = new DOMParser().parseFromString(text, "text/html");
            const group = made.getElementById("related_links-group");
            document.getElementById("related_links-group").replaceWith(group);
        }"""
    )
    expect(titles_of(page)).to_have_text(order)
    expect(line).to_have_value("pilots st")
    expect(line).to_be_focused()
    page.keyboard.type("r")
    expect(page.get_by_role("option", name="Name “pilots str”")).to_be_visible()

    data = working_data(article)
    assert [link.target.headline if link.target else link.title
            for link in working_copy(article).curated] == order  # fmt: skip
    assert data["related"][2]["target"] == str(draft.uid)
    assert data["related"][3] | {"views": 0} == {
        "target": None, "url": "https://example.org/ports", "title": "Ports of the world",
        "author": "A. Holm, The Example", "date": "2026-11-12", "views": 0,
    }  # fmt: skip
    assert data["byline"] == [
        {"author": "adam-west", "role": "photographer"},
        {"author": "mara-lind", "role": "writer"},
        {"author": "nobody-yet", "role": "writer"},
    ]
    assert Author.objects.filter(name="Nobody Yet").exists()
    assert set(data["tags"]) == {"Ports", "Luhansk", "Sea", "Rivers, lakes"}


def test_in_a_pause_the_archive_names_doubles_topics_and_links(page):
    told = "Cranes and ships, ships and cranes: the quays of Ostrand stood still for a week."
    story = make_article("The dock strike of Ostrand", body=f"<p>{told}</p>", tags=("Cranes",))
    make_article("A quiet day", body="<p>Tea in the garden, and rain.</p>")
    make_author("Ada Quill")
    draft = make_article("Quays", status="draft", body="<p>Ada Quill writes.</p>")
    record(draft)
    work.settle("the clock")
    let_in(page, make_person("editor"))
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    said = page.locator("[data-hints]")
    expect(said.get_by_role("button", name="Ada Quill")).to_be_visible(timeout=20_000)
    expect(said.locator("[data-doubles]")).to_be_hidden()

    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {told}")
    double = said.locator("[data-doubles]").get_by_role("link")
    expect(double).to_have_text(story.headline, timeout=20_000)
    page.locator(".tags-box").get_by_role("button", name="Cranes", exact=True).click()
    expect(page.locator(".tags-box .chips li > span")).to_have_text(["Cranes"])
    said.get_by_role("button", name="Ada Quill").click()
    link = page.locator(".ProseMirror a", has_text="Ada Quill")
    expect(link).to_have_attribute("href", "/author/ada-quill/")
    expect(said.locator("[data-said]")).to_have_text("Linked: Ada Quill")
    expect(said.get_by_role("button", name="Ada Quill")).to_have_count(0)
