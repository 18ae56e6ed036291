"""What a page costs: kept, made, from Django's own cache, and from nginx as a static file.

What a page costs that is made anew of kept parts, and from nothing, is measured in misses.py.

`python -m tests.bench.pages` starts each server by turns, pinned to one core, and lets wrk (from
Debian) ask it from the other; rounds are interleaved, and the ratios are of medians within one run.
`SITE_URL` and data are its own, its pages in files or in the Redis of `CACHE_URL`. With `SECONDS`
and `ROUNDS` it takes more or less time.
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.__main__ import database_of_its_own
from tests.servers import ROOT, Site, free_port

ROUNDS, SECONDS = int(os.environ.get("ROUNDS", "3")), int(os.environ.get("SECONDS", "3"))
CONNECTIONS, ADDRESSES = 32, int(os.environ.get("ADDRESSES", "1000"))
#: What has to be kept: of nginx's requests. What a page may cost that is not kept: misses.py.
OF_NGINX = 0.45
NGINX = """
worker_processes 1; daemon off; error_log FOLDER/error.log; pid FOLDER/nginx.pid;
events { worker_connections 512; }
http {
  access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=2000;
  types { text/html html; }
  client_body_temp_path FOLDER/a; proxy_temp_path FOLDER/b; fastcgi_temp_path FOLDER/c;
  uwsgi_temp_path FOLDER/d; scgi_temp_path FOLDER/e;
  server { listen 127.0.0.1:PORT; root FOLDER/www; }
}
"""
#: Another address for each request.
SCRIPT = """
local paths = {PATHS}
local at = 0
function request() at = at % #paths + 1; return wrk.format("GET", paths[at]) end
"""


@dataclass
class Measured:
    rate: float
    cpu: float  # seconds of the server for one request
    p50: str
    p99: str
    memory: float  # MB


class Server:
    """A server on one core."""

    def __init__(self, command: list[str], port: int, environ: dict[str, str]) -> None:
        self.port = port
        self._process = subprocess.Popen(
            ["taskset", "-c", "0", *command], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
        )
        for _ in range(600):
            try:
                self.get("/")
            except OSError:
                assert self._process.poll() is None, command
                time.sleep(0.05)
            else:
                return

    def get(self, path: str) -> bytes:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", path)
            return line.getresponse().read()
        finally:
            line.close()

    def _processes(self) -> list[int]:
        found = [self._process.pid]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == self._process.pid:
                found.append(int(stat.parent.name))
        return found

    def cpu(self) -> float:
        ticks = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    for pid in self._processes())  # fmt: skip
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def load(self, path: str, script: Path | None = None) -> Measured:
        self.get(path)
        before = self.cpu()
        command = ["taskset", "-c", "1", "wrk", "-t", "1", "-c", str(CONNECTIONS), "--latency"]
        command += ["-d", f"{SECONDS}s", *(["-s", str(script)] if script else [])]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{self.port}{path}"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert "Non-2xx" not in said, said
        number = int(re.search(r"(\d+) requests in", said)[1])
        return Measured(
            rate=float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
            cpu=(self.cpu() - before) / number,
            p50=re.search(r"^ +50% +(\S+)", said, re.M)[1],
            p99=re.search(r"^ +99% +(\S+)", said, re.M)[1],
            memory=self.memory(),
        )

    def end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def granian(site: Site, application: str, **environ: str) -> Server:
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    command += [
        "--http",
        "1",
        "--no-ws",
        "--workers",
        "1",
        "--blocking-threads",
        os.environ.get("THREADS", "5"),
    ]
    command += ["--port", str(port), "--log-level", "error", "--workers-kill-timeout", "3"]
    environ = {**site.environ, "PORT": str(port), "SITE_URL": "http://127.0.0.1:8000", **environ}
    environ |= {"CLOCK": "off", "PYTHONPATH": str(ROOT)}
    return Server([*command, application], port, environ)


def nginx(site: Site) -> Server:
    port = free_port()
    config = site.folder / "nginx.conf"
    text = NGINX.replace("FOLDER", str(site.folder)).replace("PORT", str(port))
    config.write_text(text)
    # Its workers may be another user.
    site.folder.chmod(0o755)
    return Server([shutil.which("nginx") or "nginx", "-c", str(config)], port, dict(os.environ))


PLAIN = "tests.bench.plain_pages:application"


@contextmanager
def started(site: Site, name: str) -> Iterator[Server]:
    server = {
        "nginx, static": lambda: nginx(site),
        "empty WSGI": lambda: granian(site, "tests.bench.plain_pages:empty"),
        "Newsroom, kept": lambda: granian(site, "newsroom.wsgi:application"),
        "Django's cache": lambda: granian(site, PLAIN, PER_SITE_CACHE="1",
                                          DJANGO_SETTINGS_MODULE="tests.bench.plain_settings"),
        "made each time": lambda: granian(site, PLAIN,
                                          DJANGO_SETTINGS_MODULE="tests.bench.plain_settings"),
    }[name]()  # fmt: skip
    try:
        yield server
    finally:
        server.end()


WORLD = f"""
from tests.factories import make_image, make_related
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
picture = make_image()
text = "<p>" + "The vote closes on Friday, and nobody knows. " * 12 + "</p>"
made = [make_article(f"Story {{n}} about the harbour", tags=(f"Topic {{n % 7}}", "Harbour"),
                     body=text * 6, picture=picture) for n in range({ADDRESSES})]
