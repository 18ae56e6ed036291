"""What is trending: fresh and rising, not just big. Pure functions.

A story's views of the last hours are held against those that it could expect, and the difference
is counted in standard deviations of chance (`surprise`). So a small story that is read five times
as often as usual comes before a big one that is read as ever, and three views more than none are
noise. What it could expect is a mean of its own usual and of what stories of this site get at
first (`expected`), moved by how much the whole site is read now (`tide`).
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

#: Hours of a story's own that the site's usual opening weighs as much as.
CREDIT_HOURS = 1.0
#: Fewer views than these are no trend, however unusual.
LEAST_VIEWS = 10
#: Standard deviations that a story has to be ahead while it is fresh, and more the older it is:
#: chance alone brings two once in forty times.
LEAST_SURPRISE = 2.0
#: Hours after which a story counts half as fresh.
HALF_FRESH_HOURS = 48.0
#: The tide lifts no expectation further than this, and lowers none below its inverse.
HIGHEST_TIDE = 4.0


class Pulse(NamedTuple):
    """One story's views `now`, in the last hours, and `before`, in the `hours` before those.

    age: hours since it came out.
    """

    article: int
    now: int
    before: int
    hours: float
    age: float


def surprise(seen: int, expected: float) -> float:
    """Return by how many standard deviations of chance `seen` views exceed the expected ones.

    The signed deviance residual of a Poisson variable (McCullagh and Nelder, Generalized Linear
    Models, 2nd edition, 1989, section 2.4.3): unlike the plain difference it may be compared
    between stories with two views an hour and with two thousand.
    """
    if seen <= 0:
        return -math.sqrt(2 * expected)
    residual = 2 * (seen * math.log(seen / expected) - (seen - expected))
    return math.copysign(math.sqrt(max(residual, 0.0)), seen - expected)


def expected(pulse: Pulse, opening: float, hours_now: float, tide: float = 1.0) -> float:
    """Return the views that a story could expect within `hours_now`.

    opening: views an hour that stories of this site get at first. The mean of a Poisson rate
    after `pulse.hours`, with a gamma prior of `CREDIT_HOURS` (Gelman et al., Bayesian Data
    Analysis, 3rd edition, 2013, section 2.6): a story that just came out is held against the
    opening alone, and an old one against its own past.
    """
    rate = (pulse.before + CREDIT_HOURS * opening) / (pulse.hours + CREDIT_HOURS)
    return rate * hours_now * tide


def tide(stories: list[tuple[int, int]], hours_now: float, hours_before: float) -> float:
    """Return how many times its usual the site is read now: less at night, more at noon.

    stories: the views of each, now and before. Without the story that is read most now: one that
    carries everybody along is a trend, and would otherwise hide itself and all others.
    """
    if not stories or hours_before <= 0:
        return 1.0
    most = max(stories)
    now = sum(now for now, _before in stories) - most[0]
    before = sum(before for _now, before in stories) - most[1]
    # As if ten more had come, as usual: a quiet site's tide is not made of two readers.
    times = (now + LEAST_VIEWS) / (before / hours_before * hours_now + LEAST_VIEWS)
    return min(max(times, 1 / HIGHEST_TIDE), HIGHEST_TIDE)


def trending(
    pulses: Iterable[Pulse], opening: float, hours_now: float, tide: float = 1.0
) -> list[Pulse]:
    """Return the stories that trend, first the one that does most.

    Nothing does while no `opening` is known: there is no usual yet to be ahead of.
    """
    if opening <= 0:
        return []
    scored = []
    for pulse in pulses:
        ahead = surprise(pulse.now, expected(pulse, opening, hours_now, tide))
        score = ahead * 0.5 ** (max(pulse.age, 0.0) / HALF_FRESH_HOURS)
        if pulse.now >= LEAST_VIEWS and score >= LEAST_SURPRISE:
            scored.append((score, pulse.article, pulse))
    return [pulse for _score, _article, pulse in sorted(scored, reverse=True)]
