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
HEAVY = (
    *("nbgrader.server_extensions", "setuptools", "alembic", "autograde.grading.judge", "distributed"),
    *("jupytext", "bs4", "mistune", "requests", "numpy"),
)


LOAD = "from autograde.course.configuration import load_lightly; load_lightly()"


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


def assert_asked(program: str) -> None:
    """A process of its own says that it got as far as the question."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "asked\n", done.stderr


def test_whoever_wants_what_was_left_out_gets_it():
    program = (
        f"{LOAD}; import nbgrader, nbgrader.utils;"
        "from nbgrader.server_extensions.formgrader import handlers; import setuptools.archive_util as real;"
        "assert nbgrader.utils.unpack_archive is not real.unpack_archive;"
        "\ntry: nbgrader.utils.unpack_archive('no-such-archive', '.')"
        "\nexcept FileNotFoundError: print('asked')"
    )
    assert_asked(program)


def test_nbgrader_can_still_ask_jupyterhub():
    program = (
        f"{LOAD}; from nbgrader.auth import jupyterhub;"
        "import requests as real; assert jupyterhub.requests is not real;"
        "\ntry: jupyterhub.requests.request(url='http://[', method='GET')"
        "\nexcept real.exceptions.InvalidURL: print('asked')"
    )
    assert_asked(program)


PAGE = """
import nbformat
{load}
from nbconvert import HTMLExporter
cells = [nbformat.v4.new_markdown_cell("# *a* $x_1$ [b](c)", id="one")]
print(HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0])
"""


def test_pages_are_the_same_whether_what_makes_them_was_left_out_at_first():
    pages = [
        subprocess.run(
            [sys.executable, "-c", PAGE.format(load=load)], capture_output=True, text=True, check=True
        ).stdout
        for load in ("", LOAD)
    ]
    assert "<em>a</em>" in pages[0]
    assert pages[0] == pages[1]


UNCHANGED = """
import sys, nbgrader.apps.api as api, nbgrader.coursedir as coursedir
from jsonschema import FormatChecker
before = {name: sys.modules.get(name, "") for name in ("isoduration", "rfc3986_validator", "rfc3987_syntax")}
was = [vars(api.NbGraderAPI).copy(), vars(api.Gradebook).copy(), vars(api).copy(), vars(coursedir).copy()]
IMPORT
assert [vars(api.NbGraderAPI), vars(api.Gradebook), vars(api), vars(coursedir)] == was
assert None not in sys.modules.values()
print("asked")
"""


@pytest.mark.parametrize("module", ["autograde", "autograde.cli", "autograde.course.configuration"])
def test_importing_it_changes_nothing_for_others_in_the_process(module):
    assert_asked(UNCHANGED.replace("IMPORT", f"import {module}"))
