"""`manage.py relate`: compute all related news anew."""

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.editorial.lease import new_holder
from articles.related import work

#: Seconds between two lines about how far it is, and between two signs of life.
_SAYS_EVERY = 2.0


class Command(BaseCommand):
    help = (
        "Computes the neighbours of all stories anew. Readers keep what there is until the new is "
        "there. It may be stopped at any time: the clock, or the next call with --go-on, does the "
        "rest. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument(
            "--go-on", action="store_true", help="do only what is left to do, and begin nothing"
        )
        ways.add_argument(
            "--keep-counts",
            action="store_true",
            help="do not count words anew: what comes out must be what is there",
        )

    def handle(self, *args: Any, go_on: bool, keep_counts: bool, **options: Any) -> None:
        holder = new_holder()
        if not work.hold(holder):
            raise CommandError("Another process is at it. Try again in a minute.")
        try:
            if not go_on:
                work.begin_again(recount=not keep_counts)
            self.run(holder)
        except KeyboardInterrupt:
            self.stdout.write("Stopped. The clock goes on, or: manage.py relate --go-on")
            sys.exit(130)
        finally:
            work.let_go(holder)

    def run(self, holder: str) -> None:
        """Take all steps, and say every now and then how far it is."""
        done: Counter[str] = Counter()
        started = said = time.monotonic()
        for what, number in work.steps():
            done[what] += number
            if time.monotonic() - said < _SAYS_EVERY:
                continue
            said = time.monotonic()
            self.stdout.write(_line(done, work.left()))
            if not work.hold(holder):
                raise CommandError("Another process took it over.")
        seconds = time.monotonic() - started
        self.stdout.write(f"{_line(done, work.left())} Done in {seconds:.0f} s.")


def _line(done: Counter[str], left: dict[str, int]) -> str:
    names = {
        "counted": "counted", "words": "weighed", "list": "listed", "order": "put in order",
        "noted": "changed meanwhile",
    }  # fmt: skip
    parts = [
        f"{done[key]:,} {name}" + (f" ({left[key]:,} left)" if left.get(key) else "")
        for key, name in names.items()
        if done[key] or left.get(key)
    ]
    return (", ".join(parts) or "Nothing to do") + "."
