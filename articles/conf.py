"""Settings of the articles app, each with its default.

A project overrides them by name in the `NEWSROOM` dictionary of its settings.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

DEFAULTS: dict[str, Any] = {
    # Stories on one page of a list.
    "PAGE_SIZE": 20,
    # Stories in a feed.
    "FEED_SIZE": 30,
    # Related and latest stories under an article.
    "RELATED_SIZE": 5,
    "LATEST_SIZE": 5,
    # Words a reader reads in a minute (Brysbaert 2019, silent reading of English non-fiction).
    "WORDS_PER_MINUTE": 238,
    # Headings from which an article gets a table of contents.
    "CONTENTS_FROM": 3,
    # Autosaves of one person within so many minutes are one revision.
    "AUTOSAVE_MINUTES": 10,
    # Seconds after its time from which a scheduled step counts as late, and editors are told.
    "LATE_SECONDS": 60,
    # Days for which a preview link is good, unless its maker says otherwise.
    "PREVIEW_DAYS": 7,
    # Days without a change after which a draft is called stale.
    "STALE_DAYS": 14,
    # Checkers of the project's own, as dotted names, behind the stock ones.
    "CHECKERS": [],
    # Other severities than the stock ones: {"standfirst": {"publish": "stop"}}.
    "SEVERITIES": {},
    # Where pages that editors paste the address of are read: ports, and networks such as
    # "10.1.0.0/16" that are not on the public internet.
    "PAGE_PORTS": [80, 443],
    "PAGE_NETWORKS": [],
    # Pages that one person may have read in a minute.
    "PAGES_A_MINUTE": 30,
    # Messages from readers in an hour: of one sender, and of all together. Days they are kept.
    "MESSAGES_PER_SENDER": 5,
    "MESSAGES_AN_HOUR": 200,
    "MESSAGE_DAYS": 180,
    # Days for which views are known by the hour, and where readers came from.
    "HOURS_KEPT_DAYS": 35,
    "ORIGINS_KEPT_DAYS": 400,
    # Bytes that kept pages may take: in files (with Redis, its own limit holds), and in the memory
    # of each process.
    "PAGES_ON_DISK": 512 * 2**20,
    "PAGES_IN_MEMORY": 64 * 2**20,
    # The index of search: "sqlite", "postgresql", "null" (none), or the dotted name of a class as
    # articles/search/seam.py describes it. "auto": by the database.
    "SEARCH": "auto",
    # Largest picture that may be uploaded: bytes and pixels.
    "PICTURE_MAX_BYTES": 25 * 2**20,
    "PICTURE_MAX_PIXELS": 60_000_000,
}


#: Languages that the interface speaks: English, and each that has a catalog.
INTERFACE_LANGUAGES = (
    "en",
    *sorted(path.name for path in (Path(__file__).parent / "locale").glob("*") if path.is_dir()),
)


def in_site_language() -> translation.override:
    """Return a context in which words are the site's, not those of whoever is signed in.

    For what is kept or sent: it is read by others.
    """
    return translation.override(settings.LANGUAGE_CODE)


def absolute(path: str) -> str:
    """Return the full address of `path`; one that is full already (object storage) stays."""
    return path if "://" in path else settings.SITE_URL + path


def conf(name: str) -> Any:
    """Return the setting `name`; an unknown name is a KeyError, not a silent None."""
    return getattr(settings, "NEWSROOM", {}).get(name, DEFAULTS[name])
