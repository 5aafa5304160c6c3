"""The commands as they are typed: exit statuses, one line for what is wrong, JSON."""

import csv
import json
import re
import shutil
from importlib.metadata import version

import pytest
from course_folder import ASSIGNMENT, WRONG, NoSandbox, answer, run_in
from typer.testing import CliRunner

from autograde.cli import app


@pytest.fixture
def run(course, monkeypatch):
    """Types a command in the course; cells run in this process."""
    monkeypatch.setattr("autograde.pipeline.settings.Pool", NoSandbox)
    return course.run


def test_no_page_or_table_is_written_over_a_gradebook(graded):
    for command in ("report", "export"):
        done = graded.run(command, ASSIGNMENT, "--out", graded.root / "gradebook.db")
        assert done.exit_code == 2
        assert "gradebook.db is a database" in done.stderr
    assert graded.scores() == {"s01": 7.0}


def test_where_the_json_cannot_be_written_the_table_is_shown_and_that_is_said(course, run, tmp_path):
    course.submit("s01")
    (tmp_path / "file").touch()
    done = run("grade 06-adam --json", tmp_path / "file/r.json")
    assert done.exit_code == 2
    assert "1 graded" in done.output
    assert f"{tmp_path}/file: File exists" in done.stderr


def test_grade_writes_the_table_the_json_and_status_0(course, run, tmp_path):
    course.submit("s01")
    done = run("grade 06-adam --json", tmp_path / "r.json")
    assert done.exit_code == 0
    assert "s01" in done.stdout
    assert "7 / 10" in done.stdout
    assert "isolation: tier 0 of 3 (none)" in done.stdout, "weaker than a machine can have"
    assert "isolation" not in run("grade 06-adam").stdout, "nothing was run"
    (result,) = json.loads((tmp_path / "r.json").read_text())
    fields = "student assignment score max_score pending_manual status flags cells seconds tier"
    assert list(result) == fields.split()
    assert result["cells"][2] == {
        "grade_id": "why",
        "score": None,
        "max_score": 3.0,
        "check": None,
        "mistake": None,
        "manual": True,
    }


def test_what_explain_says_of_a_broken_submission_gets_it_graded(course, run):
    place = course.submit("s01", "{")
    done = run("grade 06-adam")
    assert done.exit_code == 1
    assert "needs-review" in done.stdout
    said = " ".join(run("explain 06-adam s01").stdout.split())
    assert "Fix or rename the file in submitted/" in said
    assert "`autograde collect 06-adam FILE --update`" in said
    assert "for 0 points, replace it with the notebook of" in said
    run("release 06-adam")
    shutil.copy(course.root / "notebooks/06-adam/adam.ipynb", place)
    done = run("grade 06-adam")
    assert done.exit_code == 0
    assert re.search(r"^s01 +0 / 10 +graded", done.stdout, re.M)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grade", "07-none"), "unknown assignment '07-none'"),
        (("grade", "06-adams"), "Did you mean '06-adam'"),
        (("grade", ASSIGNMENT, "--student", "s77"), "'s77'"),
        (("grade", ASSIGNMENT, "--isolation", "some"), "'auto', 'none'"),
        (("explain", ASSIGNMENT, "s01"), "nothing of '06-adam' is graded"),
        (("report", "06"), "unknown assignment"),
        (("report",), "is graded yet: autograde grade"),
        (("export",), "is graded yet: autograde grade"),
        (("report", ASSIGNMENT), "is graded yet: autograde grade"),
        (("feedback", ASSIGNMENT), "is graded yet: autograde grade"),
        (("grade", ASSIGNMENT, "--json", "."), "'.' is a directory"),
        (("export", ASSIGNMENT, "--format", "excel"), "unknown. Formats: blackboard"),
    ],
)
def test_what_is_wrong_is_one_line_and_status_2_and_nothing_is_made(course, run, words, said):
    course.submit("s01")
    before = sorted(course.root.rglob("*"))
    done = run(*words)
    assert done.exit_code == 2
    (line,) = done.stderr.strip().splitlines()
    assert said in line
    assert "Traceback" not in done.output
    assert not (course.root / "autograded").exists()
    assert words[0] == "grade" or sorted(course.root.rglob("*")) == before  # a grader leaves its lock


