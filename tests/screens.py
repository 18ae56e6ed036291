"""Every state of the desk's screens, and how a person gets there.

`make shots` takes pictures of them, and the journeys look at them with axe.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Error, Page

ADMIN = "/admin/articles"
ARTICLE = f"{ADMIN}/article"
#: As in the preview's own buttons.
PREVIEWS = ("Phone", "Tablet", "Desktop")

Act = Callable[[Page], Page | None]


@dataclass(frozen=True)
class Screen:
    """An address, with `{names}` of tests/scene.py in it, and what is done there."""

    address: str
    act: Act | None = None
    by: str = "editor"

    def open(self, page: Page, numbers: Mapping[str, object]) -> Page:
        """Go there; return the page to look at, which is another one after a crash."""
        page.goto(self.address.format(**numbers), wait_until="networkidle")
        return (self.act and self.act(page)) or page


def opened(selector: str, *, seen: str = "dialog[open]") -> Act:
    """A click on the first of these, until something is seen."""

    def act(page: Page) -> None:
        page.locator(selector).first.evaluate("place => place.click()")
        page.locator(seen).first.wait_for()
        page.wait_for_load_state("networkidle")

    return act


def panel(page: Page) -> None:
    """The panel with every group unfolded; where it is narrow, over the text."""
    beside(page)
    unfold = "groups => groups.forEach((group) => (group.open = true))"
    page.locator("#panel details").evaluate_all(unfold)
    page.wait_for_load_state("networkidle")


def menu(page: Page) -> None:
    page.locator("[data-menu] summary").click()


def beside(page: Page) -> None:
    """What the panel says, on a telephone too."""
    toggle = page.locator("[data-panel-toggle]")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()


def preview(width: str) -> Act:
    def act(page: Page) -> None:
        page.locator("[data-preview-toggle]").evaluate("place => place.click()")
        page.get_by_role("button", name=width, exact=True).click()
        page.frame_locator("[data-frame]").locator("h1").wait_for()
        page.wait_for_load_state("networkidle")

    return act


def palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("harbour", delay=30)
    page.locator(".palette-item").first.wait_for()


def tool(name: str, *, seen: str = "dialog[open]") -> Act:
    """A tool of the text's bar, after a click into the text."""

    def act(page: Page) -> None:
        page.locator(".ProseMirror").press("Control+Home")
        one = f'.tools [aria-label="{name}"], .tool-menu__item:has-text("{name}")'
        page.locator(one).first.evaluate("place => place.click()")
        page.locator(seen).first.wait_for()

    return act


def without_a_line(page: Page) -> None:
    page.route("**/sync/", lambda route: route.abort())
    page.locator(".ProseMirror").press("Control+End")
    page.keyboard.type(" A ferry pays twice what a fishing boat pays.", delay=5)


def offline(page: Page) -> None:
    without_a_line(page)
    page.locator("[data-save-state][data-state=kept]").wait_for()


def signed_out(page: Page) -> None:
    page.context.clear_cookies()
    page.locator(".ProseMirror").press("Control+End")
    page.keyboard.type(" Tugs pay nothing.", delay=5)
    page.locator("[data-panel=signed-out]").wait_for()


def recovery(page: Page) -> Page:
    """Write without a connection, let the tab crash, and come back in another."""
    address = page.url
    without_a_line(page)
    page.wait_for_timeout(2_000)
    with contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=5_000)
    page = page.context.new_page()
    page.goto(address, wait_until="networkidle")
    page.locator(".sync-recovery").wait_for()
    page.locator("[data-look]").first.click()
    return page


def colleague(page: Page) -> None:
    """Somebody else's screen, as the next beat would tell of it."""
    page.evaluate(
        """() => {
          const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
          const module = loaded.find((name) => name.includes("sync/indicator"));
          return import(module).then(({ showPresent }) =>
            showPresent([{ name: "Mara Lind", field: "Headline" }, { name: "Jo" }]));
        }"""
    )
    page.locator(".sync-person").first.wait_for()


