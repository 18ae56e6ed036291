"""`make shots`: the documentation's screenshots, from the seeded world and a desk at work.

usage: python -m tests.shots FOLDER            the documentation's
       python -m tests.shots FOLDER --readers  every kind of page a reader sees, whole
       python -m tests.shots FOLDER NAME …     screens of the desk (tests/screens.py, or "all")

The last two take every width and nothing else: what whoever changes the looks wants to see.
"""

import io
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.screens import SCREENS

PORT = "8190"
BASE = f"http://127.0.0.1:{PORT}"
WIDTHS = (390, 1280)
#: For those who look: where the panel comes beside the text, too.
ALL_WIDTHS = (390, 820, 1280)
#: Name -> address for readers; `{article}` is the seeded lead story, `{corrected}` a mended one.
PAGES = {
    "front": "/",
    "article": "{article}",
    "corrections": "/corrections/",
    "changes": "{corrected}changes/",
}
#: Every kind of reader's page, for whoever works on their looks (docs/design.md).
READERS_WIDTHS = (390, 820, 1440)
READERS_PAGES = {
    "front": "/",
    "article": "{feature}",
    "article-hebrew": "{hebrew}",
    "article-plain": "{article}",
    "section": "/section/science/",
    "tag": "/tag/lighthouses/",
    "topics": "/tags/",
    "author": "/author/mara-lindqvist/",
    "latest": "/latest/",
    "archive": "/archive/",
    "year": "/2026/",
    "month": "/2026/11/",
    "day": "/2026/11/18/",
    "empty": "/1999/",
    "corrections": "/corrections/",
    "changes": "{corrected}changes/",
    "search": "/search/",
    "search-found": "/search/?q=light",
    "search-nothing": "/search/?q=quokka",
    "404": "/nothing/",
    "410": "/gone/",
}
#: The screens of tests/screens.py that the documentation shows.
SHOWN = (
    "login", "inbox", "palette", "calendar", "list", "library", "writing-new", "writing",
    "writing-gate", "writing-scheduled", "writing-conflict", "writing-recovery",
    "writing-read-only", "history", "compare", "gate", "readership",
)  # fmt: skip


def shoot(page: Page, path: Path) -> None:
    shot = Image.open(io.BytesIO(page.screenshot()))
    shot.convert("RGB").save(path, quality=72, method=6)


def take_pages(browser: Browser, folder: Path, scheme: str, width: int) -> None:
    """Write `<page>-<width>-<scheme>.webp` for each page of the readers into `folder`."""
    context = browser.new_context(
        viewport={"width": width, "height": int(width * 1.6) if width < 800 else 1600},
        color_scheme=scheme,
        base_url=BASE,
    )
    page = context.new_page()
    names = addresses(page)
    for name, address in PAGES.items():
        page.goto(address.format(**names), wait_until="networkidle")
        shoot(page, folder / f"{name}-{width}-{scheme}.webp")
    context.close()


def addresses(page: Page) -> dict[str, str]:
    """Return where the stories of `PAGES` and `READERS_PAGES` lie."""

    def first(address: str, selector: str) -> str:
        page.goto(address)
        return page.locator(f"main {selector}").first.get_attribute("href")

    page.goto("/corrections/")
    mended = page.locator("main a[href*='/changes/']").last.get_attribute("href")
    return {
        "article": first("/", "a[href^='/20']"),
        "corrected": mended.partition("changes/")[0],
        "feature": first("/search/?q=light+nobody+keeps", "h2 a[href^='/20']"),
        "hebrew": first("/latest/?before=20261019T000000.000000-1", "a[lang='he']"),
    }


def take_readers(browser: Browser, folder: Path, scheme: str, width: int) -> None:
    """Write `<page>-<width>-<scheme>.png` for each kind of page into `folder`, from top to end."""
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme=scheme, base_url=BASE
    )
    page = context.new_page()
    names = addresses(page)
    for name, address in READERS_PAGES.items():
        page.goto(address.format(**names), wait_until="networkidle")
        page.evaluate("document.querySelectorAll('img').forEach((one) => (one.loading = 'eager'))")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    page.goto(names["feature"])
    page.emulate_media(media="print")
    page.screenshot(path=folder / f"print-{width}-{scheme}.png", full_page=True)
    context.close()


def take_screens(
    browser: Browser,
    folder: Path,
    scheme: str,
    width: int,
    numbers: dict[str, str],
    names: Iterable[str],
) -> None:
    """The same for screens of the desk, in the window of a screen: an editor's day fits into it."""
    for name in names:
        screen = SCREENS[name]
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 800 else 900},
            color_scheme=scheme,
            base_url=BASE,
        )
        page = context.new_page()
        if screen.by:
            sign_in(page, screen.by)
        shoot(screen.open(page, numbers), folder / f"{name}-{width}-{scheme}.webp")
        context.close()


def sign_in(page: Page, name: str) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", os.environ[f"{name.upper()}_PASSWORD"])
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def main(arguments: list[str]) -> None:
    folder, *names = Path(arguments[0]), *arguments[1:]
    for_readers = names == ["--readers"]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"DATA_DIR": data, "PORT": PORT}
        for name in ("EDITOR", "WRITER", "ADMIN"):
            os.environ[f"{name}_PASSWORD"] = secrets.token_urlsafe(12)
        start = [sys.executable, "manage.py", "start"]
        subprocess.run([*start, "--prepare-only"], stdout=subprocess.DEVNULL, check=True)
        scene = subprocess.run(
            [sys.executable, "-m", "tests.scene"], capture_output=True, text=True, check=True
        )
        numbers = dict(line.split() for line in scene.stdout.splitlines() if line)
        with subprocess.Popen(start, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for_the_server()
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                    for scheme in ("light", "dark"):
                        if for_readers:
                            for width in READERS_WIDTHS:
                                take_readers(browser, folder, scheme, width)
                            continue
                        for width in ALL_WIDTHS if names else WIDTHS:
                            if not names:
                                take_pages(browser, folder, scheme, width)
                            asked = SCREENS if names == ["all"] else names or SHOWN
                            take_screens(browser, folder, scheme, width, numbers, asked)
                    browser.close()
            finally:
                server.terminate()


def wait_for_the_server() -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(BASE, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