def test_a_graded_class_goes_all_the_way_to_pages_report_and_export(course, run, tmp_path):
    course.submit("s01", answer(WRONG))
    run("grade 06-adam")
    assert run("feedback 06-adam").exit_code == 0
    assert "adam/update" in (course.root / "feedback/s01/06-adam/adam.html").read_text()
    again = run("feedback 06-adam").stdout
    assert "1 page, new or changed: 0" in again
    assert "needs manual grading: s01. Type this again when it is done" in again
    explained = run("explain 06-adam s01")
    assert "adam/update" in explained.stdout
    assert "✗" in explained.stdout
    assert "seen in the numbers: " in explained.stdout
    assert run("report 06-adam --out", tmp_path / "r.html").exit_code == 0
    assert "adam/update" in (tmp_path / "r.html").read_text()
    exported = run("export 06-adam --out", tmp_path / "r.csv")
    assert exported.exit_code == 1, "its answer needs manual grading"
    assert "not final yet: s01" in exported.stderr
    (line,) = csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8-sig"))
    assert (line["student_id"], line["score"], line["to_be_graded"]) == ("s01", "", "1")
    assert run("export --out", tmp_path / "all.csv").exit_code == 1
    assert (tmp_path / "all.csv").read_text() == (tmp_path / "r.csv").read_text()


def test_odd_names_reach_no_terminal_as_they_are(course, run):
    course.submit("s01").rename(course.root / "submitted/s01/06-adam/\x1b]0;owned\x07adam2.ipynb")
    done = run("grade 06-adam")
    assert "\x1b]0" not in done.output
    assert "\x07" not in done.output


def test_a_folder_that_cannot_be_a_student_is_named_and_left_out(course, run):
    course.submit("s01")
    (course.root / "submitted" / "<img src=x>" / ASSIGNMENT).mkdir(parents=True)
    done = run("grade 06-adam")
    assert "not a valid student id. Rename it" in done.output
    assert done.exit_code == 1
    assert "s01" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        *(
            (command, ASSIGNMENT)
            for command in ("grade", "feedback", "report", "export", "collect", "release")
        ),
        ("due", ASSIGNMENT, "--late"),
        ("roster", "show"),
    ],
)
def test_a_wrong_folder_is_named_and_left_as_it_was(tmp_path, words):
    done = run_in(tmp_path, *words)
    assert done.exit_code == 2
    (said,) = done.stderr.strip().splitlines()
    assert "--course-dir" in said
    done = run_in(tmp_path / "nowhere", *words)
    assert re.search("no (such course )?folder", done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_a_known_assignment_that_the_gradebook_has_not_met_is_not_called_unknown(course, run):
    (course.root / "gradebook.db").write_bytes(b"")
    done = run("explain 06-adam s01")
    assert done.exit_code == 2
    assert "is graded yet" in done.stderr


def test_an_export_ends_with_1_and_names_who_has_no_final_score(course, run, tmp_path):
    course.submit("s01")
    course.submit("zo\u00eb", "{")
    run("grade 06-adam")
    done = run("export 06-adam --format moodle --out", tmp_path / "m.csv")
    assert done.exit_code == 1
    assert "not final yet, left out: s01, zoë" in done.stderr
    assert "1 answer needs manual grading: s01. `autograde lab --teacher`" in done.stderr


@pytest.mark.parametrize(
    ("students", "status"), [(("s01", "s02"), 0), (("s01",), 1), (("s01", "s02", "s03"), 1)]
)
def test_an_export_ends_with_1_where_the_template_has_other_students(course, run, tmp_path, students, status):
    course.submit("s01")
    course.submit("s02")
    course.grade()
    course.by_hand("s01", 3.0)
    course.by_hand("s02", 3.0)
    lines = [f'"Doe, {student}",1{student},,{student},x,' for student in students]
    header = "Student,ID,SIS User ID,SIS Login ID,Section,Adam (12)"
    (tmp_path / "t.csv").write_text("\n".join([header, "    Points Possible,,,,,10", *lines, ""]))
    words = ("--format", "canvas", "--template", tmp_path / "t.csv", "--column", "Adam (12)")
    done = run("export 06-adam", *words, "--out", tmp_path / "out.csv")
    assert done.exit_code == status, done.output
    assert (tmp_path / "out.csv").read_text("utf-8").count(",10\n") == 1 + len({"s01", "s02"} & {*students})


def test_the_version_is_that_of_the_installed_package():
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.stdout.split() == ["autograde,", "descentlab", version("descentlab")]


@pytest.mark.parametrize(
    ("why", "before"),
    [
        ("*Your answer here.*", "not answered: the cell is as it was handed out"),
        ("Because.", "needs manual grading"),
    ],
)
@pytest.mark.parametrize("points", [0.0, 1.0])
def test_an_answer_is_graded_by_hand_once_a_person_gave_points(course, run, why, before, points):
    course.submit("s01", answer(why=why))
    run("grade 06-adam")

    def of_why():
        return run("explain 06-adam s01").stdout.partition("why")[2].splitlines()[:2]

    assert before in of_why()[1]
    course.by_hand("s01", points)
    assert of_why() == [f"  {points:g} of 3", "  graded by hand"]


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ((ASSIGNMENT,), "grades-06-adam.csv"),
        ((), "grades-term.csv"),  # of one assignment, too: next week there are two
        (("--format", "wide"), "grades-term-wide.csv"),
        ((ASSIGNMENT, "--format", "long"), "grades-06-adam-long.csv"),
        ((ASSIGNMENT, "--format", "moodle"), "grades-06-adam-moodle.csv"),
        (("--format", "moodle"), "grades-06-adam-moodle.csv"),
        ((ASSIGNMENT, "--format", "gradescope"), "grades-06-adam-gradescope"),
    ],
)
def test_an_exports_file_is_named_by_its_content_in_the_courses_folder(graded, words, made):
    done = graded.run("export", *words)
    assert [path.name for path in graded.root.glob("grades-*")] == [made]
    assert made in done.stdout.replace("\n", "")


