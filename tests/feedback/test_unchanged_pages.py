"""A page is made anew whenever anything it shows has changed, and only then."""

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from grading.small_course import ASSIGNMENT, WRONG, CourseFolder, answer

from autograde.errors import CourseError
from autograde.feedback import page_job, student_page, write
from autograde.feedback.write import pages_of, write_pages
from autograde.grading.course import Course
from autograde.grading.graded_assignments import graded_assignment
from autograde.grading.open_gradebook import open_gradebook
from autograde.pages import render
from descentlab import sentences


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> CourseFolder:
    course = CourseFolder.make(tmp_path_factory.mktemp("graded") / "course")
    course.submit("ann", answer(WRONG, why="Since $m_t$ is small."))
    course.grade()
    assert fresh(course)
    return course


@pytest.fixture
def course(graded, tmp_path) -> CourseFolder:
    shutil.copytree(graded.root, tmp_path / "course")
    return CourseFolder(tmp_path / "course")


def fresh(course: CourseFolder) -> bool:
    """Whether the one page had to be made."""
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        (written,) = write_pages(pages_of(opened, gradebook, key))
    return written.fresh


def page_of(course: CourseFolder) -> Path:
    (path,) = course.root.glob("feedback/ann/*/*.html")
    return path


def autograded(course: CourseFolder, pattern: str) -> Path:
    (path,) = course.root.glob(f"autograded/ann/{ASSIGNMENT}/{pattern}")
    path.chmod(0o644)
    return path


def test_a_page_of_which_nothing_has_changed_is_not_made(course, monkeypatch):
    def made(*_):
        raise AssertionError("it was made again")

    monkeypatch.setattr(write, "render", made)
    before = page_of(course).stat()
    assert not fresh(course)
    after = page_of(course).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def change_a_notebook(course):
    path = autograded(course, "*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[5].source = "Another reason."
    nbformat.write(notebook, path)


def change_a_verdict(course):
    path = autograded(course, ".autograde/*.json")
    kept = json.loads(path.read_text())
    kept["checks"]["check-adam-update"]["verdict"]["cause"] = "Something else is wrong."
    path.write_text(json.dumps(kept))


def in_gradebook(course):
    return closing(open_gradebook(Course.open(course.root)))


def change_a_mark(course):
    with in_gradebook(course) as gradebook:
        gradebook.find_grade("why", "adam", ASSIGNMENT, "ann").manual_score = 2.0
        gradebook.db.commit()


def change_a_comment(course):
    with in_gradebook(course) as gradebook:
        gradebook.find_comment("why", "adam", ASSIGNMENT, "ann").manual_comment = "Well said."
        gradebook.db.commit()


def change_a_name(course):
    with in_gradebook(course) as gradebook:
        gradebook.find_student("ann").first_name = "Änne"
        gradebook.db.commit()


def change_a_penalty(course):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    with in_gradebook(course) as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2026, 11, 10, 12)
        gradebook.find_submission(ASSIGNMENT, "ann").timestamp = datetime(2026, 11, 10, 13)
        gradebook.db.commit()


def change_extra_credit(course):
    with in_gradebook(course) as gradebook:
        gradebook.find_grade("test-half", "adam", ASSIGNMENT, "ann").extra_credit = 0.5
        gradebook.db.commit()


def edit_the_page(course):
    page_of(course).write_bytes(page_of(course).read_bytes() + b"<!-- 9 of 10 -->")


def remove_the_page(course):
    page_of(course).unlink()


@pytest.mark.parametrize(
    "change",
    [
        change_a_notebook,
        change_a_verdict,
        change_a_mark,
        change_a_comment,
        change_a_name,
        change_a_penalty,
        change_extra_credit,
        edit_the_page,
        remove_the_page,
    ],
)
def test_a_change_of_anything_that_a_page_shows_makes_a_new_one(course, change):
    before = page_of(course).read_bytes()
    change(course)
    assert fresh(course)
    after = page_of(course).read_bytes()
    assert (after == before) == (change in (edit_the_page, remove_the_page))
    assert not fresh(course)


@pytest.mark.parametrize("kept", [None, b"", b"a b c", b"\xff\xfe", b"no digest"])
def test_without_digests_that_can_be_read_a_page_is_made(course, monkeypatch, kept):
    made = []
    monkeypatch.setattr(write, "render", lambda page: made.append(page) or "a page")
    path = autograded(course, ".autograde/*.page")
    path.unlink() if kept is None else path.write_bytes(kept)
    fresh(course)
    assert made


@pytest.fixture
def job(course):
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        (one,) = pages_of(opened, gradebook, key).jobs
    return one


def with_result(job, **fields):
    return replace(job, graded=replace(job.graded, result=replace(job.graded.result, **fields)))


