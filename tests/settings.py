"""Settings of the test suite: the site's own, with data of each process in its own folder."""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="newsroom-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["DATA_DIR"] = _data
# A developer's own variables must not change what the tests mean.
for _name in ("SITE_URL", "SITE_NAME", "PORT", "LANGUAGE_CODE", "TIME_ZONE", "DEBUG"):
    os.environ.pop(_name, None)

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import CACHES, DATA_DIR, DATABASES, STORAGES  # noqa: E402

# A real file with the site's own journal mode; the in-memory default locks differently.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # Every connection is closed between tests; a pool would keep the database from being dropped.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
    # Nobody needs a test's rows after a power cut.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"

# Processes that run side by side share a Redis server: each empties a database of its own.
if CACHES["default"]["LOCATION"] and "redis" in CACHES["default"]["BACKEND"].lower():
    _address, _slash, _number = CACHES["default"]["LOCATION"].rpartition("/")
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{_address}/{(int(_number or 0) + _worker) % 16}"

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
