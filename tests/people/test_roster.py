"""Everybody on the roster is in every table and export; who is not on it is named and in none."""

import csv
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import permutations

import pytest
from course_folder import ASSIGNMENT, CONFIG, shown
from typer.testing import CliRunner

from autograde.book.class_results import graded_assignment, read_class
from autograde.book.late import read_extensions
from autograde.book.roster import read_people, read_roster
from autograde.cli import app
from autograde.entries.entry import MISSING, SUBMISSION_GONE, WAITING, Person
from autograde.entries.matching import nearest
from autograde.errors import UsageError

LIST = """id,first_name,last_name,email
ada,Ada,Byron,ada@x.org
emile,Émile,Zola,e@x.org
heidi,Heidi,Weiß,h@x.org
"""


@pytest.fixture
def roster(course, tmp_path):
    """Types a line `autograde roster …` and hands back what it said and its exit status."""

    def run(line: str, text: str | None = None):
        if text is not None:
            (tmp_path / "list.csv").write_text(text)
            line += f" {tmp_path / 'list.csv'}"
        return course.run(f"roster {line}")

    return run


@pytest.fixture
def listed(roster):
    """The same with the list on the roster."""
    roster("import", LIST)
    return roster


def on_roster(course) -> list[str]:
    with course.gradebook() as gradebook:
        return list(read_roster(gradebook) or {})


def people(course) -> dict:
    with course.gradebook() as gradebook:
        return read_people(gradebook)


def test_a_list_taken_twice_changes_nothing_and_an_empty_cell_takes_nothing_away(course, roster):
    assert roster("import", LIST).exit_code == 0
    before = people(course)
    assert before["emile"].full_name == "Émile Zola"
    assert on_roster(course) == ["ada", "emile", "heidi"]
    again = roster("import", LIST.replace(",h@x.org", ",,"))
    assert "new:" not in again.stdout
    assert "changed:" not in again.stdout
    assert "nothing new" in again.stdout
    assert people(course) == before


def test_who_is_no_longer_listed_stays_until_asked_otherwise(course, listed):
    shorter = LIST.replace("heidi,Heidi,Weiß,h@x.org\n", "")
    assert "kept on the roster: heidi" in listed("import", shorter).stdout
    assert on_roster(course) == ["ada", "emile", "heidi"]
    said = listed("import --remove-missing", shorter).stdout
    assert "removed: heidi" in said
    assert "2 students on the roster" in said
    assert on_roster(course) == ["ada", "emile"]
    listed("import", "id\nheidi\n")  # who is back is known by what was known
    assert people(course)["heidi"].full_name == "Heidi Weiß"


def test_a_changed_id_is_refused_as_a_whole(course, listed):
    for changed in ("s1,Ada,Byron,ada@x.org", "s1,,,ada@x.org"):
        done = listed(
            "import", text=LIST.replace("ada,Ada,Byron,ada@x.org", changed) + "new,New,One,n@x.org\n"
        )
        assert done.exit_code == 2, changed
        assert "Grades are kept by id" in done.stderr, changed
        assert on_roster(course) == ["ada", "emile", "heidi"], changed


def test_a_list_with_other_ids_throughout_is_refused_in_a_few_lines(course, roster):
    text = "id,email\n" + "".join(f"login{n},{n}@x.org\n" for n in range(20))
    roster("import", text)
    done = roster("import", text.replace("login", "0100"))
    assert done.exit_code == 2
    lines = done.stderr.strip().splitlines()
    assert lines[0] == "the address '0@x.org' of 01000 is also that of login0"
    assert lines[10] == "  and 10 more"
    assert "--column id=HEADER" in lines[11]
    assert on_roster(course) == sorted(f"login{n}" for n in range(20))


def test_a_wrong_name_is_answered_with_the_nearest(course, listed):
    assert "Did you mean heidi (Heidi Weiß)?" in listed("remove haidi").stderr


def test_the_roster_is_a_table_of_what_is_known_and_names_who_is_no_longer_on_it(listed):
    assert "emile (Émile Zola): on the roster (3 students)." in listed("add emile --section Red").stdout
    listed("remove heidi")
    assert [" ".join(line.split()) for line in listed("show").stdout.splitlines()] == [
        "student name e-mail section",
        "ada Byron, Ada ada@x.org",
        "emile Zola, Émile e@x.org Red",
        "2 students",
        "in the gradebook, not on the roster: heidi",
    ]
    assert "heidi (Heidi Weiß): on the roster (3 students)." in listed("add heidi").stdout


