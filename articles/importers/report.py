"""What the `seed` command says: a line per file as JSON, or a table for people."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from rich.console import Console
from rich.progress import track
from rich.table import Table

from articles.importers.loader import Outcome

#: From this many files on, a person at a terminal wants to see how far it is.
LONG_RUN = 10


def progress(outcomes: Iterable[Outcome], total: int, stream: TextIO) -> Iterator[Outcome]:
    """Pass `outcomes` on, with a progress bar on a long run at a terminal."""
    console = Console(file=stream)
    if total < LONG_RUN or not console.is_terminal:
        yield from outcomes
        return
    yield from track(outcomes, "Reading source texts", total=total, console=console)


def json_line(outcome: Outcome) -> str:
    return json.dumps(outcome.as_json(), ensure_ascii=False)


def problems(outcome: Outcome) -> list[str]:
    """Return the lines a person should read about one file: refusals, skips and warnings."""
    lines = []
    if outcome.message:
        word = "refused" if outcome.verdict == "refused" else "note"
        lines.append(f"{outcome.file}: {word}: {outcome.message}")
    lines += [f"{outcome.file.name}: {warning}" for warning in outcome.warnings]
    return lines


def closing_table(outcomes: list[Outcome], stream: TextIO, *, dry_run: bool) -> None:
    """Print how many files were created, updated, skipped and refused, and the warnings."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    row: list[Any] = [counts[name] for name in ("created", "updated", "skipped", "refused")]
    row.append(sum(len(outcome.warnings) for outcome in outcomes))
    table = Table(title="Dry run: nothing was written" if dry_run else None)
    for title in ("created", "updated", "skipped", "refused", "warnings"):
        table.add_column(title, justify="right")
    table.add_row(*map(str, row))
    Console(file=stream, width=80).print(table)
