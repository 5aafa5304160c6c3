"""What is written is read back by each importer's own rules: the right students get the right points.

The rules are re-told here from the importers' sources and manuals, not from this project's code.
"""

import csv
import io
from dataclasses import replace

import pytest

from autograde.course.results import CellScore
from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.lms.exporter import export_as
from autograde.people.roster import OF_STUDENT
from autograde.people.roster_import import read_list
from lms.test_formats import row

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,HW1 (1234),Final Score
    Points Possible,,,,,10,(read only)
"Byron, Ada",11,u11,ada,"Sec, 1",,55
"O'Neil, Émile",12,u12,emile,S,3,60
"=1+1, Eve",13,u13,eve,S,,60
"""
MOODLE = (
    "First name,Last name,ID number,Email address,Assignment: HW1 (Real)\n"
    "Ada,Byron,ada,Ada@x.org,-\nÉmile,O'Neil,emile,emile@x.org,-\n"
)
MOODLE_GERMAN = MOODLE.replace(
    "First name,Last name,ID number,Email address,Assignment: HW1 (Real)",
    "Vorname,Nachname,ID-Nummer,E-Mail-Adresse,Assignment: HW1 (Real)",
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (grade),Feedback comments\n"
    'Participant 7,Ada Byron,ada,ada@x.org,Submitted,,10.00,Yes,-,""\n'
    "Participant 8,Émile O'Neil,emile,emile@x.org,Submitted,,10.00,Yes,-,\n"
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"HW1 [Total Pts: 10 Score] |123456"\n'
    '"Byron"\t"Ada"\t"ada"\t"u11"\t""\n"O\'Neil"\t"Émile"\t"emile"\t"u12"\t""\n'
)
BRIGHTSPACE = "OrgDefinedId,Username,HW1 Points Grade,End-of-Line Indicator\n#u11,#ada,,#\n#u12,#emile,,#\n"


def as_canvas_reads(data: bytes) -> dict[str, str]:
    """gradebook_importer.rb: header test, the column by its number, students by ID, then SIS ids."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    header = lines[0]
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert len(header) > 3
    assert "Section" in [cell for cell in header if not cell.endswith(")")][-2:] or "Section" in header
    (place,) = [at for at, name in enumerate(header) if name.endswith("(1234)")]
    students = [line for line in lines[1:] if line and "Points Possible" not in line[0]]
    return {line[1] or line[3]: line[place] for line in students if line[place] not in ("", "-")}


def as_moodle_reads(data: bytes, key: str, grade: str) -> dict[str, str]:
    """grade/import: a column is mapped to a user field, another to the item; letters count."""
    lines = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
    return {line[key]: line[grade] for line in lines if line[grade] not in ("", "-")}


def as_moodles_worksheet_reads(data: bytes) -> dict[str, str]:
    """importgradeslib.php: the columns Identifier, Grade and Last modified (grade); `Participant 7`."""
    lines = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(lines.fieldnames)
    return {line["Identifier"].removeprefix("Participant "): line["Grade"] for line in lines if line["Grade"]}


def as_blackboard_reads(data: bytes) -> dict[str, str]:
    """The user by Username, the column by the number after `|`."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ","))
    user = lines[0].index("Username")
    (place,) = [at for at, name in enumerate(lines[0]) if name.rpartition("|")[2] == "123456"]
    return {line[user]: line[place] for line in lines[1:] if line[place]}


def as_brightspace_reads(data: bytes) -> dict[str, str]:
    """A key, `<Item> Points Grade`, and `#` at each line's end; `#` before a value is dropped."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert lines[0][-1] == "End-of-Line Indicator"
    assert all(line[-1] == "#" for line in lines[1:])
    key, place = lines[0].index("Username"), lines[0].index("HW1 Points Grade")
    return {line[key].lstrip("#"): line[place].lstrip("#") for line in lines[1:] if line[place]}


def by_moodles_address(data: bytes) -> dict[str, str]:
    return as_moodle_reads(data, "Email address", "Assignment: HW1 (Real)")


def by_german_address(data: bytes) -> dict[str, str]:
    return as_moodle_reads(data, "E-Mail-Adresse", "Assignment: HW1 (Real)")


IN_CANVAS, IN_BLACKBOARD = "HW1 (1234)", "HW1 [Total Pts: 10 Score] |123456"
IN_MOODLE = "Assignment: HW1 (Real)"
BY_NUMBER = {"11": "7.5", "12": "8.25", "13": "0"}
BY_ADDRESS = {"Ada@x.org": "7.5", "emile@x.org": "8.25"}
BY_LOGIN = {"ada": "7.5", "emile": "8.25"}


