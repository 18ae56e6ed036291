"""`manage.py start`: a working site from whatever is there, then the server (see `make run`)."""

import argparse
import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from articles.editorial.accounts import make_first_accounts
from articles.management.greeting import greet_later
from articles.models import Article

#: Requests that one worker works on at a time: enough to wait for the database side by side; more
#: would only wait for Python's lock.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
#: Now and then a worker misses the signal to stop, when it gets it from the terminal and from its
#: parent at once; it is ended after this long.
SECONDS_TO_STOP = 3


class Command(BaseCommand):
    help = "Migrates, makes the first accounts, seeds an empty site, and starts the server."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=int(os.environ.get("WORKERS", "2")))
        parser.add_argument("--prepare-only", action="store_true", help="do not start the server")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        if not options["prepare_only"]:
            refuse_taken_port(host, port)
        self._step("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        try:
            accounts = make_first_accounts(os.environ)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if not Article.objects.exists():
            self._step("Seeding the empty site from seeds/")
            try:
                call_command("seed", stderr=self.stderr, stdout=self.stdout)
            except SystemExit:
                self.stderr.write("Some source texts were refused (see above); the rest is here.")
        self._collect_static()
        if accounts:
            self.stdout.write("\nAccounts (each password is shown this once):")
            for account in accounts:
                password = account.password or "as chosen by its variable"
                self.stdout.write(f"  {account.username:<8} {password:<26} {account.role}")
        addresses = f"\nSite   {settings.SITE_URL}/\nAdmin  {settings.SITE_URL}/admin/"
        if options["prepare_only"]:
            self.stdout.write(addresses)
            return
        self._step("Starting the server")
        # Whoever sees an address opens it.
        greet_later(f"{addresses}\nCtrl-C stops the server.\n", host, port)
        # The server takes this process's place, so that signals reach it directly. It looks for the
        # site where this process found it, wherever the command was given.
        granian = Path(sys.executable).with_name("granian")
        command = [
            str(granian),
            *("--interface", "wsgi", "--host", host, "--port", str(port)),
            # A proxy asks by HTTP/1.1, and so does a browser without TLS. Looking for anything else
            # costs a tenth of a kept page.
            *("--http", "1", "--no-ws"),
            *("--workers", str(workers), "--blocking-threads", str(THREADS)),
            *("--workers-kill-timeout", str(SECONDS_TO_STOP), "--log-level", "warning"),
            "newsroom.wsgi:application",
        ]
        environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        # Our own server, by its full path.
        os.execve(command[0], command, environ)  # noqa: S606  # nosec B606

    def _step(self, text: str) -> None:
        self.stdout.write(f"{text} …")
        self.stdout.flush()

    def _collect_static(self) -> None:
        """Collect static files when their sources changed since the last time."""
        mark = Path(settings.STATIC_ROOT) / ".collected"
        state = static_state()
        if mark.is_file() and mark.read_text() == state:
            return
        self._step("Collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(state)


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError, with the way out, if nothing can listen at (`host`, `port`)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used on {host} ({error.__class__.__name__}: {error}). "
                f"Stop what listens there, or choose another: make run PORT={port % 65000 + 1}"
            ) from None


def static_state() -> str:
    """Return a fingerprint of all static sources: names, sizes, times and Django's version."""
    digest = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