@pytest.mark.parametrize("student", ["=1+1", "a/b"])
def test_an_id_that_would_be_a_formula_or_a_path_is_refused(roster, student):
    assert f"{student!r} cannot be a student's id" in roster(f"add {student}").stderr


def test_of_two_people_with_one_name_both_are_the_nearest():
    both = [Person("ada1", "Ada", "Byron"), Person("ada2", "Ada", "Byron")]
    assert nearest(Person("", "Ada", "Byrn"), both) == both


def test_everybody_on_the_roster_is_in_the_table_and_strangers_are_named(course, listed):
    course.submit("ada")
    course.submit("haidi")
    outcome = course.grade()
    assert [(one.student, one.status) for one in outcome.everybody] == [
        ("ada", "graded"),
        ("emile", MISSING),
        ("haidi", "graded"),
        ("heidi", MISSING),
    ]
    assert outcome.strangers == ["haidi"]
    assert outcome.exit_status == 0
    said = shown(outcome)
    assert "not submitted: emile, heidi" in said
    assert "2 graded, 2 missing" in said
    add = "Add: autograde roster add haidi"
    assert f"not on the roster, in no report or export until added: haidi. {add}" in said
    assert course.grade("ada").missing == [], "of those who were asked for"
    for student, reason in (("emile", "has not submitted"), ("emil", "Did you mean emile")):
        with (
            pytest.raises(UsageError, match=reason),
            graded_assignment(course.root, ASSIGNMENT, [student]),
        ):
            pass
    course.submit("emile")
    with graded_assignment(course.root, ASSIGNMENT) as opened:
        whole = read_class(*opened)
    assert [(one.student, one.status) for one in whole.entries] == [
        ("ada", "graded"),
        ("emile", WAITING),
        ("heidi", MISSING),
    ]
    assert whole.strangers == ("haidi",)


def test_feedback_names_who_gets_no_page_and_why(course, roster):
    roster("import", LIST + "gauss,Carl,Gauss,g@x.org\n")
    course.submit("ada")
    course.submit("emile", "{")
    course.grade()
    course.submit("heidi")
    done = course.run("feedback 06-adam")
    assert done.exit_code == 0
    assert "1 page, new or changed: 1" in done.stdout
    assert done.stderr.splitlines() == [
        "no page, not submitted: gauss",
        "no page, submitted, not graded yet: heidi. Run `autograde grade 06-adam`",
        "no page, needs-review: emile. Why: autograde explain 06-adam emile",
    ]


def test_a_grade_without_its_submission_is_named_and_can_be_taken_off(course, listed, tmp_path):
    """Two of one name: ada's notebook was collected as emile's, graded, and moved."""
    course.submit("emile")
    course.submit("heidi")
    course.submit("wrong")
    course.grade()
    submitted = course.root / "submitted"
    (submitted / "ada").mkdir()
    (submitted / "emile" / ASSIGNMENT).rename(submitted / "ada" / ASSIGNMENT)
    (submitted / "wrong" / ASSIGNMENT).rename(tmp_path / "gone")

    outcome = course.grade()
    assert [result.student for result in outcome.everybody] == ["ada", "emile", "heidi", "wrong"]
    assert {one.student for one in outcome.results if SUBMISSION_GONE in one.flags} == {"emile", "wrong"}
    assert (outcome.exit_status, outcome.strangers) == (1, [])
    next_step = "no longer in submitted/: emile, wrong. The points count. Put it back, or remove them"
    assert next_step in shown(outcome)
    exported = course.run("export 06-adam")
    assert exported.exit_code == 1
    assert next_step in exported.stderr
    assert "roster add wrong" not in exported.stderr
    assert next_step in course.run("feedback 06-adam").stderr
    assert "student erase emile --assignment 06-adam --yes" in course.run("explain 06-adam emile").stdout
    course.run("report 06-adam")
    assert "no longer in submitted/" in (course.root / "report-06-adam.html").read_text("utf-8")

    course.run("due 06-adam --extend emile --days 3")
    asked = course.run("student erase emile --assignment 06-adam")
    assert "nothing was erased" in asked.stdout
    assert course.grade().exit_status == 1
    for who in ("emile", "wrong"):
        done = course.run("student erase", who, "--assignment", ASSIGNMENT, "--yes")
        assert done.exit_code == 0, done.output
    outcome = course.grade()
    assert outcome.exit_status == 0
    assert [result.student for result in outcome.missing] == ["emile"]
    assert "no longer in submitted/" not in course.run("export 06-adam").stderr
    with course.gradebook() as gradebook:
        assert ("emile", ASSIGNMENT) in read_extensions(gradebook)
    assert not (course.root / "feedback/emile/06-adam").exists()


