"""How soon a change is seen everywhere, and what happens when all pages are dropped under load.

`python -m tests.bench.storm` corrects a story again and again while somebody asks each of two
workers for it; then lets 32 readers ask for all stories, drops every page, and watches until pages
come as fast as before. On the database of `DATABASE_URL`; pages are in files and, with `CACHE_URL`,
in Redis. `ADDRESSES`, `CHANGES` and `LASTS` (seconds) may be others.
"""

import http.client
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.__main__ import database_of_its_own
from tests.bench.pages import ADDRESSES, WORLD, Server
from tests.servers import PRELUDE, ROOT, Site, free_port

CHANGES, LASTS = int(os.environ.get("CHANGES", "60")), float(os.environ.get("LASTS", "120"))
READERS = 32
#: Seconds of a rate; what share of the rate before is "back"; seconds before everything is dropped.
SLICE, BACK, BEFORE = 0.5, 0.9, 5.0
#: Drops every page when a line comes, and answers with the moment.
DROPPER = """
import sys, time
from articles.pagecache.dropping import drop_everything
Article.objects.exists()
print("ready", flush=True)
for line in sys.stdin:
    drop_everything()
    print(time.monotonic(), flush=True)
"""
#: Corrects a story when a line comes, and answers with the moments of click and return.
DESK = """
import sys, time
article = Article.objects.get(pk=PK)
print("ready", flush=True)
for line in sys.stdin:
    clicked = time.monotonic()
    record(article, {**working_data(article), "headline": f"State {line.strip()}."})
    transitions.correct(article, kind="typo")
    print(clicked, time.monotonic(), flush=True)
"""


@contextmanager
def workers(site: Site, number: int, apart: bool):
    """Run workers on one core, each a server of its own or all behind one port; give servers."""
    servers, made = [], site.folder / "made"
    made.write_text("")
    for _ in range(number if apart else 1):
        port = free_port()
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
        command += ["--workers", str(1 if apart else number), "--blocking-threads", "5"]
        command += ["--port", str(port), "--log-level", "error", "--workers-kill-timeout", "3"]
        environ = {**site.environ, "PORT": str(port), "CLOCK": "off", "PYTHONPATH": str(ROOT)}
        environ |= {"MADE": str(made)}
        servers.append(Server([*command, "tests.bench.counted_pages:application"], port, environ))
    try:
        yield servers
    finally:
        for server in servers:
            server.end()


def somebody(site: Site, script: str) -> subprocess.Popen[str]:
    """Start a script on the site; return when it is ready for lines."""
    process = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script],
        cwd=ROOT, env=site.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.readline()
    return process


def asked(process: subprocess.Popen[str], line: object) -> str:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline()


# --- from the click to the reader ----------------------------------------------------------------


