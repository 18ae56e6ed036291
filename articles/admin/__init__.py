"""The editors' door: Django's admin under the newsroom's theme, one module per noun."""

from articles.admin import (
    articles,
    authors,
    corrections,
    history,
    images,
    messages,
    people,
    promos,
    redirects,
    schedule,
    sections,
    site,
    tags,
)

__all__ = [
    "articles",
    "authors",
    "corrections",
    "history",
    "images",
    "messages",
    "people",
    "promos",
    "redirects",
    "schedule",
    "sections",
    "site",
    "tags",
]