@pytest.mark.parametrize(
    "changed",
    [
        lambda job: replace(job, title="Another title"),
        lambda job: with_result(job, flags=("altered",)),
        lambda job: with_result(job, max_score=100.0),
        lambda job: with_result(job, pending_manual=7),
        lambda job: replace(
            job, graded=replace(job.graded, row=replace(job.graded.row, points={"adam/why": 9.0}))
        ),
        lambda job: replace(
            job,
            notebook=replace(
                job.notebook,
                cells=job.notebook.cells | {"why": replace(job.notebook.cells["why"], points=9.0)},
            ),
        ),
    ],
    ids=["title", "flags", "maximum", "to be graded", "points then", "points now"],
)
def test_what_the_gradebook_and_the_assignment_say_is_among_the_inputs(job, changed):
    assert page_job.inputs_of(job) != page_job.inputs_of(changed(job))


@pytest.fixture
def forgetful(monkeypatch):
    page_job._program.cache_clear()
    yield
    page_job._program.cache_clear()


def test_another_language_makes_new_pages(course, monkeypatch, forgetful, tmp_path):
    catalogue = tmp_path / "xx" / "LC_MESSAGES" / "descentlab.mo"
    catalogue.parent.mkdir(parents=True)
    shutil.copy(_any_catalogue(tmp_path), catalogue)
    monkeypatch.setattr(sentences, "LANGUAGES", tmp_path)
    monkeypatch.setenv(sentences.LANGUAGE_VARIABLE, "xx")
    assert fresh(course)
    assert not fresh(course)


def _any_catalogue(folder: Path) -> Path:
    """A catalogue that says nothing: gettext's magic number, and no string."""
    path = folder / "empty.mo"
    path.write_bytes(b"".join(n.to_bytes(4, "little") for n in (0x950412DE, 0, 0, 28, 28, 0, 28)))
    return path


def test_another_version_of_a_library_makes_new_pages(job, monkeypatch, forgetful):
    assert page_job.is_unchanged(job)
    page_job._program.cache_clear()
    monkeypatch.setattr(page_job, "version_of", lambda name: "999" if name == "nbconvert" else "")
    assert not page_job.is_unchanged(job)


@pytest.mark.parametrize("module", [student_page, render, write], ids=lambda module: module.__name__)
def test_the_files_that_make_a_page_are_among_its_inputs(module):
    assert Path(module.__file__) in set(page_job._files("en"))


def test_templates_and_styles_are_among_the_inputs():
    names = {path.name for path in page_job._files("en")}
    assert {"student_page.html.j2", "base.html.j2", "page.css", "sentences.py"} <= names


def test_a_changed_file_of_the_program_makes_new_pages(job, monkeypatch, forgetful, tmp_path):
    template = tmp_path / "student_page.html.j2"
    template.write_text("as it was")
    files = list(page_job._files("en"))
    monkeypatch.setattr(page_job, "_files", lambda language: [*files, template])
    page_job._program.cache_clear()
    before = page_job.inputs_of(job)
    page_job._program.cache_clear()
    assert page_job.inputs_of(job) == before
    template.write_text("as it is now")
    page_job._program.cache_clear()
    assert page_job.inputs_of(job) != before


def test_a_run_of_the_grader_that_broke_off_is_said_though_the_page_is_there(course):
    (course.root / "autograded/ann" / ASSIGNMENT / ".autograde/hw.ipynb.next").touch()
    with pytest.raises(CourseError, match="broke off"):
        fresh(course)


def test_a_submission_whose_files_are_gone_keeps_no_old_page_in_silence(course):
    autograded(course, "*.ipynb").unlink()
    with pytest.raises(CourseError, match="cannot be read"):
        fresh(course)


def test_where_nothing_can_be_kept_a_page_is_made_each_time(course, monkeypatch):
    made = []
    draw = write.render
    monkeypatch.setattr(write, "render", lambda page: made.append(page) or draw(page))
    path = autograded(course, ".autograde/*.page")
    path.unlink()
    path.mkdir()
    assert not fresh(course), "made again, and the same"
    assert not fresh(course)
    assert len(made) == 2


def test_a_cell_that_everybody_has_is_coloured_once(course, monkeypatch):
    student_page._kept_source_of.cache_clear()
    course.submit("ben")
    course.grade()
    remove_the_page(course)
    asked: list[str] = []
    colour = student_page.highlight
    monkeypatch.setattr(
        student_page, "highlight", lambda source, *how: asked.append(source) or colour(source, *how)
    )
    with graded_assignment(course.root, ASSIGNMENT) as (opened, gradebook, key):
        list(write_pages(pages_of(opened, gradebook, key)))
    assert sum("import numpy" in source for source in asked) == 1
