"""`autograde teach`: the plan of a lesson, and its slides, from what exists."""

import re
from collections import Counter

import nbformat
import pytest
from course_folder import ASSIGNMENT, WRONG, CourseFolder, answer, run_in
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.pages.lesson_plan import LessonSection, expected_mistakes, left_out, sections_of
from descentlab.exercises.answers.catalogue import mistakes

POINTS = {"nbgrader": {"grade": True, "points": 4, "grade_id": "check-sgd-update"}}
PREDICT = (
    'predict("sgd/steps", "How many steps?", guess=...)\n'
    'predict("sgd/first", "Which is first?", choices=["SGD", "Adam"], guess=...)'
)
FIGURE = """from descentlab import figures
figures.curves({"SGD": [3, 2]}, xlabel="a", ylabel="b", title="It falls")"""


def lesson(*more):
    cells = [
        new_markdown_cell("# SGD: a step\n\nBy the end you can: step."),
        new_code_cell("from descentlab import predict, reveal"),
        new_markdown_cell("## 1 The problem (10 min)\n\nSome words."),
        new_code_cell(PREDICT),
        new_code_cell(FIGURE),
        new_markdown_cell("## 2 The rule (20 min)"),
        new_code_cell("class SGD: ..."),
        new_code_cell('from descentlab import check\ncheck("sgd/update", SGD, points=4)', metadata=POINTS),
        new_code_cell('reveal("sgd/steps", 82)\n2 + 3'),
        new_markdown_cell("## 3 More of it (30 min)"),
        new_markdown_cell("A marked line.", metadata={"tags": ["slide"]}),
        new_code_cell("marked = 'code'", metadata={"tags": ["slide"]}),
        new_code_cell("unmarked = 'code'"),
        new_markdown_cell("## Can you now? (5 min)"),
        new_markdown_cell("## Optional: more"),
        *more,
    ]
    return new_notebook(cells=cells)


@pytest.fixture
def folder(tmp_path):
    """A course with one lesson and no gradebook."""
    source = tmp_path / "solutions/01-sgd"
    source.mkdir(parents=True)
    nbformat.write(lesson(), source / "sgd.ipynb")
    return tmp_path


def teach(folder, *words, assignment="01-sgd"):
    done = run_in(folder, "teach", assignment, *words)
    return done, " ".join(done.output.split())


def refused(folder, *words, **asked):
    """The one line of a refusal, after which no page is there."""
    done, _ = teach(folder, *words, **asked)
    assert done.exit_code == 2
    assert not list(folder.glob("*.html"))
    (line,) = done.output.strip().splitlines()
    return line


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text()).split())


def test_sections_have_their_minutes_points_and_predictions():
    sections = sections_of(lesson())
    assert [(s.title, s.minutes, s.points, len(s.predictions)) for s in sections] == [
        ("1 The problem", 10, 0, 2),
        ("2 The rule", 20, 4, 0),
        ("3 More of it", 30, 0, 0),
        ("Can you now?", 5, 0, 0),
        ("Optional: more", None, 0, 0),
    ]


@pytest.mark.parametrize(
    ("minutes", "out"),
    [(65, []), (64, ["more"]), (35, ["more"]), (34, ["rule", "more"]), (1, ["rule", "more"])],
)
def test_what_has_fewest_points_is_left_out_first_and_never_the_first_or_the_last(minutes, out):
    sections = [
        LessonSection("problem", 10),
        LessonSection("rule", 20, points=4),
        LessonSection("more", 30),
        LessonSection("Can you now?", 5),
        LessonSection("Optional", None),
    ]
    assert [section.title for section in left_out(sections, minutes)] == out


def test_what_follows_the_core_is_left_out_before_the_core():
    sections = [
        LessonSection("first", 5),
        LessonSection("core", 10),
        LessonSection("more", 10, core=False, points=3),
        LessonSection("last", 5),
    ]
    assert [section.title for section in left_out(sections, 20)] == ["more"]


def test_a_short_section_stays_where_a_long_one_made_room():
    sections = [
        LessonSection("first", 5),
        LessonSection("short", 4),
        LessonSection("long", 9, points=1),
        LessonSection("last", 5),
    ]
    assert [section.title for section in left_out(sections, 15)] == ["long"]