answer = [one.get_absolute_url() for one in made]
"""


def prepare(site: Site) -> list[str]:
    """Fill the site; write what it answers as static files; return the addresses of stories."""
    pages = site.run(WORLD)
    with started(site, "Newsroom, kept") as server:
        for page in [*pages, "/", "/latest/"]:
            file = site.folder / "www" / page.strip("/") / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(server.get(page))
    return pages


def measure(site: Site) -> None:
    pages = prepare(site)
    hot = pages[-1]
    size = (site.folder / "www" / hot.strip("/") / "index.html").stat().st_size
    script = site.folder / "many.lua"
    script.write_text(SCRIPT.replace("PATHS", ",".join(f'"{page}"' for page in pages)))
    asked = {
        "one story": (hot, None, ("nginx, static", "empty WSGI", "Newsroom, kept",
                                  "Django's cache", "made each time")),
        f"{ADDRESSES} stories": (hot, script, ("nginx, static", "Newsroom, kept")),
        "front page": ("/", None, ("nginx, static", "Newsroom, kept", "made each time")),
        "empty view": ("/empty/", None, ("made each time",)),
    }  # fmt: skip
    found: dict[tuple[str, str], list[Measured]] = {}
    for _round in range(ROUNDS):
        for name in ("nginx, static", "empty WSGI", "Newsroom, kept", "Django's cache",
                     "made each time"):  # fmt: skip
            with started(site, name) as server:
                for what, (path, lua, servers) in asked.items():
                    if name in servers:
                        found.setdefault((what, name), []).append(server.load(path, lua))
    report(found, size)


def report(found: dict[tuple[str, str], list[Measured]], size: int) -> None:
    print(f"A story's page has {size:,} bytes; medians of {ROUNDS} rounds of {SECONDS} s.")
    print(f"{'':<14}{'':<16}{'requests/s':>11}{'of nginx':>10}{'CPU, µs':>10}{'p50':>9}{'p99':>9}"
          f"{'MB':>6}")  # fmt: skip
    rate = {key: median(one.rate for one in all_) for key, all_ in found.items()}
    cpu = {key: median(one.cpu for one in all_) for key, all_ in found.items()}
    for (what, name), rounds in found.items():
        base = rate.get((what, "nginx, static"))
        ratio = f"{rate[what, name] / base:>10.2f}" if base else f"{'':>10}"
        last = rounds[-1]
        print(f"{what:<14}{name:<16}{rate[what, name]:>11,.0f}{ratio}{cpu[what, name] * 1e6:>10.0f}"
              f"{last.p50:>9}{last.p99:>9}{last.memory:>6.0f}")  # fmt: skip
    kept = rate["one story", "Newsroom, kept"] / rate["one story", "nginx, static"]
    verdict = "kept" if kept >= OF_NGINX else "MISSED"
    print(f"a kept story, of nginx: {kept:.2f} (target {OF_NGINX}: {verdict})")
    empty = cpu["empty view", "made each time"]
    for what in ("one story", "front page"):
        ratio = cpu[what, "made each time"] / empty
        print(f"{what}, of an empty view's CPU: {ratio:.1f} without any parts that are kept")


def on_two_cores(measure: Callable[[Site], None]) -> None:
    """Measure a site of its own, where there is what that needs."""
    missing = [name for name in ("wrk", "nginx", "taskset") if not shutil.which(name)]
    if missing:
        sys.exit(f"Needed: {', '.join(missing)} (apt install wrk nginx util-linux)")
    if (os.cpu_count() or 1) < 2:
        sys.exit("Needed: two cores, one for the server and one for who asks.")
    url = os.environ.get("DATABASE_URL", "")
    temporary = tempfile.TemporaryDirectory(prefix="newsroom-bench-")
    with temporary as folder, database_of_its_own(url) as own:
        site, redis = Site(Path(folder), own), os.environ.get("CACHE_URL")
        if redis:
            site.environ["CACHE_URL"] = redis
        store = "Redis" if redis else "files"
        print(f"On {'PostgreSQL' if own else 'SQLite'}, pages in {store}")
        measure(site)


if __name__ == "__main__":
    on_two_cores(measure)
