"""An editor's day in a real browser, under the site's own content security policy.

The page of these tests fails them for any error in its console: a script or style that the
policy refuses is one.
"""

import io

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from articles.editorial.revisions import record, working_data
from articles.editorial.roles import ensure_roles
from articles.models import Article, Image, Tag
from tests.factories import make_article, make_author, make_image, make_person, make_section
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def roles(transactional_db: None) -> None:
    # Emptying the tables between such tests also empties the groups.
    ensure_roles()


def test_an_editor_writes_saves_publishes_and_withdraws(page: Page, roles: None) -> None:
    make_section("World")
    make_author("Mara Lind")
    Tag.objects.create(name="Ports", slug="ports")
    make_person("editor", username="wren")
    page.goto("/admin/")
    page.get_by_label("Username").fill("wren")
    page.get_by_label("Password").fill("a-pass-phrase")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    page.get_by_role("link", name="New article").click()
    # Typing before the page's scripts run would test the browser, not the form.
    page.wait_for_url("**/add/")
    # The cursor stands in the headline, and Enter goes on to the standfirst.
    expect(page.get_by_role("textbox", name="Headline")).to_be_focused()
    page.keyboard.type("Pilots vote on a rota")
    page.keyboard.press("Enter")
    page.keyboard.type("The vote closes on Friday.")
    body = page.get_by_role("textbox", name="Body")
    body.click()
    page.keyboard.type("The first vote in ")
    page.keyboard.press("Control+b")
    page.keyboard.type("nine years")
    page.keyboard.press("Control+b")
    page.keyboard.type(" <on> & on.")
    page.get_by_role("combobox", name="Tags").press_sequentially("po")
    page.get_by_role("option", name="Ports").click()
    page.get_by_role("combobox", name="Tags").press_sequentially("climate change,")
    page.get_by_role("combobox", name="Section").select_option(label="World")
    page.get_by_placeholder("Add an author").press_sequentially("Mara")
    page.get_by_role("option", name="Mara Lind").click()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("added successfully")
    article = Article.objects.get()
    assert article.headline == "Pilots vote on a rota"
    assert article.body == (
        "<p>The first vote in <strong>nine years</strong> &lt;on&gt; &amp; on.</p>"
    )
    assert {revision.made_by_name for revision in article.revisions.all()} == {"wren"}
    assert set(article.tags.names()) == {"Ports", "climate change"}
    assert [line.author.name for line in article.bylines.all()] == ["Mara Lind"]

    page.get_by_role("textbox", name="Headline").fill("Pilots vote on a new rota")
    # Whoever clicks twice is asked all the same.
    page.get_by_role("button", name="Publish").dblclick()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("is now: published")
    article.refresh_from_db()
    assert (article.status, article.headline) == ("published", "Pilots vote on a new rota")
    page.locator("[data-menu] summary").click()
    page.get_by_role("main").get_by_role("link", name="View on site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pilots vote on a new rota")
    expect(page.locator("article")).to_contain_text("nine years <on> & on.")

    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Withdraw").click()
    page.fill("#id_redirect_to", "/latest/")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".messagelist")).to_contain_text("withdrawn")
    page.goto(article.get_absolute_url())
    assert page.url.endswith("/latest/")


def test_what_was_typed_is_saved_and_nothing_is_asked(page: Page, roles: None) -> None:
    article = make_article(status="draft")
    let_in(page, make_person("editor"))
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved")
    page.get_by_role("textbox", name="Body").click()
    page.keyboard.type("More. ")
    expect(page.locator("[data-save-state]")).to_contain_text("ing …")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/")
    assert asked == []
    article.refresh_from_db()
    assert "More. " in working_data(article)["body"]


def test_a_writer_adds_a_picture_and_points_at_what_matters(page: Page, roles: None) -> None:
    picture = io.BytesIO()
    Pillow.new("RGB", (900, 600), "#336699").save(picture, "JPEG")
    let_in(page, make_person("writer"))
    page.goto("/admin/articles/image/add/")
    page.get_by_label("Picture:").set_input_files(
        {"name": "boat.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    page.get_by_label("Alt text").fill("A pilot boat")
    page.get_by_role("button", name="Save and continue editing").click()
    frame = page.locator(".focal-original")
    box = frame.bounding_box()
    assert box is not None
    frame.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    image = Image.objects.get()
    assert (round(image.focal_x, 2), round(image.focal_y, 2)) == (0.25, 0.75)


def settled_width(page: Page, wanted: int) -> int:
    """The page's width once its scripts have dressed the form; a wide page stays wide."""
    for _ in range(30):
        found = page.evaluate("document.documentElement.scrollWidth")
        if found <= wanted:
            break
        page.wait_for_timeout(100)
    return found


def test_no_page_of_the_admin_is_wider_than_a_telephone(page: Page, roles: None) -> None:
    """Every screen at every width is a proof of test_screens.py."""
    width = 390
    # One word, as some languages and all addresses have them.
    endless = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte" * 3
    article = make_article(endless, picture=make_image(), tags=("Ports",))
    record(article)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/login/")
    assert settled_width(page, width) <= width
    let_in(page, make_person("chief editor"))
    for address in (
        "/admin/",
        "/admin/articles/article/",
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/article/{article.pk}/revisions/",
        f"/admin/articles/article/{article.pk}/transitions/withdraw/",
        f"/admin/articles/image/{article.picture.pk}/change/",
        "/admin/auth/user/",
    ):
        page.goto(address)
        assert settled_width(page, width) <= width, address
