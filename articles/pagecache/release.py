"""What a page was made by: code, templates, static files and settings.

A page of another release is none: a site that starts again with anything changed forgets what it
kept, and one that starts unchanged keeps it.
"""

import os
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.conf import settings

#: Where what a page is made of lies.
_KINDS = {".py", ".html", ".xml", ".txt", ".mo", ".css", ".js", ".json"}

#: Settings that no page shows.
_ELSEWHERE = {"PORT", "BAKE_DIR"}


@lru_cache(1)
def of_site() -> str:
    """Return a name for the release that this process runs."""
    digest = blake2b(digest_size=16)
    for line in (*_files(), *_settings(), *_packages()):
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()


def _files() -> Iterable[str]:
    app = Path(__file__).resolve().parents[1]
    templates = [Path(folder) for one in settings.TEMPLATES for folder in one["DIRS"]]
    for folder in (app, *templates):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _KINDS:
                state = path.stat()
                yield f"{path} {state.st_size} {state.st_mtime_ns}"
    for name in ("staticfiles.json",):
        manifest = Path(settings.STATIC_ROOT or "") / name
        if manifest.is_file():
            state = os.stat(manifest)
            yield f"{manifest} {state.st_size} {state.st_mtime_ns}"


def _settings() -> Iterable[str]:
    """All that is plain data. The database is among it: pages of another one are others."""
    for name in sorted(dir(settings)):
        if name.isupper() and not name.startswith("SECRET_") and name not in _ELSEWHERE:
            value = getattr(settings, name)
            if _is_plain(value):
                yield f"{name}={value!r}"


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(one) for pair in value.items() for one in pair)
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, bytes, int, float, Path))


def _packages() -> Iterable[str]:
    return sorted(f"{one.name} {one.version}" for one in distributions())