def test_submissions_that_were_all_put_away_are_nobodys_fault(course, listed):
    course.submit("ada")
    course.grade()
    shutil.rmtree(course.root / "submitted")
    assert "no longer in submitted/" not in course.run("export 06-adam").stderr


def test_a_missing_submission_is_not_erased(course):
    course.submit("ada")
    course.grade()
    before = sorted(course.root.rglob("*"))
    for student, assignment, said in (
        ("ada", "..", "not an assignment's name"),
        ("ada", "07-none", "unknown assignment"),
        ("heidi", ASSIGNMENT, "nothing of '06-adam' is stored for 'heidi'"),
        ("../ada", ASSIGNMENT, "nothing of '06-adam' is stored"),
    ):
        done = course.run("student erase", student, "--assignment", assignment, "--yes")
        assert (done.exit_code, said in done.output) == (2, True), done.output
        assert sorted(course.root.rglob("*")) == before


def test_what_lies_there_and_cannot_be_looked_into_is_neither_missing_nor_gone(course, listed):
    for student in ("ada", "emile"):
        course.submit(student)
    course.grade()
    place = course.root / "submitted/emile"
    shutil.rmtree(place)
    place.symlink_to(place)
    outcome = course.grade()
    assert {one.student: one.status for one in outcome.everybody}["emile"] == "needs-review"
    with graded_assignment(course.root, ASSIGNMENT) as opened:
        assert read_class(*opened).gone == ()


def exported(course, *words: str) -> tuple[int, str, list[dict]]:
    out = course.root / "out.csv"
    done = course.run("export 06-adam --out", out, *words)
    with out.open(newline="") as file:
        return done.exit_code, done.stderr, list(csv.DictReader(file))


def test_an_export_has_everybody_on_the_roster_and_nobody_else(course, listed):
    course.submit("ada")
    course.submit("haidi")
    course.grade()
    status, said, lines = exported(course)
    assert [(line["student_id"], line["status"], line["score"]) for line in lines] == [
        ("ada", "graded", ""),
        ("emile", MISSING, ""),
        ("heidi", MISSING, ""),
    ]
    assert "not submitted: emile, heidi" in said
    assert (
        "not on the roster, in no report or export until added: haidi. Add: autograde roster add haidi"
        in said
    )
    assert status == 1
    listed("remove heidi")
    listed("add haidi")
    status, said, lines = exported(course, "--zero-missing")
    assert [(line["student_id"], line["score"]) for line in lines] == [
        ("ada", ""),
        ("emile", "0"),
        ("haidi", ""),
    ]
    assert status == 1, "answers need manual grading"
    assert "not on the roster" not in said


def test_nbgraders_own_exporter_runs_on_the_gradebook(course, listed):
    course.configure(CONFIG)
    course.submit("ada")
    course.submit("haidi")
    course.grade()
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "theirs.csv"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with (course.root / "theirs.csv").open() as exported:
        scores = {line["student_id"]: line["score"] for line in csv.DictReader(exported)}
    assert scores == {"ada": "7.0", "emile": "0.0", "haidi": "7.0", "heidi": "0.0"}


def test_an_id_that_is_named_twice_is_one_student(course, listed):
    assert listed("remove ada ada").stdout == "2 students on the roster.\n"


def test_what_was_overwritten_is_erased_with_its_student_and_no_others(course, listed):
    old = course.root / "submitted/.replaced/2026-11-20-100000.0"
    for student in ("ada", "emile"):
        (old / student / ASSIGNMENT).mkdir(parents=True)
        for file in ("adam.ipynb", "data.csv"):
            (old / student / ASSIGNMENT / file).write_text(f"{student}'s")
    assert " and 2 files" in course.run("student erase ada --yes").stdout
    assert [path.parts[-3] for path in old.rglob("*.ipynb")] == ["emile"]


