"""Charts as the server draws them: numbers for inline SVG, readable with nothing else."""

from dataclasses import dataclass
from typing import Any

#: A chart's box in its own units; style sheets give it its real size.
WIDTH, HEIGHT = 720, 160
_GAP = 0.25
#: Days that are named below, beside today.
LABELS = 4


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    label: Any
    count: int


def bars(values: list[tuple[Any, int]], usual: float | None = None) -> dict[str, Any]:
    """Return a bar for each (label, count), the lines behind them with what they stand for, the
    labels below, and the height of what is usual. The last bar is not over yet."""
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
    return {
        "bars": made,
        "top": top,
        "half": top // 2,
        "width": WIDTH,
        "height": HEIGHT,
        "labels": [made[len(made) * place // LABELS].label for place in range(LABELS)]
        if len(made) > LABELS
        else [bar.label for bar in made[:-1]],
        "usual": round(usual) if usual else None,
        "usual_y": f"{HEIGHT - HEIGHT * usual / top:.1f}" if usual and usual <= top else None,
    }


def _round_up(number: int) -> int:
    """Return the next number that is easy to read on an axis, and so is its half: 10, 20, 40 …"""
    size = 10
    while True:
        for times in (1, 2, 4, 6, 8):
            if number <= size * times:
                return size * times
        size *= 10


def shares(rows: list[dict[str, Any]], total: int) -> list[dict[str, Any]]:
    """Return `rows` with each one's `share` of `total` in per cent, and its `length` against the
    largest, in hundredths."""
    most = max((row["number"] for row in rows), default=0)
    return [
        row
        | {
            "share": round(row["number"] * 100 / total) if total else 0,
            "length": round(row["number"] * 100 / most) if most else 0,
        }
        for row in rows
    ]


def best_hours(rows: list[list[int]], number: int = 3) -> list[tuple[int, int]]:
    """Return (weekday, hour) of the `number` hours of the week in which most is read."""
    found = [
        (count, -weekday, -hour)
        for weekday, row in enumerate(rows)
        for hour, count in enumerate(row)
        if count
    ]
    return [(-weekday, -hour) for _count, weekday, hour in sorted(found, reverse=True)[:number]]


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
