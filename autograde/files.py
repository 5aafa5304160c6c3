"""Files that are whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def put(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file beside its place and move it there.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        fresh.write_bytes(data)
        fresh.chmod(mode)
        os.replace(fresh, path)
    except BaseException as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        if isinstance(error, OSError):  # a full disk names no file, and the scratch file means nothing
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def put_where_asked(path: Path, data: bytes) -> None:
    """Write where a person said to: through a link, and into a device or a pipe as it is (/dev/stdout).

    Raises:
        OSError: as `put`.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    else:
        put(Path(os.path.realpath(path)), data)