class Watcher(threading.Thread):
    """Asks one worker for a page without a pause; knows when each state was there first."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self.port, self.path, self.found = port, path, {}
        self.ended = threading.Event()

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.ended.is_set():
            line.request("GET", self.path)
            text = line.getresponse().read().decode()
            state = text.partition("State ")[2].partition(".")[0]
            self.found.setdefault(state, time.monotonic())
            time.sleep(0.002)


def watch_changes(site: Site, pk: int, path: str) -> None:
    with workers(site, 2, apart=True) as servers:
        watchers = [Watcher(server.port, path) for server in servers]
        for watcher in watchers:
            watcher.start()
        desk = somebody(site, DESK.replace("PK", str(pk)))
        verbs, after, whole = [], [], []
        for number in range(CHANGES):
            clicked, returned = map(float, asked(desk, number).split())
            while not all(str(number) in watcher.found for watcher in watchers):
                time.sleep(0.002)
            seen = max(watcher.found[str(number)] for watcher in watchers)
            verbs.append(returned - clicked)
            after.append(max(0.0, seen - returned))
            whole.append(seen - clicked)
        desk.stdin.close()
        desk.wait(30)
        for watcher in watchers:
            watcher.ended.set()
            watcher.join()
    for name, values in (("the verb", verbs), ("from its return to both workers", after),
                         ("from the click to both workers", whole)):  # fmt: skip
        values = sorted(1000 * value for value in values[5:])
        print(f"  {name:<34} p50 {median(values):>6.0f}, p95 "
              f"{values[int(len(values) * 0.95)]:>6.0f}, most {values[-1]:>6.0f} ms")  # fmt: skip


# --- everything dropped --------------------------------------------------------------------------


class Load:
    """So many readers, each asking for the next page as soon as one came; keeps all times."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.port, self.paths, self.at = port, paths, 0
        #: By slices of time: how many answers came, and how long the slowest took.
        self.answers: Counter[int] = Counter()
        self.slowest: Counter[int] = Counter()
        self.refused = 0

    def run(self, ends: threading.Event) -> None:
        chooser = selectors.DefaultSelector()
        for _ in range(READERS):
            line = socket.create_connection(("127.0.0.1", self.port))
            chooser.register(line, selectors.EVENT_READ, self._ask(line))
        while not ends.is_set():
            for key, _events in chooser.select(0.2):
                state, line = key.data, key.fileobj
                state["got"] += line.recv(1 << 18)
                if self._is_whole(state):
                    now = time.monotonic()
                    place = int(now / SLICE)
                    self.answers[place] += 1
                    self.slowest[place] = max(self.slowest[place], now - state["asked"])
                    self.refused += not state["got"].startswith(b"HTTP/1.1 200")
                    state.update(self._ask(line))
        for key in list(chooser.get_map().values()):
            key.fileobj.close()

    def _ask(self, line: socket.socket) -> dict:
        self.at = (self.at + 1) % len(self.paths)
        line.sendall(f"GET {self.paths[self.at]} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return {"asked": time.monotonic(), "got": b"", "size": 0}

    @staticmethod
    def _is_whole(state: dict) -> bool:
        if not state["size"]:
            head, mark, _rest = state["got"].partition(b"\r\n\r\n")
            if not mark:
                return False
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            state["size"] = len(head) + 4 + int(length)
        return len(state["got"]) >= state["size"]

    def rates(self, since: float, until: float) -> list[float]:
        """Return the answers a second of each whole slice of a time."""
        return [
            self.answers[at] / SLICE for at in range(int(since / SLICE) + 1, int(until / SLICE))
        ]

    def is_back(self, dropped: float, before: float) -> float:
        """Return after how many seconds the rate was there again, once it had sunk; else 0."""
        rates = self.rates(dropped, time.monotonic())
        low = rates.index(min(rates)) if rates else 0
        back = (at for at, rate in enumerate(rates) if at > low and rate > BACK * before)
        return SLICE * next(back, 0)


def drop_under_load(site: Site, paths: list[str]) -> None:
    with workers(site, 2, apart=False) as (server,):
        for path in paths:
            server.get(path)
        load, ends = Load(server.port, paths), threading.Event()
        os.sched_setaffinity(0, {1})
        dropper = somebody(site, DROPPER)
        thread = threading.Thread(target=load.run, args=(ends,))
        thread.start()
        time.sleep(BEFORE)
        (site.folder / "made").write_text("")
        dropped = float(asked(dropper, "drop"))
        before = median(load.rates(dropped - BEFORE + 1, dropped))
        while time.monotonic() < dropped + LASTS and not load.is_back(dropped, before):
            time.sleep(SLICE)
        time.sleep(SLICE)
        ends.set()
        thread.join()
        dropper.stdin.close()
        dropper.wait(30)
        made = Counter(line.split()[1] for line in
                       (site.folder / "made").read_text().splitlines())  # fmt: skip
    slowest = max(took for at, took in load.slowest.items() if at >= int(dropped / SLICE))
    hot = [made[path] for path in paths]
    back = load.is_back(dropped, before)
    lowest = min(load.rates(dropped, dropped + max(back, 2)))
    print(f"  {len(paths)} pages, {before:,.0f} answers/s before, {lowest:,.0f} at the lowest, "
          + (f"back after {back:.1f} s" if back else f"not back within {LASTS:.0f} s"))  # fmt: skip
    print(f"  the slowest answer {1000 * slowest:,.0f} ms; {load.refused} other than 200; pages "
          f"were made {sum(hot):,} times, one of them {max(hot)} times at most")  # fmt: skip


def measure(site: Site, name: str) -> None:
    print(name, flush=True)
    pages = site.run(WORLD + "answer = [made[0].pk, answer]")
    watch_changes(site, pages[0], pages[1][0])
    drop_under_load(site, pages[1])


def main() -> None:
    if not shutil.which("taskset") or (os.cpu_count() or 1) < 2:
        sys.exit("Needed: taskset, and two cores, one for the server and one for who asks.")
    stores = {"pages in files": ""}
    if redis := os.environ.get("CACHE_URL"):
        stores["pages in Redis"] = redis
    for store, address in stores.items():
        temporary = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
        with temporary as folder, database_of_its_own(os.environ.get("DATABASE_URL", "")) as own:
            site = Site(Path(folder), own)
            if address:
                site.environ["CACHE_URL"] = address
            measure(site, f"{ADDRESSES} stories on {'PostgreSQL' if own else 'SQLite'}, {store}")


if __name__ == "__main__":
    main()
