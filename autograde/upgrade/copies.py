"""A copy of the gradebook, made by the database itself."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from autograde.errors import CourseError


def copy_name(gradebook: Path, now: datetime) -> Path:
    """Where the copy goes: beside the gradebook, the date in its name, on no other file."""
    stem = f"{gradebook.stem}-{now:%Y-%m-%d-%H%M%S}"
    names = (gradebook.with_name(f"{stem}{more}{gradebook.suffix}") for more in _endings())
    return next(path for path in names if not path.exists())


def _endings():
    yield ""
    number = 2
    while True:
        yield f"-{number}"
        number += 1


def copy_gradebook(gradebook: Path, copy: Path) -> None:
    """Copy a SQLite gradebook whole, or leave nothing: what others have written so far is in it.

    Raises:
        CourseError: the disk is full or cannot be written, or the copy is damaged.
    """
    half = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        with closing(sqlite3.connect(gradebook)) as source, closing(sqlite3.connect(half)) as target:
            source.backup(target)
            (state,) = target.execute("PRAGMA quick_check").fetchone()
        if state != "ok":
            raise CourseError.say("{path} is damaged: {reason}", path=gradebook, reason=state)
        shutil.copymode(gradebook, half)
        with half.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(half, copy)
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError.say(
            "{path} cannot be copied, and nothing was changed: {reason}", path=gradebook, reason=reason
        ) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
