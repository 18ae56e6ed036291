"""`manage.py seed`: source texts become articles."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.importers.loader import Loader, Outcome, source_files
from articles.importers.readers import UnreadableSource
from articles.importers.report import closing_table, json_line, problems, progress


class Command(BaseCommand):
    help = (
        "Turns raw source texts into articles. Safe to repeat: what is here is not doubled, and "
        "what an editor changed is not overwritten. Ends with a status other than 0 if any text "
        "was refused."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, help="files or folders (default: seeds/)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument(
            "--format", choices=["table", "json"], default="table", help="json: one object a file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes: list[Outcome] = []
        files: list[Path] = []
        for path in options["paths"] or [settings.SEEDS_DIR]:
            try:
                files += source_files(path)
            except UnreadableSource as error:
                outcomes.append(Outcome(path, "refused", str(error)))
        as_json = options["format"] == "json"
        for outcome in outcomes:
            self._say(outcome, as_json)
        loader = Loader(dry_run=options["dry_run"])
        if not loader.dry_run and not loader.has_tables:
            raise CommandError("This site has no tables yet: run `manage.py migrate` first.")
        for outcome in progress(loader.load(files), len(files), self.stderr):
            self._say(outcome, as_json)
            outcomes.append(outcome)
        report = self.stderr if as_json else self.stdout
        closing_table(outcomes, report, dry_run=options["dry_run"])
        if any(outcome.verdict == "refused" for outcome in outcomes):
            sys.exit(1)

    def _say(self, outcome: Outcome, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json_line(outcome))
            self.stdout.flush()
        for line in problems(outcome):
            self.stderr.write(line)