CANVAS_LIST = 'Student,ID,SIS Login ID,Section\n"Byron, Ada",11,ada,S\n"Gödel, Kurt",12,kurt,S\n'
MOODLE_LIST = "First name,Last name,Username,ID number,Email address\nAda,Byron,ada2,11,a@x.org\n"


def test_a_list_of_one_system_says_nothing_about_the_students_of_the_other(course, roster):
    """Their numbers may be the same, as each system counts for itself."""
    roster("import", CANVAS_LIST)
    said = roster("import", MOODLE_LIST)
    assert said.exit_code == 0, said.stderr
    assert "not in the file" not in said.stdout
    said = roster("import --remove-missing", CANVAS_LIST.replace('"Gödel, Kurt",12,kurt,S\n', ""))
    assert "removed: kurt" in said.stdout
    assert on_roster(course) == ["ada", "ada2"]
    assert "Canvas" in roster("show").stdout
    assert "changed: ada2 (login)" in roster("import", MOODLE_LIST.replace("ada2", "ada3")).stdout


BOTH = (
    'Student,ID,SIS User ID,SIS Login ID,Section\n"Çelik, Noor",100165,3100185,noor,S\n',
    "First name,Last name,ID number,Email address\nNoor,Çelik,3100185,n@x.org\n",
)
OTHERS = {
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,Email\n#3100185,#nc17,Celik,NOOR,n@x.org\n",
    "worksheet": "Identifier,Full name,ID number,Email address\nParticipant 9,Çelik Noor,3100185,n@x.org\n",
    "Blackboard": "Last Name,First Name,Username,Student ID\nÇelik,Noor,nc17,3100185\n",
}


@pytest.mark.parametrize("order", permutations((*BOTH, *OTHERS.values()), 2))
def test_a_number_that_two_systems_share_joins_two_lines_of_one_name_whichever_list_came_first(
    course, roster, order
):
    for text in (*order, *order):
        done = roster("import", text)
        assert (done.exit_code, "1 student on the roster" in done.stdout) == (0, True), done.stderr
        assert "not in the file" not in done.stdout
    assert "nothing new" in done.stdout or "changed: " in done.stdout
    with course.gradebook() as gradebook:
        (one,) = read_roster(gradebook).values()
    assert one.full_name in ("Noor Çelik", "NOOR Celik")
    of_one_system = {*order} == {BOTH[1], OTHERS["worksheet"]}
    assert (one.id_number, len(one.systems)) == ("3100185", 2 - of_one_system)
    assert one.lms_user_id == ("100165" if BOTH[0] in order else "")
    logins = {login for login in ("noor", "nc17") if any(login in text for text in order)}
    assert logins & {one.id, one.login} if logins else one.id == "3100185"
    assert one.login in ("", *logins)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    "line", ["import", "import --column 'id=SIS User ID'"], ids=["by the number", "by the same id"]
)
@pytest.mark.parametrize("name", ["Noor,Kaya", "Nora,Çelik", "Zoe,Zeta"])
def test_a_shared_number_of_two_names_is_listed_and_one_or_two_people_as_the_line_says(
    course, roster, name, line, swapped
):
    canvas, moodle = (line, BOTH[0]), ("import", BOTH[1].replace("Noor,Çelik", name))
    (first, text), (second, other) = (moodle, canvas) if swapped else (canvas, moodle)
    assert roster(first, text).exit_code == 0
    before = on_roster(course)
    done = roster(second, other)
    listed_both = f"({name.replace(',', ' ')})" in done.stderr and "(Noor Çelik)" in done.stderr
    assert (done.exit_code, listed_both, on_roster(course)) == (2, True, before), done.stderr
    assert "autograde roster add ID --first-name FIRST --last-name LAST" in done.stderr
    assert "--column id=HEADER --column id_number=HEADER" in done.stderr
    if not swapped:  # they are two
        by_address = "import --column 'id=Email address' --column 'id_number=Email address'"
        assert "2 students on the roster" in roster(by_address, other).stdout
        return
    roster(f"add {before[0]} --first-name Noor --last-name Çelik")
    for _ in range(2):
        assert "1 student on the roster" in roster(second, other).stdout
        assert "1 student on the roster" in roster(first, text).stdout, "the systems' names may differ"


