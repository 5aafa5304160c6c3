"""Lists of students are taken as the systems export them; what is doubtful is refused, with its line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograde.entries.entry import Person
from autograde.entries.matching import Roster
from autograde.errors import UsageError
from autograde.people.enrollment import RosterError, read_list

# Headers as in the importers' own sources and manuals, read by hand: not made by this project.
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,HW1 (1234),Final Score
    Points Possible,,,,,10,(read only)
"Byron, Ada",11,u11,ada,"Monday and Tuesday",,55
"Zola, Émile",12,u12,emile,Monday,3,60
"Student, Test",13,,4f3a1b,Monday,,
"""
MOODLE = (
    "First name,Last name,ID number,Institution,Department,Email address,Assignment: HW1 (Real)\n"
    "Ada,Byron,u11,,,ada@x.org,-\nÉmile,Zola,u12,,,emile@x.org,7.00\n"
)
MOODLE_GERMAN = MOODLE.replace(
    "First name,Last name,ID number,Institution,Department,Email address",
    "Vorname,Nachname,ID-Nummer,Institution,Abteilung,E-Mail-Adresse",
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade\n"
    "Participant 7,Ada Byron,u11,ada@x.org,Submitted,,10.00\n"
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
    '"Byron"\t"Ada"\t"ada"\t"u11"\t""\t"Yes"\n'
)
BLACKBOARD_PREVIEW = BLACKBOARD + '"Kurt"\t"K_PreviewUser"\t"kurt_previewuser"\t""\t""\t"Yes"\n'
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,HW1 Points Grade,End-of-Line Indicator\n"
    "#u11,#ada,Byron,Ada,ada@x.org,,#\n"
)
GRADESCOPE = "Name,SID,Email,Sections\nAda Byron,u11,ada@x.org,Monday\n"
NBGRADERS = "id,first_name,last_name,email,lms_user_id\nada,Ada,Byron,ada@x.org,11\n"


def listed(tmp_path: Path, text: str | bytes, **asked) -> Roster:
    return read(tmp_path, text, **asked)[1]


def read(tmp_path: Path, text: str | bytes, **asked) -> tuple[str, Roster]:
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_list(path, **asked)[:2]


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(RosterError) as refused:
        listed(tmp_path, text)
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("origin", "text", "ada"),
    [
        ("Canvas", CANVAS, Person("ada", "Ada", "Byron", "", "11", "Monday and Tuesday", id_number="u11")),
        ("Moodle", MOODLE, Person("u11", "Ada", "Byron", "ada@x.org", id_number="u11")),
        ("Moodle", MOODLE_GERMAN, Person("u11", "Ada", "Byron", "ada@x.org", id_number="u11")),
        ("Moodle", WORKSHEET, Person("u11", "", "Ada Byron", "ada@x.org", id_number="u11")),
        ("Blackboard", BLACKBOARD_PREVIEW, Person("ada", "Ada", "Byron", id_number="u11")),
        ("Brightspace", BRIGHTSPACE, Person("ada", "Ada", "Byron", "ada@x.org", id_number="u11")),
        (
            "Gradescope",
            GRADESCOPE,
            Person("u11", "", "Ada Byron", "ada@x.org", section="Monday", id_number="u11"),
        ),
        ("", NBGRADERS, Person("ada", "Ada", "Byron", "ada@x.org", "11")),
    ],
)
def test_each_systems_list_is_taken_as_it_comes(tmp_path, origin, text, ada):
    system, people = read(tmp_path, text)
    packing = () if origin in ("", "Gradescope") else (origin,)  # nothing is downloaded there
    assert (system, people[ada.id]) == (origin, replace(ada, systems=packing))
    assert "kurt_previewuser" not in people


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_that_a_spreadsheet_saved_again_is_the_same(tmp_path, encoding):
    saved = BLACKBOARD.replace("\t", ";").replace("\n", "\r\n").encode(encoding)
    assert listed(tmp_path, saved) == listed(tmp_path, BLACKBOARD)


