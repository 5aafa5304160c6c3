"""Each format is as the other system reads it; nobody is invented, lost or turned into a formula.

The templates are as the systems export them, and as their importers' sources and manuals ask for them: a column is
found by its number in Canvas and Blackboard and by its name elsewhere, a student by ID, login, address or number.
"""

import csv
import io
import json
from dataclasses import fields as fields_of
from dataclasses import replace
from functools import partial

import pytest

from autograde import delimited as tables
from autograde.book.roster import OF_STUDENT
from autograde.delimited import DelimitedTable, guarded, unguarded
from autograde.entries.entry import MISSING, WAITING, CellScore, Entry, Person
from autograde.entries.matching import as_file_name
from autograde.errors import UsageError
from autograde.lms import exporter
from autograde.lms.exporter import export_as
from autograde.lms.formats import number, results_json
from autograde.people.enrollment import read_list

OF_PERSON = {field.name for field in fields_of(Person)}


def row(student: str, score: float | None = 7.5, **fields) -> Entry:
    """A student's row; `pending`, `status`, names and addresses as asked."""
    cells = (
        CellScore("a", 5.0, 5.0, check="adam/update"),
        CellScore("b", 2.5, 5.0, check="adam/longest-step", fails="the first call"),
    )
    return Entry(
        Person(student, **{name: fields.pop(name) for name in OF_PERSON & fields.keys()}),
        "hw",
        fields.pop("status", "graded"),
        10.0,
        score,
        pending_manual=fields.pop("pending", 0),
        cells=cells,
        **fields,
    )


def of_second(one: Entry) -> Entry:
    """The same of another assignment."""
    return replace(one, assignment="second")


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,HW1 (1234),Final Score
    Points Possible,,,,,10,(read only)
