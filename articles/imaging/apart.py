"""Strangers' pictures are read in a process of their own, with limits on time and memory.

A decoder that hangs, grows or falls over on a file made for that takes no server along.
"""

import json
import subprocess  # nosec B404
import sys
from dataclasses import asdict
from pathlib import Path

from articles.imaging.metadata import Said
from articles.imaging.pictures import (
    Picture,
    UnusablePicture,
    check_weight,
    gettext_noop,
    normalise,
)

#: Seconds after which a picture is given up.
SECONDS = 30
#: Bytes that the process may ask for: 60 million pixels are in it three times.
MEMORY = 2 * 2**30
_ROOT = str(Path(__file__).resolve().parents[2])
# Isolated: nothing of the server's surroundings steers it.
_START = (
    f"import sys; sys.path.insert(0, {_ROOT!r}); from articles.imaging.apart import main; main()"
)
_COMMAND = [sys.executable, "-I", "-c", _START]


def normalise_apart(
    data: bytes, *, max_bytes: int, max_pixels: int, seconds: float = SECONDS
) -> Picture:
    """Do what `normalise` does, within `seconds`. Raises UnusablePicture."""
    check_weight(data, max_bytes)
    head = json.dumps({"max_bytes": max_bytes, "max_pixels": max_pixels})
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            _COMMAND,
            input=head.encode() + b"\n" + data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnusablePicture(
            gettext_noop("The picture takes too long to be read. Save it anew and try again.")
        ) from None
    line, _break, pixels = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise UnusablePicture(
            gettext_noop("The picture cannot be read. Save it anew and try again.")
        )
    said = json.loads(line)
    if "sentence" in said:
        raise UnusablePicture(said["sentence"], **said["values"])
    return Picture(**{**said, "said": Said(**said["said"])}, data=pixels)


def main() -> None:
    """The other process: limits and a picture on standard input, the re-encoded one on output."""
    _limit()
    head = json.loads(sys.stdin.buffer.readline())
    try:
        picture = normalise(sys.stdin.buffer.read(), **head)
    except UnusablePicture as error:
        answer, pixels = {"sentence": error.sentence, "values": error.values}, b""
    else:
        answer, pixels = asdict(picture), picture.data
        del answer["data"]
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + pixels)


def _limit() -> None:
    try:
        import resource
    except ImportError:
        # Only some systems can limit a process; the time it may take is limited from outside.
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue
