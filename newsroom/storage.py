"""Where static files lie: joined, compressed, each under a name with its content's hash."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_SUFFIX, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns
#: A line of a style sheet or script that does nothing but bring in a neighbour.
_NEIGHBOUR = re.compile(r'^(?:@import url\("([^":]+\.css)"\)|import "(\./[^"]+\.js)");$', re.M)
#: What a style sheet says to people: comments, and how deep a line stands.
_FOR_PEOPLE = re.compile(r"/\*.*?\*/\s*|(?<=\n)\s+", re.S)


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins what is written in parts, and lets scripts import each other by relative address.

    A sheet of `@import url("…")` lines, or a script of `import "./…"` lines, is served as one
    file. Where nothing is collected (DEBUG, tests), the browser follows those lines itself.
    Scripts that import names keep their files; their addresses get the hashed names.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        _SUFFIX,
        (
            *_IMPORTS[:-1],
            # Django's own takes a bare name for a file, too; those are the import map's.
            (
                r"""(?P<matched>import\(\s*["'](?P<url>\.{1,2}/.*?)["']\s*\))""",
                """import("%(url)s")""",
            ),
        ),
    )

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        joined = InMemoryStorage()
        for name in list(paths):
            if name.startswith("articles/") and name.endswith((".css", ".js")):
                text = _text(paths, name)
                if whole := _joined(paths, name, text):
                    joined.save(name, ContentFile(whole.encode()))
                    paths[name] = (joined, name)
        yield from super().post_process(paths, **options)


def _text(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()


def _joined(paths: dict[str, Any], name: str, text: str) -> str:
    """Return a file with its neighbours in place of the lines that name them; "" for others."""
    is_sheet = name.endswith(".css")
    rest = _NEIGHBOUR.sub("", _FOR_PEOPLE.sub("", text) if is_sheet else text)
    if rest == text or any(line and not line.startswith("//") for line in rest.split("\n")):
        return ""
    parts = []
    for sheet, script in _NEIGHBOUR.findall(text):
        neighbour = posixpath.normpath(posixpath.join(posixpath.dirname(name), sheet or script))
        part = _text(paths, neighbour)
        # A block keeps the names of one script from those of the next.
        parts.append(_FOR_PEOPLE.sub("", part) if is_sheet else f"{{\n{part}}}\n")
    return "".join(parts)
