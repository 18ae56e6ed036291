"""What a worker's memory does in a million requests: kept pages, made ones, 404s, and views.

`python -m tests.bench.memory` lets wrk (from Debian) ask one worker, clock and all, while somebody
corrects a story every three seconds, which drops a dozen pages each time. It prints the worker's
memory on the way: when all pages were made once, it is to stay. `REQUESTS` and `ADDRESSES` may be
less.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.__main__ import database_of_its_own
from tests.bench.pages import WORLD, Server
from tests.servers import PRELUDE, ROOT, Site, free_port

REQUESTS = int(os.environ.get("REQUESTS", "1000000"))
#: Seconds of one load; and requests after which memory is looked at.
SECONDS, LOOKED_AT = 4, (50_000, 100_000, 200_000, 300_000, 500_000, 700_000, 1_000_000)
#: Of 1,000 requests: addresses that nobody has, views, and addresses with somebody's campaign.
NOWHERE, VIEWS, CAMPAIGNS = 5, 60, 30
SCRIPT = """
local paths, first, number = {PATHS}, FIRST, SALT
function request()
  number = number + 1
  local kind, page = math.random(0, 999), math.random(1, #paths)
  if kind < NOWHERE then return wrk.format("GET", "/2026/01/01/nobody-" .. number .. "/") end
  if kind < VIEWS then
    return wrk.format("POST", "/beacon/" .. first + page - 1 .. "/", {
      ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      ["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.floor(number / 65536) % 256,
                                          math.floor(number / 256) % 256, number % 256),
      ["Content-Length"] = "0"})
  end
  if kind < CAMPAIGNS then return wrk.format("GET", paths[page] .. "?utm_id=" .. number) end
  if kind < 200 then return wrk.format("GET", "/") end
  return wrk.format("GET", paths[page])
end
function done(summary)
  print("requests " .. summary.requests)
  print("refused " .. summary.errors.status)
end
"""
DESK = """
import random, time
stories = list(Article.objects.order_by("pk").values_list("pk", flat=True))
number = 0
while True:
    article, number = Article.objects.get(pk=random.choice(stories)), number + 1
    record(article, {**working_data(article), "headline": f"Told {number} times"})
    transitions.correct(article, kind="typo")
    time.sleep(3)
"""


def load(site: Site, server: Server, text: str, done: int) -> tuple[int, int]:
    """Ask for some seconds; return how many requests were answered, and how many not with 2xx."""
    script = site.folder / "mixed.lua"
    script.write_text(text.replace("SALT", str(done)))
    said = subprocess.run(
        ["wrk", "-t", "1", "-c", "32", "-d", f"{SECONDS}s", "-s", str(script),
         f"http://127.0.0.1:{server.port}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    number, refused = (
        int(float(re.search(rf"{name} ([\d.e+]+)", said)[1])) for name in ("requests", "refused")
    )
    return number, refused


def measure(site: Site) -> None:
    pages = site.run(WORLD + "answer = [made[0].pk, answer]")
    text = SCRIPT.replace("PATHS", ",".join(f'"{page}"' for page in pages[1]))
    text = text.replace("FIRST", str(pages[0])).replace("NOWHERE", str(NOWHERE))
    text = text.replace("VIEWS", str(NOWHERE + VIEWS))
    text = text.replace("CAMPAIGNS", str(NOWHERE + VIEWS + CAMPAIGNS))
    port = free_port()
    environ = {**site.environ, "PORT": str(port), "TRUSTED_PROXIES": "1", "PYTHONPATH": str(ROOT)}
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--workers"]
    command += ["1", "--blocking-threads", "5", "--port", str(port), "--log-level", "error"]
    server = Server([*command, "newsroom.wsgi:application"], port, environ)
    desk = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + DESK], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL
    )
    done = refused = 0
    begun, corrected = time.monotonic(), site.ask("SELECT count(*) FROM articles_transition")[0][0]
    try:
        looks = [one for one in LOOKED_AT if one < REQUESTS] + [REQUESTS]
        for look in looks:
            while done < look:
                more, not_found = load(site, server, text, done)
                done, refused = done + more, refused + not_found
            changes = site.ask("SELECT count(*) FROM articles_transition")[0][0] - corrected
            views = site.ask("SELECT coalesce(sum(count), 0) FROM articles_dailyviews")[0][0]
            print(f"{done:>9,} requests, {refused:>7,} of them 404, {changes:>5} corrections, "
                  f"{views:>7,} views counted: {server.memory():>6.1f} MB, "
                  f"{time.monotonic() - begun:>5.0f} s", flush=True)  # fmt: skip
    finally:
        desk.kill()
        desk.wait()
        server.end()


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: apt install wrk")
    temporary = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
    with temporary as folder, database_of_its_own(os.environ.get("DATABASE_URL", "")) as own:
        print(f"Memory on {'PostgreSQL' if own else 'SQLite'}")
        measure(Site(Path(folder), own))


if __name__ == "__main__":
    main()
