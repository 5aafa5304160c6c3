"""Feedback goes back through the system that the submissions came from, to the student whose it is and nobody else.

Moodle's importziplib.php and Canvas's Assignment#infer_comment_context find the student by the numbers in a file's
name, which is why it has to be the name in the download.
"""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from course_folder import WRONG, answer, zipped

from autograde.pages.feedback import write_zip

LIST = (
    "id,first_name,last_name,email,lms_user_id\n"
    "ada,Ada,Byron,ada@x.org,11\nemile,Émile,O'Neil,e@x.org,12\nheidi,Heidi,Weiß,h@x.org,13\n"
)
MOODLE = {
    "ada": "Ada Byron_2340_assignsubmission_file_/adam.ipynb",
    "emile": "Émile O'Neil_2341_assignsubmission_file/Copy of adam.ipynb",
    "heidi": "Heidi Weiß_2342_assignsubmission_file_/Abgabe.pdf",
}
CANVAS = {
    "ada": "byronada_11_501_adam-1.ipynb",
    "emile": "oneilémile_LATE_12_502_adam.ipynb",
    "heidi": "weißheidi_13_503_report.py",
}


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def sent(course, tmp_path):
    """Collects a download with these names, grades it, and hands back what `feedback` says and the zip."""
    (tmp_path / "list.csv").write_text(LIST)
    course.run("roster import", tmp_path / "list.csv")

    def send(names: dict[str, str], packing: str, *words: str):
        files = {name: answer(why=f"because of {student}") for student, name in names.items()}
        download = zipped(tmp_path / "download.zip", files)
        collected = course.run("collect 06-adam", download, *words)
        assert collected.exit_code == (1 if "heidi" in names else 0), collected.stderr
        course.grade()
        done = course.run("feedback 06-adam --zip", packing)
        return done, contents(course.root / f"feedback-06-adam-{packing}.zip")

    return send


@pytest.mark.parametrize(("names", "packing"), [(MOODLE, "moodle"), (CANVAS, "canvas")])
def test_each_page_goes_back_under_the_name_that_its_notebook_came_with_and_is_of_that_student_only(
    sent, names, packing
):
    done, pages = sent(names, packing)
    assert done.exit_code == 0
    assert ("under their notebook's name: they save it as .html" in done.output) == (packing == "canvas")
    assert {name: re.findall("because of [a-z]+", page) for name, page in pages.items()} == {
        names[student].replace(".ipynb", ".html"): [f"because of {student}"] for student in ("ada", "emile")
    }


def test_each_of_several_notebooks_has_its_own_page(tmp_path):
    names = {f"Ada Byron_7_assignsubmission_file_/{name}.ipynb": f"{name}.ipynb" for name in ("a", "b", "c")}
    pages = [tmp_path / f"{name}.html" for name in "abc"]
    for page in pages:
        page.write_text(page.stem)
    out = tmp_path / "pages.zip"
    sent = {"ada": names}
    assert write_zip(out, "moodle", "hw", [("ada", page) for page in pages], sent, {}) == (3, [])
    assert contents(out) == {name.replace(".ipynb", ".html"): name[-7] for name in names}


@pytest.mark.parametrize(
    ("files", "words"),
    [(("adam.", "sub/adam."), ["--update"]), (("Copy of adam.",), [])],
)
def test_a_second_download_that_is_not_taken_changes_nothing_of_what_goes_back(
    sent, course, tmp_path, files, words
):
    sent({"ada": MOODLE["ada"]}, "moodle")
    again = {MOODLE["ada"].replace("adam.", file): answer(why=file) for file in files}
    assert course.run("collect 06-adam", zipped(tmp_path / "again.zip", again), *words).exit_code == 1
    course.run("feedback 06-adam --zip moodle")
    pages = contents(course.root / "feedback-06-adam-moodle.zip")
    assert list(pages) == [MOODLE["ada"].replace(".ipynb", ".html")]


def test_who_was_not_collected_from_that_system_is_named(sent):
    done, pages = sent({"ada": MOODLE["ada"]}, "canvas")
    assert pages == {}
    assert done.exit_code == 1
    assert "not in the zip, as Canvas's name of the file is not known: ada" in done.stderr


def test_a_submission_that_was_given_to_two_students_goes_back_to_neither(sent, course):
    """Matched to the wrong student first, collected again for the right one."""
    sent({"ada": "X Y_9_assignsubmission_file_/adam.ipynb"}, "moodle", "--match", "X Y_9=emile")
    done, pages = sent({"ada": "X Y_9_assignsubmission_file_/adam.ipynb"}, "moodle", "--match", "X Y_9=ada")
    assert pages == {}
    assert "name of the file is not known: ada, emile" in done.stderr


def test_what_a_student_sent_that_is_no_notebook_is_in_table_report_reason_and_export(sent, course):
    done, _ = sent(MOODLE, "moodle")
    what = "sent Abgabe.pdf, which was not collected"
    assert "no page, sent, but not collected: heidi" in done.stderr
    assert "sent, but not collected: heidi" in course.run("grade 06-adam").stdout
    assert what in course.run("explain 06-adam heidi").stderr
    course.run("report 06-adam")
    page = (course.root / "report-06-adam.html").read_text()
    assert "1 sent, but not collected" in page
    assert re.search(f"heidi.*: {what}", page)
    exported = course.run("export 06-adam --zero-missing")
    assert exported.exit_code == 1
    assert "sent, but not collected: heidi" in exported.stderr
    lines = csv.DictReader(io.StringIO((course.root / "grades-06-adam.csv").read_text("utf-8-sig")))
    assert {line["student_id"]: line["score"] for line in lines}["heidi"] == "", (
        "never a zero for what nobody read"
    )


def test_a_notebook_that_comes_later_takes_the_place_of_what_was_none(sent, course):
    sent(CANVAS, "canvas")
    course.submit("heidi")
    assert "sent, but not collected" not in course.run("grade 06-adam").stdout


def test_moodles_worksheet_gets_the_sentence_of_each_check_and_the_markers_comment(course, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    course.run("roster import", tmp_path / "list.csv")
    course.submit("ada", answer(WRONG))
    course.submit("emile")
    course.grade()
    course.by_hand("ada", 2.0, remark="Too short.\nSee <section 3>.")
    (tmp_path / "sheet.csv").write_text(
        "Identifier,Full name,ID number,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
        "Participant 7,Ada Byron,ada,,10.00,-,\nParticipant 8,Émile O'Neil,emile,,10.00,-,old\n"
    )
    words = (
        "--format",
        "moodle-worksheet",
        "--template",
        tmp_path / "sheet.csv",
        "--out",
        tmp_path / "out.csv",
    )
    course.run("export 06-adam", *words, "--comments", "Feedback comments")
    lines = {
        line["ID number"]: line for line in csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8"))
    }
    said = lines["ada"]["Feedback comments"]
    assert said.count("<p>") == said.count("</p>") == 3
    assert "why: 2 of 3<br>Too short.<br>See &lt;section 3&gt;.</p>" in said
    assert (
        "adam/update: 0 of 5<br>Your numbers are those of Adam with v corrected and m not.<br>Hint:" in said
    )
    assert lines["emile"] | {"Grade": "", "Feedback comments": "old"} == lines["emile"], "not final yet"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "canvas", "--column", "A (1)", "--comments", "x"), "moodle-worksheet has"),
        (("--comments", "x"), "takes no --template, --column, --comments and --scale"),
    ],
)
def test_comments_go_only_where_a_system_reads_them(course, words, said):
    course.grade_one()
    done = course.run("export 06-adam", *words)
    assert done.exit_code == 2
    assert said in done.stderr
