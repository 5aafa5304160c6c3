"""`autograde doctor --hub`: each thing that nbgrader's exchange hangs on is named when it is wrong."""

import os
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.course.course import Course
from autograde.course.hub_settings import look
from autograde.errors import UsageError

MODES = {"outbound": 0o755, "inbound": 0o2733, "feedback": 0o711}


@pytest.fixture
def here():
    """A folder into which everybody may look; pytest's own are their owner's alone."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture
def folder(here, monkeypatch) -> Path:
    """A course and its part of an exchange as they should be, with another course beside it."""
    both = [str(here / name) for name in ("jupyter", "jupyter-of-all")]
    monkeypatch.setattr("autograde.course.hub_settings.jupyter_config_path", lambda: both)
    (here / "jupyter").mkdir()
    (here / "jupyter-of-all").mkdir()
    exchange = here / "exchange"
    for name, mode in MODES.items():
        (exchange / "autumn" / name).mkdir(parents=True)
        (exchange / "autumn" / name).chmod(mode)
    (exchange / "spring").mkdir()
    exchange.chmod(0o1777)
    (here / "course").mkdir(mode=0o700)
    configure(here, 'c.CourseDirectory.course_id = "autumn"\nc.Exchange.path_includes_course = True')
    return here


def configure(folder: Path, *lines: str) -> None:
    text = "\n".join(["c = get_config()", f"c.Exchange.root = {str(folder / 'exchange')!r}", *lines])
    (folder / "course" / "nbgrader_config.py").write_text(text)
    (folder / "course" / "nbgrader_config.py").chmod(0o600)


def to_mend(folder: Path) -> dict[str, str]:
    """What is not fine, and what to type."""
    findings = look(Course.open(folder / "course"))
    return {one.about: one.remedy for one in findings if not one.fine}


def test_where_all_is_as_it_should_be_nothing_is_to_mend(folder):
    assert to_mend(folder) == {}


@pytest.mark.parametrize(
    ("place", "mode", "about"),
    [
        ("exchange", 0o777, "exchange"),
        ("exchange", 0o1775, "exchange"),
        ("exchange/autumn/inbound", 0o2737, "autumn/inbound"),
        ("exchange/autumn/inbound", 0o2711, "autumn/inbound"),
        ("exchange/autumn/outbound", 0o757, "autumn/outbound"),
        ("exchange/autumn/outbound", 0o750, "autumn/outbound"),
        ("exchange/autumn/feedback", 0o755, "autumn/feedback"),
        ("exchange/autumn/feedback", 0o700, "autumn/feedback"),
        ("course", 0o750, "course's folder"),
        ("course", 0o701, "course's folder"),
        ("course/nbgrader_config.py", 0o604, "nbgrader_config.py"),
        ("course/nbgrader_config.py", 0o640, "nbgrader_config.py"),
    ],
)
def test_a_wrong_mode_is_named_with_what_mends_it(folder, place, mode, about):
    (folder / place).chmod(mode)
    (found,) = to_mend(folder).items()
    assert found[0] == about
    assert "chmod" in found[1]
    assert str(folder / place) in found[1]


@pytest.mark.parametrize("name", ["", ".", "a/b", "..", ".hidden"])
def test_a_course_id_that_can_be_no_folder_is_named(folder, name):
    configure(folder, f"c.CourseDirectory.course_id = {name!r}", "c.Exchange.path_includes_course = True")
    assert "course id" in to_mend(folder)


def test_two_courses_whose_assignments_would_meet_are_named(folder):
    configure(folder, 'c.CourseDirectory.course_id = "autumn"')
    assert list(to_mend(folder)) == ["other courses"]


def test_a_course_without_a_configuration_is_looked_at_too(folder):
    (folder / "course/nbgrader_config.py").unlink()
    assert list(to_mend(folder)) == ["course id", "exchange"]


def test_what_is_set_for_everybody_counts(folder):
    configure(folder, 'c.CourseDirectory.course_id = "autumn"')
    settings = folder / "jupyter" / "nbgrader_config.py"
    settings.write_text("c = get_config()\nc.Exchange.path_includes_course = True\n")
    assert to_mend(folder) == {}


def test_an_exchange_that_is_not_there_is_made_by_what_is_said(folder):
    configure(folder, 'c.CourseDirectory.course_id = "winter"', 'c.Exchange.root = "/nowhere/at/all"')
    assert to_mend(folder) == {"exchange": "sudo install -d -m 1777 /nowhere/at/all"}


def test_a_folder_above_the_exchange_that_lets_nobody_through_is_named(folder):
    closed = folder / "closed"
    closed.mkdir()
    (folder / "exchange").rename(closed / "exchange")
    settings = folder / "course" / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("/exchange", "/closed/exchange"))
    closed.chmod(0o700)
    assert to_mend(folder) == {"exchange": f"sudo chmod o+x {closed}"}
    closed.chmod(0o711)
    assert to_mend(folder) == {}


def test_what_belongs_to_another_user_is_named(folder, monkeypatch):
    monkeypatch.setattr("autograde.course.hub_settings.os.getuid", lambda: os.geteuid() + 1)
    assert set(to_mend(folder)) == {"autumn/outbound", "autumn/inbound", "autumn/feedback"}


SHARED = "c.CourseDirectory.groupshared = True"
AUTUMN = ('c.CourseDirectory.course_id = "autumn"', "c.Exchange.path_includes_course = True")


def test_several_instructors_share_what_a_group_may_write(folder, monkeypatch):
    configure(folder, *AUTUMN, SHARED)
    found = to_mend(folder)
    assert set(found) == {"autumn/outbound", "autumn/feedback"}  # inbound has the group's bit by itself
    assert all(line.startswith("chmod g+rwxs ") for line in found.values())
    (folder / "exchange/autumn/outbound").chmod(0o2755)
    (folder / "exchange/autumn/feedback").chmod(0o2711)
    (folder / "course").chmod(0o2770)
    (folder / "course/nbgrader_config.py").chmod(0o660)
    monkeypatch.setattr("autograde.course.hub_settings.os.getuid", lambda: os.geteuid() + 1)
    assert to_mend(folder) == {}


def test_a_course_of_several_instructors_is_closed_to_all_others(folder):
    configure(folder, *AUTUMN, SHARED)
    (folder / "course").chmod(0o2775)
    assert to_mend(folder)["course's folder"] == f"chmod o= {folder / 'course'}"


@pytest.mark.parametrize("words", ["c.Exchange.root = (", "raise SystemExit(3)"])
def test_a_configuration_for_everybody_that_cannot_be_read_is_named(folder, words):
    (folder / "jupyter/nbgrader_config.py").write_text(words)
    with pytest.raises(UsageError, match=r"jupyter/nbgrader_config\.py: cannot be read as a configuration"):
        list(look(Course.open(folder / "course")))


def test_of_two_settings_the_nearer_counts(folder):
    configure(folder, 'c.CourseDirectory.course_id = "autumn"')
    for name, value in (("jupyter", True), ("jupyter-of-all", False)):
        text = f"c = get_config()\nc.Exchange.path_includes_course = {value}\n"
        (folder / name / "nbgrader_config.py").write_text(text)
    assert to_mend(folder) == {}


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(("mode", "status"), [(0o1777, 0), (0o777, 1)])
def test_the_command_ends_with_1_where_something_is_to_mend(folder, mode, status):
    (folder / "exchange").chmod(mode)
    done = CliRunner().invoke(app, ["doctor", "--hub", "--course-dir", str(folder / "course")])
    assert done.exit_code == status, done.output
    assert ("sudo chmod 1777" in done.output.replace("\n", " ")) == bool(status)


def submitted(folder: Path, owners: dict[str, int]) -> None:
    for student, owner in owners.items():
        place = folder / "exchange/autumn/inbound" / f"{student}+06-adam+2026-11-10 12:00:00 UTC+abc"
        place.mkdir()
        os.chown(place, owner, -1)


@pytest.mark.needs("root")
def test_where_all_students_are_one_user_it_is_named_that_owners_cannot_be_checked(folder):
    submitted(folder, {"ann": 1000})
    assert to_mend(folder) == {}
    submitted(folder, {"bob": 1001})
    assert to_mend(folder) == {}
    os.chown(next((folder / "exchange/autumn/inbound").glob("bob*")), 1000, -1)
    assert "c.ExchangeCollect.check_owner = False" in to_mend(folder)["who submitted"]
    configure(folder, *AUTUMN, "c.ExchangeCollect.check_owner = False")
    (seen,) = [one.seen for one in look(Course.open(folder / "course")) if one.about == "who submitted"]
    assert "owners cannot be checked" in seen
    assert to_mend(folder) == {}
