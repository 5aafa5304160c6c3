"""Files that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path


def put(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file beside its place and move it there.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.write_bytes(data)
    fresh.chmod(mode)
    os.replace(fresh, path)