"Byron, Ada",11,u11,ada,"Sec, 1",{},55
"O'Neil, Émile",12,u12,emile,S,{},60
"=1+1, Eve",13,u13,eve,S,{},60
"""
UNFILLED = CANVAS.format("", "3", "")
MOODLE = (
    "First name,Last name,ID number,Email address,Assignment: HW1 (Real)\n"
    "Ada,Byron,ada,Ada@x.org,{}\nÉmile,O'Neil,emile,emile@x.org,{}\n"
)
MOODLE_GERMAN = MOODLE.replace(
    "First name,Last name,ID number,Email address", "Vorname,Nachname,ID-Nummer,E-Mail-Adresse"
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (grade),Feedback comments\n"
    "Participant 7,Ada Byron,ada,ada@x.org,Submitted,{},10.00,Yes,-,\n"
    "Participant 8,Émile O'Neil,emile,emile@x.org,Submitted,{},10.00,Yes,-,\n"
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"HW1 [Total Pts: 10 Score] |123456"\r\n'
    '"Byron"\t"Ada"\t"ada"\t"u11"\t"{}"\r\n"O\'Neil"\t"Émile"\t"emile"\t"u12"\t"{}"\r\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,HW1 Points Grade,End-of-Line Indicator\n#u11,#ada,{},#\n#u12,#emile,{},#\n"
)
IN_BLACKBOARD = "HW1 [Total Pts: 10 Score] |123456"


@pytest.fixture
def filled(tmp_path):
    """Writes rows into a template's text: Canvas's own export, if no other is given."""

    def fill(rows, text=UNFILLED, column="HW1 (1234)", format="canvas", encoding="utf-8", **more):
        path = tmp_path / "theirs.csv"
        path.write_bytes(text.encode(encoding))
        return export_as(format, rows, DelimitedTable.read(path), column, **more)

    return fill


@pytest.mark.parametrize(
    ("format", "text", "encoding", "column", "before"),
    [
        ("canvas", CANVAS, "utf-8", "HW1 (1234)", ""),
        ("canvas", CANVAS, "utf-8-sig", "HW1 (1234)", "3"),
        ("moodle", MOODLE, "utf-8", "Assignment: HW1 (Real)", "-"),
        ("moodle", MOODLE_GERMAN, "utf-8", "Assignment: HW1 (Real)", "-"),
        ("moodle-worksheet", WORKSHEET, "utf-8", None, ""),
        ("blackboard", BLACKBOARD, "utf-16", IN_BLACKBOARD, ""),
        ("brightspace", BRIGHTSPACE, "utf-8", "HW1", ""),
    ],
)
def test_a_systems_own_export_is_the_roster_and_then_the_template_in_which_points_alone_change(
    filled, tmp_path, format, text, encoding, column, before
):
    theirs = text.format(before, before, before)
    (tmp_path / "list.csv").write_bytes(theirs.encode(encoding))
    points = {"ada": 7.5, "emile": 8.25, "eve": 0.0}
    rows = [
        row(who, points[who], **{name: getattr(one, name) for name in OF_STUDENT})
        for who, one in read_list(tmp_path / "list.csv")[1].items()
    ]
    exported = filled(rows, theirs, column, format, encoding)
    assert exported.content == text.format("7.5", "8.25", "0").encode(encoding)
    assert (exported.not_in_template, exported.not_in_gradebook, exported.other_maxima) == ([], [], [])


@pytest.mark.parametrize(
    ("format", "column", "written"),
    [
        (
            "canvas",
            "HW1 (1234)",
            'Student,ID,SIS User ID,SIS Login ID,Section,HW1 (1234)\n"O\'Neil, Jr.",,,ada,,7.5\neve,,,eve,,\n',
        ),
        (
            "blackboard",
            IN_BLACKBOARD,
            f'"Last Name","First Name","Username","{IN_BLACKBOARD}"\n'
            '"O\'Neil, Jr.","","ada","7.5"\n"","","eve",""\n',
        ),
        ("brightspace", "HW1", "Username,HW1 Points Grade,End-of-Line Indicator\nada,7.5,#\neve,,#\n"),
    ],
)
def test_without_a_template_the_smallest_file_that_can_be_imported_is_written(format, column, written):
    rows = [row("ada", 7.5, last_name="O'Neil, Jr."), row("eve", None, status=MISSING)]
    assert export_as(format, rows, None, column).content.decode() == written


def table(exported, delimiter=",", encoding="utf-8") -> list[list[str]]:
    return list(csv.reader(io.StringIO(exported.content.decode(encoding), newline=""), delimiter=delimiter))


def test_who_is_in_the_template_or_the_gradebook_alone_is_named(filled):
    elsewhere = row("elsewhere", systems=("Moodle",))
    exported = filled([row("ada"), row("nobody", lms_user_id="12"), row("late"), elsewhere])
    assert exported.content.decode() == CANVAS.format("7.5", "7.5", "")
    assert exported.not_in_template == ["late"]
    assert exported.not_in_gradebook == ["13"]


@pytest.mark.parametrize(
    "theirs",
    [
        CANVAS.replace("    Points", ",,,,,Manual Posting,\n    Points"),
        CANVAS.replace("=1+1, Eve", "Student, Test"),
    ],
    ids=["assignments that are posted by hand", "Canvas's own test student"],
)
def test_lines_that_canvas_adds_are_nobody_who_is_missing(filled, theirs):
    exported = filled([row("ada"), row("emile")], theirs.format("", "", ""))
    assert exported.content.decode() == theirs.format("7.5", "7.5", "")
    assert (exported.not_in_gradebook, exported.other_maxima) == (["13"] if "Eve" in theirs else [], [])


@pytest.fixture(params=["wide", "csv", "long"])
def warned(capsys, request):
    """The lines that are said of an export of these rows; all scores are final, or not."""

    def warn(rows, format=request.param, complete=False):
        assert exporter.warn_about_scores(export_as(format, rows, None, None), rows) is complete
        return capsys.readouterr().err.splitlines()

    return warn


def test_who_is_not_graded_yet_is_named_with_the_assignment_to_be_graded(warned):
    rows = [row("ada", None, status=WAITING), row("bob")]
    rows += [of_second(one) for one in (row("ada"), row("bob", None, status=WAITING))]
    assert sorted(warned(rows)) == [
        "hw: submitted, not graded yet: ada. Type: autograde grade hw",
        "second: submitted, not graded yet: bob. Type: autograde grade second",
    ]


def test_who_is_not_final_is_named_with_the_assignment_where_there_are_several(warned):
    rows = [row("ada", pending=1), row("bob")]
    assert warned(rows)[0] == "not final yet: ada"
    rows += [of_second(one) for one in (row("ada"), row("bob", pending=1))]
    said = warned(rows)
    assert "hw: not final yet: ada" in said
    assert "second: not final yet: bob" in said


@pytest.mark.parametrize(
    ("format", "column", "said"),
    [
        ("canvas", "HW1", "new assignment"),
        ("moodle-worksheet", None, "--template"),
        *(("blackboard", column, "with the number") for column in (None, "", "HW1", "HW1 |x")),
    ],
)
def test_a_format_refuses_what_would_make_a_new_column_or_needs_a_template(format, column, said):
    with pytest.raises(UsageError, match=said):
        export_as(format, [row("ada")], None, column)


@pytest.mark.parametrize(
    ("format", "column", "text"),
    [
        (
            "canvas",
            "HW1 (1234)",
            "Student,ID,SIS Login ID,Section,HW1 (1234)\n    Points Possible,,,,{}\n,,ada,,\n",
        ),
        *(
            ("moodle-worksheet", None, f"Identifier,ID number,Grade,{header}\nParticipant 7,ada,,{{}}\n")
            for header in ("Maximum Grade", "Maximum grade", "Bestwertung", "Calificación máxima")
        ),
        ("blackboard", "HW [Total Pts: {} Score] |9", '"Username","HW [Total Pts: {} Score] |9"\n"ada",""\n'),
    ],
)
@pytest.mark.parametrize(
    ("most", "other"),
    [("10", []), ("10,00", []), ("20.00", ["20.00"]), ("20,00", ["20,00"]), ("(read only)", [])],
)
def test_a_template_with_another_maximum_is_noticed(filled, format, column, text, most, other):
    most = f'"{most}"' if "," in most and format != "blackboard" else most
    exported = filled([row("ada")], text.format(most, most), column and column.format(most), format)
    assert exported.other_maxima == other


@pytest.mark.parametrize("more", ["", " Points Grade", " Points Grade <Numeric MaxPoints:20 Weight:5>"])
def test_brightspaces_own_download_is_filled_and_its_maximum_noticed(filled, more):
    headers = [f"{name} Points Grade <Numeric MaxPoints:20 Weight:5>" for name in ("HW10", "HW1")]
    text = f"OrgDefinedId,Username,{','.join(headers)},End-of-Line Indicator\n#11,#ada,3,,#\n"
    exported = filled([row("ada")], text, f"HW1{more}", "brightspace")
    assert table(exported)[1] == ["#11", "#ada", "3", "7.5", "#"]
    assert exported.other_maxima == ["20"], "the assignment has 10"


def of_an_earlier_version(student):
    """7.5 of 8 points, where the assignment has 10 today."""
    early = row(student)
    return replace(early, max_score=8.0, points_now=10.0)


WITH_A_MAXIMUM = {
    "canvas": "Student,ID,SIS Login ID,Section,HW1 (1)\n    Points Possible,,,,{0}\n,,ada,,{1}\n,,emile,,{2}\n",
    "moodle-worksheet": "Identifier,ID number,Grade,Maximum grade\nParticipant 7,ada,{1},{0}\nParticipant 8,emile,{2},{0}\n",
    "blackboard": '"Username","HW1 [Total Pts: {0} Score] |9"\n"ada","{1}"\n"emile","{2}"\n',
    "brightspace": "Username,HW1 Points Grade <Numeric MaxPoints:{0}>,End-of-Line Indicator\nada,{1},#\nemile,{2},#\n",
}
SCORES_IN = {"canvas": "HW1 (1)", "blackboard": "HW1 [Total Pts: {0} Score] |9", "brightspace": "HW1"}


@pytest.mark.parametrize("format", WITH_A_MAXIMUM)
@pytest.mark.parametrize(("most", "scores"), [("20", ["15", "18.75"]), ("10.0", ["7.5", "9.38"])])
def test_each_score_may_be_written_as_its_part_of_the_columns_maximum(filled, format, most, scores):
    rows, text = [row("ada"), of_an_earlier_version("emile")], WITH_A_MAXIMUM[format]
    column = SCORES_IN.get(format, "Grade").format(most)
    exported = filled(rows, text.format(most, "", ""), column, format, scale=True)
    assert (exported.content.decode(), exported.other_maxima) == (text.format(most, *scores), [])


def test_without_a_template_the_columns_name_may_have_the_maximum():
    column = "HW1 [Total Pts: 20 Score] |9"
    exported = export_as("blackboard", [row("ada")], None, column, scale=True)
    assert table(exported)[1][-1] == "15"


@pytest.mark.parametrize("most", ["", "0", "-20", "(read only)", "nan", "inf", "1,000.00"])
def test_without_a_positive_maximum_nothing_is_scaled(filled, most):
    text = WITH_A_MAXIMUM["canvas"].format(f'"{most}"', "", "")
    with pytest.raises(UsageError, match=r"--scale needs to know how many points 'HW1 \(1\)' has at most"):
        filled([row("ada")], text, "HW1 (1)", scale=True)


@pytest.mark.parametrize(
    ("format", "text", "column"),
    [
        ("moodle", MOODLE, "Assignment: HW1 (Real)"),
        ("canvas", CANVAS.replace("Points Possible", ""), "HW1 (1234)"),
        ("brightspace", BRIGHTSPACE, "HW1"),
    ],
)
def test_a_file_that_has_no_maximum_is_not_scaled(filled, format, text, column):
    for export in (partial(filled, text=text), partial(export_as, template=None)):
        with pytest.raises(UsageError, match=r"The file says: nothing\. Nothing"):
            export(format=format, rows=[row("ada")], column=column, scale=True)


def test_an_earlier_versions_maximum_is_not_taken_for_the_assignments(filled):
    rows = [of_an_earlier_version("ada"), row("emile")]
    for most, other in ((10, []), (8, ["8"])):
        text = WITH_A_MAXIMUM["canvas"].format(most, "", "")
        assert filled(rows, text, "HW1 (1)").other_maxima == other


def test_columns_of_several_maxima_are_not_scaled_to(filled):
    theirs = "Identifier,ID number,Grade,Maximum Grade\nParticipant 7,ada,,20\nParticipant 8,emile,,30\n"
    with pytest.raises(UsageError, match="The file says: 20, 30"):
        filled([row("ada"), row("emile")], theirs, None, "moodle-worksheet", scale=True)


def test_gradescope_gets_one_text_only_result_a_student():
    """As https://gradescope-autograders.readthedocs.io/en/latest/specs/ describes it."""
    right, half = row("ada").cells
    cells = right, replace(half, sentence="Without the root.", hint="Look!"), CellScore("c", None, 3.0)
    ada = replace(row("ada"), seconds=1.23456, cells=cells)
    rows = [ada, row("bob", None, status="failed")]
    exported = export_as("gradescope", rows, None, None)
    assert exported.content.keys() == {"ada.json", "bob.json"}
    test = {"name_format": "text", "output_format": "text"}
    assert json.loads(exported.content["ada.json"]) == {
        "score": 7.5,
        "execution_time": 1.235,
        "output": "",
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            test | {"name": "adam/update", "score": 5, "max_score": 5, "status": "passed", "output": ""},
            test | {"name": "adam/longest-step", "score": 2.5, "max_score": 5, "status": "failed"}
            | {"output": "Without the root.\nHint: Look!"},
            test | {"name": "c", "output": "needs manual grading"},
        ],
    }  # fmt: skip
    assert (exported.left_out, exported.fate) == (["bob"], "")


