"""Traffic of which the truth is known, on real servers of two hosts, killed or not."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.servers import ROOT, Site, free_port, site_on_the_engine_of_this_run

pytestmark = pytest.mark.proof
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140."
MACHINES = ("", "curl/8.5", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://example.test/bot)")
PEOPLE, STORIES, READ, CLIENTS = 300, 12, 3000, 8


class Host:
    """A host of the site: a data folder of its own, and a server with two workers."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.environ = {**environ, "DATA_DIR": str(folder), "TRUSTED_PROXIES": "1"}
        self.port = free_port()
        self.start()

    def start(self) -> None:
        granian = str(Path(sys.executable).with_name("granian"))
        command = [granian, "--interface", "wsgi", "--port", str(self.port), "--workers", "2"]
        command += ["--workers-kill-timeout", "3", "newsroom.wsgi:application"]
        # A group of its own, so that all its processes can be killed at one blow.
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def ask(host: Host, method: str, path: str, headers: dict[str, str]) -> int:
    """Ask until there is an answer: what a killed server owes is asked for again."""
    end = time.monotonic() + 60
    while True:
        line = http.client.HTTPConnection("127.0.0.1", host.port, timeout=20)
        try:
            line.request(method, path, headers=headers)
            return line.getresponse().status
        except OSError:
            assert time.monotonic() < end, "the host does not come back"
            time.sleep(0.05)
        finally:
            line.close()


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    with site_on_the_engine_of_this_run(tmp_path / "site") as site:
        yield site


@pytest.mark.parametrize("is_killed", [False, True], ids=["undisturbed", "killed"])
def test_the_count_is_the_truth(site: Site, tmp_path, is_killed):
    rows = site.run(
        f"made = [make_article(f'Story {{n}}').pk for n in range({STORIES})]\n"
        "gone = make_article('Withdrawn', status='withdrawn')\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "from tests.factories import make_person\n"
        "from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY\n"
        "person = make_person('editor', 'ed')\n"
        "session = SessionStore()\n"
        "session[SESSION_KEY] = str(person.pk)\n"
        "session[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend'\n"
        "session[HASH_SESSION_KEY] = person.get_session_auth_hash()\n"
        "session.create()\n"
        "answer = [made, gone.pk, session.session_key]"
    )
    stories, gone, session = rows
    shared = site.environ.get("DATABASE_URL") or f"sqlite:///{site.folder}/newsroom.sqlite3"
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": shared}
    # The session was signed by the first host's key.
    environ["SECRET_KEY"] = (site.folder / "secret_key").read_text()
    hosts = [Host(tmp_path / f"host-{number}", environ) for number in range(2)]
    truth: dict[int, set[int]] = {story: set() for story in stories}
    unexpected: Counter[str] = Counter()
    lock = threading.Lock()

    def client(number: int) -> None:
        chance = random.Random(number)
        for _ in range(READ // CLIENTS):
            host, story = chance.choice(hosts), chance.choice(stories)
            person = chance.randrange(PEOPLE)
            headers = {
                "User-Agent": BROWSER + str(person % 7),
                # The pair of agent and address is the person.
                "X-Forwarded-For": f"10.0.{person // 7}.1",
                "Content-Length": "0",
            }
            kind = chance.choices(
                ("view", "reload", "machine", "ahead", "staff", "gone", "picture"),
                (60, 10, 10, 5, 5, 5, 5),
            )[0]
            expected, method, path = 204, "POST", f"/beacon/{story}/"
            if kind == "machine":
                headers["User-Agent"] = chance.choice(MACHINES)
            elif kind == "ahead":
                headers["Sec-Purpose"] = "prefetch;prerender"
            elif kind == "staff":
                headers["Cookie"] = f"sessionid={session}"
            elif kind == "gone":
                expected, path = 404, f"/beacon/{chance.choice((gone, 10**9))}/"
            elif kind == "picture":
                expected, method, path = 200, "GET", f"/beacon/{story}/view.gif"
            for _again in range(3 if kind == "reload" else 1):
                status = ask(host, method, path, headers)
                if status != expected:
                    with lock:
                        unexpected[f"{kind} {status}"] += 1
            if kind in ("view", "reload", "picture"):
                with lock:
                    truth[story].add(person)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    try:
        for thread in clients:
            thread.start()
        chance, kills = random.Random(4), 0
        while any(thread.is_alive() for thread in clients):
            time.sleep(chance.uniform(0.5, 2.5))
            if is_killed and kills < 12:
                host = chance.choice(hosts)
                host.kill()
                kills += 1
                host.start()
        for thread in clients:
            thread.join()
        assert not unexpected
        assert not is_killed or kills > 3
        expected = {str(story): len(people) for story, people in truth.items()}
        end = time.monotonic() + 60
        while (counted := views(site)) != expected and time.monotonic() < end:
            time.sleep(0.5)
        assert counted == expected
        # And stays: nothing is added twice.
        time.sleep(3)
        assert views(site) == expected
    finally:
        for host in hosts:
            host.kill()


def views(site: Site) -> dict[str, int]:
    return {
        str(article): int(count)
        for article, count in site.ask(
            "SELECT article_id, SUM(count) FROM articles_dailyviews GROUP BY article_id"
        )
    }
