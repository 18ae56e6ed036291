"""The trend of a story's views: a line small enough for a row, and the word for it."""

from dataclasses import dataclass

#: Days that a trend looks at: a week, and the week before.
WEEK = 7
DAYS = 2 * WEEK
#: The line's box, in pixels, and the room left for its own width.
WIDTH, HEIGHT, EDGE = 84, 24, 2
#: Changes of less than so many per cent are no news.
STEADY = 5


@dataclass(frozen=True)
class Trend:
    """Views of each of the last `DAYS` days, the oldest first."""

    days: list[int]

    @property
    def recent(self) -> int:
        return sum(self.days[-WEEK:])

    @property
    def before(self) -> int:
        return sum(self.days[:-WEEK])

    @property
    def percent(self) -> int | None:
        """The change from the week before, without a sign; None if nothing was read then."""
        return round(abs(self.recent - self.before) * 100 / self.before) if self.before else None

    @property
    def direction(self) -> str:
        """ "up", "down", "steady", "new" (nothing was read before) or "" (nothing was read)."""
        if not self.recent and not self.before:
            return ""
        if not self.before:
            return "new"
        if (self.percent or 0) < STEADY:
            return "steady"
        return "up" if self.recent > self.before else "down"

    @property
    def points(self) -> str:
        """The line as an SVG polyline has it."""
        step = (WIDTH - 2 * EDGE) / (len(self.days) - 1)
        scale = (HEIGHT - 2 * EDGE) / max(*self.days, 1)
        return " ".join(
            f"{EDGE + place * step:.1f},{HEIGHT - EDGE - count * scale:.1f}"
            for place, count in enumerate(self.days)
        )

    @property
    def area(self) -> str:
        """The space under the line, as an SVG polygon has it."""
        floor = HEIGHT - EDGE
        return f"{EDGE},{floor} {self.points} {WIDTH - EDGE},{floor}"