def test_gradescope_is_told_why_there_are_no_points():
    broken = replace(row("ada", None), flags=("not-judged",), notes=("It cannot be read.",))
    told = results_json(broken)
    assert (told["score"], told["tests"]) == (0, [])
    assert told["output"].endswith(" It cannot be read.")
    assert "It cannot be read." not in results_json(replace(broken, score=7.5))["output"]


def test_a_score_that_is_no_more_leaves_no_file_of_an_earlier_export(tmp_path):
    for score, status, names in ((7.5, "graded", ["ada.json", "bob.json"]), (None, "failed", ["ada.json"])):
        exported = export_as("gradescope", [row("ada"), row("bob", score, status=status)], None, None)
        exporter._write(exported, tmp_path, tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("name", sorted(set(exporter.FORMATS) - {"gradescope", "moodle-worksheet"}))
def test_no_name_becomes_a_formula_or_another_column(name):
    evil = row("=1+1", first_name='@SUM(A1)",x', last_name="-2\n=cmd", email="+3", lms_user_id="=4")
    column = {"canvas": "H (1)", "blackboard": "H |1", "csv": None, "wide": None, "long": None}.get(name, "H")
    exported = export_as(name, [evil], None, column)
    header, *lines = table(exported)
    assert len(lines) == (2 if name == "long" else 1)
    for line in lines:
        assert len(header) == len(line)
        assert not [cell for cell in line if cell and cell[:1] in "=+-@"]


@pytest.mark.parametrize(
    ("format", "text", "column", "said"),
    [
        ("canvas", "Student,ID\n", "HW1 (1234)", r"no column 'HW1 \(1234\)'. It has: 'Student', 'ID'\.$"),
        ("canvas", "", "HW1 (1234)", "no column .* It has: –"),
        ("canvas", "a,HW1 (1234)\n", "HW1 (1234)", r"identify a student: '[^']+', '[^']+', .*'\.$"),
        ("canvas", BLACKBOARD, "HW1 (1234)", "two columns|looks like Blackboard|no column 'HW1"),
        ("blackboard", CANVAS.replace("HW1 (1234)", "HW1 |1"), "HW1 |1", "looks like Canvas"),
        ("moodle", BRIGHTSPACE.replace("Username", "Name"), "HW1 Points Grade", "looks like Brightspace"),
        ("canvas", CANVAS.replace("Final Score", "HW1 (1234)"), "HW1 (1234)", "two columns"),
        ("canvas", CANVAS.replace(",11,", ",1.1E+12,"), "HW1 (1234)", r"line 3: '1\.1E\+12' is what a spreadsheet"),
        ("canvas", CANVAS.replace("emile", "ada"), "HW1 (1234)", "twice"),
        ("wide", CANVAS, None, "takes no --template"),
        ("moodle", "Email address,Grade\nx@y.org,\n", "Grade", "line 2: can be a, b: nothing of the file was taken"),
    ],
)  # fmt: skip
def test_a_template_that_does_not_fit_is_refused_in_one_line(filled, format, text, column, said):
    rows = [row("ada"), row("a", email="x@y.org"), row("b", email="x@y.org")]
    with pytest.raises(UsageError, match=said):
        filled(rows, text, column, format)


def test_numbers_are_short_and_have_a_point():
    assert [number(value) for value in (None, 0.0, 7.0, 7.25, 10.126)] == ["", "0", "7", "7.25", "10.13"]


def test_text_that_is_no_formula_stays_as_it_is():
    assert guarded("Ada Byron") == "Ada Byron"
    assert guarded("a\nb\x1b[31m") == "a b[31m"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%"])
def test_no_start_of_a_formula_is_left_unguarded(start):
    assert guarded(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("text", ["Lovelace; -2+3", "a;b;@SUM(1)", "；=1", "＋1+1", "-a;=b"])
def test_a_formula_behind_a_semicolon_or_with_a_wide_sign_is_guarded_and_comes_back(text):
    assert not any(cell.strip().startswith(tuple("=+-@＝＋－＠")) for cell in guarded(text).split(";"))
    assert unguarded(guarded(text)) == text


def test_blank_and_short_lines_of_a_template_are_no_strangers(filled):
    text = "SIS Login ID,Student,H (1)\n,,\n , ,\nada\n"
    exported = filled([row("ada")], text, "H (1)")
    assert exported.not_in_gradebook == []
    assert table(exported)[1:] == [["", "", ""], [" ", " ", ""], ["ada", "", "7.5"]]


def test_a_template_that_is_too_large_is_refused(filled, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    with pytest.raises(UsageError, match="larger than"):
        filled([row("ada")])


def test_moodles_own_table_names_only_whom_it_has_a_final_score_of():
    rows = [row("ada"), row("bob", pending=1), row("eve", None, status="needs-review")]
    exported = export_as("moodle", rows, None, None)
    assert [line[0] for line in table(exported)] == ["username", "ada"]
    assert exported.left_out == ["bob", "eve"]


def test_a_worksheet_without_names_is_filled_by_the_numbers_of_the_download(filled):
    """As Moodle gives it where markers see no names."""
    text = "Identifier,Status,Grade\n9,x,\nParticipant 9,x,\nParticipant 8,x,{}\nParticipant 7,x,{}\n"
    kept = {
        ("Moodle", "7", "participant"): "ada",
        ("Moodle", "8", ""): "emile",
        ("Canvas", "9", "emilezola"): "emile",
    }
    rows = [row("ada"), row("emile", 5.0)]
    exported = filled(rows, text.format("", ""), None, "moodle-worksheet", kept=kept)
    assert exported.content.decode() == text.format("5", "7.5")
    assert exported.not_in_gradebook == ["?", "?"]


@pytest.mark.parametrize("other", ["Zeta, Zoe", "O'Neil, Émile"])
def test_a_number_in_a_template_beside_another_name_gets_no_score_until_match_told_it(filled, other):
    """Another course there may have given the number to somebody else. A name as it stands in the download decides."""
    text = f'Student,ID,SIS User ID,SIS Login ID,Section,HW1 (1)\n"{other}",11,,,S,{{}}\n'
    rows = [row("ada", first_name="Ada", last_name="Byron", lms_user_id="11")]
    rows += [row("emile", first_name="Émile", last_name="O'Neil", lms_user_id="12")]
    exported = filled(rows, text.format(""), "HW1 (1)")
    assert (exported.content.decode(), exported.not_in_gradebook) == (text.format(""), ["11"])
    kept = {("Canvas", "11", as_file_name(other)): "ada"}
    assert filled(rows, text.format(""), "HW1 (1)", kept=kept).content.decode() == text.format("7.5")


def test_what_students_read_goes_into_a_second_column_also_of_a_short_line(filled):
    text = "Identifier,Grade,Feedback comments\nParticipant 7\n"
    more = {"comments": "Feedback comments", "kept": {("Moodle", "7", "participant"): "ada"}}
    exported = filled([row("ada")], text, None, "moodle-worksheet", **more)
    said = "<p>adam/update: 5 of 5</p><p>adam/longest-step: 2.5 of 5<br>the first call</p>"
    assert table(exported)[1][1:] == ["7.5", said]


def test_the_plain_table_says_what_was_taken_off_for_lateness():
    late = replace(row("ada"), penalty=2.5)
    header, line = table(export_as("csv", [late], None, None))
    assert line[header.index("late_penalty")] == "2.5"


def test_whose_submission_has_no_grade_is_told_apart_from_whose_answer_waits(warned):
    rows = [row("ada", pending=1), row("bob", None, status="needs-review")]
    said = warned(rows)
    assert said[0] == "not final yet: ada, bob"
    assert said[1] == "needs-review: bob. Why: autograde explain hw bob"


def test_one_assignment_that_is_not_final_is_enough_whichever_of_several_it_is(warned):
    ready, waits = row("ada"), row("ada", pending=1)
    for rows in ([ready, of_second(waits)], [waits, of_second(ready)]):
        warned(rows, complete=False)
    warned([ready, of_second(ready)], complete=True)


@pytest.mark.parametrize(
    ("there", "stays"), [("EX", True), ("excused", True), ("7,5", False), ("-", False), ("", False)]
)
def test_words_in_a_template_stay_and_numbers_are_written_over(filled, capsys, there, stays):
    rows = [row("ada", 0.0), row("emile", 0.0)]
    exported = filled(rows, CANVAS.format("", f'"{there}"', ""))
    assert table(exported)[3][5] == (there if stays else "0")
    exporter.warn_about_matches(exported, rows, [], True)
    said = "the template has words instead of a number, left as they are: emile"
    assert (said in capsys.readouterr().err) is stays


def test_who_has_no_final_score_is_left_as_the_template_has_it(filled, capsys):
    rows = [row("ada"), row("emile", pending=1)]
    exported = filled(rows)
    assert table(exported)[3][5] == "3"
    exporter.warn_about_scores(exported, rows)
    assert "not final yet, left as the template has it: emile" in capsys.readouterr().err


@pytest.mark.parametrize(("format", "said"), [("gradescope", "left out"), ("wide", "0 points")])
def test_zero_points_are_said_only_of_who_gets_them(warned, format, said):
    """There is nothing at Gradescope of somebody who has not submitted: no file, whatever was asked for."""
    rows = [row("ada", 0.0, status=MISSING)]
    assert warned(rows, format, complete=True) == [f"not submitted, {said}: ada"]


def test_a_template_that_names_nobody_of_the_course_is_refused(filled):
    other = CANVAS.replace("ada", "mia").replace("emile", "tom").replace("eve", "kim")
    exported = filled([row("ada"), row("emile")], other)
    with pytest.raises(UsageError, match=r"nobody in the template is in this course .*nothing is written"):
        exporter.require_somebody(exported, [row("ada"), row("emile")])
    some = filled([row("mia"), row("emile")], other)
    exporter.require_somebody(some, [row("mia"), row("emile")])


def test_the_wide_table_has_a_line_a_student_and_columns_of_each_assignment():
    ada, eve = row("ada", lms_user_id="11", last_name="=Byron"), row("eve", None, status=MISSING)
    late = replace(ada, assignment="second", late=60.0, penalty=2.5)
    assert table(export_as("wide", [ada, eve, late], None, None)) == [
        ["student_id", "last_name", "first_name", "email", "lms_user_id", "id_number", "section", "hw",
         "hw: status", "hw: late_penalty", "second", "second: status", "second: late_penalty"],
        ["ada", "'=Byron", "", "", "11", "", "", "7.5", "graded", "", "7.5", "graded", "2.5"],
        ["eve", "", "", "", "", "", "", "", "missing", "", "", "missing", ""],
    ]  # fmt: skip


def test_the_long_table_has_a_line_an_answer_and_names_the_notebook_of_cells_with_one_id():
    one = row("ada")
    cells = (
        CellScore("t", 5.0, 5.0, "adam/update", notebook="p1"),
        CellScore("t", 2.5, 5.0, notebook="p2", mistake="adam/no-root", sentence="Look."),
    )
    both, none = replace(one, cells=cells), replace(one, cells=())
    header, *lines = table(export_as("long", [both, none], None, None))
    names = "notebook", "answer", "check", "score", "max_score", "mistake", "sentence"
    assert [[line[header.index(name)] for name in names] for line in lines] == [
        ["p1", "t", "adam/update", "5", "5", "", ""],
        ["p2", "t", "", "2.5", "5", "adam/no-root", "Look."],
        ["", "", "", "7.5", "10", "", ""],
    ]
