"""How heavy the writing screen is, and how soon it is there.

`python -m tests.bench.opening BASE_URL ARTICLE USER PASSWORD` opens an article's form at a running
site several times with an empty cache, and prints the compressed size of its scripts and style
sheets and the time until it has loaded.
"""

import sys
from statistics import median

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS

RUNS = 5
_MEASURE = """
() => {
  const files = performance.getEntriesByType("resource");
  const kind = (end) => files.filter((one) => new URL(one.name).pathname.endsWith(end));
  const size = (list) => list.reduce((sum, one) => sum + one.encodedBodySize, 0);
  const [page] = performance.getEntriesByType("navigation");
  return {
    js: size(kind(".js")), css: size(kind(".css")), files: files.length,
    answer: page.responseStart, load: page.loadEventEnd,
  };
}
"""


def main(base: str, article: str, user: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        runs = []
        for _run in range(RUNS):
            context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto("/admin/login/")
            page.fill("#id_username", user)
            page.fill("#id_password", password)
            page.press("#id_password", "Enter")
            page.wait_for_url("**/admin/")
            session = context.new_cdp_session(page)
            session.send("Network.clearBrowserCache")
            page.goto(f"/admin/articles/article/{article}/change/", wait_until="load")
            page.locator(".ProseMirror").wait_for()
            runs.append(page.evaluate(_MEASURE))
            context.close()
        browser.close()
    first = runs[0]
    print(
        f"scripts {first['js'] / 1000:.1f} KB, styles {first['css'] / 1000:.1f} KB, compressed; "
        f"{first['files']} files; answer after {median(one['answer'] for one in runs):.0f} ms, "
        f"loaded after {median(one['load'] for one in runs):.0f} ms (median of {RUNS}, empty cache)"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
