"""Copies of the released lessons, made once: what a student wrote is never overwritten."""

import json
from pathlib import Path

from autograde.errors import UsageError
from autograde.files import put
from autograde.installed import released_lessons

COPIES, RELEASED, COURSE = "my-course", "notebooks", "nbgrader_config.py"


def copies_folder() -> Path:
    """The student's `my-course`: the one that the current folder is or lies in, else the one in it."""
    here = Path().resolve()
    own = (one for one in (here, *here.parents) if one.name == COPIES and not (one / COURSE).exists())
    return next(own, here / COPIES)


def lessons_of(course: Path | None) -> Path:
    """The released lessons of a course; without one, those of a course in this folder, or the installed ones.

    Raises:
        UsageError: the course has none.
    """
    if course is None:
        return Path(RELEASED) if Path(COURSE).is_file() and Path(RELEASED).is_dir() else released_lessons()
    if not (course / RELEASED).is_dir():
        raise UsageError(f"no {RELEASED}/ in {course.resolve()}: give a course's folder with --course-dir.")
    return course / RELEASED


def copy_lessons(released: Path, copies: Path) -> list[Path]:
    """Copy every file below `released` that `copies` does not have yet; each copy is whole or not there.

    Returns:
        The new files.

    Raises:
        UsageError: `copies`, or a lesson's folder in it, is a file.
        OSError: it cannot be written.
    """
    added = []
    for source in sorted(released.rglob("*")):
        parts = source.relative_to(released).parts
        target = copies.joinpath(*parts)
        if not source.is_file() or any(part.startswith(".") for part in parts) or target.exists():
            continue
        _require_folders(target, copies)
        put(target, source.read_bytes())
        added.append(target)
    return added


def unreadable(copies: Path) -> list[Path]:
    """Notebooks of the lessons' folders that cannot be read, as an interrupted copy by other means leaves."""
    return [path for path in sorted(copies.glob("*/*.ipynb")) if not _is_notebook(path)]


def _require_folders(target: Path, copies: Path) -> None:
    for folder in (copies, *reversed(target.relative_to(copies).parents[:-1])):
        copy = copies / folder
        if copy.exists() and not copy.is_dir():
            raise UsageError(f"{copy} is a file, and lessons go into a folder of that name. Move it away.")


def _is_notebook(path: Path) -> bool:
    try:
        return "cells" in json.loads(path.read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):
        return False
