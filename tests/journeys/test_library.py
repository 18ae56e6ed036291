"""The picture library in a browser: files dropped, described, and one picked for an article."""

import base64

import pytest
from playwright.sync_api import Page, expect

from articles.models import Image
from tests.factories import make_image, make_person, make_picture_bytes
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DROP = """(element, files) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type: "image/jpeg" }));
  }
  for (const type of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried });
    element.dispatchEvent(event);
  }
}"""
PICK = """() => {
  window.picked = import("/static/articles/admin/picker.js")
    .then(({ pickPicture }) => pickPicture());
}"""
ADD = """(text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  window.added = import("/static/articles/admin/picker.js")
    .then(({ uploadPictures }) => uploadPictures([new File([bytes], "dropped.jpg")]));
}"""


def encoded(colour: str, size: tuple[int, int] = (900, 600)) -> str:
    return base64.b64encode(make_picture_bytes(size, colour=colour)).decode()


def test_pictures_are_dropped_described_cut_about_a_point_and_picked(
    page: Page, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    let_in(page, make_person("editor"))
    make_image(make_picture_bytes(colour="#777"), title="Grey sea", alt="The sea")
    page.goto("/admin/articles/image/")

    # Two files, one form, one credit; the grid shows both when it is done.
    expect(page.get_by_text("Drop pictures anywhere on this page")).to_be_visible()
    files = [["boat.jpg", encoded("#a00")], ["crane.jpg", encoded("#0a0", (1200, 600))]]
    page.locator("body").evaluate(DROP, files)
    form = page.locator("[data-describe-form]")
    expect(form.get_by_label("Alt text")).to_have_count(2)
    expect(form.get_by_label("Alt text").first).to_be_focused()
    page.keyboard.type("A red boat")
    form.get_by_label("Same credit for all").fill("Agency")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".shelf-card")).to_have_count(3)
    boat, crane = Image.objects.get(title="boat"), Image.objects.get(title="crane")
    assert (boat.alt, boat.credit, crane.alt, crane.credit) == (
        "A red boat",
        "Agency",
        "",
        "Agency",
    )

    # The same file again makes no second picture, and the way to the first one is there.
    page.locator("body").evaluate(DROP, files[:1])
    expect(page.get_by_text("This picture is in the library already.")).to_be_visible()
    page.locator(".upload").get_by_role("link", name="boat.jpg").click()

    # The focal point moves by keyboard, and the crops at once with it.
    page.goto(f"/admin/articles/image/{crane.pk}/change/")
    square = page.locator(".crop-1-1")
    expect(square).to_have_css("object-position", "50% 50%")
    page.locator(".focal-original").focus()
    for _step in range(5):
        page.keyboard.press("ArrowRight")
    # Of 1200 pixels, 600 are spare beside a square; its window now begins at 420 - 300 + 300.
    expect(square).to_have_css("object-position", "70% 50%")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".shelf-card")).to_have_count(3)
    crane.refresh_from_db()
    assert crane.focal_x == 0.6

    # Picked from another page: by words, then by keyboard alone; Escape picks nothing.
    page.goto("/admin/articles/article/")
    page.evaluate(PICK)
    dialog = page.get_by_role("dialog", name="Choose a picture")
    expect(dialog.locator(".picker-choice")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("() => window.picked") is None
    page.evaluate(PICK)
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("agency")
    expect(dialog.locator(".picker-choice")).to_have_count(2)
    dialog.locator(".picker-choice").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    picked = page.evaluate("() => window.picked")
    assert (picked["uid"], picked["pk"]) == (str(boat.uid), boat.pk)
    assert (picked["alt"], picked["credit"], picked["width"]) == ("A red boat", "Agency", 900)

    # Dropped into a text: asked about at once, then handed over.
    page.evaluate(ADD, encoded("#00a"))
    adding = page.get_by_role("dialog", name="Add pictures")
    adding.get_by_label("Alt text").fill("A blue square")
    adding.get_by_role("button", name="Save").click()
    assert [added["alt"] for added in page.evaluate("() => window.added")] == ["A blue square"]
    expect(adding).to_be_hidden()

    # Closed instead: it is there all the same, and the next one is asked about again.
    page.evaluate(ADD, encoded("#aa0"))
    expect(adding.get_by_label("Alt text")).to_be_visible()
    page.keyboard.press("Escape")
    assert [added["alt"] for added in page.evaluate("() => window.added")] == [""]
    page.evaluate(ADD, encoded("#0aa"))
    expect(adding.get_by_label("Alt text")).to_be_visible()
    adding.get_by_role("link", name="Skip for now").click()
    assert len(page.evaluate("() => window.added")) == 1
    assert Image.objects.filter(alt="").count() == 3
