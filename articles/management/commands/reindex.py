"""`manage.py reindex`: build the index of search anew beside the one in use, then swap."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.search import engine


class Command(BaseCommand):
    help = "Build the index of search anew beside the one in use, and swap them."

    def handle(self, *args: Any, **options: Any) -> None:
        number = engine().rebuild(self._report)
        self.stdout.write(f"{number} articles are in the new index, which is in use now.")

    def _report(self, done: int, of: int) -> None:
        if self.stdout.isatty() or done % 10_000 == 0:
            self.stdout.write(f"{done} of {of}", ending="\r" if self.stdout.isatty() else "\n")
