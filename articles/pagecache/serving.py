"""How a web server sends baked pages: its configuration, with the headers of this very site.

It looks for the file of an address below the folder that is named by the headers it sends. Where
there is none, or with a query string, the application answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from articles.pagecache.kinds import ADDRESS, KINDS, STORY, Kind
from articles.pagecache.pages import Headers

#: (kind, shelf, digest, headers), what is most frequent first.
Variants = Sequence[tuple[str, str, str, Headers]]

_NGINX = """\
# Newsroom, baked: {site}
# Printed by `manage.py bake {folder} --nginx`; print it anew when that command says so.
# It belongs into nginx's block `http`, and needs the modules gzip_static and brotli_static (without
# the second, remove its line). Newsroom needs BEHIND_PROXY=1.
# Never open_file_cache here: with it, pages are sent for a while after they were removed.
upstream newsroom {{
    server 127.0.0.1:{port};
    keepalive 16;
}}
server {{
    {listen}
    server_name {host};
    merge_slashes off;
    client_max_body_size 30m;
    gzip_static on;
    brotli_static on;
    gzip_proxied any;
    max_ranges 1;
    sendfile on;
    tcp_nopush on;
    log_not_found off;
    # What is no file, and no GET, is for the application.
    error_page 404 405 = @newsroom;
    recursive_error_pages on;

{locations}
    location / {{
        try_files /no/such/file @newsroom;
    }}
    location @newsroom {{
        proxy_pass http://newsroom$request_uri;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
}}
"""
_LISTENS = {
    "http": "listen {port};",
    "https": "listen {port} ssl http2;\n    ssl_certificate /etc/ssl/newsroom.pem;"
    "\n    ssl_certificate_key /etc/ssl/newsroom.key;",
}
_FILE_SERVER = ("file_server {", "    precompressed br gzip", "    pass_thru", "}")
_CADDY = """\
# Newsroom, baked. Printed by `manage.py bake {folder} --caddy`; print it anew when that command
# says so. Newsroom needs BEHIND_PROXY=1.
{site} {{
{handles}
    reverse_proxy 127.0.0.1:{port}
}}
"""


def nginx(folder: Path, variants: Variants) -> str:
    """Return a configuration for nginx."""
    lines = (line for kind, found in _by_kind(variants) for line in _location(folder, kind, found))
    site = urlsplit(settings.SITE_URL)
    usual = 443 if site.scheme == "https" else 80
    # Where Newsroom itself listens, nobody else can.
    port = site.port if site.port and site.port != settings.PORT else usual
    return _NGINX.format(
        site=settings.SITE_URL,
        folder=folder,
        port=settings.PORT,
        listen=_LISTENS[site.scheme].format(port=port),
        host=site.hostname,
        locations="\n".join(lines),
    )


def _location(folder: Path, kind: Kind, found: Variants) -> Iterator[str]:
    """The location of a kind. One with several sets of headers has one behind the other."""
    address = "$request_uri" if kind.is_folder else "$uri"
    for place, (_kind, shelf, digest, headers) in enumerate(found):
        pattern = kind.pattern.replace("?P<", "?<")
        head = f"@{kind.name}{place}" if place else f'~ "{pattern}"'
        yield f"    location {head} {{"
        yield f"        root {folder}/{shelf}/www/{digest};"
        if place + 1 < len(found):
            yield f"        error_page 404 405 = @{kind.name}{place + 1};"
        if not place:
            # With a query string there is no such file. Asking whether there is one costs a tenth
            # more than opening it.
            file = "${uri}${is_args}" + ("index.html" if kind.is_folder else "")
            yield f"        rewrite ^ {file} break;"
        yield "        types { }"
        for name, value in headers:
            word = "default_type" if name.lower() == "content-type" else f"add_header {name}"
            yield f"        {word} {_quoted(_filled(value, address, '$story/'))};"
        yield "    }"


def caddy(folder: Path, variants: Variants) -> str:
    """Return a configuration for Caddy."""
    lines = (line for kind, found in _by_kind(variants) for line in _handles(folder, kind, found))
    return _CADDY.format(
        folder=folder, site=settings.SITE_URL, handles="\n".join(lines), port=settings.PORT
    )


def _handles(folder: Path, kind: Kind, found: Variants) -> Iterator[str]:
    for place, (_kind, shelf, digest, headers) in enumerate(found):
        name, root = f"{kind.name}{place}", f"{folder}/{shelf}/www/{digest}"
        file = "{path}index.html" if kind.is_folder else "{path}"
        yield f"    @{name} {{"
        yield "        method GET HEAD"
        yield f"        path_regexp {name} {kind.pattern}"
        yield "        expression {query} == ''"
        yield f"        file {{\n            root {root}\n            try_files {file}\n        }}"
        yield "    }"
        yield f"    handle @{name} {{"
        yield f"        root * {root}"
        for header, value in headers:
            said = _filled(value, "{http.request.orig_uri.path}", f"{{re.{name}.story}}/")
            # Caddy says by itself, and later, what a compressed answer varies by; not of others.
            end = " {\n            defer\n        }" if header == "Vary" else ""
            yield f"        header {header} `{said}`{end}"
        if kind.is_folder:
            yield f"        rewrite * {file}"
        # What went between two looks at it is for the application.
        yield from (f"        {line}" for line in _FILE_SERVER)
        yield "    }"


def _filled(value: str, address: str, story: str) -> str:
    """Return a header with the web server's own names for the address that is asked for."""
    site = settings.SITE_URL
    return value.replace(ADDRESS, site + address).replace(STORY, site + story)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _by_kind(variants: Variants) -> Iterable[tuple[Kind, Variants]]:
    for kind in KINDS:
        if found := [one for one in variants if one[0] == kind.name]:
            yield kind, found
