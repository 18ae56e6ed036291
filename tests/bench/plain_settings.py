"""The site's settings for comparisons (plain_pages.py)."""

import os

# Settings are whatever names a module has: taking over all of them is the point.
from newsroom.settings import *  # noqa: F403
from newsroom.settings import MIDDLEWARE

PAGE_CACHE = False
ROOT_URLCONF = "tests.bench.plain_urls"
if os.environ.get("PER_SITE_CACHE"):
    MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        "tests.bench.plain_pages.WithoutCacheControl",
        *MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    CACHE_MIDDLEWARE_SECONDS = 3600
