"""What a command does not need it does not load: no server, no judge for a class that is as it was."""

import json
import subprocess
import sys

import pytest
from small_course import ASSIGNMENT, make_course

from autograde.grading.grade_class import GradeOptions, grade_class

LOADED = """
import json, sys
from autograde.cli import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)))
"""
HEAVY = ("rfc3987_syntax.", "alembic", "autograde.pipeline.judge", "distributed", "jupytext", "numpy")


def loaded(*words: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_grading_with_nothing_to_do_loads_neither_servers_nor_what_judges(tmp_path):
    make_course(tmp_path, 1)
    grade_class(GradeOptions(ASSIGNMENT, tmp_path, jobs=1))
    modules = loaded("grade", ASSIGNMENT, "--course-dir", str(tmp_path))
    assert "nbgrader.api" in modules
    assert [name for name in modules if name.startswith(HEAVY)] == []


@pytest.mark.parametrize("words", [("export",), ("export", ASSIGNMENT)])
def test_looking_at_what_was_graded_loads_nothing_that_grades(tmp_path, words):
    make_course(tmp_path, 1)
    grade_class(GradeOptions(ASSIGNMENT, tmp_path, jobs=1))
    modules = loaded(*words, "--course-dir", str(tmp_path))
    assert "nbgrader.api" in modules
    grading = ("autograde.sandbox", "autograde.grading.grade_class")
    assert [name for name in modules if name.startswith((*HEAVY, *grading))] == []


UNCHANGED = """
import sys, nbgrader.apps.api as api, nbgrader.coursedir as coursedir
from jsonschema import FormatChecker
before = {name: sys.modules.get(name, "") for name in ("isoduration", "rfc3986_validator", "rfc3987_syntax.")}
was = [vars(api.NbGraderAPI).copy(), vars(api.Gradebook).copy(), vars(api).copy(), vars(coursedir).copy()]
import autograde, autograde.cli, autograde.course.configuration
assert [vars(api.NbGraderAPI), vars(api.Gradebook), vars(api), vars(coursedir)] == was
assert None not in sys.modules.values()
print("asked")
"""


def test_importing_it_changes_nothing_for_others_in_the_process():
    done = subprocess.run([sys.executable, "-c", UNCHANGED], capture_output=True, text=True)
    assert done.stdout == "asked\n", done.stderr
