"""Charts as the server draws them: numbers for inline SVG, readable with nothing else."""

from dataclasses import dataclass
from typing import Any

#: A chart's box in its own units; style sheets give it its real size.
WIDTH, HEIGHT = 720, 160
_GAP = 0.25


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    label: Any
    count: int


def bars(values: list[tuple[Any, int]]) -> dict[str, Any]:
    """Return a bar for each (label, count), the highest count, and the lines that say so."""
    top = _round_up(max((count for _label, count in values), default=0))
    step = WIDTH / max(len(values), 1)
    made = [
        Bar(
            x=f"{place * step + step * _GAP / 2:.1f}",
            y=f"{HEIGHT - HEIGHT * count / top:.1f}",
            width=f"{step * (1 - _GAP):.1f}",
            height=f"{HEIGHT * count / top:.1f}",
            label=label,
            count=count,
        )
        for place, (label, count) in enumerate(values)
    ]
    return {"bars": made, "top": top, "half": top // 2, "width": WIDTH, "height": HEIGHT}


def _round_up(number: int) -> int:
    """Return the next number that is easy to read on an axis: 10, 20, 50, 100 …"""
    size = 10
    while True:
        for times in (1, 2, 5):
            if number <= size * times:
                return size * times
        size *= 10


def shades(rows: list[list[int]], steps: int = 5) -> list[list[dict[str, int]]]:
    """Return each number of a table with its shade, from 0 (nothing) to `steps` (the most)."""
    top = max((number for row in rows for number in row), default=0)
    return [
        [
            {"count": number, "shade": -(-number * steps // top) if top else 0, "hour": hour}
            for hour, number in enumerate(row)
        ]
        for row in rows
    ]
