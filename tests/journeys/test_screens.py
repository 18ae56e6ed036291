"""Every screen of the desk, in every state: nothing for axe to find, nothing in the console."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.factories import make_article, make_person
from tests.pages import BACKEND
from tests.scene import set_scene
from tests.screens import SCREENS, Screen

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

#: axe-core itself, put into every page and frame past the page's own policy.
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  preload: false,
})"""
#: What a browser says of the line that a screen cuts on purpose, and of a session that ended.
CUT = ("net::ERR_FAILED", "401", "403")
ROLES = {"writer": "writer", "editor": "editor", "chief": "chief editor", "admin": "admin"}
WIDTHS = (390, 820, 1280)
#: Lists with nothing in them, and the first page that greets.
EMPTY = (
    "/admin/",
    *(
        f"/admin/articles/{name}/"
        for name in (
            "article", "image", "tag", "author", "section", "redirect", "promo", "correction",
            "scheduledstep", "transition", "revision", "dailyviews",
        )
    ),
)  # fmt: skip


def a_context(browser: Browser, live_server: Any, width: int, scheme: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=str(live_server)
    )
    context.add_init_script(path=AXE)
    return context


def sign_in(context: BrowserContext, person: Any, live_server: Any) -> None:
    client = Client()
    client.force_login(person, backend=BACKEND)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": str(live_server)}])


def faults_of(context: BrowserContext, screen: Screen, numbers: dict[str, int]) -> list[str]:
    """Open a screen; return in words what is wrong with it."""
    found: list[str] = []

    def hear(message: Any) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in CUT):
            found.append(message.text)

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on("console", hear)

    context.on("page", listen)
    page = screen.open(context.new_page(), numbers)
    context.remove_listener("page", listen)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > page.viewport_size["width"]:
        found.append(f"the page is {wide} pixels wide")
    # What axe writes while it looks is against the page's policy, and said in the console.
    found = list(found)
    for fault in page.evaluate(RUN)["violations"]:
        for node in fault["nodes"]:
            found.append(f"{fault['id']} at {node['target']}: {fault['help']}")
    for page in context.pages:
        page.close()
    return found


def test_the_screen_one_writes_in_has_no_barriers(browser: Browser, live_server: Any) -> None:
    """Some screens always; all of them are the proof below."""
    article = make_article("Harbour tolls, explained", status="draft", body="<p>On , a vote.</p>")
    numbers = {"ahead": article.pk, "unready": article.pk}
    editor = make_person("editor")
    for width, scheme, names in (
        (1280, "light", ("writing-new",)),
        (390, "dark", ("writing-gate",)),
    ):
        context = a_context(browser, live_server, width, scheme)
        sign_in(context, editor, live_server)
        faults = {name: faults_of(context, SCREENS[name], numbers) for name in names}
        context.close()
        assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.proof
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_screen_in_any_state_has_barriers(
    browser: Browser, live_server: Any, world: None, width: int, scheme: str
) -> None:
    people = {name: make_person(role, username=name) for name, role in ROLES.items()}
    numbers = set_scene()
    faults: dict[str, list[str]] = {}
    for name, screen in SCREENS.items():
        context = a_context(browser, live_server, width, scheme)
        if screen.by:
            sign_in(context, people[screen.by], live_server)
        faults[name] = faults_of(context, screen, numbers)
        context.close()
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.proof
def test_an_empty_newsroom_has_no_barriers(browser: Browser, live_server: Any) -> None:
    admin = make_person("admin")
    faults: dict[str, list[str]] = {}
    for width in WIDTHS:
        context = a_context(browser, live_server, width, "light")
        sign_in(context, admin, live_server)
        for address in EMPTY:
            faults[f"{address} {width}"] = faults_of(context, Screen(address), {})
        context.close()
    assert {name: found for name, found in faults.items() if found} == {}
