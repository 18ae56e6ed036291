"""Search: articles by their words, behind one seam (docs/decisions/0028-search.md).

`engine()` gives the index in use; `finding.py` and `suggesting.py` are what doors call.
"""

from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.module_loading import import_string

from articles.conf import conf
from articles.search.seam import Engine

_OWN = {
    "sqlite": "articles.search.sqlite.SQLiteEngine",
    "postgresql": "articles.search.postgres.PostgresEngine",
    "null": "articles.search.null.NullEngine",
}


def engine() -> Engine:
    """Return the engine that `NEWSROOM["SEARCH"]` names, else the one of the site's database.

    The setting is "auto", "sqlite", "postgresql", "null" or a class by its dotted name. Raises
    ImproperlyConfigured for one that is none.
    """
    named = conf("SEARCH")
    return _made(connection.vendor if named == "auto" else named)


def own_engine() -> Engine:
    """Return the engine of the site's database, whether it is the one in use or not."""
    return _made(connection.vendor)


@lru_cache
def _made(name: str) -> Engine:
    try:
        return import_string(_OWN.get(name, name))()
    except ImportError as error:
        raise ImproperlyConfigured(f'NEWSROOM["SEARCH"] is no engine: {name!r}.') from error
