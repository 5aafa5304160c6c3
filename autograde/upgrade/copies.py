"""A copy of the gradebook, made by the database itself."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from autograde.errors import CourseError
from autograde.files import moved_when_whole


def copy_name(gradebook: Path, now: datetime) -> Path:
    """Where the copy goes: beside the gradebook, the date in its name, on no other file."""
    stem = f"{gradebook.stem}-{now:%Y-%m-%d-%H%M%S}"
    endings = chain([""], (f"-{number}" for number in count(2)))
    names = (gradebook.with_name(f"{stem}{ending}{gradebook.suffix}") for ending in endings)
    return next(path for path in names if not path.exists())


def copy_gradebook(gradebook: Path, copy: Path) -> None:
    """Copy a SQLite gradebook whole, or leave nothing: what others have written so far is in it.

    Raises:
        CourseError: the disk is full or cannot be written, or the copy is damaged.
    """
    try:
        with moved_when_whole(copy) as half:
            with closing(sqlite3.connect(gradebook)) as source, closing(sqlite3.connect(half)) as target:
                source.backup(target)
                (state,) = target.execute("PRAGMA quick_check").fetchone()
            if state != "ok":
                raise CourseError.say("{path} is damaged: {reason}", path=gradebook, reason=state)
            shutil.copymode(gradebook, half)
            with half.open("rb") as file:
                os.fsync(file.fileno())
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError.say(
            "{path} cannot be copied, and nothing was changed: {reason}", path=gradebook, reason=reason
        ) from error
