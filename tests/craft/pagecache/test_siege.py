"""A real server with slow readers, with full disks, and with pages that somebody damaged."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.craft.pagecache.test_never_old import wait_for
from tests.servers import ROOT, Site, free_port

pytestmark = [pytest.mark.proof, pytest.mark.once]
SLOW = 64
#: The table of numbers, which comes first, takes 8 MB.
NUMBERS = 9
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PATHS = ("/", "/latest/", "/section/world/", "/feed.json")


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.environ |= {"PORT": str(free_port()), "CLOCK": "off", "TRUSTED_PROXIES": "1"}
    site.stories = site.run(
        "call_command('migrate', verbosity=0)\n"
        "call_command('collectstatic', verbosity=0, interactive=False)\n"
        "made = [make_article(f'Story {n}') for n in range(30)]\n"
        "answer = [[one.pk, one.get_absolute_url()] for one in made]"
    )
    shutil.rmtree(tmp_path / "pages")
    yield site
    site.end()


def start(site):
    """Start a server with one worker; return its port."""
    port = int(site.environ["PORT"])
    granian = str(Path(sys.executable).with_name("granian"))
    command = [granian, "--interface", "wsgi", "--port", str(port), "--blocking-threads", "3"]
    command += ["--workers-kill-timeout", "3", "--log-level", "error", "newsroom.wsgi:application"]
    site.started.append(subprocess.Popen(command, cwd=ROOT, env=site.environ))
    wait_for(port)
    return port


@contextmanager
def disk(folder, megabytes):
    """Make a folder a disk of that size, and give a function that makes it another."""
    if os.geteuid():
        pytest.skip("left out: only root can make a small disk")

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"left out: no small disk can be made: {done.stderr.strip()}")

    folder.mkdir(exist_ok=True)
    mount(f"size={megabytes}m")
    try:
        yield lambda size: mount(f"remount,size={size}m")
    finally:
        # What is open there goes with its server.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder):
    """Leave no room on the disk of a folder."""
    with (folder / "full").open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(2**12)):
            pass


def ask(port, path, method="GET", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def view(port, pk, reader):
    """Report a view; return the status of the answer."""
    headers = {"User-Agent": BROWSER, "X-Forwarded-For": f"10.1.{reader // 256}.{reader % 256}"}
    return ask(port, f"/beacon/{pk}/", "POST", **headers)[0]


def everything_answers(site, port, newest="Story 29"):
    for path in PATHS:
        status, body = ask(port, path)
        assert status == 200
        assert newest.encode() in body, path
    for _pk, path in site.stories[:5]:
        assert ask(port, path)[0] == 200


@contextmanager
def slow_readers(port):
    """Half of them never end their request, the others read no answer."""
    slow = []
    try:
        for number in range(SLOW):
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
            slow.append(line)
            if number % 2:
                line.sendall(b"GET /latest/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            else:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
        yield
    finally:
        for line in slow:
            line.close()


def tell(site, headline):
    """Correct the newest story from outside of the server."""
    site.run(
        f"article = Article.objects.get(pk={site.stories[-1][0]})\n"
        f"record(article, {{**working_data(article), 'headline': {headline!r}}})\n"
        "transitions.correct(article, kind='typo')"
    )


@pytest.mark.parametrize("megabytes", [NUMBERS, 4])
def test_slow_readers_and_a_full_disk_stop_nobody_else_and_nothing_is_old(site, megabytes):
    """With room for the table of numbers and little more, or not even for that."""
    folder = site.folder / "pages"
    with disk(folder, megabytes):
        port = start(site)
        everything_answers(site, port)
        fill(folder)
        with slow_readers(port):
            for _pk, path in site.stories:
                assert ask(port, path)[0] == 200
            everything_answers(site, port)
            tell(site, "Told anew")
            everything_answers(site, port, "Told anew")
        # What was begun and could not be ended is gone.
        assert not [path for path in folder.glob("*/??/*") if not path.stat().st_size]
        site.end()


def test_a_full_disk_costs_views_and_no_page_and_with_room_counting_goes_on(site):
    folder, (pk, path) = site.folder / "views", site.stories[0]
    with disk(folder, 4) as resize:
        port = start(site)
        for reader in range(20):
            assert view(port, pk, reader) == 503
            assert ask(port, path)[0] == 200
        everything_answers(site, port)
        assert {one.name for one in folder.iterdir()} == {"name"}
        resize(20)
        time.sleep(1.1)  # for so long a full disk is left alone
        for reader in range(20):
            assert view(port, pk, reader) == 204
        fill(folder)
        # The journal that was begun has its room.
        for reader in range(20, 40):
            assert view(port, pk, reader) == 204
        (folder / "full").unlink()
        counted = site.run(
            "from articles.readership.folding import fold_all\nfold_all()\n"
            f"found = Article.objects.get(pk={pk}).daily_views\n"
            "answer = sum(found.values_list('count', flat=True))"
        )
        assert counted == 40
        site.end()


def test_a_page_that_was_damaged_on_the_disk_is_thrown_away_and_made_again(site):
    port, (_pk, path) = start(site), site.stories[0]
    whole = ask(port, path)[1]
    everything_answers(site, port)
    files = [one for one in (site.folder / "pages").glob("*/??/*") if one.is_file()]
    assert len(files) > 5
    site.end()
    for number, file in enumerate(files):
        data = bytearray(file.read_bytes())
        data[len(data) * (number % 10) // 10] ^= 1
        file.write_bytes(data[: len(data) // 2] if number % 3 == 0 else data)
    port = start(site)
    everything_answers(site, port)
    assert ask(port, path)[1] == whole
