"""A real browser on a live server with the seeded world."""

import shutil
import sqlite3
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
#: The suggestions below Chromium's own address line: two pages with four hundred scripts, which
#: every new window opens, though nobody types there. More than half of what a journey's first page
#: computed was theirs. A browser that does not know these names goes on without.
POPUPS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
#: What Playwright itself leaves out.
PLAYWRIGHT_LEAVES_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
#: Flags for a machine without a sandbox, a screen or a way to the outside.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Of two such lists only the last one counts.
    f"--disable-features={','.join((*PLAYWRIGHT_LEAVES_OUT, *POPUPS))}",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def copies() -> Iterator[list[sqlite3.Connection]]:
    """Copies of whole databases, in memory; they end with the process."""
    copies: list[sqlite3.Connection] = []
    yield copies
    for copy in copies:
        copy.close()


@pytest.fixture
def world(transactional_db: None, copies: list[sqlite3.Connection]) -> None:
    """The seeded world: loaded once for a process, and copied. Its files stay where they are."""
    if not copies:
        call_command("loaddata", "seeds/world.json", verbosity=0)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        if copies:
            copies[0].backup(connection.connection)
        else:
            copies.append(sqlite3.connect(":memory:"))
            connection.connection.backup(copies[0])


@pytest.fixture
def page(browser: Browser, live_server: object) -> Iterator[Page]:
    """A page at the site's door; fails the test for any error in its console."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, base_url=str(live_server)
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert errors == []
