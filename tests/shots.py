"""`make shots`: the documentation's screenshots, from the seeded world.

usage: python -m tests.shots FOLDER [ADDRESS of a running site]
"""

import io
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS

PORT = "8190"
WIDTHS = (390, 1280)
#: Name -> address; the article is the seeded story that shows most kinds of things.
PAGES = {"front": "/", "article": ""}


def take(folder: Path, base: str) -> None:
    """Write `<page>-<width>-<scheme>.webp` for each page into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                context = browser.new_context(
                    viewport={"width": width, "height": int(width * 1.6) if width < 800 else 1600},
                    color_scheme=scheme,
                    base_url=base,
                )
                page = context.new_page()
                page.goto("/")
                lead = page.locator("main article a[href^='/20'], main a[href^='/20']").first
                pages = PAGES | {"article": lead.get_attribute("href")}
                for name, address in pages.items():
                    page.goto(address, wait_until="networkidle")
                    shot = Image.open(io.BytesIO(page.screenshot()))
                    shot.convert("RGB").save(
                        folder / f"{name}-{width}-{scheme}.webp", quality=72, method=6
                    )
                context.close()
        browser.close()


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0])
    if len(arguments) > 1:
        take(folder, arguments[1])
        return
    with tempfile.TemporaryDirectory() as data:
        environ = os.environ | {"DATA_DIR": data, "PORT": PORT}
        with subprocess.Popen(
            [sys.executable, "manage.py", "start"], env=environ, stdout=subprocess.DEVNULL
        ) as server:
            try:
                base = f"http://127.0.0.1:{PORT}"
                for _ in range(600):
                    try:
                        urllib.request.urlopen(base, timeout=5).close()
                        break
                    except OSError:
                        time.sleep(0.1)
                take(folder, base)
            finally:
                server.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
