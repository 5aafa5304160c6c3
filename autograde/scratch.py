"""Folders for files on their way: removed at the end, or by the next process where a kill left them."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent`, whose name begins with `prefix`; those that nobody holds any more go first.

    Raises:
        OSError: nothing can be made there.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as made, _held(Path(made)):
        remove_left_behind(parent, prefix)
        yield Path(made)


def remove_left_behind(parent: Path, prefix: str) -> None:
    """Remove the scratch folders of processes that are no more."""
    for left in parent.glob(f"{prefix}*"):
        with suppress(OSError), _held(left):
            shutil.rmtree(left)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, which ends with the process. Raises OSError where somebody else holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
