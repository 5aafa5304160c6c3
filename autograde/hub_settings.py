"""What a JupyterHub needs of a course and of the exchange: looked at on this machine, as whoever asks.

nbgrader's exchange is a folder that every user may write into. Who may read what in it hangs on modes and
owners alone, so each is looked at.
"""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.exchange.default.exchange import Exchange
from traitlets.config import Config

from autograde.assignments.settings import read_configuration
from autograde.grading.course import CONFIG_FILE, Course
from descentlab.sentences import say

# By nbgrader: what others may do in a course's folders of the exchange, and what they must not.
PLACES = {
    "outbound": (stat.S_IROTH | stat.S_IXOTH, stat.S_IWOTH),
    "inbound": (stat.S_IWOTH | stat.S_IXOTH, stat.S_IROTH),
    "feedback": (stat.S_IXOTH, stat.S_IROTH | stat.S_IWOTH),
}
MODES = {"outbound": "0755", "inbound": "2733", "feedback": "0711"}
EVERYBODY = stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: is it as it should be, what was seen, what to type where it is not."""

    about: str
    fine: bool
    seen: str
    remedy: str = ""


def look(course: Course) -> Iterator[Finding]:
    """The course id, the exchange, the course's part of it, the course's own folder."""
    settings = _for_everybody()
    settings.merge(course.config.get("Exchange", {}))
    exchange = Path(str(settings.get("root") or Exchange.root.default_value))
    name = course.directory.course_id
    yield _course_id(name)
    yield from _exchange(exchange)
    if name and (exchange / name).is_dir():
        yield from _part_of(exchange / name, course.directory.groupshared)
    yield from _several(exchange, name, bool(settings.get("path_includes_course")))
    yield _own_folder(course)


def _for_everybody() -> Config:
    """What Jupyter's own folders say of the exchange, the nearest last.

    Raises:
        UsageError: a file there cannot be read.
    """
    everything = Config()
    for folder in reversed(jupyter_config_path()):
        if Path(folder, CONFIG_FILE).is_file():
            everything.merge(read_configuration(Path(folder, CONFIG_FILE)))
    return everything.Exchange


def _course_id(name: str) -> Finding:
    fine = bool(name) and name == Path(name).name and not name.startswith(".")
    remedy = say('in {file}: c.CourseDirectory.course_id = "NAME"', file=CONFIG_FILE)
    return Finding(say("course id"), fine, name or say("none"), "" if fine else remedy)


def _exchange(path: Path) -> Iterator[Finding]:
    about = say("exchange")
    if not path.is_dir():
        make = say("sudo install -d -m 1777 {path}", path=path)
        yield Finding(about, False, say("{path} is not there", path=path), make)
        return
    mode = path.stat().st_mode
    fine = mode & EVERYBODY == EVERYBODY and bool(mode & stat.S_ISVTX)
    # Without the sticky bit a student could move another course's folder away.
    yield Finding(about, fine, _shown(path), "" if fine else say("sudo chmod 1777 {path}", path=path))
    hidden = next((up for up in path.parents if not up.stat().st_mode & stat.S_IXOTH), None)
    if hidden is not None:
        yield Finding(about, False, _shown(hidden), say("sudo chmod o+x {path}", path=hidden))


def _part_of(folder: Path, group_shared: bool) -> Iterator[Finding]:
    """The folders that `nbgrader release_assignment` made."""
    for name, (may, may_not) in PLACES.items():
        place = folder / name
        if not place.is_dir():
            continue
        status = place.stat()
        fine = status.st_mode & may == may and not status.st_mode & may_not
        about = f"{folder.name}/{name}"
        yield Finding(
            about,
            fine,
            _shown(place),
            "" if fine else say("chmod {mode} {path}", mode=MODES[name], path=place),
        )
        if status.st_uid != os.getuid() and not group_shared:
            owner = say("belongs to {owner}", owner=_user(status.st_uid))
            yield Finding(about, False, owner, say("type this as {owner}", owner=_user(status.st_uid)))
        if group_shared and not status.st_mode & stat.S_ISGID:
            yield Finding(about, False, _shown(place), say("chmod {mode} {path}", mode="g+rwxs", path=place))


def _several(exchange: Path, name: str, apart: bool) -> Iterator[Finding]:
    """With several courses, students' copies of two assignments of one name must not meet."""
    try:
        others = [entry.name for entry in os.scandir(exchange) if entry.is_dir() and entry.name != name]
    except OSError:
        return
    if others:
        seen = say("also there: {courses}", courses=", ".join(sorted(others)))
        remedy = say("for everybody, in /etc/jupyter/{file}: c.Exchange.path_includes_course = True",
                     file=CONFIG_FILE)  # fmt: skip
        yield Finding(say("other courses"), apart, seen, "" if apart else remedy)


def _own_folder(course: Course) -> Finding:
    """Solutions, submissions and grades: for the instructor, or for a group of them."""
    open_to = EVERYBODY if course.directory.groupshared else EVERYBODY | stat.S_IRWXG
    fine = not course.root.stat().st_mode & open_to
    rights = "o=" if course.directory.groupshared else "go="
    return Finding(
        say("course's folder"),
        fine,
        _shown(course.root),
        "" if fine else say("chmod {mode} {path}", mode=rights, path=course.root),
    )


def _shown(path: Path) -> str:
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    return f"{path}: {mode:04o} {_user(status.st_uid)}:{_group(status.st_gid)}"


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
