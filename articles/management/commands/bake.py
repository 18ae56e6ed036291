"""`manage.py bake DIR`: the public site as files, and how a web server sends them."""

import argparse
import json
import os
import sqlite3
import subprocess  # nosec B404
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from articles.edge import Pages
from articles.models import Article
from articles.pagecache import baking, cache, walking
from articles.pagecache.baking import Bake, BakeError, Placed
from articles.pagecache.serving import caddy, nginx
from articles.pagecache.walking import in_parts

#: Stories from which several processes are quicker than one.
WORTH_PROCESSES = 500
_MOST_PROCESSES = 4


class Command(BaseCommand):
    help = (
        "Writes all public pages as files into a folder, with .gz and .br beside them, for a web "
        "server in front. Only what changed is written; what is no longer public is removed. With "
        "BAKE_DIR set to the folder, the site keeps it current."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "folder", metavar="DIR", nargs="?", default=settings.BAKE_DIR, help="or BAKE_DIR"
        )
        parser.add_argument("--processes", type=int, default=0, help="by default, one a processor")
        parser.add_argument("--nginx", action="store_true", help="only print nginx's configuration")
        parser.add_argument("--caddy", action="store_true", help="only print Caddy's configuration")
        parser.add_argument("--part", default="", help=argparse.SUPPRESS)

    def handle(self, *args: Any, folder: str, processes: int, **options: Any) -> None:
        if not folder:
            raise CommandError("Say where: manage.py bake DIR, or set BAKE_DIR.")
        if not settings.PAGE_CACHE:
            raise CommandError("Pages are not kept here (PAGE_CACHE, DEBUG): none can be baked.")
        if settings.CDN_PURGE:
            raise CommandError("Files cannot name what CDN_PURGE purges: choose one of the two.")
        bake = baking.at(Path(folder).resolve())
        if options["nginx"] or options["caddy"]:
            self._print(bake, nginx if options["nginx"] else caddy)
            return
        try:
            with _one_connection():
                if options["part"]:
                    self.stdout.write(json.dumps(_bake_part(bake, *_numbers(options["part"]))))
                else:
                    self._bake(bake, processes)
        except BakeError as error:
            raise CommandError(str(error)) from None
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(
                f"Stopped: {reason}. What is baked is right; go on any time."
            ) from None

    def _print(self, bake: Bake, written: Any) -> None:
        variants = bake.variants() if bake.folder.is_dir() else []
        if not variants:
            raise CommandError(f"Bake first: manage.py bake {bake.folder}")
        self.stdout.write(written(bake.folder, variants), ending="")

    def _bake(self, bake: Bake, processes: int) -> None:
        begun = time.monotonic()
        bake.adopt()
        before = {digest for _kind, _shelf, digest, _headers in bake.variants()}
        removed = bake.sweep()
        removed += bake.tidy()
        if not processes:
            is_large = Article.objects.published().order_by()[:WORTH_PROCESSES].count()
            many = min(_MOST_PROCESSES, os.cpu_count() or 1)
            processes = many if is_large == WORTH_PROCESSES else 1
        if processes == 1:
            found = Counter(_bake_part(bake, 0, 1))
        else:
            found = self._in_processes(bake, processes)
        # What was made while something changed may be old by now, or half.
        removed += bake.sweep()
        bake.empty()
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"{found['written']} pages written ({found['bytes'] / 2**20:.1f} MB), "
            f"{found['unchanged']} unchanged, {removed} removed, {found['left']} left to the "
            f"application, in {seconds:.1f} s: {bake.folder}"
        )
        if found["missing"]:
            self.stdout.write(f"{found['missing']} pages could not be made.")
        self._advise(bake, before)

    def _in_processes(self, bake: Bake, processes: int) -> Counter:
        command = [sys.executable, "-m", "django", "bake", str(bake.folder), "--part"]
        # The same site, whichever program called the command.
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        parts = [
            subprocess.Popen(  # noqa: S603  # nosec B603
                [*command, f"{part}/{processes}"], stdout=subprocess.PIPE, env=environ
            )
            for part in range(processes)
        ]
        found: Counter = Counter()
        try:
            for part in parts:
                said, _nothing = part.communicate()
                if part.returncode:
                    raise CommandError("A part of the work stopped; what is baked is right.")
                found.update(json.loads(said))
        finally:
            for part in parts:
                if part.poll() is None:
                    part.terminate()
                    part.wait()
        return found

    def _advise(self, bake: Bake, before: set[str]) -> None:
        if not settings.BAKE_DIR or Path(settings.BAKE_DIR).resolve() != bake.folder:
            self.stdout.write(
                f"Nobody keeps it current. Set BAKE_DIR={bake.folder} for all that runs on this "
                "site, and start it again."
            )
        if before != {digest for _kind, _shelf, digest, _headers in bake.variants()}:
            self.stdout.write(
                "Headers are others than before: give the web server its configuration anew "
                f"(manage.py bake {bake.folder} --nginx, or --caddy)."
            )


def _numbers(part: str) -> tuple[int, int]:
    number, _slash, of = part.partition("/")
    return int(number), int(of)


@contextmanager
def _one_connection() -> Iterator[None]:
    """Keep the connection from page to page, which a request's end would close."""
    signals = [one for one in (request_started, request_finished)
               if one.disconnect(close_old_connections)]  # fmt: skip
    try:
        yield
    finally:
        for one in signals:
            one.connect(close_old_connections)


def _bake_part(bake: Bake, part: int, of: int) -> dict[str, int]:
    """Bake the addresses that fall to one of several processes; return what was done."""
    pages = Pages(WSGIHandler(), cache.of_site().aside())
    found = {"written": 0, "unchanged": 0, "left": 0, "missing": 0, "bytes": 0}
    for some in in_parts(walking.addresses(), part, of):
        known = bake.known(some)
        found["unchanged"] += len(known)
        for path in some:
            if path in known:
                continue
            placed, size = _baked(bake, pages, path)
            found["bytes"] += size
            found[placed] += 1
    return found


def _baked(bake: Bake, pages: Pages, path: str) -> tuple[str, int]:
    """Bake one page; return what became of it, and how many bytes were written."""
    page = pages.make(path)
    if page is None or not page.number:
        # It went meanwhile, or its view failed, which is logged.
        return "missing", 0
    placed, size = bake.place(path, page)
    if placed is Placed.TOO_FRESH:
        time.sleep(max(0.0, page.changed + 1 - time.time()))
        placed, size = bake.place(path, page)
    return ("left" if placed is Placed.TOO_FRESH else placed.value), size
