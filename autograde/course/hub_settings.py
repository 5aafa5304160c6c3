"""What a JupyterHub needs of a course and of the exchange: looked at on this machine, as whoever asks.

nbgrader's exchange is a folder that every user may write into. Who may read what in it hangs on modes and
owners alone, so each is looked at.
"""

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

# What others may do in a course's folders of the exchange, what they must not, and the mode that nbgrader gives.
PLACES = {
    "outbound": (stat.S_IROTH | stat.S_IXOTH, stat.S_IWOTH, "0755"),
    "inbound": (stat.S_IWOTH | stat.S_IXOTH, stat.S_IROTH, "2733"),
    "feedback": (stat.S_IXOTH, stat.S_IROTH | stat.S_IWOTH, "0711"),
}
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
    # Without the sticky bit a student could move another course's folder away.
    yield _rights(about, path, EVERYBODY | stat.S_ISVTX, 0, "sudo chmod 1777")
    findings = (_rights(about, up, stat.S_IXOTH, 0, "sudo chmod o+x") for up in path.parents)
    yield from [finding for finding in findings if not finding.fine][:1]


def _rights(about: str, path: Path, needed: int, forbidden: int, remedy: str) -> Finding:
    """Whether a folder or file has the bits of its mode that it needs, and none that it must not have."""
    mode = path.stat().st_mode
    fine = mode & needed == needed and not mode & forbidden
    return Finding(about, fine, _shown(path), "" if fine else f"{remedy} {shell_word(path)}")


def _part_of(folder: Path, group_shared: bool) -> Iterator[Finding]:
    """The folders that `nbgrader release_assignment` made."""
    for name, (needed, forbidden, mode) in PLACES.items():
        place, about = folder / name, f"{folder.name}/{name}"
        if not place.is_dir():
            continue
        yield _rights(about, place, needed, forbidden, f"chmod {mode}")
        owner = place.stat().st_uid
        if group_shared:
            finding = _rights(about, place, stat.S_ISGID, 0, "chmod g+rwxs")
            yield from [] if finding.fine else [finding]
        elif owner != os.getuid():
            yield Finding(about, False, f"belongs to {user_name(owner)}", f"type this as {user_name(owner)}")


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
    group = course.directory.groupshared
    open_to, remedy = (EVERYBODY, "chmod o=") if group else (EVERYBODY | stat.S_IRWXG, "chmod go=")
    for about, path in (("course's folder", course.root), (CONFIG_FILE, course.root / CONFIG_FILE)):
        if path.exists():
            yield _rights(about, path, 0, open_to, remedy)


def _shown(path: Path) -> str:
    status = path.stat()
    try:
        group = path.group()
    except KeyError:
        group = str(status.st_gid)
    return f"{path}: {stat.S_IMODE(status.st_mode):04o} {user_name(status.st_uid)}:{group}"


def user_name(number: int) -> str:
    """A user's login; of one who has none here words that are no login, as a number may be."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
