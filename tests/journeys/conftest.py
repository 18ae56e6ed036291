"""A real browser on a live server with the seeded world."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from tests import migrated

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


class Worlds:
    """Whole databases with their pictures, each made once for a run of many processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: Those whose pictures this process has: what is written there stays where it is.
        self.pictured: set[str] = set()

    def put(self, name: str, make: Callable[[], None]) -> None:
        """Make a world on empty tables, or copy it over them."""
        if connection.vendor != "sqlite":
            make()
            return

        def keep(folder: Path) -> None:
            make()
            connection.ensure_connection()
            with closing(sqlite3.connect(folder / "rows.sqlite3")) as rows:
                connection.connection.backup(rows)
            shutil.copytree(settings.MEDIA_ROOT, folder / "media")

        kept, is_new = migrated.once(self.folder, name, keep)
        if not is_new:
            connection.ensure_connection()
            with closing(sqlite3.connect(kept / "rows.sqlite3")) as rows:
                rows.backup(connection.connection)
            if name not in self.pictured:
                shutil.copytree(kept / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
        self.pictured.add(name)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(migrated.folder() if migrated.is_begun() else tmp_path_factory.mktemp("worlds"))


def load_world() -> None:
    call_command("loaddata", "seeds/world.json", verbosity=0)


@pytest.fixture
def world(transactional_db: None, worlds: Worlds) -> None:
    """The seeded world."""
    worlds.put("world", load_world)


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