#: Name -> screen; the numbers are those of tests/scene.py.
SCREENS = {
    "login": Screen("/admin/login/", by=""),
    "inbox": Screen("/admin/"),
    "palette": Screen("/admin/", palette),
    "calendar": Screen(f"{ARTICLE}/calendar/"),
    "list": Screen(f"{ARTICLE}/"),
    "list-nothing": Screen(f"{ARTICLE}/?q=zeppelin"),
    "library": Screen(f"{ADMIN}/image/"),
    "library-picture": Screen(f"{ADMIN}/image/{{picture}}/change/"),
    "tags": Screen(f"{ADMIN}/tag/"),
    "tag": Screen(f"{ADMIN}/tag/{{tag}}/change/"),
    "authors": Screen(f"{ADMIN}/author/"),
    "author": Screen(f"{ADMIN}/author/{{author}}/change/"),
    "author-popup": Screen(f"{ADMIN}/author/add/?_popup=1"),
    "sections": Screen(f"{ADMIN}/section/"),
    "writing-new": Screen(f"{ARTICLE}/add/"),
    "writing": Screen(f"{ARTICLE}/{{ahead}}/change/"),
    "readership": Screen(f"{ADMIN}/dailyviews/figures/"),
    "readership-today": Screen(f"{ADMIN}/dailyviews/figures/?days=1&kind=authors"),
    "readers": Screen(f"{ARTICLE}/{{ahead}}/readers/"),
    "writing-panel": Screen(f"{ARTICLE}/{{ahead}}/change/", panel),
    "writing-menu": Screen(f"{ARTICLE}/{{ahead}}/change/", menu),
    "writing-drawer": Screen(f"{ARTICLE}/{{ahead}}/change/", opened("[data-drawer-toggle]")),
    "writing-keys": Screen(f"{ARTICLE}/{{ahead}}/change/", opened("[data-help-open]")),
    "writing-gate": Screen(f"{ARTICLE}/{{unready}}/change/", beside),
    "writing-asks": Screen(f"{ARTICLE}/{{begun}}/change/", opened("[data-next]")),
    "writing-scheduled": Screen(f"{ARTICLE}/{{leaving}}/change/", beside),
    "writing-conflict": Screen(f"{ARTICLE}/{{disputed}}/change/"),
    "writing-presence": Screen(f"{ARTICLE}/{{begun}}/change/", colleague),
    "writing-link": Screen(f"{ARTICLE}/{{begun}}/change/", tool("Link")),
    "writing-video": Screen(f"{ARTICLE}/{{begun}}/change/", tool("Video or post")),
    "writing-table": Screen(f"{ARTICLE}/{{begun}}/change/", tool("Table")),
    "writing-picture": Screen(f"{ARTICLE}/{{begun}}/change/", tool("Picture")),
    "writing-character": Screen(f"{ARTICLE}/{{begun}}/change/", tool("Special character")),
    "writing-find": Screen(f"{ARTICLE}/{{begun}}/change/", tool("Find and replace", seen=".find")),
    **{
        f"writing-preview-{width.lower()}": Screen(f"{ARTICLE}/{{ahead}}/change/", preview(width))
        for width in PREVIEWS
    },
    "writing-offline": Screen(f"{ARTICLE}/{{begun}}/change/", offline),
    "writing-recovery": Screen(f"{ARTICLE}/{{begun}}/change/", recovery),
    "history": Screen(f"{ARTICLE}/{{ahead}}/revisions/"),
    "compare": Screen(f"{ARTICLE}/{{ahead}}/compare/?from=live&to=working"),
    "preview-links": Screen(f"{ARTICLE}/{{ahead}}/previews/"),
    "gate": Screen(f"{ARTICLE}/{{unready}}/transitions/correct/"),
    "notices": Screen("/admin/auth/user/me/"),
    "password": Screen("/admin/password_change/"),
    "writing-read-only": Screen(f"{ARTICLE}/{{corrected}}/change/", by="writer"),
    "people": Screen("/admin/auth/user/", by="admin"),
    "person": Screen("/admin/auth/user/{person}/change/", by="admin"),
    "promos": Screen(f"{ADMIN}/promo/", by="admin"),
    "promo-new": Screen(f"{ADMIN}/promo/add/", by="admin"),
    "redirects": Screen(f"{ADMIN}/redirect/", by="admin"),
    "delete": Screen(f"{ARTICLE}/{{begun}}/delete/", by="admin"),
    "import": Screen(f"{ARTICLE}/import/", by="admin"),
    # It ends the session: last.
    "writing-signed-out": Screen(f"{ARTICLE}/{{begun}}/change/", signed_out),
}