@pytest.mark.parametrize(
    ("form", "template", "encoding", "column", "read", "expected"),
    [
        ("canvas", CANVAS, "utf-8", IN_CANVAS, as_canvas_reads, BY_NUMBER),
        ("canvas", CANVAS, "utf-8-sig", IN_CANVAS, as_canvas_reads, BY_NUMBER),
        ("moodle", MOODLE, "utf-8", IN_MOODLE, by_moodles_address, BY_ADDRESS),
        ("moodle", MOODLE_GERMAN, "utf-8", IN_MOODLE, by_german_address, BY_ADDRESS),
        ("moodle-worksheet", WORKSHEET, "utf-8", None, as_moodles_worksheet_reads, {"7": "7.5", "8": "8.25"}),
        ("blackboard", BLACKBOARD, "utf-16", IN_BLACKBOARD, as_blackboard_reads, BY_LOGIN),
        ("brightspace", BRIGHTSPACE, "utf-8", "HW1", as_brightspace_reads, BY_LOGIN),
    ],
)
def test_a_roster_from_a_file_and_points_into_it(tmp_path, form, template, encoding, column, read, expected):
    """The road of a term: the system's own export is the roster, and then the template."""
    path = tmp_path / "theirs.csv"
    path.write_bytes(template.encode(encoding))
    _, people, _ = read_list(path)
    scores = {"ada": 7.5, "emile": 8.25, "eve": 0.0}
    rows = [
        row(who, scores[who], **{name: getattr(one, name) for name in OF_STUDENT})
        for who, one in people.items()
    ]
    exported = export_as(form, rows, DelimitedTable.read(path), column)
    assert (exported.not_in_template, exported.not_in_gradebook, exported.other_maxima) == ([], [], [])
    assert read(exported.content) == expected


@pytest.mark.parametrize(
    ("form", "column", "read"),
    [
        ("canvas", "HW1 (1234)", as_canvas_reads),
        ("blackboard", "HW1 [Total Pts: 10 Score] |123456", as_blackboard_reads),
        ("brightspace", "HW1", as_brightspace_reads),
    ],
)
def test_without_a_template_the_smallest_file_is_read_too(form, column, read):
    rows = [row("ada", 7.5, last_name="O'Neil, Jr."), row("eve", None, status="missing")]
    assert read(export_as(form, rows, None, column).content) == {"ada": "7.5"}


@pytest.mark.parametrize(
    ("form", "template", "column", "said"),
    [
        ("canvas", BLACKBOARD, "HW1 (1234)", "two columns|looks like Blackboard|no column 'HW1"),
        ("blackboard", CANVAS.replace("HW1 (1234)", "HW1 |1"), "HW1 |1", "looks like Canvas"),
        ("moodle", BRIGHTSPACE.replace("Username", "Name"), "HW1 Points Grade", "looks like Brightspace"),
        ("canvas", CANVAS.replace("Final Score", "HW1 (1234)"), "HW1 (1234)", "two columns"),
        (
            "canvas",
            CANVAS.replace(",11,", ",1.1E+12,"),
            "HW1 (1234)",
            r"line 3: '1\.1E\+12' is what a spreadsheet",
        ),
        ("wide", CANVAS, None, "takes no --template"),
    ],
)
def test_a_template_that_is_another_is_refused_in_one_line(tmp_path, form, template, column, said):
    path = tmp_path / "theirs.csv"
    path.write_text(template)
    with pytest.raises(UsageError, match=said):
        export_as(form, [row("ada")], DelimitedTable.read(path), column)


def lines_of(data: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_the_wide_table_has_a_line_a_student_and_columns_of_each_assignment():
    rows = [row("ada", lms_user_id="11", last_name="=Byron"), row("eve", None, status="missing")]
    ada, eve = lines_of(export_as("wide", rows, None, None).content)
    assert (ada["lms_user_id"], ada["last_name"], ada["hw"]) == ("11", "'=Byron", "7.5")
    assert (eve["hw"], eve["hw: status"]) == ("", "missing")


def test_the_long_table_has_a_line_an_answer_and_names_the_notebook_of_cells_with_one_id():
    one = row("ada")
    cells = (CellScore("t", 5.0, 5.0, "adam/update", notebook="p1"), CellScore("t", 2.5, 5.0, notebook="p2"))
    both = replace(one, result=replace(one.result, cells=cells))
    none = replace(both, result=replace(both.result, cells=()))
    answers = lines_of(export_as("long", [both, none], None, None).content)
    names = "notebook", "answer", "check", "score", "max_score"
    assert [[line[name] for name in names] for line in answers] == [
        ["p1", "t", "adam/update", "5", "5"],
        ["p2", "t", "", "2.5", "5"],
        ["", "", "", "7.5", "10"],
    ]
