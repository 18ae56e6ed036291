"""The signing key of a site on its owner's own machine, made once and kept beside its data."""

import os
import time
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def local_secret(path: Path) -> str:
    """Return the key kept at `path`, making it (readable by its owner only) on first use.

    Two processes that start together end with the same key: only one of them may create
    the file, the other waits for it to be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        for _ in range(50):
            if key := path.read_text().strip():
                return key
            time.sleep(0.02)
        raise RuntimeError(f"{path} is empty: delete it, and a new key is made.") from None
    with os.fdopen(handle, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key
