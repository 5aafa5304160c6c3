"""One grader a course: the second one says who is at work and stops."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.scratch import remove_left_behind

SCRATCH = "scratch-"  # in the private folder: files on their way


@contextmanager
def only_grader(course: Course) -> Iterator[None]:
    """Hold the course's lock; it is let go when the process ends, however it ends.

    Raises:
        UsageError: another grader holds it, or it cannot be made.
    """
    path = course.private / "lock"
    try:
        course.private.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. The course folder must be writable.") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(lock, 64, 0).decode(errors="replace").strip() or "unknown"
            raise UsageError(
                f"another grader (process {holder}) is at work in {course.root}: run again when it is done."
            ) from error
        except OSError as error:  # a network's disk without locks
            raise UsageError(
                f"{path}: {error.strerror}. The course folder must be on a disk that has locks."
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        remove_left_behind(course.private, SCRATCH)
        yield
    finally:
        os.close(lock)