def test_points_by_hand_over_a_check_are_named_beside_what_the_check_gave(graded, run):
    assert "by hand" not in run("explain 06-adam s01").stdout
    graded.by_hand("s01", 4.0, cell="check-adam-update")
    said = "4 points given by hand, 5 automatically"
    explained = run("explain 06-adam s01").stdout.partition("adam/update")[2]
    assert explained.splitlines()[:2] == ["  4 of 5", f"  {said}"]
    assert f"adam/update: {said}" in " ".join(run("grade 06-adam").stdout.split())
    run("feedback 06-adam")
    page = (graded.root / "feedback/s01/06-adam/adam.html").read_text()
    assert page.count(said) == 2  # in the overview, and beside the check's own sentence


def test_the_reason_of_a_failed_test_is_its_error_and_where_it_stands(course, run):
    course.submit("s01", answer(half="return x *"))
    run("grade 06-adam")
    explained = run("explain 06-adam s01").stdout
    assert "it ended with NameError: name 'half' is not defined" in explained
    assert "the notebook's first error: SyntaxError: invalid syntax" in explained
    assert "what it printed is in autograded/s01/06-adam/adam.ipynb" in explained


def test_points_and_remark_for_an_earlier_answer_are_in_no_output(course, run):
    course.grade_one(answer(why="Because."))
    course.by_hand("s01", 2.0, remark="Of what you said first.")
    course.submit("s01", answer(why="Because m starts at zero."))
    graded = run("grade 06-adam")
    assert "not final, 1 answer needs manual grading: s01" in graded.stdout
    explained = run("explain 06-adam s01").stdout.partition("why")[2]
    assert explained.splitlines()[1] == "  graded by hand, perhaps for an earlier answer"
    run("feedback 06-adam")
    (page,) = course.root.glob("feedback/s01/*/*.html")
    assert "Of what you said first." not in page.read_text("utf-8")
    assert re.search(r"why</a></td>\s*<td[^>]*>(.*?)</td>", page.read_text("utf-8"))[1] == "– / 3"
    run("grade 06-adam --rejudge")
    assert "not final yet: s01" in run("export 06-adam").stderr


def test_feedback_for_the_exchange_says_which_line_is_missing_and_where(graded):
    done = graded.run("feedback 06-adam --exchange")
    assert done.exit_code == 2
    (line,) = done.stderr.strip().splitlines()
    assert f"into {graded.root / 'nbgrader_config.py'}, above the line `configure(" in line
    assert f'c.CourseDirectory.course_id = "{graded.root.name}"' in line
    assert not (graded.root / "feedback").exists(), "refused before a page is made"


def test_an_export_of_all_names_what_was_handed_in_and_never_graded(graded, run, tmp_path):
    export = ("export", "--out", tmp_path / "all.csv")
    of_it = run(*export).stderr
    assert "is left out" not in of_it
    shutil.copytree(graded.root / "solutions/06-adam", graded.root / "solutions/hw1")
    assert run(*export).stderr == of_it  # nobody has handed it in
    shutil.copytree(graded.root / "submitted/s01/06-adam", graded.root / "submitted/s01/hw1")
    done = run(*export)
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if "hw1" in line]
    assert "nothing graded yet. Submitted by s01. Type: autograde grade hw1" in line


@pytest.mark.parametrize("word", ["report", "export"])
def test_in_the_courses_folder_a_written_file_is_named_without_the_folder(course, monkeypatch, word):
    course.grade_one()
    monkeypatch.chdir(course.root)
    said = CliRunner().invoke(app, [word, ASSIGNMENT]).output
    assert re.search(r"^wrote (report|grades)-06-adam\.\w+$", said, re.MULTILINE), said
