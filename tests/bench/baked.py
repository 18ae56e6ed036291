"""What a baked page costs behind nginx, beside the same file from an nginx that knows no more.

`python -m tests.bench.baked` bakes a site, and lets wrk ask three servers by turns for the same
bytes: nginx with the configuration that `manage.py bake` prints; nginx with the folder as its root
and nothing else; and that with `open_file_cache`, which a baked site cannot have, because a page
would be sent for a while after it was removed. Figures are medians of interleaved rounds of one
run. `SECONDS`, `ROUNDS` and `ADDRESSES` as for tests/bench/pages.py.
"""

import os
import shutil
from statistics import median

from tests.bench import pages
from tests.bench.pages import ADDRESSES, CONNECTIONS, ROUNDS, SCRIPT, SECONDS, Measured, Server
from tests.fronts import nginx_config
from tests.servers import Site, free_port

#: Of the requests of an nginx that serves the same files.
TARGET = 0.95
BAKED, PLAIN, CACHED = "nginx, baked", "nginx, static", "nginx, file cache"
STATIC = "server {{ listen 127.0.0.1:PORT; root {root}; types {{ text/html html; }} {more} }}"
BAKE = """
from articles.pagecache import baking, serving
call_command("collectstatic", verbosity=0, interactive=False)
call_command("bake", verbosity=0, stdout=open(os.devnull, "w"))
bake = baking.of_site()
answer = [serving.nginx(bake.folder, bake.variants()),
          [str(one) for one in bake.folder.glob("stories/www/*")]]
"""


def prepare(site: Site) -> tuple[list[str], dict[str, str]]:
    """Fill and bake the site; return the addresses of stories, and each server's configuration."""
    site.environ |= {"BAKE_DIR": str(site.folder / "baked"), "SITE_URL": "http://127.0.0.1"}
    addresses = site.run(pages.WORLD)
    printed, (root,) = site.run(BAKE)
    cached = STATIC.format(root=root, more="open_file_cache max=2000;")
    return addresses, {
        BAKED: printed.replace("listen 80;", "listen 127.0.0.1:PORT;"),
        PLAIN: STATIC.format(root=root, more="gzip_static on;"),
        CACHED: cached,
    }


def started(site: Site, name: str, servers: str) -> Server:
    port = free_port()
    folder = site.folder / name.replace(", ", "-").replace(" ", "-")
    folder.mkdir(exist_ok=True)
    config = folder / "config"
    config.write_text(nginx_config(folder, servers.replace("PORT", str(port))))
    return Server([shutil.which("nginx") or "nginx", "-c", str(config)], port, dict(os.environ))


def measure(site: Site) -> None:
    addresses, servers = prepare(site)
    script = site.folder / "many.lua"
    script.write_text(SCRIPT.replace("PATHS", ",".join(f'"{page}"' for page in addresses)))
    gzip = site.folder / "gzip.lua"
    gzip.write_text('wrk.headers["Accept-Encoding"] = "gzip"')
    asked = {"one story": None, f"{ADDRESSES} stories": script, "compressed": gzip}
    found: dict[tuple[str, str], list[Measured]] = {}
    for _round in range(ROUNDS):
        for name, text in servers.items():
            server = started(site, name, text)
            try:
                for what, lua in asked.items():
                    if (what, name) != ("compressed", CACHED):
                        found.setdefault((what, name), []).append(server.load(addresses[-1], lua))
            finally:
                server.end()
    report(found)


def report(found: dict[tuple[str, str], list[Measured]]) -> None:
    print(f"{CONNECTIONS} connections; medians of {ROUNDS} rounds of {SECONDS} s.")
    print(f"{'':<14}{'':<19}{'requests/s':>11}{'of static':>10}{'CPU, µs':>10}{'of static':>10}"
          f"{'p50':>9}{'p99':>9}")  # fmt: skip
    rate = {key: median(one.rate for one in all_) for key, all_ in found.items()}
    cpu = {key: median(one.cpu for one in all_) for key, all_ in found.items()}
    for (what, name), rounds in found.items():
        print(f"{what:<14}{name:<19}{rate[what, name]:>11,.0f}"
              f"{rate[what, name] / rate[what, PLAIN]:>10.2f}{cpu[what, name] * 1e6:>10.1f}"
              f"{cpu[what, PLAIN] / cpu[what, name]:>10.2f}"
              f"{rounds[-1].p50:>9}{rounds[-1].p99:>9}")  # fmt: skip
    for text, ratio in (
        ("requests/s", rate["one story", BAKED] / rate["one story", PLAIN]),
        ("CPU", cpu["one story", PLAIN] / cpu["one story", BAKED]),
    ):
        is_kept = "kept" if ratio >= TARGET else "MISSED"
        print(f"a baked story, of the same file as static, by {text}: {ratio:.2f} "
              f"(target {TARGET}: {is_kept})")  # fmt: skip


if __name__ == "__main__":
    pages.on_two_cores(measure)
