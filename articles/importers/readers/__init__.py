"""Read a source text as an extractor left it: bytes to stories. No Django here."""

from pathlib import Path

from articles.importers.readers.desk import read_bytes
from articles.importers.readers.files import MAX_BYTES, read_regular_file
from articles.importers.readers.records import (
    Block,
    RelatedItem,
    SourceStory,
    SourceWarning,
    UnreadableSource,
)

__all__ = [
    "MAX_BYTES",
    "Block",
    "RelatedItem",
    "SourceStory",
    "SourceWarning",
    "UnreadableSource",
    "read_bytes",
    "read_file",
]


def read_file(path: Path) -> list[SourceStory]:
    """Return the stories in the file at `path`.

    Raises `UnreadableSource` with a reason in one sentence for anything but a readable text with
    a story in it; never waits on a pipe or a device.
    """
    return read_bytes(read_regular_file(Path(path)), Path(path).name)
