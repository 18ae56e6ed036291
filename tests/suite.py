"""`make test`: the whole suite on every engine that is here, saying what ran and what did not."""

import os
import shutil
import subprocess
import sys
import time

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
#: Two more than there are processors, for those who wait for a browser or a database. Each of them
#: imports the site and reads all tests, five seconds of computing, and starts a browser.
WORKERS = str(2 + (os.cpu_count() or 1))
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


def run(title: str, environ: dict[str, str], *arguments: str) -> tuple[int, float]:
    """Run pytest; return its exit status and the seconds that it took."""
    print(f"\n=== {title} ===", flush=True)
    # Every process of the suite would compile the site and the tests anew without its bytecode.
    kept_out = {"DATABASE_URL", "CACHE_URL", "PYTHONDONTWRITEBYTECODE"}
    base = {k: v for k, v in os.environ.items() if k not in kept_out}
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--maxschedchunk=1"]
    command += ["--durations=10", "--durations-min=1", *arguments]
    started = time.monotonic()
    status = subprocess.run(command, env=base | environ, check=False).returncode
    return status, time.monotonic() - started


def main(arguments: list[str]) -> int:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    proof = "--proof" in arguments
    rest = [argument for argument in arguments if argument != "--proof"]
    marks = [] if browser else ["not journey"]
    marks.append("(proof or not proof)" if proof else "not proof")
    growth, missing = growth_engines()
    if proof:
        os.environ["TEST_PROOF"] = "1"
    results = {"SQLite": run("SQLite", {}, "-m", " and ".join(marks), *rest)}
    if "DATABASE_URL" in growth:
        name = "PostgreSQL + Redis" if "CACHE_URL" in growth else "PostgreSQL"
        # The proofs take the browser to the second engine, too.
        second = marks if proof else ["not once", "not journey", *marks]
        results[name] = run(name, growth, "-m", " and ".join(second), *rest)
    print("\n=== What ran ===")
    for name, (status, seconds) in results.items():
        verdict = "passed" if status == 0 else f"FAILED (status {status})"
        print(f"{name}: {verdict}, {seconds:.0f} s")
    if not proof and sum(seconds for _status, seconds in results.values()) > MOST_SECONDS:
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
    return max(status for status, _seconds in results.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
