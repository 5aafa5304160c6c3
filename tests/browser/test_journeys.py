"""One assignment from hand to hand, by clicks: a teacher in formgrader, a student in JupyterLab.

The tests are one journey's steps, in their order; each leaves its screenshot in build/screenshots.
"""

import re
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, RIGHT, STUB, CourseFolder
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from support import ROOT
from typer.testing import CliRunner

from autograde.cli import app
from autograde.course.configuration import TEMPLATE
from browser.harness import SECONDS, TOKEN, accept_the_kernel, server

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.needs("bubblewrap"),
]
EXCHANGE = "c.Exchange.root = {!r}\nc.CourseDirectory.course_id = 'adam'\nc.Exchange.timezone = 'UTC'\n"
WORDS, COMMENT = "Dividing by the root makes each step as long as the rate.", "Say also where ε stands."
PICTURES = ROOT / "build/screenshots/journey"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A course folder, a student's folder and the exchange between them."""
    place: Path = tmp_path_factory.mktemp("journey")
    exchange = place / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    CourseFolder.make(place / "course")
    (place / "course/nbgrader_config.py").write_text(TEMPLATE.read_text() + EXCHANGE.format(str(exchange)))
    (place / "student").mkdir()
    (place / "student/nbgrader_config.py").write_text("c = get_config()\n" + EXCHANGE.format(str(exchange)))
    PICTURES.mkdir(parents=True, exist_ok=True)
    return place


@pytest.fixture(scope="module")
def formgrader(place, chromium):
    with server(place / "course") as running:
        page = chromium.new_context(viewport={"width": 1300, "height": 900}).new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.goto(f"{running.url}tree?token={TOKEN}")  # signs in: the pages below ask with a cookie
        page.goto(f"{running.url}formgrader/manage_assignments")
        yield page
        page.context.close()


@pytest.fixture(scope="module")
def student(place):
    with server(place / "student") as running:
        yield running


@pytest.fixture(scope="module")
def desk(student, chromium):
    """The student's JupyterLab with its list of assignments."""
    page = chromium.new_context(viewport={"width": 1300, "height": 900}).new_page()
    page.set_default_timeout(SECONDS * 1000)
    accept_the_kernel(page)
    page.goto(f"{student.url}lab?token={TOKEN}")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name="Assignment List").click()
    yield page
    page.context.close()


def answered(page, picture):
    """What formgrader's dialog says once its button's work is done; the dialog is closed."""
    title = page.locator(".modal-title").last
    expect(title).to_have_text(re.compile("^(Success|Error)$"), timeout=120_000)
    page.wait_for_timeout(500)  # it slides in
    page.screenshot(path=PICTURES / f"{picture}.png")
    said = page.locator(".modal-content").last.inner_text()
    page.locator(".modal-header button.close, .modal-header button").last.click()
    expect(page.locator(".modal.show, .modal.in")).to_have_count(0)
    return said


def assignment_row(page):
    return page.locator("#main-table tr", has_text=ASSIGNMENT)


def typed(place, *words):
    done = CliRunner().invoke(app, [*words, "--course-dir", str(place / "course")])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_teacher_hands_out_by_two_buttons(place, formgrader):
    assignment_row(formgrader).locator(".assign a").click()
    assert "Success" in answered(formgrader, "1-generated")
    assert "BEGIN SOLUTION" not in (place / "course/notebooks/06-adam/adam.ipynb").read_text()
    assignment_row(formgrader).locator(".release a").click()
    assert "Success" in answered(formgrader, "2-released")
    assert list((place / "exchange").rglob("outbound/*/adam.ipynb"))


def listed(desk, kind):
    """The row of the assignment in one of the student's lists: released, fetched or submitted."""
    return desk.locator(f"#{kind}_assignments_list .list_item", has_text=ASSIGNMENT).first


def test_the_student_fetches_it_in_the_list_of_assignments(place, desk):
    listed(desk, "released").get_by_role("button", name="Fetch").click()
    expect(listed(desk, "fetched").get_by_role("button", name="Submit")).to_be_visible()
    desk.screenshot(path=PICTURES / "3-fetched.png")
    assert (place / "student/06-adam/adam.ipynb").is_file()


def cell_of(notebook, words):
    """The cell whose source holds these words."""
    return notebook.page.locator(".jp-Notebook .jp-Cell", has_text=words).first


def write(notebook, words, source):
    """Replace what stands in a cell, by the keyboard."""
    cell = cell_of(notebook, words)
    if "jp-MarkdownCell" in cell.get_attribute("class"):
        cell.locator(".jp-RenderedMarkdown").dblclick()
    editor = cell.locator(".cm-content")
    editor.click()
    editor.press("ControlOrMeta+A")
    notebook.page.keyboard.insert_text(source)


