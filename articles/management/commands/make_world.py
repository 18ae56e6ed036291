"""`manage.py make_world`: a newsroom of any size, invented."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from articles.importers.synthetic import Plan, World


def _number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000_000:
        raise argparse.ArgumentTypeError("between 1 and 100,000,000, please")
    return number


class Command(BaseCommand):
    help = (
        "Fills an empty site with invented stories, to try out how one of that size behaves. Goes "
        "on where it was stopped, and with the same seed writes the same stories. For measuring "
        "only: they go past the gate and are no text that anybody could read."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--articles", type=_number, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="default: 1")
        parser.add_argument(
            "--words", type=_number, default=400, help="of a story, on average (default: 400)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if World.has_other_stories():
            raise CommandError("This site has stories of its own: invented ones would mix with it.")
        plan = Plan(options["articles"], options["seed"], options["words"])
        begun, done = time.monotonic(), None
        for done in World(plan).build():
            if done % 10_000 == 0 or done == plan.articles:
                seconds = time.monotonic() - begun
                self.stdout.write(f"{done:,} of {plan.articles:,} articles, {seconds:.0f} s")
        if connection.vendor == "postgresql":
            # Its server would find out by itself, some time after.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        if done is None:
            self.stdout.write(f"The {plan.articles:,} articles are there.")