def test_canvas_lines_that_are_no_students_are_left_out(tmp_path):
    """With the line of manual posting, as `csv_data` in Canvas' lib/gradebook_exporter.rb writes it."""
    header, rest = CANVAS.split("\n", 1)
    for text in (CANVAS, f"{header}\n,,,,,Manual Posting,\n{rest}"):
        assert sorted(listed(tmp_path, text)) == ["ada", "emile"]
    assert problems(tmp_path, CANVAS.replace("11,u11,ada,", ",,,"))[0].startswith("line 3: no id in")


def test_the_user_can_say_which_column_is_what(tmp_path):
    assert sorted(listed(tmp_path, CANVAS, headers={"id": "SIS User ID"})) == ["u11", "u12"]
    with pytest.raises(UsageError, match=r"no such column\. Columns: 'Student', 'ID'"):
        listed(tmp_path, CANVAS, headers={"id": "Matrikel"})


def test_an_empty_column_of_ids_gives_way_to_the_next(tmp_path):
    text = CANVAS.replace(",ada,", ",,").replace(",emile,", ",,").replace(",4f3a1b,", ",,")
    assert sorted(listed(tmp_path, text)) == ["u11", "u12"]


@pytest.mark.parametrize(
    "text", ["id,last_name\rada,Byron\r", '"id";"last_name";"the\ngroup"\nada;Byron;2\n']
)
def test_lines_end_as_in_an_old_spreadsheet_and_a_header_may_have_two(tmp_path, text):
    assert listed(tmp_path, text) == {"ada": Person("ada", "", "Byron")}


def test_a_byte_order_mark_is_not_part_of_the_first_header(tmp_path):
    assert list(listed(tmp_path, "\ufeffid,last_name\nada,Byron\n", encoding="utf-8")) == ["ada"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,name\nada,A\nada,B\n", "line 3: the id 'ada' is also on a line above"),
        ("id,name\nada,A\nAda,B\n", "the id 'Ada' of Ada (B) is also that of ada (A)"),
        ("id,email\na,x@y\nb,X@y\n", "the address 'X@y' of b is also that of a"),
        (
            "id,name\nada,Byron, Ada\n",
            "line 2: 3 cells, but 2 in the first line. Put a name with a comma in quotes",
        ),
        ("id,name\n1.23457E+11,Ada\n", "line 2: '1.23457E+11' is a long number that a spreadsheet rounded"),
        ("id,name\n=cmd|x,Ada\n", "line 2: '=cmd|x' in 'id' cannot be a student's id"),
        ("id,last_name\nada," + "x" * 129, "line 2: last_name is longer than nbgrader's 128 characters"),
    ],
)
def test_a_doubtful_line_is_named_and_nothing_is_taken(tmp_path, text, problem):
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"), json.loads(Path(__file__).with_name("lists_refused.json").read_text())
)
def test_a_file_that_is_no_list_is_refused_in_one_line(tmp_path, text, problem):
    with pytest.raises(UsageError, match=problem) as refused:
        listed(tmp_path, text.replace("LONG", "x" * 200_000).encode("latin-1"))
    assert "\n" not in str(refused.value)


def test_names_keep_their_letters_and_formulas_lose_their_guard(tmp_path):
    people = listed(tmp_path, "id,last_name\na,O'Brien\nb,'=SUM(1)\nc,李\n")
    assert [person.last_name for person in people.values()] == ["O'Brien", "=SUM(1)", "李"]


def test_who_teaches_is_no_student_and_no_groups_is_no_section(tmp_path):
    text = (
        "First name,Last name,Email address,ID number,Roles,Groups\n"
        "Ada,Byron,ada@x.org,u11,Student,No groups\nÉmile,Zola,emile@x.org,u12,Student,Monday\n"
        "Karl,Weiß,k@x.org,u13,Non-editing teacher,No groups\nOtto,Hahn,o@x.org,u14,Trainer/in,\n"
    )
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    _, people, teachers = read_list(path)
    assert {who: person.section for who, person in people.items()} == {"u11": "", "u12": "Monday"}
    assert teachers == ["u13", "u14"]
