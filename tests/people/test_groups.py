"""One notebook counts for each member of a group: run once, read once, late by each member's own date."""

import csv
import re
import zipfile

import nbformat
import pytest
from course_folder import ASSIGNMENT, CONFIG, answer

LIST = (
    "id,first_name,last_name,email,section\nada,Ada,Byron,ada@x.org,Red\nemile,Émile,Zola,e@x.org,Red\n"
    "heidi,Heidi,Weiß,h@x.org,Blue\nkurt,Kurt,Gödel,k@x.org,\n"
)
GROUPS = "group_name,name,email\nGroup 3,Ada Byron,\nGroup 3,,e@x.org\nGroup 4,Heidi Weiß,\n"
BY_MOODLE = "Group 3_17_assignsubmission_file_/adam.ipynb"


@pytest.fixture
def table(tmp_path):
    """Writes a table and hands back its path."""

    def write(text: str):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def grouped(course, table):
    """A course with a roster and groups, in which each day late costs a tenth."""
    course.configure(CONFIG + "c.LatePenalty.percent_per_day = 10\n")
    course.run("roster", "import", table(LIST))
    done = course.run("groups", "import", table(GROUPS))
    assert done.stdout.splitlines() == ["2 groups, 3 members", "in no group: kurt (Kurt Gödel)"]
    return course


def collected(course, tmp_path, *names: str):
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for name in names:
            archive.writestr(name, nbformat.writes(answer(why=f"sent as {name}")))
    return course.run("collect", ASSIGNMENT, tmp_path / "download.zip")


def exported(course) -> dict[str, dict]:
    course.run("export", ASSIGNMENT)
    lines = csv.DictReader((course.root / f"grades-{ASSIGNMENT}.csv").open(encoding="utf-8-sig"))
    return {line["student_id"]: line for line in lines}


def test_a_groups_notebook_is_run_and_read_once_and_counts_for_each_member(grouped, tmp_path):
    assert collected(grouped, tmp_path, BY_MOODLE).stdout.splitlines() == [
        "collected: 1 (Group 3)",
        "missing: 2 (heidi, kurt)",
    ]
    outcome = grouped.grade()
    assert [one.student for one in outcome.results] == ["Group 3"]
    assert [one.student for one in outcome.missing] == ["heidi", "kurt"]
    assert outcome.strangers == []
    grouped.by_hand("Group 3", 2.0, remark="Well done.")
    lines = exported(grouped)
    assert {who: line["score"] for who, line in lines.items()} == {
        "ada": "9",
        "emile": "9",
        "heidi": "",
        "kurt": "",
    }
    assert "9 of 10" in grouped.run("explain", ASSIGNMENT, "ada").stdout
    assert grouped.run("feedback", ASSIGNMENT).exit_code == 0
    for student in ("ada", "emile"):
        page = (grouped.root / "feedback" / student / ASSIGNMENT / "adam.html").read_text()
        assert "Well done." in page
    grouped.run("report", ASSIGNMENT)
    report = re.sub("<[^>]+>", "", (grouped.root / f"report-{ASSIGNMENT}.html").read_text())
    assert "2 submissions" in report
    assert "Group 3" not in report


