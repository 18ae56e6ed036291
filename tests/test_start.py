"""`make run`, as a person sees it: the real command, in a process and a folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def site(tmp_path):
    """Start the site on a free port with its own data; yields (process, url, environ)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(port)}
    started = []

    def start():
        process = subprocess.Popen(
            # From wherever its operator stands.
            [sys.executable, str(ROOT / "manage.py"), "start"],
            cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start, f"http://127.0.0.1:{port}", environ
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def said(process):
    """Return what the command says until it names the site's address."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def get(url):
    """Ask once: who has read the address opens it."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def stop(process):
    process.send_signal(signal.SIGINT)
    output = process.stdout.read()
    return process.wait(30), output


def test_it_starts_seeded_keeps_its_data_and_stops_cleanly(site):
    start, url, environ = site
    process = start()
    output = said(process)
    front = get(url)
    link = re.search(r'href="(/2026/\d\d/\d\d/[^"]+/)"', front)
    assert link, "the front page shows a seeded story"
    assert "<h1" in get(url + link.group(1))
    status, rest = stop(process)
    assert status == 0
    assert "Traceback" not in output + rest
    assert f"{url}/admin/" in output
    passwords = re.findall(r"^  (?:writer|editor|chief|admin) +(\S{12,})", output, re.MULTILINE)
    assert len(set(passwords)) == 4

    # That two workers start side by side was just seen.
    environ["WORKERS"] = "1"
    again = start()
    output = said(again)
    assert get(url) == front
    status, rest = stop(again)
    output += rest
    assert status == 0
    assert not any(password in output for password in passwords)
    assert "Seeding" not in output


def test_a_taken_port_is_a_clear_message(site):
    start, _url, environ = site
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(environ["PORT"])))
        taken.listen()
        process = start()
        output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert f"Port {environ['PORT']}" in output
    assert "make run PORT=" in output
    assert "Traceback" not in output
