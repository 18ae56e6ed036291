"""Which file a kept page becomes, and the headers that a web server has to send with it.

A page is baked only under an address that one of these patterns describes whole: no part of it can
lead out of the folder, and the same patterns stand in the web server's configuration.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings

from articles.pagecache.pages import GZIP, IDENTITY, Headers, Page

#: Folders that are dropped as a whole when much in them is, each with what changes together.
SHELVES = ("stories", "texts", "pages", "files")
#: What stands in a header for the page's own full address, and for that of its story.
ADDRESS, STORY = "{address}", "{story}"
_STORY = r"/[0-9]{4}/[0-9]{2}/[0-9]{2}/[a-zA-Z0-9_-]+"
_FOLDERS = r"/(?:[a-zA-Z0-9_-]+/)*"
#: What a compressed file is called behind the plain one.
ENDINGS = {IDENTITY: "", GZIP: ".gz", "br": ".br"}


@dataclass(frozen=True)
class Kind:
    """Pages that share a pattern of addresses, which begins and ends with the address."""

    name: str
    shelf: str
    pattern: str

    @property
    def is_folder(self) -> bool:
        """Whether its addresses end with a slash."""
        return self.shelf in {"stories", "pages"}


#: The first that fits has the page.
KINDS = (
    Kind("story", "stories", rf"^{_STORY}/$"),
    Kind("page", "pages", rf"^{_FOLDERS}$"),
    Kind("text", "texts", rf"^(?P<story>{_STORY})\.md$"),
    Kind("rss", "files", rf"^{_FOLDERS}rss\.xml$"),
    Kind("atom", "files", rf"^{_FOLDERS}atom\.xml$"),
    Kind("json", "files", rf"^{_FOLDERS}feed\.json$"),
    Kind("sitemap", "files", r"^/sitemap(?:-[a-z]+-[0-9]+)?\.xml$"),
    Kind("news", "files", r"^/news-sitemap\.xml$"),
    Kind("robots", "files", r"^/robots\.txt$"),
    Kind("llms", "files", r"^/llms\.txt$"),
    Kind("security", "files", r"^/\.well-known/security\.txt$"),
    Kind("opensearch", "files", r"^/opensearch\.xml$"),
    Kind("manifest", "files", r"^/manifest\.webmanifest$"),
    Kind("icon", "files", r"^/favicon\.ico$"),
)
_PATTERNS = tuple((kind, re.compile(kind.pattern.replace("$", r"\Z"))) for kind in KINDS)
#: No file system takes a longer name; the ending of a compressed file is behind it.
_LONGEST_NAME = 240


def kind_of(path: str) -> Kind | None:
    """Return the kind of the page at `path`; None for an address that no file is made for."""
    if any(len(part) > _LONGEST_NAME for part in path.split("/")):
        return None
    return next((kind for kind, pattern in _PATTERNS if pattern.match(path)), None)


def file_of(path: str) -> str:
    """Return the file of a page whose kind is known, below the folder of its headers."""
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]


def headers_of(path: str, page: Page) -> Headers:
    """Return what has to be sent with a page, written so that it is the same for all of a kind."""
    address = settings.SITE_URL + path
    story = address.removesuffix(".md") + "/" if path.endswith(".md") else ""
    found = []
    for name, value in page.headers:
        if name.lower() == "content-security-policy":
            # Its directives have no order, and each process has its own.
            value = "; ".join(sorted(part.strip() for part in value.split(";") if part.strip()))
        if story:
            value = value.replace(story, STORY)
        found.append((name, value.replace(address, ADDRESS)))
    if len(page.encodings) > 1:
        found.append(("Vary", "Accept-Encoding"))
    return sorted(found)


def digest_of(headers: Sequence[tuple[str, str]]) -> str:
    """Return the name of the folder of pages with these headers.

    A configuration that sends other ones finds no file there: the application answers.
    """
    return blake2b(json.dumps(headers).encode(), digest_size=6).hexdigest()
