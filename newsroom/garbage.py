"""How seldom a server looks for garbage: a request makes more objects than Python expects."""

import gc

from django.urls import get_resolver

#: Objects that are new before the young ones are looked through, and how often that is done before
#: the older ones are. Python's 700 are a few lines of a page.
THRESHOLDS = 5_000, 10, 10


def set_apart() -> None:
    """Set what starting made apart, for good: looking through it again would take longer than most
    answers."""
    # The addresses bring forms and admin in, which a first request would.
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