def test_each_member_is_late_by_the_own_date(grouped, tmp_path):
    collected(grouped, tmp_path, BY_MOODLE)
    (grouped.root / "submitted/Group 3" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-21 10:00:00 UTC")
    grouped.grade()
    grouped.by_hand("Group 3", 3.0)
    grouped.run("due", ASSIGNMENT, "2026-11-20 12:00 UTC")
    grouped.run("due", ASSIGNMENT, "--extend", "emile", "--days", "2")
    lines = exported(grouped)
    assert {who: (lines[who]["score"], lines[who]["late_penalty"]) for who in ("ada", "emile")} == {
        "ada": ("9", "1"),
        "emile": ("10", "0"),
    }


@pytest.mark.parametrize("sender", ["ada", "Émile Zola_9_assignsubmission_file_"])
def test_what_one_member_sends_is_the_groups(grouped, tmp_path, sender):
    assert "collected: 1 (Group 3)" in collected(grouped, tmp_path, f"{sender}/adam.ipynb").stdout


def test_two_submissions_of_one_group_are_listed_and_neither_is_taken(grouped, tmp_path):
    done = collected(grouped, tmp_path, BY_MOODLE, "Ada Byron_9_assignsubmission_file_/adam.ipynb")
    assert done.exit_code == 1
    assert "two submissions of the same student: Group 3 (Ada Byron_9, Group 3_17)" in done.stderr
    assert not (grouped.root / "submitted/Group 3").exists()


def test_who_handed_in_alone_too_gets_neither_until_a_person_says_which(grouped, tmp_path):
    collected(grouped, tmp_path, BY_MOODLE)
    grouped.submit("ada")
    outcome = grouped.grade()
    assert outcome.in_two_ways == {"ada": "Group 3"}
    assert outcome.exit_status == 1
    for student in ("ada", "Group 3"):
        grouped.by_hand(student, 2.0)
    lines = exported(grouped)
    assert (lines["ada"]["score"], lines["emile"]["score"]) == ("", "9")
    said = " ".join(grouped.run("explain", ASSIGNMENT, "ada").stdout.split())
    assert "handed in alone and with Group 3, and neither counts" in said
    grouped.run("student", "erase", "ada", "--assignment", ASSIGNMENT, "--yes")
    assert exported(grouped)["ada"]["score"] == "9"


def test_a_groups_page_goes_back_under_the_groups_name(grouped, tmp_path):
    collected(grouped, tmp_path, BY_MOODLE)
    grouped.grade()
    assert grouped.run("feedback", ASSIGNMENT, "--zip", "moodle").exit_code == 0
    with zipfile.ZipFile(grouped.root / f"feedback-{ASSIGNMENT}-moodle.zip") as archive:
        assert archive.namelist() == ["Group 3_17_assignsubmission_file_/adam.html"]
    grouped.run("feedback", ASSIGNMENT, "--zip", "folders")
    with zipfile.ZipFile(grouped.root / f"feedback-{ASSIGNMENT}-folders.zip") as archive:
        assert archive.namelist() == [f"{who}/{ASSIGNMENT}/adam.html" for who in ("ada", "emile")]


def test_a_groups_marks_belong_to_the_section_of_its_members(grouped, tmp_path):
    collected(grouped, tmp_path, BY_MOODLE)
    grouped.grade()
    grouped.by_hand("Group 3", 2.0)
    for section, lines in (("Red", 1), ("Blue", 0)):
        assert f": {lines} answer" in grouped.run("marks", "export", "--section", section).stdout


def test_a_submission_that_waits_to_be_graded_is_not_missing_for_its_members(grouped, tmp_path):
    grouped.submit("kurt")
    grouped.grade()
    collected(grouped, tmp_path, BY_MOODLE)
    lines = exported(grouped)
    assert [lines[who]["status"] for who in ("ada", "heidi")] == ["not-graded", "missing"]


def test_one_assignment_may_have_other_groups_and_sections_may_be_the_groups(grouped):
    assert grouped.run("groups", "import", "--assignment", ASSIGNMENT).stdout.startswith(
        "2 groups, 3 members"
    )
    assert (
        grouped.run("groups", "show", "--assignment", ASSIGNMENT).stdout == "Blue: heidi\nRed: ada, emile\n"
    )
    assert grouped.run("groups", "show").stdout == "Group 3: ada, emile\nGroup 4: heidi\n"
    grouped.run("groups", "remove", "--assignment", ASSIGNMENT)
    assert grouped.run("groups", "show", "--assignment", ASSIGNMENT).stdout.startswith("Group 3")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group,id\nkurt,ada\n", "the group 'kurt' has a student's id"),
        ("group,id\nA,ada\nB,ada\n", "ada (Ada Byron) is in A and B"),
        ("group,id\nA,ada\nA,nobody\n", "line 3: no student, or several, on the roster"),
        ("group,id\na/b,ada\n", "'a/b' cannot be the name of a folder"),
        ("team,id\nA,ada\n", "has no column group or group_name"),
        ("group,id\n", "names no group"),
        ("", "has no column group"),
    ],
)
def test_a_table_with_one_doubtful_line_changes_nothing(grouped, table, text, said):
    done = grouped.run("groups", "import", table(text))
    assert done.exit_code == 2
    assert said in done.stderr
    assert grouped.run("groups", "show").stdout == "Group 3: ada, emile\nGroup 4: heidi\n"


def test_groups_need_a_roster(course, table):
    done = course.run("groups", "import", table(GROUPS))
    assert done.exit_code == 2
    assert "no roster" in done.stderr
