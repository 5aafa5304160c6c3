"""A teacher: the extra `grader` from the wheel, as an ordinary user: README's lines, outside any clone."""

import json
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from course_folder import answers_to, hand_in
from support import ROOT

from roles import readme
from roles.installed import earns_all

pytestmark = [
    pytest.mark.xdist_group("teacher"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
    pytest.mark.needs("bubblewrap"),
]
ASSIGNMENT, NOTEBOOK = "06-adam", "adam.ipynb"
RIGHT, UNTOUCHED = "s05", "s06"
SAID_ANYWAY = "Formgrader config is not serializable"  # by its page for debugging


@pytest.fixture(scope="module")
def course(teacher, built) -> Path:
    """A folder as README makes it, two submissions handed in."""
    teacher.own(Path(shutil.copy(built.sdist, teacher.home)))
    teacher.good(readme.NEW_COURSE)
    folder = teacher.home / readme.NEW_COURSE.split()[3]
    teacher.good(readme.RELEASE, cwd=folder)
    for student, origin in ((RIGHT, "solutions"), (UNTOUCHED, "notebooks")):
        place = folder / "submitted" / student / ASSIGNMENT
        place.mkdir(parents=True)
        shutil.copy(folder / origin / ASSIGNMENT / NOTEBOOK, place)
    (folder / "canvas.csv").write_text(
        f"Student,ID,SIS User ID,SIS Login ID,Section,HW6 (1234)\n"
        f"Points Possible,,,,,20\nRight,1,{RIGHT},{RIGHT},A,\nNone,2,{UNTOUCHED},{UNTOUCHED},A,\n"
    )
    teacher.own(folder)
    return folder


def test_the_course_is_that_of_the_sdist(course):
    names = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.ipynb"))
    assert sorted(path.parent.name for path in (course / "notebooks").glob("*/*.ipynb")) == names
    for path in (ROOT / "notebooks").glob("*/*.ipynb"):
        assert (course / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("assignment", ["ode", "statistics"])
def test_an_own_assignment_is_released_and_graded_an_earlier_version_of_it_too(teacher, assignment):
    folder = teacher.home / f"own {assignment}"
    teacher.good("autograde", "new", "course", folder, "--empty")
    solution = folder / "solutions" / assignment / f"{assignment}.ipynb"
    shutil.copytree(ROOT / "examples" / assignment, solution.parent)
    whole = solution.read_text(encoding="utf-8")
    solution.write_text(whole.replace("## 1 ", "## 1 At first: "), encoding="utf-8")
    teacher.own(folder)
    teacher.good("autograde", "release", assignment, cwd=folder)
    hand_in(folder, assignment, "earlier")
    solution.write_text(whole, encoding="utf-8")
    teacher.good("autograde", "release", assignment, "--force", cwd=folder)
    expected = {"earlier": {}}
    for student, answers, scores in answers_to(assignment):
        hand_in(folder, assignment, student, answers)
        expected[student] = scores
    teacher.own(folder)
    teacher.good("autograde", "grade", assignment, "--json", "results.json", cwd=folder)
    found = {
        one["student"]: {cell["grade_id"]: cell["score"] for cell in one["cells"]}
        for one in json.loads((folder / "results.json").read_text())
    }
    assert found == {student: found["right"] | scores for student, scores in expected.items()}
    assert len(found) >= 12


@pytest.fixture(scope="module")
def graded(course, teacher) -> list[dict]:
    teacher.good(readme.TEACHER[0] + " --json results.json", cwd=course)
    return json.loads((course / "results.json").read_text())


def test_the_right_answers_earn_all_and_the_stubs_nothing(graded):
    found = {result["student"]: result for result in graded}
    assert earns_all(found[RIGHT])
    assert found[UNTOUCHED]["score"] == 0
    assert [(r["status"], r["flags"], r["tier"] >= 2) for r in graded] == [("graded", [], True)] * 2


def test_formgrader_opens_in_silence_and_a_person_grades_the_answers_in_words(course, graded, teacher):
    words = [*readme.TEACHER_WAITS[0].split(), "--no-browser", "--port", "0"]
    with teacher.opened(*words, cwd=course) as lab:
        assert lab.page("formgrader")[0] == 200
        handed_in = json.loads(lab.page(f"formgrader/api/submitted_notebooks/{ASSIGNMENT}/adam")[1])
        assert {one["student"] for one in handed_in} == {RIGHT, UNTOUCHED}
        for one in handed_in:
            grades = json.loads(lab.page("formgrader/api/grades", submission_id=one["id"])[1])
            for grade in grades:
                if grade["needs_manual_grade"]:
                    lab.put(f"formgrader/api/grade/{grade['id']}", {"manual_score": grade["max_score"]})
        assert [line for line in lab.complaints() if not line.endswith(SAID_ANYWAY)] == []
    said = teacher.good(readme.TEACHER[1], cwd=course)
    assert "20 of 20" in said


@pytest.mark.parametrize("line", readme.TEACHER[1:])
def test_readmes_line_does_what_it_says(course, graded, teacher, line):
    said = teacher.good(line, cwd=course)
    made = {
        "feedback": [f"feedback/{student}/{ASSIGNMENT}/adam.html" for student in (RIGHT, UNTOUCHED)],
        "report": [f"report-{ASSIGNMENT}.html"],
        "export": [f"grades-{ASSIGNMENT}-canvas.csv"],
    }
    for name in made.get(line.split()[1], []):
        assert (course / name).is_file(), said


def test_a_demo_is_made_from_the_wheel_and_the_sdist_beside_it_and_its_lines_work_when_pasted(teacher):
    """In a folder whose name needs quotes."""
    folder = teacher.own(Path(tempfile.mkdtemp(dir=teacher.home)))
    said = teacher.good("autograde demo --students 3 --dir 'the demo'", cwd=folder)
    assert "6 submissions graded" in said
    *_, explain, lab = re.findall(r"^    (\S.*)$", said, re.MULTILINE)
    assert "adam/update" in teacher.good(f"{explain}\n{lab} --help", cwd=folder)


def test_a_teacher_needs_the_cluster_only_for_a_scheduler(course, graded, teacher):
    done = teacher.run("autograde grade 06-adam --force --scheduler tls://127.0.0.1:9", cwd=course)
    assert done.returncode == 2
    assert done.stderr.strip().endswith(".whl[cluster]'"), done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_written_is_not_needed(course, graded, teacher, monkeypatch):
    monkeypatch.setitem(teacher.environment, "HOME", "/proc/none")
    said = teacher.good(f"{readme.TEACHER[0]} --force --student {UNTOUCHED}", cwd=course)
    assert UNTOUCHED in said


def test_readmes_install_line_works_in_a_clone(built, teacher):
    for line in readme.TEACHER_INSTALLS:
        teacher.install(line, cwd=built.clone)
    assert "Isolation tier" in teacher.good("autograde doctor")
