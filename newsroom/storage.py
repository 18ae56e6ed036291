"""Where files lie: pictures, and static files, joined, under names with their content's hash."""

import os
import posixpath
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
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


class WholeFileStorage(FileSystemStorage):
    """Lets nobody see half a file: what is saved appears at once, over what had the name.

    Names hold what a file is made of, so two who save one name save the same.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with open(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            if self.file_permissions_mode is not None:
                os.chmod(new, self.file_permissions_mode)
            os.replace(new, path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
        return name
