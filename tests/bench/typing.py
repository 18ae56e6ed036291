"""How long a key takes in a long text.

`python -m tests.bench.typing BASE_URL [USER PASSWORD KEYS]` opens a new article at a running site,
puts 5,000 words into the body and types in its middle, with rests after which the next key meets
the journal's writing, an autosave or its answer. The browser records meanwhile what its main thread
did.
"""

import json
import sys
from bisect import bisect_left
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS

WORDS, KEYS = 5_000, 200
#: Milliseconds that a key may block.
TARGET = 16
#: Milliseconds between two keys, and after every so many keys; the journal is written 300 after
#: the last key, an autosave begins after 1,500.
BETWEEN, EVERY, RESTS = 40, 20, (290, 330, 1_480, 1_520, 1_600)
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
_TRACED = ["devtools.timeline", "disabled-by-default-devtools.timeline"]


@dataclass(frozen=True)
class Task:
    """Something that the page's main thread did without a break; milliseconds.

    work: of its time, what the thread computed; the rest it was kept waiting by other programs.
    """

    start: float
    end: float
    work: float


def measure(
    base: str, username: str = "editor", password: str = "a-pass-phrase", keys: int = KEYS
) -> dict[str, Any]:
    """Type, and return in milliseconds what the keys and all else came to.

    blocked: what the main thread did between a key's arrival and the frame that shows it, whoever
    asked for it: waiting for a save that was under way, the key's own work, style, layout, paint;
    frame: from a key's arrival to the end of that frame, waiting for the screen's turn included;
    longest_tasks: the longest that the thread was busy at a stretch, between keys, too: so long
    would a key have waited that came at the worst moment.
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
        page.wait_for_timeout(4_000)
        events = traced(page, keys)
        browser.close()
    return figures(events)


def traced(page: Page, keys: int) -> list[dict[str, Any]]:
    """Type so many keys and return what the browser recorded meanwhile."""
    devtools = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    devtools.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: done.append(True))
    config = {"includedCategories": _TRACED}
    devtools.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    rests = cycle(RESTS)
    for index in range(keys):
        page.keyboard.press("Space" if index % 6 == 5 else "abcdefgh"[index % 8])
        page.wait_for_timeout(next(rests) if index % EVERY == EVERY - 1 else BETWEEN)
    page.wait_for_timeout(2_000)
    devtools.send("Tracing.end")
    while not done:
        page.wait_for_timeout(100)
    return events


def figures(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a recording says of its keys."""
    timings = [one for one in events if one["name"] == "EventTiming" and one["ph"] == "b"]
    downs = [one for one in timings if one["args"]["data"]["type"] == "keydown"]
    flat = _tasks(events, downs[0]["pid"], downs[0]["tid"])
    blocked, worked, frames = [], [], []
    for one in downs:
        data = one["args"]["data"]
        arrived = one["ts"] / 1000
        shown = arrived + data["commitFinishTime"] - data["timeStamp"]
        first = max(0, bisect_left(flat, arrived, key=lambda task: task.start) - 1)
        met = [task for task in flat[first:] if task.end > arrived and task.start < shown]
        blocked.append(sum(min(task.end, shown) - max(task.start, arrived) for task in met))
        worked.append(sum(task.work for task in met))
        frames.append(shown - arrived)
    return {
        "keys": len(downs),
        "blocked": _spread(blocked),
        "blocked_work": _spread(worked),
        "over_target": sum(one > TARGET for one in blocked),
        "frame": _spread(frames),
        "longest_tasks": [round(task.end - task.start, 1) for task in _longest(flat)],
        "longest_tasks_work": [round(task.work, 1) for task in _longest(flat)],
        "work_per_key": round(sum(task.work for task in flat) / len(downs), 1),
    }


def _tasks(events: list[dict[str, Any]], process: int, thread: int) -> list[Task]:
    """Return what a thread did, in order; tasks inside tasks are no more time."""
    found: list[Task] = []
    own = (one for one in events if (one["pid"], one["tid"]) == (process, thread))
    runs = [one for one in own if one["name"] == "RunTask" and one["ph"] == "X"]
    for one in sorted(runs, key=lambda one: one["ts"]):
        start, length = one["ts"] / 1000, one["dur"] / 1000
        if not found or start >= found[-1].end:
            found.append(Task(start, start + length, one.get("tdur", one["dur"]) / 1000))
    return found


def _longest(tasks: list[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: task.start - task.end)[:5]


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = {"p50": 0.5, "p99": 0.99, "max": 1}
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)
        for name, share in at.items()
    }


if __name__ == "__main__":
    site, *rest = sys.argv[1:]
    print(json.dumps(measure(site, *rest[:2], *(int(one) for one in rest[2:]))))
