"""`make test`: the whole suite on every engine that is here, saying what ran and what did not."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
PROCESSORS = os.cpu_count() or 1
#: Processes of each run. Journeys wait for their browser, tests for the database, and a run at its
#: end for its last test, so both runs go at once with more of them than there are processors; not
#: many more, for each reads all tests first.
WORKERS = {"SQLite": 2 * PROCESSORS - PROCESSORS // 2, "PostgreSQL": PROCESSORS}
LOCAL_REDIS = "redis://127.0.0.1:6379/9"
#: What the whole suite may take on two cores; docs/testing.md says what to do beyond it.
MOST_SECONDS = 300


def postgres_answers(url: str) -> bool:
    try:
        import psycopg

        psycopg.connect(url, connect_timeout=2).close()
    except Exception:  # whatever keeps it from answering, the suite runs without it
        return False
    return True


def redis_answers(url: str) -> bool:
    try:
        import redis

        redis.from_url(url, socket_connect_timeout=2).ping()
    except Exception:
        return False
    return True


def growth_engines() -> tuple[dict[str, str], list[str]]:
    """Return the variables of the second run, and what is left out and why."""
    environ, missing = {}, []
    for name, variable, local, answers in (
        ("PostgreSQL", "DATABASE_URL", LOCAL_POSTGRES, postgres_answers),
        ("Redis", "CACHE_URL", LOCAL_REDIS, redis_answers),
    ):
        given = os.environ.get(f"TEST_{variable}", "")
        url = given or local
        if answers(url):
            environ[variable] = url
        elif given:
            sys.exit(f"TEST_{variable} is given, but nothing answers there.")
        else:
            missing.append(f"{name} does not answer on its standard local port")
    return environ, missing


class Run:
    """A run of pytest that has begun. shown: it prints as it goes; others do at their end."""

    def __init__(
        self, title: str, environ: dict[str, str], *arguments: str, workers: int, shown: bool
    ) -> None:
        # Every process of the suite would compile the site and the tests anew without its bytecode.
        kept_out = {"DATABASE_URL", "CACHE_URL", "PYTHONDONTWRITEBYTECODE"}
        base = {k: v for k, v in os.environ.items() if k not in kept_out}
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--maxschedchunk=1"]
        command += ["--durations=10", "--durations-min=1", *arguments]
        self.title = title
        # It is open as long as the run goes.
        self.said = None if shown else tempfile.TemporaryFile()  # noqa: SIM115
        if shown:
            print(f"\n=== {title} ===", flush=True)
        self.process = subprocess.Popen(
            command, env=base | environ, stdout=self.said, stderr=self.said and subprocess.STDOUT
        )

    def end(self) -> int:
        """Wait for it; return its exit status."""
        status = self.process.wait()
        if self.said:
            print(f"\n=== {self.title} ===", flush=True)
            self.said.seek(0)
            shutil.copyfileobj(self.said, sys.stdout.buffer)
            sys.stdout.flush()
        return status


def main(arguments: list[str]) -> int:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    proof = "--proof" in arguments
    rest = [argument for argument in arguments if argument != "--proof"]
    marks = [] if browser else ["not journey"]
    marks.append("(proof or not proof)" if proof else "not proof")
    growth, missing = growth_engines()
    if proof:
        os.environ["TEST_PROOF"] = "1"
    begun = time.monotonic()
    first = ["-m", " and ".join(marks), *rest]
    runs = [Run("SQLite", {}, *first, workers=WORKERS["SQLite"], shown=True)]
    if proof:
        # Servers that are killed across due times are not to wait for another run besides.
        runs[0].process.wait()
    if "DATABASE_URL" in growth:
        name = "PostgreSQL + Redis" if "CACHE_URL" in growth else "PostgreSQL"
        # The proofs take the browser to the second engine, too.
        fewer = [] if proof else ["not once", "not journey"]
        second = ["-m", " and ".join([*fewer, *marks]), *rest]
        runs.append(Run(name, growth, *second, workers=WORKERS["PostgreSQL"], shown=False))
    results = {run.title: run.end() for run in runs}
    seconds = time.monotonic() - begun
    print("\n=== What ran ===")
    for name, status in results.items():
        print(f"{name}: {'passed' if status == 0 else f'FAILED (status {status})'}")
    print(f"In all {seconds:.0f} s")
    if not proof and seconds > MOST_SECONDS:
        print(f"SLOW: more than {MOST_SECONDS} s; the slowest tests are listed above")
    if browser:
        print(f"Journeys in a browser: ran ({browser})")
    else:
        print("Journeys in a browser: LEFT OUT (no Chromium is installed)")
    for reason in missing:
        print(f"LEFT OUT: {reason}")
    if not proof:
        print("LEFT OUT: slow proofs, and on the second engine the journeys and what needs no")
        print("database (make proof)")
    return max(results.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
