"""What a course's submissions may import, and which folders they may never read."""

from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, CourseFolder, NoSandbox
from nbformat.v4 import new_code_cell
from nbgrader.exchange.default.exchange import Exchange

from autograde.book.gradebook import gradebook_files
from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.pipeline.settings import packages_of, withheld_of


def set_up(course: CourseFolder, line: str) -> Course:
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{line}\n")
    return Course.open(course.root)


def test_the_course_s_list_and_what_its_solutions_import_are_allowed(course):
    opened = set_up(course, 'c.Sandbox.packages = ["scipy"]')
    assert packages_of(opened, ASSIGNMENT) == ("scipy",)
    source = "import numpy as np, yaml\nif True:\n    from nh3 import clean\nimport autograde.grading, helper"
    course.edit(lambda notebook: notebook.cells.append(new_code_cell(source)))
    assert packages_of(opened, ASSIGNMENT) == ("scipy", "nh3", "pyyaml")


@pytest.mark.parametrize("value", ['"scipy"', "[1]", '[""]', "{}"])
def test_a_list_that_is_none_is_refused_in_one_line(course, value):
    with pytest.raises(UsageError, match=r'c.Sandbox.packages = .*: not a list of names, as in \["scipy"\]'):
        packages_of(set_up(course, f"c.Sandbox.packages = {value}"), ASSIGNMENT)


def test_a_run_gives_its_boxes_the_list_and_the_folders_to_stay_away_from(course):
    made = []

    class Kept(NoSandbox):
        def __init__(self, **options) -> None:
            super().__init__(**options)
            made.append(self)

    set_up(course, 'c.Sandbox.packages = ["pyyaml"]\nc.Exchange.root = "/srv/exchange"')
    course.grade_one(pool=Kept)
    [pool] = made
    assert pool.options["packages"] == ("pyyaml",)
    assert pool.options["withheld"] == {
        "the course": course.root,
        "the exchange": Path("/srv/exchange"),
        "the submissions": course.root / "submitted",
        "the solutions": course.root / "solutions",
    }


@pytest.mark.parametrize(
    ("url", "files"),
    [
        ("sqlite:////srv/grades.db", ["/srv/grades.db", "/srv/grades.db-wal"]),
        ("postgresql://grader@server/grades", ["/home/ada/.pgpass"]),
    ],
)
def test_where_grades_may_lie_beside_the_course_is_known(course, monkeypatch, url, files):
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("PGPASSFILE", raising=False)
    opened = set_up(course, f"c.CourseDirectory.db_url = {url!r}")
    found = [str(path) for path in gradebook_files(opened)]
    assert found[: len(files)] == files


def test_without_a_word_about_it_the_exchange_is_nbgrader_s_default(course):
    assert withheld_of(Course.open(course.root))["the exchange"] == Path(Exchange.root.default_value)


def test_nothing_is_run_before_a_box_has_proved_itself(course):
    from autograde.sandbox import SandboxError

    class Exposed(NoSandbox):
        def prove(self) -> None:
            raise SandboxError("a submission could read /srv/x")

        def submit_run(self, *arguments, **options):
            raise AssertionError("a submission was run")

    course.submit("s01")
    with pytest.raises(SandboxError, match="/srv/x"):
        course.grade(pool=Exposed)
    assert not (course.root / "autograded").exists()
    assert course.scores() == {"s01": 7.0}
