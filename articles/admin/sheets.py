"""Tables as files that a spreadsheet opens."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

#: What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """Return a CSV file to be kept as `name`."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # Spreadsheets take a file without this mark for one in an alphabet of their own.
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return response


def _harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula, whoever wrote what stands in it."""
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