def test_the_student_reads_in_a_verdict_what_is_missing_and_mends_it(student, chromium):
    notebook = student.open(chromium, "06-adam/adam.ipynb", width=1300, height=900)
    write(
        notebook,
        "class Adam",
        STUB.replace("BODY", RIGHT.replace("(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat + self.eps)")),
    )
    write(notebook, "def half", "def half(x):\n    return x / 2")
    write(notebook, "your answer", WORDS)
    notebook.run_all()
    verdict = cell_of(notebook, "check(").locator(".jp-OutputArea").first
    expect(verdict).to_contain_text("ε inside the root")
    expect(verdict).to_contain_text("One change makes it right. Line 13, ")
    notebook.page.screenshot(path=PICTURES / "4-verdict.png")
    write(notebook, "class Adam", STUB.replace("BODY", RIGHT))
    notebook.run_all()
    expect(verdict).to_contain_text("5 of 5")
    notebook.command("File > Save Notebook")
    # Validate saves, too: of two at once JupyterLab asks which file is the right one.
    expect(notebook.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0, timeout=60_000)
    notebook.page.get_by_role("button", name="Validate").click()
    dialog = notebook.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("passes all the tests", timeout=120_000)
    notebook.page.screenshot(path=PICTURES / "5-validated.png")
    dialog.get_by_role("button", name="OK").click()
    assert notebook.console_errors() == []


def test_the_student_hands_it_in(place, desk):
    listed(desk, "fetched").get_by_role("button", name="Submit").click()
    expect(desk.locator("#submitted_assignments_list .list_item").first).to_be_visible()
    desk.screenshot(path=PICTURES / "6-submitted.png")
    (inbound,) = (place / "exchange/adam/inbound").iterdir()
    assert WORDS in (inbound / "adam.ipynb").read_text()


def test_the_teacher_collects_and_grades_by_button_and_reads_a_result_in_words(place, formgrader):
    formgrader.reload()
    assignment_row(formgrader).locator(".collect a").click()
    assert "Success" in answered(formgrader, "7-collected")
    formgrader.reload()
    assignment_row(formgrader).locator(".num-submissions a").click()
    formgrader.locator("#main-table .autograde a").first.click()
    said = answered(formgrader, "8-graded")
    assert "7 of 10 points" in said
    assert "1 answer needs manual grading" in said
    assert "DEBUG" not in said


def test_the_teacher_grades_the_answer_in_words(place, formgrader):
    formgrader.goto(formgrader.url.replace("manage_submissions", "gradebook"))
    formgrader.get_by_role("link", name="adam", exact=True).click()
    formgrader.locator("#main-table a", has_text="Submission").first.click()
    expect(formgrader.locator("body")).to_contain_text(WORDS)
    formgrader.wait_for_load_state("networkidle")  # its scripts fill the scores in that there are
    score = formgrader.locator("input.score").last
    score.fill("2")
    with formgrader.expect_response("**/formgrader/api/grade/*"):
        score.press("Tab")
    comment = formgrader.locator("textarea.comment").last
    comment.fill(COMMENT)
    with formgrader.expect_response("**/formgrader/api/comment/*"):
        comment.press("Tab")
    formgrader.screenshot(path=PICTURES / "9-by-hand.png")
    with Gradebook(f"sqlite:///{place}/course/gradebook.db") as gradebook:
        (submission,) = gradebook.assignment_submissions(ASSIGNMENT)
        assert (submission.score, submission.needs_manual_grade) == (9.0, False)


def test_the_report_speaks_of_the_grade(place, chromium):
    typed(place, "report", ASSIGNMENT, "--out", str(place / "report.html"))
    page = chromium.new_page()
    page.goto((place / "report.html").as_uri())
    page.screenshot(path=PICTURES / "10-report.png", full_page=True)
    expect(page.locator("main")).to_contain_text("9")


def test_the_student_fetches_the_feedback_and_reads_verdict_and_comment(place, desk, student, chromium):
    typed(place, "feedback", ASSIGNMENT, "--exchange")
    desk.locator("#refresh_assignments_list").click()
    desk.get_by_role("button", name="Fetch Feedback").first.click()
    expect(desk.locator("#submitted_assignments_list")).to_contain_text("view feedback", timeout=30_000)
    desk.screenshot(path=PICTURES / "11-feedback-fetched.png")
    (fetched,) = (place / "student/06-adam/feedback").rglob("adam.html")
    page = chromium.new_page()
    page.goto(fetched.as_uri())
    page.screenshot(path=PICTURES / "12-feedback.png", full_page=True)
    for words in (COMMENT, "9", "of 10 points"):
        expect(page.locator("body")).to_contain_text(words)
