"""`autograde doctor --hub`: each thing that nbgrader's exchange hangs on is named when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograde.grading.course import Course
from autograde.hub_settings import look

MODES = {"outbound": 0o755, "inbound": 0o2733, "feedback": 0o711}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A course and its part of an exchange as they should be, with another course beside it."""
    monkeypatch.setattr("autograde.hub_settings.jupyter_config_path", lambda: [str(tmp_path / "jupyter")])
    (tmp_path / "jupyter").mkdir()
    exchange = tmp_path / "exchange"
    for name, mode in MODES.items():
        (exchange / "autumn" / name).mkdir(parents=True)
        (exchange / "autumn" / name).chmod(mode)
    (exchange / "spring").mkdir()
    exchange.chmod(0o1777)
    (tmp_path / "course").mkdir(mode=0o700)
    configure(tmp_path, 'c.CourseDirectory.course_id = "autumn"\nc.Exchange.path_includes_course = True')
    return tmp_path


def configure(folder: Path, *lines: str) -> None:
    text = "\n".join(["c = get_config()", f"c.Exchange.root = {str(folder / 'exchange')!r}", *lines])
    (folder / "course" / "nbgrader_config.py").write_text(text)


def to_mend(folder: Path) -> dict[str, str]:
    """What is not fine, and what to type; folders above the test's own are not looked at."""
    findings = look(Course.open(folder / "course"))
    return {
        one.about: one.remedy
        for one in findings
        if not one.fine and not (one.about == "exchange" and "o+x" in one.remedy)
    }


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


def test_what_is_set_for_everybody_counts(folder):
    configure(folder, 'c.CourseDirectory.course_id = "autumn"')
    settings = folder / "jupyter" / "nbgrader_config.py"
    settings.write_text("c = get_config()\nc.Exchange.path_includes_course = True\n")
    assert to_mend(folder) == {}


def test_an_exchange_that_is_not_there_is_made_by_what_is_said(folder):
    configure(folder, 'c.CourseDirectory.course_id = "winter"', 'c.Exchange.root = "/nowhere/at/all"')
    assert to_mend(folder) == {"exchange": "sudo install -d -m 1777 /nowhere/at/all"}
