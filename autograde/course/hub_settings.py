"""What a JupyterHub needs of a course and of the exchange: looked at on this machine, as whoever asks.

nbgrader's exchange is a folder that every user may write into. Who may read what in it hangs on modes and
owners alone, so each is looked at.
"""

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.exchange.default.exchange import Exchange
from traitlets.config import Config

from autograde.course.assignments import read_configuration
from autograde.course.course import CONFIG_FILE, Course
from autograde.untrusted.names import shell_word

# By nbgrader: what others may do in a course's folders of the exchange, and what they must not.
PLACES = {
    "outbound": (stat.S_IROTH | stat.S_IXOTH, stat.S_IWOTH),
    "inbound": (stat.S_IWOTH | stat.S_IXOTH, stat.S_IROTH),
    "feedback": (stat.S_IXOTH, stat.S_IROTH | stat.S_IWOTH),
}
MODES = {"outbound": "0755", "inbound": "2733", "feedback": "0711"}
EVERYBODY = stat.S_IRWXO
UNCHECKED = f"write into {CONFIG_FILE}: c.ExchangeCollect.check_owner = False"
OWNERS_UNCHECKED = "if all students are one user, owners cannot be checked: anyone can submit as anyone else"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: is it as it should be, what was seen, what to type where it is not."""

    about: str
    fine: bool
    seen: str
    remedy: str = ""


def look(course: Course) -> Iterator[Finding]:
    """The course id, the exchange, the course's part of it, the course's own folder."""
    config = for_everybody(course.config)
    settings = config.Exchange
    exchange = Path(str(settings.get("root") or Exchange.root.default_value))
    name = course.directory.course_id
    yield _course_id(name)
    yield from _exchange(exchange)
    if name and (exchange / name).is_dir():
        yield from _part_of(exchange / name, course.directory.groupshared)
        yield from _owners(exchange / name / "inbound", config.ExchangeCollect.get("check_owner", True))
    yield from _several(exchange, name, bool(settings.get("path_includes_course")))
    yield from _own(course)


def for_everybody(course: Config) -> Config:
    """A course's configuration on top of what Jupyter's own folders say, as nbgrader reads them.

    Raises:
        UsageError: a file there cannot be read.
    """
    everything = Config()
    for folder in reversed(jupyter_config_path()):
        if Path(folder, CONFIG_FILE).is_file():
            everything.merge(read_configuration(Path(folder, CONFIG_FILE)))
    everything.merge(deepcopy(course))
    return everything


def _course_id(name: str) -> Finding:
    fine = bool(name) and name == Path(name).name and not name.startswith(".")
    remedy = f'in {CONFIG_FILE}: c.CourseDirectory.course_id = "NAME"'
    return Finding("course id", fine, name or "none", "" if fine else remedy)


def _exchange(path: Path) -> Iterator[Finding]:
    about = "exchange"
    if not path.is_dir():
        make = f"sudo install -d -m 1777 {shell_word(path)}"
        yield Finding(about, False, f"{path} is not there", make)
        return
    mode = path.stat().st_mode
    fine = mode & EVERYBODY == EVERYBODY and bool(mode & stat.S_ISVTX)
    # Without the sticky bit a student could move another course's folder away.
    remedy = "" if fine else f"sudo chmod 1777 {shell_word(path)}"
    yield Finding(about, fine, _shown(path), remedy)
    hidden = next((up for up in path.parents if not up.stat().st_mode & stat.S_IXOTH), None)
    if hidden is not None:
        yield Finding(about, False, _shown(hidden), f"sudo chmod o+x {shell_word(hidden)}")


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
            "" if fine else f"chmod {MODES[name]} {shell_word(place)}",
        )
        if status.st_uid != os.getuid() and not group_shared:
            owner = f"belongs to {user_name(status.st_uid)}"
            yield Finding(about, False, owner, f"type this as {user_name(status.st_uid)}")
        if group_shared and not status.st_mode & stat.S_ISGID:
            remedy = f"chmod {'g+rwxs'} {shell_word(place)}"
            yield Finding(about, False, _shown(place), remedy)


def _owners(inbound: Path, checked: bool) -> Iterator[Finding]:
    """Whether who submitted can be told by who owns it: not where all students are one user."""
    about = "who submitted"
    try:
        submitted = [(entry.name.partition("+")[0], entry.stat().st_uid) for entry in inbound.iterdir()]
    except OSError:  # said already
        return
    one_user = len({name for name, _ in submitted}) > 1 and len({owner for _, owner in submitted}) == 1
    if one_user or not checked:
        yield Finding(about, not checked, OWNERS_UNCHECKED, "" if not checked else UNCHECKED)


def _several(exchange: Path, name: str, apart: bool) -> Iterator[Finding]:
    """With several courses, students' copies of two assignments of one name must not meet."""
    try:
        others = [entry.name for entry in os.scandir(exchange) if entry.is_dir() and entry.name != name]
    except OSError:
        return
    if others:
        seen = f"also there: {', '.join(sorted(others))}"
        remedy = f"for everybody, in /etc/jupyter/{CONFIG_FILE}: c.Exchange.path_includes_course = True"  # fmt: skip
        yield Finding("other courses", apart, seen, "" if apart else remedy)


def _own(course: Course) -> Iterator[Finding]:
    """Solutions, grades and the way to them: for the instructor, or for a group of them."""
    open_to = EVERYBODY if course.directory.groupshared else EVERYBODY | stat.S_IRWXG
    rights = "o=" if course.directory.groupshared else "go="
    for about, path in (("course's folder", course.root), (CONFIG_FILE, course.root / CONFIG_FILE)):
        if path.exists():
            fine = not path.stat().st_mode & open_to
            yield Finding(about, fine, _shown(path), "" if fine else f"chmod {rights} {shell_word(path)}")


def _shown(path: Path) -> str:
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    return f"{path}: {mode:04o} {user_name(status.st_uid)}:{_group(status.st_gid)}"


def user_name(number: int) -> str:
    """A user's login; of one who has none here words that are no login, as a number may be."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
