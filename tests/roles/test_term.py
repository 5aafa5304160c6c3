"""A term with one course, two markers, one Moodle and one Canvas, from the wheel, with what students really send."""

import csv
import io
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

pytestmark = [
    pytest.mark.xdist_group("teacher"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
    pytest.mark.needs("bubblewrap"),
]
ROSTER = "\ufeffFirst name,Last name,Email address,ID number,Roles,Groups\n" + "".join(
    f"{first},{last},{number}@x.org,{number},{role},{group}\n"
    for first, last, number, role, group in (
        ("Ada", "Byron", "0012345", "Student", "A"),
        ("Jörg", "Müller", "0012346", "Student", "A"),
        ("小明", "李", "0012347", "Student", "B"),
        ("María José", "García Márquez", "0012348", "Student", "B"),
        ("Min", "Kim", "0012349", "Student", "B"),
        ("Grace", "Hopper", "0012350", "Student", "No groups"),
        ("Don", "Knuth", "0012351", "Teacher", "No groups"),
    )
)
WORKSHEET = "Identifier,Full name,ID number,Status,Grade,Maximum Grade,Last modified (submission),Last modified (grade),Feedback comments\n"
ADA, JORG, LI, MARIA, MIN, GRACE = (f"00123{number}" for number in range(45, 51))
SENDERS = {
    ADA: ("Ada Byron", 2301), JORG: ("Jörg Müller", 2302), LI: ("小明 李", 2303),
    MARIA: ("María José García Márquez", 2304), MIN: ("Min Kim", 2305),
}  # fmt: skip
CANVAS = 'Student,ID,SIS Login ID,Section,HW1 (77)\n    Points Possible,,,,20\n"Byron, Ada",501,ada,C,\n'
OF_THE_TEST = "hw1"


@pytest.fixture(scope="module")
def course(teacher, built) -> Path:
    """A course with an assignment of the lecturer's own, as it is made: four checks, and `words`."""
    folder = teacher.home / "autumn 2026"
    teacher.good("autograde", "new", "course", folder, "--empty")
    teacher.good("autograde", "new", "assignment", OF_THE_TEST, cwd=folder)
    teacher.good("autograde release --all", cwd=folder)
    teacher.good(f'autograde due {OF_THE_TEST} "2026-11-20 23:59 Europe/Berlin"', cwd=folder)
    return folder


def answered(course: Path) -> nbformat.NotebookNode:
    """The model answers, as a student would have them: of the teacher's notebook without its markers."""
    solution = nbformat.read(course / "solutions/hw1/hw1.ipynb", as_version=4)
    released = nbformat.read(course / "notebooks/hw1/hw1.ipynb", as_version=4)
    answers = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in solution.cells}
    for cell in released.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("solution"):
            source = answers[known["grade_id"]]
            source = re.sub(r"### BEGIN MARK SCHEME.*?### END MARK SCHEME", "", source, flags=re.DOTALL)
            cell.source = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", source)
            if cell.cell_type == "markdown":
                cell.source = "An answer of my own, in a few words."
    return released


def said(done) -> str:
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def collected(course, teacher):
    """The download as Moodle packs it, with what the review's students sent."""
    teacher.own(_written(course / "moodle.csv", ROSTER))
    imported = teacher.good("autograde roster import moodle.csv", cwd=course)
    assert "left out, as they teach: 0012351" in imported
    teacher.own(_written(course / "canvas.csv", CANVAS))
    imported = teacher.good("autograde roster import canvas.csv", cwd=course)
    assert "not in the file" not in imported, "the others are in Moodle"
    lines = "".join(
        f'Participant {number},{name},{who},Submitted,,10.00,"Freitag, 20. November 2026, {hour}:12",-,\n'
        for (who, (name, number)), hour in zip(SENDERS.items(), (20, 21, 22, 23, 22), strict=True)
    )
    teacher.own(_written(course / "sheet.csv", WORKSHEET + lines))
    whole = answered(course)
    stripped = nbformat.from_dict(whole)  # a tool that drops all cells' metadata
    for cell in stripped.cells:
        cell.metadata = nbformat.NotebookNode()
    below = nbformat.read(course / "notebooks/hw1/hw1.ipynb", as_version=4)
    below.cells.append(nbformat.v4.new_markdown_cell("My answer in words is here, below everything else."))
    sent = {
        ADA: {"hw1.ipynb": whole},
        JORG: {"Copy of hw1.ipynb": stripped},
        LI: {"hw1 (1).ipynb": below},
        MARIA: {"Abgabe.pdf": b"%PDF"},
        MIN: {"hw1.ipynb": b"", "daten.csv": b"1"},
    }
    with zipfile.ZipFile(course / "submissions.zip", "w") as archive:
        for who, files in sent.items():
            name, number = SENDERS[who]
            for file, content in files.items():
                data = content if isinstance(content, bytes) else nbformat.writes(content).encode()
                archive.writestr(f"{name}_{number}_assignsubmission_file_/{file}", data)
    teacher.own(course / "submissions.zip")
    with zipfile.ZipFile(course / "canvas.zip", "w") as archive:
        archive.writestr("byronada_LATE_501_9001_hw1.ipynb", nbformat.writes(whole))
    teacher.own(course / "canvas.zip")
    done = teacher.run("autograde collect hw1 submissions.zip canvas.zip --worksheet sheet.csv", cwd=course)
    assert done.returncode == 1, said(done)
    assert "no notebook: 0012348" in said(done)
    assert "taken as hw1.ipynb, whatever it was called: 0012346 (Copy of hw1.ipynb)" in said(done)
    assert "missing: 1 (0012350)" in said(done)
    assert "marked late by Canvas, at an unknown time: ada" in said(done)
    teacher.own(_written(course / "times.csv", "student,time\nada,2026-11-21 08:00\n"))
    assert "hw1: 1 time" in teacher.good("autograde due hw1 --times times.csv", cwd=course)
    return course


