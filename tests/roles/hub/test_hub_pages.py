"""A student's and an instructor's way through a hub by the pages they see, up to the feedback."""

import json

import pytest

from roles.hub.browsing import LOADS, Tab
from roles.hub.machine import OTHER, OTHER_NOTEBOOK, Person, marks

pytestmark = [*marks, pytest.mark.needs("chromium")]
COURSE = "spring"
FOLDER = f"courses/{COURSE}"


def solve_but_go_uphill(prof: Person, student: Person) -> None:
    """The student's notebook is right in all but one sign: its SGD goes uphill."""
    notebook = json.loads((prof.home / FOLDER / "solutions" / OTHER / OTHER_NOTEBOOK).read_text())
    (stub,) = (
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "sgd-class"
    )
    right = "".join(stub["source"])
    stub["source"] = right.replace("-= self.lr", "+= self.lr")
    assert stub["source"] != right
    (student.home / COURSE / OTHER / OTHER_NOTEBOOK).write_text(json.dumps(notebook))


def fetch_and_submit(tab: Tab, prof: Person, student: Person) -> None:
    """nbgrader's list of assignments: fetch, open, submit, each by its button."""
    tab.open_assignment_list(COURSE)
    tab.shot("2-assignments")
    tab.press("released", "Fetch")
    fetched = tab.page.locator("#fetched_assignments_list")
    fetched.locator("a.assignment-notebooks-link").click()
    tab.shot("3-fetched")
    solve_but_go_uphill(prof, student)
    fetched.locator(".nested_list_item a").click()
    tab.title()
    tab.shot("4-lesson")
    tab.menu("Nbgrader", "Assignment List")
    tab.press("fetched", "Submit")
    tab.page.locator("#submitted_assignments_list .nested_list_item").first.wait_for()
    tab.shot("5-submitted")


def look_at_formgrader(tab: Tab) -> None:
    """What was handed out, the submission's score, the submission itself."""
    tab.page.goto(tab.address(COURSE, "formgrader"))
    tab.sign_in()
    tab.page.locator("table tbody tr", has_text=OTHER).wait_for()
    tab.shot("6-formgrader")
    tab.page.goto(tab.address(COURSE, f"formgrader/gradebook/{OTHER}/sgd"))
    submission = tab.page.get_by_role("link", name="Submission #1")
    submission.wait_for()
    tab.shot("7-gradebook")
    submission.click()
    tab.page.locator("input.score").first.scroll_into_view_if_needed()
    tab.shot("8-submission")


def test_from_signing_in_to_the_feedback_in_the_students_page(hub, people, courses, chromium):
    prof, _, bob = people
    with Tab(chromium, hub, bob) as student, Tab(chromium, hub, prof) as instructor:
        student.page.goto(hub.address)
        student.shot("1-sign-in")
        student.sign_in()
        fetch_and_submit(student, prof, bob)

        said = prof.good(f"nbgrader collect {OTHER} && autograde grade {OTHER}", FOLDER)
        assert bob.name in said
        hub.start(prof.name, COURSE)
        look_at_formgrader(instructor)
        prof.good(f"autograde feedback {OTHER} && nbgrader release_feedback {OTHER}", FOLDER)

        student.page.locator("#refresh_assignments_list").click()
        student.page.get_by_text("feedback available to fetch").wait_for()
        student.press("submitted", "Fetch Feedback")
        student.page.get_by_text("(view feedback)").wait_for()
        student.shot("9-feedback-fetched")
        student.page.get_by_text("(view feedback)").click()
        student.page.locator(".jp-DirListing-item", has_text="sgd.html").dblclick()
        page = student.page.frame_locator(".jp-HTMLViewer iframe")
        page.locator("h1").first.wait_for(timeout=LOADS)
        student.shot("10-feedback")
        assert "steps in the opposite direction" in page.locator("body").inner_text()
