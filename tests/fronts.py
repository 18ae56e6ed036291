"""Web servers in front of a site, as `manage.py bake` configures them."""

import http.client
import os
import shutil
import subprocess
import time
from pathlib import Path

from tests.servers import free_port

NGINX = """
{modules}
user {user}; worker_processes 1; daemon off; error_log {folder}/error.log; pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 1000000; sendfile on;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  {servers}
}}
"""
_BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def nginx_config(folder: Path, servers: str) -> str:
    """Return a whole configuration around `servers`; without the brotli module, without brotli."""
    modules = f"load_module {_BROTLI};" if has_brotli() else ""
    if not modules:
        servers = servers.replace("brotli_static on;", "")
    # Pages of a test lie where nobody else may look.
    user = "root" if os.getuid() == 0 else "nobody"
    return NGINX.format(modules=modules, folder=folder, servers=servers, user=user)


def has_brotli() -> bool:
    return _BROTLI.is_file()


class Front:
    """nginx or Caddy on a port of its own."""

    def __init__(self, name: str, folder: Path, printed: str) -> None:
        self.port, self.folder = free_port(), folder
        folder.mkdir(exist_ok=True)
        file = folder / "config"
        if name == "nginx":
            servers = printed.replace("listen 80;", f"listen 127.0.0.1:{self.port};")
            file.write_text(nginx_config(folder, servers))
            command = ["nginx", "-c", str(file)]
        else:
            _head, _site, rest = printed.partition("http://127.0.0.1 {")
            own = "{\n admin off\n auto_https off\n}\n"
            file.write_text(f"{own}http://127.0.0.1:{self.port} {{{rest}")
            command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
        environ = {**os.environ, "HOME": str(folder)}
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [shutil.which(command[0]) or command[0], *command[1:]],
                stdout=log, stderr=log, env=environ,
            )  # fmt: skip
        for _ in range(200):
            try:
                self.ask("/robots.txt")
            except OSError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.02)
            else:
                return
        raise AssertionError(self.said())

    def said(self) -> str:
        return "".join(one.read_text() for one in self.folder.glob("*log*"))

    def ask(self, path: str, method: str = "GET", **headers: str) -> "Answer":
        return ask(self.port, path, method, **headers)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Answer:
    """status, headers (in small letters; values of one name in order) and body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers: dict[str, str] = {}
        for name, value in response.getheaders():
            known = self.headers.get(name.lower())
            self.headers[name.lower()] = f"{known}, {value}" if known else value
        self.body = response.read()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for exactly this path; a header's name has _ for -."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders()
        return Answer(line.getresponse())
    finally:
        line.close()