@pytest.fixture(scope="module")
def graded(collected, teacher):
    done = teacher.run("autograde grade --all", cwd=collected)
    assert done.returncode == 1, said(done)  # the empty file
    return collected, said(done)


def test_no_answer_in_words_is_a_silent_zero_and_nobodys_work_is_forgotten(graded, teacher):
    course, table = graded
    assert re.search("needs-review: 0012349", table)
    assert "sent, but not collected: 0012348" in table
    assert "not submitted: 0012350" in table
    waiting = re.search(r"not final, 4 answers need manual grading: (all|[\d, ]+)", table)
    assert waiting, table
    for student in (JORG, LI):
        assert "needs manual grading" in teacher.good("autograde", "explain", "hw1", student, cwd=course)
    overview = teacher.good("autograde", cwd=course)
    assert "needs-review: 0012349. Why: autograde explain hw1 0012349" in overview
    assert "4 answers need manual grading" in overview
    assert re.search(r"^ada .*8 h", teacher.good("autograde due hw1 --late", cwd=course), re.MULTILINE)


def by_hand(course: Path, points: dict[str, float], comment: str) -> None:
    """What formgrader stores: this marker's points and comment for the answer in words."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        for student, given in points.items():
            grade = gradebook.find_grade("words", OF_THE_TEST, OF_THE_TEST, student)
            grade.manual_score, grade.needs_manual_grade = given, False
            gradebook.find_comment("words", OF_THE_TEST, OF_THE_TEST, student).manual_comment = comment
        gradebook.db.commit()


def test_two_markers_grade_and_everything_goes_back_through_moodle(graded, teacher):
    course, _ = graded
    second = teacher.home / "second"
    teacher.good("cp", "-rp", course, second)
    by_hand(course, {ADA: 2.0, JORG: 3.0}, "Clear & short: x < y.")
    by_hand(second, {LI: 1.0}, "It stood below.")
    teacher.good("autograde marks export --section B", cwd=second)
    teacher.good("autograde", "marks", "import", second / "marks.csv", "--yes", cwd=course)

    teacher.good("autograde feedback hw1 --zip moodle", cwd=course)
    with zipfile.ZipFile(course / "feedback-hw1-moodle.zip") as archive:
        pages = {name.split("_")[1]: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(pages) == ["2301", "2302", "2303"]
    assert "It stood below." in pages["2303"]
    assert "It stood below." not in pages["2301"]

    words = "--format moodle-worksheet --template sheet.csv --comments 'Feedback comments'"
    done = teacher.run(f"autograde export hw1 {words}", cwd=course)
    assert done.returncode == 1, "one needs review, one sent a PDF"
    text = (course / "grades-hw1-moodle-worksheet.csv").read_text(encoding="utf-8")
    lines = {line["ID number"]: line for line in csv.DictReader(io.StringIO(text))}
    assert [bool(lines[who]["Grade"]) for who in SENDERS] == [True, True, True, False, False]
    assert "Clear &amp; short: x &lt; y." in lines[ADA]["Feedback comments"]
    assert float(lines[ADA]["Grade"]) == 9.0


def test_what_came_from_canvas_goes_back_there_alone_and_scaled_to_its_column(graded, teacher):
    course, _ = graded
    by_hand(course, {"ada": 2.0}, "In Canvas.")
    said_of_pages = teacher.good("autograde feedback hw1 --zip canvas", cwd=course)
    assert "Canvas shows students a page under their notebook's name" in said_of_pages
    with zipfile.ZipFile(course / "feedback-hw1-canvas.zip") as archive:
        assert archive.namelist() == ["byronada_LATE_501_9001_hw1.html"]
    words = "--format canvas --template canvas.csv --column 'HW1 (77)'"
    done = teacher.run(f"autograde export hw1 {words}", cwd=course)
    assert "the template says 20 points at most, hw1 has 10" in said(done)
    done = teacher.run(f"autograde export hw1 {words} --scale", cwd=course)
    assert "points at most" not in said(done)
    assert "not in the template" not in said(done), "the others are in Moodle"
    (line,) = (course / "grades-hw1-canvas.csv").read_text(encoding="utf-8").splitlines()[2:]
    assert line == '"Byron, Ada",501,ada,C,18'


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
