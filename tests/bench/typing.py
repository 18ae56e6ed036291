"""How long a key takes in a long text: `python -m tests.bench.typing BASE_URL [USER PASSWORD]`.

Opens a new article at a running site, puts 5,000 words into the body, types in its middle, and
prints how long the page was busy with each key, from the event to the end of its work.
"""

import json
import sys

from playwright.sync_api import CDPSession, sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS

WORDS, KEYS = 5_000, 200
#: Blocks of all sorts, so that each node's own view takes part.
_FILL = """
(words) => {
  const { editor } = window.desk;
  const line = "The pilots of the harbour vote on Friday whether the night boats go on as before";
  const blocks = [];
  for (let count = 0, n = 0; count < words; count += 60, n++) {
    const text = Array.from({ length: 4 }, () => line).join(", ");
    if (n % 12 === 5) blocks.push(`<h2>${line}</h2>`);
    if (n % 12 === 7) blocks.push(`<blockquote><p>${line}</p></blockquote>`);
    const note = n % 9 === 3 ? '<sup class="footnote">Report, p. 3</sup>' : "";
    blocks.push(`<p>${text} <strong>and so</strong>${note} <a href="/latest/">on</a>.</p>`);
  }
  editor.commands.setContent(blocks.join(""), { emitUpdate: true });
  const middle = editor.state.doc.resolve(Math.floor(editor.state.doc.content.size / 2));
  editor.commands.focus(middle.end());
}
"""
# Work of a key: from its event until the page is idle again, and what the browser itself calls
# long or slow.
_WATCH = """
() => {
  window.measured = { keys: [], long: [] };
  let begun = 0;
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (begun) window.measured.keys.push(performance.now() - begun);
    begun = 0;
  };
  window.addEventListener("keydown", () => {
    begun = performance.now();
    channel.port2.postMessage(0);
  }, true);
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.measured.long.push(one.duration);
  }).observe({ type: "longtask" });
}
"""


def measure(base: str, username: str = "editor", password: str = "a-pass-phrase") -> dict:
    """Return p50, p99 and max of the busy milliseconds of a key, and the long tasks meanwhile.

    cpu_ms_per_key: all work of the page's thread, painting and waiting saves included, a key.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 900})
        page.goto("/admin/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", password)
        page.press("#id_password", "Enter")
        page.wait_for_url("**/admin/**")
        page.add_init_script(
            "document.addEventListener('prose-editor:ready', (e) => { window.desk = e.detail })"
        )
        page.goto("/admin/articles/article/add/")
        page.get_by_role("toolbar", name="Formatting").wait_for()
        page.evaluate(_FILL, WORDS)
        page.wait_for_timeout(1500)
        page.evaluate(_WATCH)
        devtools = page.context.new_cdp_session(page)
        # The clock of the page's own thread: a busy machine does not slow it.
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _work(devtools)
        for index in range(KEYS):
            page.keyboard.press("Space" if index % 6 == 5 else "abcdefgh"[index % 8])
            page.wait_for_timeout(40)
        page.wait_for_timeout(500)
        work = (_work(devtools) - before) * 1000 / KEYS
        found = page.evaluate("() => window.measured")
        browser.close()
    keys = sorted(found["keys"])
    return {
        "keys": len(keys),
        "cpu_ms_per_key": round(work, 1),
        "p50_ms": round(keys[len(keys) // 2], 1),
        "p99_ms": round(keys[int(len(keys) * 0.99)], 1),
        "max_ms": round(keys[-1], 1),
        "long_tasks": [round(one) for one in found["long"]],
    }


def _work(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:])))
