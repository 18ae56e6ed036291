"""A real server with slow readers, and with nowhere to keep its pages."""

import http.client
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.craft.pagecache.test_never_old import wait_for
from tests.servers import ROOT, Site, free_port

pytestmark = [pytest.mark.proof, pytest.mark.once]
SLOW = 64


@pytest.fixture
def port(tmp_path):
    site = Site(tmp_path)
    port = free_port()
    site.environ |= {"PORT": str(port), "CLOCK": "off"}
    site.run(
        "call_command('migrate', verbosity=0)\n"
        "call_command('collectstatic', verbosity=0, interactive=False)\n"
        "[make_article(f'Story {n}') for n in range(30)]"
    )
    # In the way of the folder that pages would be kept in.
    (tmp_path / "pages" / "plain").write_text("full")
    granian = str(Path(sys.executable).with_name("granian"))
    command = [granian, "--interface", "wsgi", "--port", str(port), "--blocking-threads", "3"]
    command += ["--workers-kill-timeout", "3", "--log-level", "error", "newsroom.wsgi:application"]
    site.started.append(subprocess.Popen(command, cwd=ROOT, env=site.environ))
    wait_for(port)
    yield port
    site.end()


def ask(port, path):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_slow_readers_and_a_full_disk_stop_nobody_else(port):
    slow = []
    try:
        for number in range(SLOW):
            line = socket.create_connection(("127.0.0.1", port), timeout=30)
            slow.append(line)
            if number % 2:
                # Half a request.
                line.sendall(b"GET /latest/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            else:
                # Many requests, and no answer is read.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
        for _ in range(3):
            for path in ("/", "/latest/", "/section/world/", "/feed.json"):
                status, body = ask(port, path)
                assert status == 200
                assert b"Story 29" in body
    finally:
        for line in slow:
            line.close()