def test_a_number_of_a_list_of_the_same_system_is_anothers_only_without_a_word_in_common(course, roster):
    roster("import", BOTH[1])
    assert "changed: 3100185 (last_name)" in roster("import", BOTH[1].replace("Çelik", "Kaya")).stdout
    own = "id,first_name,last_name\n3100185,Noor,Çelik\n"  # a table of the lecturer's
    assert "changed: 3100185 (last_name)" in roster("import", own).stdout
    assert "changed: 3100185 (last_name)" in roster("import", own.replace("Çelik", "Kaya")).stdout
    done = roster("import", BOTH[1].replace("Noor,Çelik", "Zoe,Zeta"))
    said = "3100185 (Zoe Zeta) has the id or the ID number of 3100185 (Noor Kaya)"
    assert (done.exit_code, said in done.stderr) == (2, True)
    assert people(course)["3100185"].full_name == "Noor Kaya"


def test_a_roster_from_before_systems_were_kept_belongs_to_each(course, listed):
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute("DROP TABLE autograde_system")
    said = listed("import", CANVAS_LIST)
    assert "not in the file, kept on the roster: emile, heidi" in said.stdout
    assert on_roster(course) == ["ada", "emile", "heidi", "kurt"]


def test_ids_that_a_spreadsheet_may_have_shortened_are_asked_about(course, roster):
    said = roster("import", "id,first_name,last_name\n12345,Ada,Byron\n4001234,Émile,Zola\n").stdout
    assert "ids of different lengths, as '12345' and '4001234': did a spreadsheet drop zeros" in said
    assert "lengths" not in roster("import", LIST).stdout


def test_where_addresses_become_the_ids_the_columns_that_were_not_taken_are_named(roster):
    text = "Lecture,Last Name,Preferred Name,Andrew ID,Email\n2,Able,Ann,aable,a@x.org\n"
    said = roster("import", text)
    assert (
        "Columns that were not taken: Lecture, Preferred Name, Andrew ID. To take one: --column id="
        in said.stdout
    )
    for line in ("import --column id=Email", "import --column 'id=Andrew ID'"):
        assert "not taken" not in roster(line, text).output
    known = "First name,Last name,Email address\nÉmile,Zola,z@x.org\n"
    assert "not taken" not in roster("import", known).output, "each is taken"


def test_all_assignments_are_graded_and_one_that_fails_stops_no_other(course, listed):
    course.submit("ada")
    (course.root / "solutions/broken").mkdir()
    (course.root / "solutions/broken/broken.ipynb").write_text("{")
    (course.root / "submitted/ada/broken").mkdir()
    done = course.run("grade --all --isolation none")
    assert done.exit_code == 1
    assert "06-adam:\n" in done.stdout
    assert "'broken' cannot be registered" in done.stderr
    assert course.run("feedback --all").exit_code == 1
    assert (course.root / "feedback/ada/06-adam/adam.html").is_file()
    for command, page in (("report", "report-06-adam.html"), ("export", "grades-06-adam.csv")):
        assert course.run(command, "--all").exit_code == 1
        assert (course.root / page).is_file()
        refused = course.run(command, "--all", "--out", course.root / "one")
        assert (refused.exit_code, "--out belongs to one assignment: name one" in refused.stderr) == (2, True)
    for words in ("grade", "grade 06-adam --all"):
        refused = course.run(*words.split())
        assert (refused.exit_code, "name assignments, or use --all" in refused.stderr) == (2, True)


def test_without_a_command_a_course_says_what_waits_and_what_to_type(course, listed, monkeypatch):
    monkeypatch.chdir(course.root)
    course.configure(CONFIG)

    def waiting() -> list[str]:
        done = CliRunner().invoke(app, [], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout.splitlines()

    assert waiting() == [
        "06-adam: no due date, 0 submitted, 0 graded",
        "  nothing submitted: autograde collect 06-adam FILE",
    ]
    course.submit("ada")
    course.submit("emile", "{")
    course.grade()
    course.submit("heidi")
    assert waiting() == [
        "06-adam: no due date, 3 submitted, 1 graded",
        "  submitted, not graded yet: heidi. Run `autograde grade 06-adam`",
        "  needs-review: emile. Why: autograde explain 06-adam emile",
        "  not final, 1 answer needs manual grading: ada. `autograde lab --teacher`, then Nbgrader → Formgrader; or `autograde marks page 06-adam`",
        "  without a page: ada. Run `autograde feedback 06-adam`",
    ]
