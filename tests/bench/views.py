"""How many views a second are accepted, beside one update of the article's row per request.

`python -m tests.bench.views` starts these on one database, and the server with an application that
does nothing, by turns, with two workers each, and lets wrk (from Debian) report views of one
article and of a thousand, each by another reader. It says what was stored, which has to be what was
accepted: more by no more than the number of connections, because wrk hangs up at its end on
requests that the server answered, and counts only the answers that it read. `DATABASE_URL` takes it
to PostgreSQL.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.__main__ import database_of_its_own
from tests.servers import ROOT, Site, free_port

ROUNDS, SECONDS, CONNECTIONS, WORKERS = int(os.environ.get("ROUNDS", "3")), 4, 32, 2
#: What has to be kept: accepted views against updates.
TARGET = 20
#: Name -> application and variables. The last is Newsroom's; "nothing" is what the server can do.
PLAIN = "tests.bench.plain_counter:application"
APPLICATIONS = {
    "update": (PLAIN, {}),
    "update, connection kept": (PLAIN, {"KEPT_CONNECTIONS": "1"}),
    "nothing": ("tests.bench.views:nothing", {}),
    "Newsroom": ("newsroom.wsgi:application", {}),
}
#: Each request is another reader's: otherwise it would be a repeat.
SCRIPT = """
local number, thread = 0, 1
function setup(t) t:set("salt", thread * 64 + math.random(0, 63)); thread = thread + 1 end
function request()
  number = number + 1
  local story = FIRST + (number % STORIES)
  local reader = string.format("10.%d.%d.%d", salt + math.floor(number / 65536) % 60,
                               math.floor(number / 256) % 256, number % 256)
  return wrk.format("POST", "/beacon/" .. story .. "/", {
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.ROUND",
    ["X-Forwarded-For"] = reader, ["Content-Length"] = "0"})
end
function done(summary)
  print("accepted " .. summary.requests - summary.errors.status)
  print("refused " .. summary.errors.status)
  print("seconds " .. summary.duration / 1e6)
end
"""


def nothing(_environ: dict, start_response: object) -> list[bytes]:
    start_response("204 No Content", [])
    return []


@contextmanager
def server(site: Site, name: str):
    """Run granian with an application on a port of its own; yield the port."""
    application, variables = APPLICATIONS[name]
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    command += ["--workers", str(WORKERS), "--blocking-threads", "4", "--log-level", "error"]
    command += ["--port", str(port), "--workers-kill-timeout", "5", application]
    environ = {**site.environ, "TRUSTED_PROXIES": "1", "PORT": str(port), **variables}
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        time.sleep(2)  # until every worker has loaded Django
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def load(site: Site, port: int, first: int, stories: int, turn: int) -> tuple[float, int]:
    """Report views for some seconds; return how many a second were accepted, and how many."""
    script = site.folder / "report.lua"
    text = SCRIPT.replace("FIRST", str(first)).replace("STORIES", str(stories))
    script.write_text(text.replace("ROUND", str(turn)))
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "-s", str(script)]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    values = {name: float(re.search(rf"{name} ([\d.e+]+)", said)[1]) for name in
              ("accepted", "refused", "seconds")}  # fmt: skip
    if values["refused"]:
        print(f"  {values['refused']:.0f} were refused")
    return values["accepted"] / values["seconds"], int(values["accepted"])


def stored(site: Site) -> int:
    return site.ask("SELECT COALESCE(SUM(count), 0) FROM articles_dailyviews")[0][0]


def beside(accepted: int, kept: int) -> str:
    """Say what was stored against what was accepted, in words."""
    more = kept - accepted
    if not more:
        judgement = "exactly"
    elif 0 < more <= CONNECTIONS:
        judgement = f"{more} of them answered after wrk had hung up, on {CONNECTIONS} connections"
    else:
        judgement = "WRONG"
    return f"accepted {accepted:>7}, stored {kept:>7} ({judgement})"


def measure(site: Site) -> None:
    # Collecting the files of pages that nobody asks for would take longer than the loads.
    (site.folder / "static").mkdir()
    first = site.run(
        "call_command('migrate', verbosity=0)\n"
        "made = [make_article(f'Story {n}') for n in range(1000)]\nanswer = made[0].pk"
    )
    rates: dict[tuple[str, int], list[float]] = {}
    turn = 0
    for _round in range(ROUNDS):
        for stories in (1, 1000):
            for name in APPLICATIONS:
                turn += 1
                before = stored(site)
                with server(site, name) as port:
                    rate, accepted = load(site, port, first, stories, turn)
                    rates.setdefault((name, stories), []).append(rate)
                    if name == "Newsroom":
                        end = time.monotonic() + 120
                        while stored(site) - before < accepted and time.monotonic() < end:
                            time.sleep(0.2)
                        time.sleep(1.5)
                        print(f"  {stories:>4} stories: {beside(accepted, stored(site) - before)}")
    for stories in (1, 1000):
        *others, ours = (median(rates[name, stories]) for name in APPLICATIONS)
        print(f"{stories:>5} articles: {ours:>8.0f} views/s")
        for name, rate in zip(APPLICATIONS, others, strict=False):
            verdict = f"{ours / rate:>6.1f} times"
            if name == "update":
                verdict += f" ({TARGET}: {'kept' if ours / rate >= TARGET else 'MISSED'})"
            print(f"{rate:>16.0f} {name:<24}{verdict}")


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: apt install wrk")
    url = os.environ.get("DATABASE_URL", "")
    temporary = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
    with temporary as folder, database_of_its_own(url) as own:
        print(f"Views on {'PostgreSQL' if own else 'SQLite'}")
        measure(Site(Path(folder), own))


if __name__ == "__main__":
    main()
