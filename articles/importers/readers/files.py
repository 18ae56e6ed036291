"""Bytes from the disk, from regular files only, and never more than a story can need."""

import errno
import os
import stat
from pathlib import Path

from articles.importers.readers.records import UnreadableSource

#: A long read has 60,000 characters; a saved page around it may have a few hundred thousand.
MAX_BYTES = 2 * 2**20
_REASONS = {
    errno.ENOENT: "The file does not exist.",
    errno.ELOOP: "The file is a symbolic link that leads back to itself.",
    errno.EACCES: "The file may not be read: permission denied.",
    errno.EPERM: "The file may not be read: permission denied.",
    errno.EISDIR: "It is a directory, not a file.",
    errno.ENXIO: "It is a socket or a device, not a file.",
    errno.ENAMETOOLONG: "The file's name is too long.",
    errno.ENOTDIR: "A part of its path is not a directory.",
}
_KINDS = (
    (stat.S_ISDIR, "It is a directory, not a file."),
    (stat.S_ISFIFO, "It is a named pipe, not a file."),
    (stat.S_ISSOCK, "It is a socket, not a file."),
    (stat.S_ISCHR, "It is a device, not a file."),
    (stat.S_ISBLK, "It is a device, not a file."),
)


def read_regular_file(path: Path) -> bytes:
    """Return the bytes of a regular file; raises `UnreadableSource`. Never blocks on a pipe."""
    try:
        _check_kind(os.stat(path).st_mode)
        # What was a file a moment ago may be a pipe now: open without waiting, and look again.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb") as file:
            _check_kind(os.fstat(file.fileno()).st_mode)
            data = file.read(MAX_BYTES + 1)
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except OSError as error:
        if error.errno == errno.ENOENT and path.is_symlink():
            raise UnreadableSource("The file is a symbolic link to nothing.") from None
        reason = _REASONS.get(error.errno or 0, f"The file cannot be read: {error.strerror}.")
        raise UnreadableSource(reason) from None
    except UnreadableSource:
        raise
    except ValueError:
        # An embedded NUL byte in the name.
        raise UnreadableSource("The file's name is not a valid one.") from None
    if len(data) > MAX_BYTES:
        if b"\n" not in data and b"\r" not in data:
            raise UnreadableSource(
                f"The file is one line of {size / 2**20:.1f} MB: too long for a text."
            )
        limit = MAX_BYTES // 2**20
        raise UnreadableSource(
            f"The file is too large: {size / 2**20:.1f} MB; a source text has at most {limit} MB."
        )
    return data


def _check_kind(mode: int) -> None:
    for test, reason in _KINDS:
        if test(mode):
            raise UnreadableSource(reason)
