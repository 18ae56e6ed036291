"""How often a test of chance tries: often enough for every change, and far more in `make proof`."""

import os

#: `make proof` looks this much harder.
_PROOF = 10


def is_proof() -> bool:
    """Tell if this is a run of `make proof`."""
    return bool(os.environ.get("TEST_PROOF"))


def examples(number: int, proof: int = 0) -> int:
    """Return how many examples hypothesis is to make, for its `max_examples`; `proof` is how many
    in `make proof`, where that is not ten times as many."""
    return (proof or number * _PROOF) if is_proof() else number
