"""What is made once for a run of many processes, and copied: above all a database with every table
and no rows.

Migrations take five seconds of computing, and a whole run has eight processes.
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Tells the processes of a run where its database is made.
VARIABLE = "NEWSROOM_MIGRATED"
MAKE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
connection.close()
"""


def begin() -> None:
    """Begin to make the run's database, while its processes still read their tests. It ends with
    the process that calls this."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-migrated-"))
    os.environ[VARIABLE] = str(folder)
    making = subprocess.Popen([sys.executable, "-m", "tests.migrated"], cwd=ROOT)

    def end() -> None:
        making.wait()
        if _url():
            _order(f"DROP DATABASE IF EXISTS {_name(folder)}")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)


def is_begun() -> bool:
    """Tell if this process is one of a run that has such a database."""
    return VARIABLE in os.environ


def folder() -> Path:
    """Return the folder of the run, which ends with it."""
    return Path(os.environ[VARIABLE])


def file() -> Path:
    """Return the run's SQLite file when it is made."""
    return _made() / "newsroom.sqlite3"


def database() -> str:
    """Return the name of the run's PostgreSQL database when it is made."""
    return _name(_made())


def once(folder: Path, name: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
    """Return the folder of this name in `folder`, and whether `make` has just filled it here: the
    first process that asks fills it, and the others wait."""
    kept, new = folder / name, folder / f"{name}.new"
    with _alone(folder / f"{name}.lock"):
        if kept.exists():
            return kept, False
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        make(new)
        return new.rename(kept), True


def _made() -> Path:
    """Return the run's folder once its database is made: here and now, if nobody began to."""
    folder = Path(os.environ[VARIABLE])
    with _alone(folder / "lock"):
        if not (folder / "made").exists():
            _make(folder)
            (folder / "made").touch()
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(folder: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    if url := _url():
        _order(f"CREATE DATABASE {_name(folder)}")
        environ["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{_name(folder)}"
    subprocess.run([sys.executable, "-c", MAKE], cwd=ROOT, env=environ, check=True)


def _url() -> str:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def _name(folder: Path) -> str:
    return folder.name.replace("-", "_").lower()


def _order(sql: str) -> None:
    import psycopg

    with psycopg.connect(_url(), autocommit=True) as server:
        server.execute(sql)


if __name__ == "__main__":
    _made()
