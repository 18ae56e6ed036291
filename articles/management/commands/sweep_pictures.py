"""`manage.py sweep_pictures`: remove files of the picture store that nothing refers to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.renditions.sweeping import strays


class Command(BaseCommand):
    help = (
        "Removes replaced originals, renditions of earlier states and cards of articles that are "
        "not public. What a picture, a text or a revision names stays, and what is younger than "
        "a day. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would go, and remove nothing"
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        number = 0
        for stray in strays():
            number += 1
            self.stdout.write(f"{stray.name}: {stray.why}")
            if not dry_run:
                stray.remove()
        if not number:
            self.stdout.write("Nothing to remove.")
        elif dry_run:
            self.stdout.write("Nothing was removed (--dry-run).")