def test_a_classs_own_mistakes_come_first_the_most_frequent_before_the_others():
    rare, frequent = mistakes("adam/update")[4].id, mistakes("adam/update")[7].id
    expected = expected_mistakes(["adam/update"], Counter({rare: 1, frequent: 9, "answered": 20}))
    assert [(one.id, count) for one, count in expected[:2]] == [(frequent, 9), (rare, 1)]
    assert [count for _, count in expected[2:]] == [0, 0, 0]


def test_the_page_has_minutes_predictions_with_answers_and_mistakes_with_hints(folder):
    done, said = teach(folder)
    assert done.exit_code == 0, said
    page = words_of(folder / "teach-01-sgd.html")
    assert "65 minutes" in page
    assert "How many steps? 82 1 The problem" in page
    assert "Which is first? SGD · Adam not revealed" in page
    assert (
        "45 minutes Leave out, and give as homework what has points; 35 minutes are left: 3 More of it"
        in page
    )
    assert "90 minutes Everything fits but the optional sections." in page
    assert mistakes("sgd/update")[0].hint in page
    assert "No class has made a known mistake here yet" in page
    assert not list((folder / "solutions").rglob(".descentlab"))


def test_after_a_run_the_mistakes_are_the_classs_own(tmp_path):
    course = CourseFolder.make(tmp_path / "course")
    course.register()
    for student in ("s01", "s02"):
        course.submit(student, answer(WRONG))
    course.submit("s03")
    graded = course.grade()
    (named,) = {c.mistake for r in graded.results for c in r.cells if c.mistake}
    done, said = teach(course.root, assignment=ASSIGNMENT)
    assert done.exit_code == 0, said
    page = words_of(course.root / f"teach-{ASSIGNMENT}.html")
    (mistake,) = [one for one in mistakes("adam/update") if one.id == named]
    assert f"{mistake.what} 2 students" in page
    assert "Mistakes of this class" in page


def test_a_gradebook_that_cannot_be_read_is_not_one_without_grades(folder):
    (folder / "gradebook.db").write_bytes(b"my notes" * 1000)
    assert "is not a gradebook" in refused(folder)


def test_slides_show_headings_predictions_figures_and_marked_cells(folder):
    done, said = teach(folder, "--slides", "--reveal", "reveal.js")
    assert done.exit_code == 0, said
    text = (folder / "slides-01-sgd.html").read_text()
    shown = text[text.index('<div class="slides">') :]
    for part in ("SGD: a step", "2 The rule", "How many steps?", "A marked line.", "marked", "<img"):
        assert part in shown, part
    for part in ("By the end", "Some words", "unmarked", "figures.curves", "You made no guess", "Optional"):
        assert part not in shown, part
    assert 'src="reveal.js/' in text or "reveal.js/dist" in text


def test_a_solution_that_fails_and_an_unknown_assignment_end_in_one_line(folder):
    source = folder / "solutions/01-sgd/sgd.ipynb"
    nbformat.write(lesson(new_code_cell("1 / 0")), source)
    assert "ZeroDivisionError" in refused(folder)
    assert "ZeroDivisionError" not in refused(folder, "--slides", assignment="10-none")


@pytest.mark.parametrize("content", [b"", b"[]", b'{"cells": ["\xe9"]}'])
def test_a_solution_that_is_no_notebook_is_named(folder, content):
    (folder / "solutions/01-sgd/sgd.ipynb").write_bytes(content)
    assert "sgd.ipynb is not a notebook that can be read" in refused(folder)


@pytest.mark.parametrize("source", ["import os; os._exit(3)", "while True: pass"])
def test_a_solution_that_ends_its_process_or_does_not_end_is_said_in_one_line(folder, source):
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.Limits.cell_seconds = 1")
    nbformat.write(lesson(new_code_cell(source)), folder / "solutions/01-sgd/sgd.ipynb")
    assert "the solution does not run to its end: " in refused(folder)


def test_a_solution_reads_the_files_beside_it_and_writes_none_there(folder):
    beside = folder / "solutions/01-sgd"
    (beside / "points.csv").write_text("82")
    reads = "with open('points.csv') as points, open('made', 'w') as made:\n    made.write(points.read())"
    nbformat.write(lesson(new_code_cell(reads)), beside / "sgd.ipynb")
    done, _ = teach(folder)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in beside.iterdir()) == ["points.csv", "sgd.ipynb"]
