"""Addresses of this site, by the names of their views."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse


def path_of(name: str, *args: str) -> str:
    """Return `reverse(name, args=args)`; a page of lists asks for the same ones again and again."""
    return _reversed(settings.ROOT_URLCONF, get_script_prefix(), name, args)


@lru_cache(4096)
def _reversed(addresses: str, prefix: str, name: str, args: tuple[str, ...]) -> str:
    return reverse(name, addresses, args=args)
