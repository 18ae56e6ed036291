"""Settings: safe with nothing set, and unwilling to be unsafe in production."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHOW = "from newsroom import settings as s; print(s.{})"


def load(tmp_path, show="SITE_URL", **environ):
    """Load the settings in a process of its own; return what it printed and its errors."""
    base = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SHOW.format(show)],
        cwd=ROOT, env=base | environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip(), done.stderr


def test_nothing_set_is_a_site_on_this_machine(tmp_path):
    assert load(tmp_path)[0] == "http://127.0.0.1:8000"
    assert load(tmp_path, "DEBUG")[0] == "False"


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    first, second = load(tmp_path, "SECRET_KEY")[0], load(tmp_path, "SECRET_KEY")[0]
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    assert load(other, "SECRET_KEY")[0] != first


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"SITE_URL": "https://news.example"}, "SECRET_KEY"),
        ({"SITE_URL": "https://news.example", "SECRET_KEY": "x" * 60, "DEBUG": "1"}, "DEBUG"),
        ({"SITE_URL": "news.example"}, "SITE_URL"),
        ({"BAKE_DIR": "/srv/baked", "PAGE_CACHE": "off"}, "PAGE_CACHE"),
        ({"BAKE_DIR": "/srv/baked", "CDN_PURGE": "webhook+https://cdn.example/"}, "CDN_PURGE"),
    ],
)
def test_an_unsafe_choice_is_refused_with_the_reason(tmp_path, environ, reason):
    out, error = load(tmp_path, **environ)
    assert out == ""
    assert "ImproperlyConfigured" in error
    assert reason in error


def test_sites_that_share_a_redis_have_names_of_their_own_there(tmp_path):
    def name(database, **environ):
        environ |= {"CACHE_URL": "redis://cache.example/0", "DATABASE_URL": database}
        return load(tmp_path, "CACHES['default']['KEY_PREFIX']", **environ)[0]

    ours = name("postgres://db.example/news")
    assert ours
    assert name("postgres://db.example/other") != ours
    # Another host of the same site, and a command that was told less.
    assert name("postgres://10.0.0.7:6432/news", SITE_URL="http://news.example") == ours


def test_an_https_site_is_encrypted_throughout(tmp_path):
    environ = {"SITE_URL": "https://news.example", "SECRET_KEY": "x" * 60}
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert load(tmp_path, name, **environ)[0] == "True"
    assert load(tmp_path, "ALLOWED_HOSTS", **environ)[0] == "['news.example']"


def test_the_port_is_part_of_the_local_address(tmp_path):
    assert load(tmp_path, PORT="8123")[0] == "http://127.0.0.1:8123"
