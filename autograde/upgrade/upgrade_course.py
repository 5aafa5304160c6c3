"""What there is to bring up in a course's folder, and doing it: all of it, or nothing that counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from autograde.configuration import EARLIER_TEMPLATES, TEMPLATE
from autograde.errors import CourseError, UsageError
from autograde.files import put_where_asked
from autograde.grading.course import CONFIG_FILE, Course
from autograde.grading.lock import only_grader
from autograde.grading.nbgrader_tables import head_version, writing
from autograde.grading.open_gradebook import has_gradebook
from autograde.grading.submission_rows import FORMAT
from autograde.upgrade.copies import copy_gradebook, copy_name
from autograde.upgrade.rows import State, read_state, upgrade_rows
from descentlab.sentences import say, say_count

Tell = Callable[[str], None]


def upgrade(folder: Path, tell: Tell, dry_run: bool = False, copied: bool = False) -> bool:
    """Bring a course's folder up; `tell` gets each sentence, first what will be done.

    The gradebook's copy is made before anything is changed, and all changes to it are one transaction. What a
    kill breaks off is done by the next call. With `dry_run` nothing is done; `copied` says that a gradebook
    that is no file was copied by a person.

    Returns:
        Whether there was anything to do.

    Raises:
        UsageError: no course, no gradebook, a newer version's, or one that only its own tools can copy.
        CourseError: the disk or the database refuses; the gradebook is as it was.
    """
    course = Course.open(folder)
    if not has_gradebook(course) and not course.source("x").parent.is_dir():
        raise UsageError.say(
            "{folder} is no course: it holds no gradebook and no assignments", folder=course.root
        )
    with only_grader(course):
        state = _state(course) if has_gradebook(course) else None
        config = _earlier_config(course.root / CONFIG_FILE)
        is_old = state is not None and (state.old_tables or state.old_rows)
        if not is_old and config is None:
            tell(say("nothing to do: {folder} is of this version", folder=course.root))
            return False
        copy = _copy_place(course, copied) if is_old else None
        _tell_plan(tell, state, copy, config is not None)
        if not dry_run:
            if is_old:
                _bring_gradebook_up(course, copy)
            if config is not None:
                put_where_asked(course.root / CONFIG_FILE, config.encode())
            tell(say("done: {folder} is of this version", folder=course.root))
        return True


def _tell_plan(tell: Tell, state: State | None, copy: Path | None, config: bool) -> None:
    if copy:
        tell(say("the gradebook is copied to {path}", path=copy))
    if state and state.old_tables:
        tell(
            say(
                "nbgrader's tables go from its version {earlier} to {head}, as nbgrader db upgrade does it",
                earlier=state.tables or "1",
                head=head_version(),
            )
        )
    if state and state.old_rows:
        tell(
            say_count(
                "{count} row on a graded submission goes from the format {earlier} to {format}",
                "{count} rows on graded submissions go from the format {earlier} to {format}",
                state.rows,
                earlier=state.format,
                format=FORMAT,
            )
        )
        tell(
            say(
                "scores stay. Evidence of earlier versions is not judged again: --rejudge names whom to "
                "grade with --force"
            )
        )
    if config:
        tell(say("{file}: the part that autograde wrote is replaced, the rest stays", file=CONFIG_FILE))


def _earlier_config(path: Path) -> str | None:
    """The configuration as it would be written today; None where that part is no earlier version's."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    for length, digest in EARLIER_TEMPLATES.items():
        if hashlib.sha256(text[:length].encode()).hexdigest() == digest:
            return TEMPLATE.read_text(encoding="utf-8") + text[length:]
    return None


def _copy_place(course: Course, copied: bool) -> Path | None:
    """Where the copy goes; None where a person has made one.

    Raises:
        UsageError: nobody has, and only the database's own tools can.
    """
    url = make_url(course.directory.db_url)
    if url.get_backend_name() == "sqlite":
        return copy_name(Path(url.database), datetime.now())
    if not copied:
        raise UsageError.say(
            "{address} is no file: copy it with its own tool (for PostgreSQL: pg_dump), then run "
            "autograde upgrade --copied",
            address=url.render_as_string(hide_password=True),
        )
    return None


def _state(course: Course) -> State:
    with _gradebook(course) as engine, engine.connect() as connection:
        return read_state(connection)


def _bring_gradebook_up(course: Course, copy: Path | None) -> None:
    with _gradebook(course) as engine, writing(engine) as connection:
        state = read_state(connection)  # again: nobody else writes from here on
        if copy:
            copy_gradebook(Path(engine.url.database), copy)
        upgrade_rows(connection, course, state)


@contextmanager
def _gradebook(course: Course):
    """The gradebook's engine; what the database refuses is one line.

    Raises:
        UsageError: it cannot be opened, or is no gradebook.
        CourseError: it refuses what is written: nothing of it stays.
    """
    url = make_url(course.directory.db_url)
    engine = create_engine(url)
    shown = url.render_as_string(hide_password=True)
    try:
        yield engine
    except UsageError as error:
        raise UsageError.say("{address}: {reason}", address=shown, reason=error) from error
    except DBAPIError as error:
        raise CourseError.say(
            "{address} refused, and is as it was: {reason}", address=shown, reason=error.orig
        ) from error
    finally:
        engine.dispose()
