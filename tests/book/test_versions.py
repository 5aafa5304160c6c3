"""What was released once is never a student's change."""

import shutil

import nbformat
import pytest
from course_folder import ASSIGNMENT, CONFIG, CourseFolder, answer
from nbgrader.converters import GenerateAssignment

from autograde.book.gradebook import open_gradebook
from autograde.book.releases import VERSIONS, HandedOut, read_handed_out
from autograde.course.course import Course
from autograde.release.lessons import release_notebooks


def change(course: CourseFolder, edit) -> None:
    """Change the teacher's notebook and release it."""
    course.edit(edit)
    release_notebooks(course.root, ASSIGNMENT)


def more_points(notebook):
    notebook.cells[2].metadata.nbgrader.points = 7
    notebook.cells[2].source = notebook.cells[2].source.replace("points=5", "points=7")


def other_test(notebook):
    notebook.cells[4].source = "assert half(4) == 2\nassert half(2) == 1"


def generate(course: Course, **options) -> None:
    """Release the notebook by nbgrader's own command."""
    course.directory.assignment_id = ASSIGNMENT
    GenerateAssignment(coursedir=course.directory, **options).start()


def versions(course):
    with open_gradebook(Course.open(course.root)) as gradebook:
        return read_handed_out(gradebook, ASSIGNMENT).get("adam", HandedOut()).versions


def flags(course):
    return {result.student: result.flags for result in course.grade().results}


@pytest.mark.parametrize("edit", [more_points, other_test], ids=["points", "text"])
def test_a_change_after_the_handout_accuses_nobody_and_counts_for_all(course, edit):
    release_notebooks(course.root, ASSIGNMENT)
    course.submit("early")
    course.grade()
    change(course, edit)
    course.submit("late", answer(student=edit))
    course.submit("cheat", answer(student=lambda notebook: notebook.cells[4].update(source="2.0")))
    assert flags(course) == {"early": (), "late": (), "cheat": ("altered-cells",)}
    results = course.grade(force=True).results
    assert len({result.max_score for result in results}) == 1
    assert {result.score for result in results} == {9.0 if edit is more_points else 7.0}


def test_a_text_of_one_version_with_points_of_another_is_altered(course):
    release_notebooks(course.root, ASSIGNMENT)
    change(course, more_points)

    def mixed(notebook):
        notebook.cells[2].metadata.nbgrader["points"] = 7

    course.submit("mixed", answer(student=mixed))
    assert flags(course) == {"mixed": ("altered-cells",)}


def test_a_cell_that_came_later_is_put_in_and_nobody_deleted_it(fresh_course):
    release_notebooks(fresh_course.root, ASSIGNMENT)

    def one_more(notebook):
        new = notebook.cells[4].copy()
        new.id, new.source = "later", "assert half(8) == 4"
        new.metadata = nbformat.from_dict({"nbgrader": {**new.metadata.nbgrader, "grade_id": "test-later"}})
        notebook.cells.insert(5, new)

    change(fresh_course, one_more)
    fresh_course.submit("early")
    fresh_course.submit("cheat", answer(student=lambda notebook: notebook.cells.pop(4)))
    early, cheat = sorted(fresh_course.grade().results, key=lambda result: result.student, reverse=True)
    assert (early.flags, early.score) == ((), 9.0)
    assert cheat.flags == ("altered-cells",)
    assert "test-half" in cheat.notes[0]
    assert "test-later" not in cheat.notes[0]


def test_each_released_version_is_kept_once_and_again_where_it_comes_back(course):
    source = course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    first = source.read_bytes()
    release_notebooks(course.root, ASSIGNMENT)
    release_notebooks(course.root, ASSIGNMENT, force=True)
    course.register()
    assert len(versions(course)) == 1
    change(course, more_points)
    source.write_bytes(first)
    change(course, lambda notebook: None)
    points = [{cell.grade_id: cell.points for cell in version} for version in versions(course)]
    assert [found["check-adam-update"] for found in points] == [5.0, 7.0, 5.0]


def test_they_are_kept_in_the_order_of_the_newest_release(course):
    def turned_round(notebook):
        notebook.cells = [notebook.cells[place] for place in (0, 3, 4, 1, 2, 5)]

    course.submit("s01", answer(student=turned_round))
    course.grade()  # from now on nbgrader keeps its own order of the cells
    change(course, turned_round)
    course.submit("s01", answer(student=lambda notebook: (turned_round(notebook), notebook.cells.pop(2))))
    result = course.grade().results[0]
    assert result.score == 7.0
    kept = nbformat.read(course.autograded(), as_version=4)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in kept.cells]
    assert ids == [None, "half", "test-half", "adam-class", "check-adam-update", "why"]


def test_nbgraders_own_command_keeps_them_too(fresh_course):
    fresh_course.configure(CONFIG)
    course = Course.open(fresh_course.root)
    open_gradebook(course).close()
    generate(course, config=course.config)
    assert len(versions(fresh_course)) == 1
    fresh_course.edit(other_test)
    course.config.SaveCells.enabled = False  # as `--no-db` does
    generate(course, config=course.config, no_database=True, force=True)
    assert len(versions(fresh_course)) == 1


def test_a_gradebook_of_before_is_graded_as_it_was(course):
    with open_gradebook(Course.open(course.root)) as gradebook:
        VERSIONS.table.drop(gradebook.engine)
    course.submit("s01")
    course.submit("s02", answer(student=lambda notebook: notebook.cells.pop(2)))
    assert flags(course) == {"s01": (), "s02": ("altered-cells",)}


def test_a_release_that_fails_keeps_no_version(course):
    source = course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    shutil.copy(source, source.with_name("second.ipynb"))
    broken = nbformat.read(source, as_version=4)
    broken.cells[4].source = "### BEGIN HIDDEN TESTS\nassert half(4) == 2"
    nbformat.write(broken, source.with_name("second.ipynb"))
    before = versions(course)
    with pytest.raises(Exception, match="hidden tests"):
        change(course, more_points)
    assert versions(course) == before


OWN_STEPS = """
from nbgrader.converters import GenerateAssignment
c = get_config()
c.GenerateAssignment.preprocessors = list(GenerateAssignment.preprocessors.default_args[0])
"""


def test_a_course_with_a_list_of_steps_of_its_own_keeps_versions_too(fresh_course):
    fresh_course.configure(OWN_STEPS)
    release_notebooks(fresh_course.root, ASSIGNMENT)
    release_notebooks(fresh_course.root, ASSIGNMENT)  # which a notebook without our seal would refuse
    assert len(versions(fresh_course)) == 1


def test_what_nbgrader_alone_released_later_is_known_too(course):
    release_notebooks(course.root, ASSIGNMENT)
    course.edit(other_test)
    generate(Course.open(course.root), force=True)  # nothing of our configuration
    assert len(versions(course)) == 1
    course.submit("old")
    course.submit("new", answer(student=other_test))
    assert flags(course) == {"new": (), "old": ()}


def test_a_step_that_fails_later_stops_no_course_whose_versions_are_kept(course):
    release_notebooks(course.root, ASSIGNMENT)
    course.configure(
        "from nbgrader.preprocessors import ClearMarkScheme\nc = get_config()\n"
        "class Fails(ClearMarkScheme):\n    def preprocess(self, nb, resources):\n        1 / 0\n"
        "c.GenerateAssignment.preprocessors.append(Fails)\n"
    )
    course.submit("s01")
    course.submit("s02", answer(student=lambda notebook: notebook.cells[4].update(source="2.0")))
    assert flags(course) == {"s01": (), "s02": ("altered-cells",)}
