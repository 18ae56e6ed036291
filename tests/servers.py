"""Real servers for tests: processes of their own, one database between them, and its rows."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests import migrated

ROOT = Path(__file__).resolve().parents[1]
#: Before anything else in a script of a test: the site's settings, and rows of every kind.
PRELUDE = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from articles.editorial import schedule, transitions
from articles.editorial.revisions import record, working_data
from articles.models import Article, ClockLease, ScheduledStep, Transition
from tests.factories import make_article
"""


class Site:
    """One database, and any number of servers on it."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
        if database_url:
            self.environ["DATABASE_URL"] = database_url
        self.started: list[subprocess.Popen[bytes]] = []

    def run(self, script: str) -> Any:
        """Run a script on the site's tables; return what its name `answer` holds."""
        text = f"{PRELUDE}\nanswer = None\n{script}\nprint(json.dumps(answer, default=str))"
        done = subprocess.run(
            [sys.executable, "-c", text],
            cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, *, is_bare: bool = False, port: int = 0) -> "Server":
        """Start a server; return when it answers. A bare one has no static files, and so no pages:
        it is there in a third of the time, for tests that only look at rows."""
        if not is_bare and not self.ask("SELECT 1 FROM articles_article LIMIT 1"):
            # A site with a story is not seeded.
            self.run("make_article('A first story')")
        server = Server(self, is_bare, port)
        self.started.append(server.process)
        server.wait_until_it_answers()
        return server

    def wait_until_nothing_waits(self, seconds: float = 60, left: int = 0) -> None:
        end = time.monotonic() + seconds
        while (waiting := self.waiting()) > left:
            assert time.monotonic() < end, f"{waiting} steps still wait"
            time.sleep(0.02)

    def waiting(self) -> int:
        """How many steps wait; asked past the site, so that asking costs nothing."""
        asked = "SELECT count(*) FROM articles_scheduledstep WHERE outcome = 'waiting'"
        return self.ask(asked)[0][0]

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        if url := self.environ.get("DATABASE_URL"):
            import psycopg

            with psycopg.connect(url) as database:
                return database.execute(sql).fetchall()
        import sqlite3

        database = sqlite3.connect(self.folder / "newsroom.sqlite3", timeout=20)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`manage.py start` on a port of its own, or only the server that it ends as."""

    def __init__(self, site: Site, is_bare: bool, port: int = 0) -> None:
        self.port = port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = site.folder / f"server-{port}.log"
        environ = {**site.environ, "PORT": str(port)}
        command = [sys.executable, "manage.py", "start", "--workers", "1"]
        if is_bare:
            granian = str(Path(sys.executable).with_name("granian"))
            command = [granian, "--interface", "wsgi", "--port", str(port), "--log-level"]
            command += ["warning", "--workers-kill-timeout", "3", "newsroom.wsgi:application"]
            # Pages cannot be made, and so not ahead of readers either.
            environ["PAGE_CACHE"] = "off"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_it_answers(self) -> None:
        for _ in range(1200):
            try:
                self.get("/robots.txt")
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not answer")

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) == 0, self.log.read_text()


@contextmanager
def site_on_the_engine_of_this_run(folder: Path) -> Iterator[Site]:
    """A migrated site without stories: on SQLite in `folder`, or on a PostgreSQL database of its
    own beside the one that the suite runs on. Its servers end with it."""
    with _database() as url:
        folder.mkdir(exist_ok=True)
        site = Site(folder, url)
        if not url and migrated.is_begun():
            shutil.copyfile(migrated.file(), folder / "newsroom.sqlite3")
        try:
            if not migrated.is_begun():
                site.run("call_command('migrate', verbosity=0)")
            yield site
        finally:
            site.end()


@contextmanager
def _database() -> Iterator[str]:
    if connection.vendor != "postgresql":
        yield ""
        return
    import psycopg

    given = settings.DATABASES["default"]
    host, port = given["HOST"] or "127.0.0.1", given["PORT"] or 5432
    login = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    name = f"clock_{uuid.uuid4().hex[:12]}"
    server = f"postgres://{login}@{host}:{port}"
    template = f" TEMPLATE {migrated.database()}" if migrated.is_begun() else ""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}{template}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as database:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)")
