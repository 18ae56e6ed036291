"""How often a test of chance tries: often enough for every change, and far more in `make proof`."""

import os

#: `make proof` looks this much harder.
_PROOF = 10


def examples(number: int) -> int:
    """Return how many examples hypothesis is to make, for its `max_examples`."""
    return number * (_PROOF if os.environ.get("TEST_PROOF") else 1)
