"""The exchange on a real JupyterHub: a teacher and two students as users of this machine, two courses.

It makes users and removes them: only as root, and only where HUB_TEST=1 asks for it.
"""

import json
import shutil
from pathlib import Path

import pytest

from roles.hub.machine import LESSON, NOTEBOOK, OTHER, marks
from roles.installed import earns_all

pytestmark = marks


@pytest.fixture(scope="module")
def handed_in(hub, people, courses) -> None:
    """Each student fetches and submits through their own server; Ann's answers are right."""
    prof, ann, bob = people
    for student in (ann, bob):
        path = hub.start(student.name)
        chosen = {"course_id": "autumn", "assignment_id": LESSON}
        status, said = hub.ask(f"{path}/assignments/fetch", **chosen)
        assert (status, json.loads(said)["success"]) == (200, True), said
        notebook = student.home / "autumn" / LESSON / NOTEBOOK
        if student is ann:
            shutil.copy(prof.home / "courses/autumn/solutions" / LESSON / NOTEBOOK, notebook)
            student.own(notebook)
        status, said = hub.ask(f"{path}/assignments/submit", **chosen)
        assert (status, json.loads(said)["success"]) == (200, True), said


def test_the_modes_are_those_that_the_page_names(people, courses, exchange):
    prof, _, _ = people
    prof.good("autograde doctor", "courses/autumn")
    modes = prof.good(f"stat -c '%a %n' . {exchange} {exchange}/autumn/*", "courses/autumn")
    found = {Path(line.split()[1]).name: line.split()[0] for line in modes.splitlines()}
    wanted = {"": "700", exchange.name: "1777", "outbound": "755", "inbound": "2733", "feedback": "711"}
    assert found.items() <= wanted.items()
    assert {"outbound", "inbound"} <= found.keys()


@pytest.mark.parametrize("command", ["nbgrader collect", "autograde collect"])
def test_what_a_student_puts_in_as_another_is_named_and_not_taken(people, handed_in, exchange, command):
    prof, ann, bob = people
    folder = exchange / "autumn/inbound" / f"{ann.name}+{LESSON}+2099-01-01 00:00:00.000000 UTC+x"
    bob.good(f"mkdir '{folder}' && echo '{{}}' > '{folder}/{NOTEBOOK}'")
    done = prof.type(f"{command} {LESSON}", "courses/autumn")
    shutil.rmtree(folder)
    assert done.returncode == 1
    assert f"not collected: {folder.name}: it belongs to {bob.name}" in done.stderr
    taken = prof.home / "courses/autumn/submitted" / ann.name / LESSON
    assert (taken / NOTEBOOK).read_bytes() == (ann.home / "autumn" / LESSON / NOTEBOOK).read_bytes()
    assert "by its last change" not in (taken / "timestamp.txt").read_text(), "and when, the system confirms"


def test_the_journey_ends_with_each_students_own_feedback(hub, people, handed_in):
    prof, ann, bob = people
    folder = "courses/autumn"
    prof.good(f"nbgrader collect {LESSON} && autograde grade {LESSON} --json r.json", folder)
    results = {one["student"]: one for one in json.loads((prof.home / folder / "r.json").read_text())}
    assert set(results) == {ann.name, bob.name}
    assert earns_all(results[ann.name])
    assert results[bob.name]["score"] == 0
    assert results[ann.name]["tier"] >= 2
    server = hub.start(prof.name, "autumn")
    status, page = hub.ask(f"{server}/formgrader")
    assert (status, "encountered an error" in page) == (200, False)
    _, listed = hub.ask(f"{server}/formgrader/api/assignments")
    assert [one["name"] for one in json.loads(listed)] == [LESSON]
    prof.good(f"autograde feedback {LESSON} && nbgrader release_feedback {LESSON}", folder)
    for student in (ann, bob):
        chosen = {"course_id": "autumn", "assignment_id": LESSON}
        status, said = hub.ask(f"/user/{student.name}/assignments/fetch_feedback", **chosen)
        assert (status, json.loads(said)["success"]) == (200, True), said
        pages = list((student.home / "autumn" / LESSON / "feedback").rglob("*.html"))
        assert len(pages) == 1
        returned = prof.home / folder / "feedback" / student.name / LESSON / "adam.html"
        assert pages[0].read_bytes() == returned.read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        "ls {exchange}/autumn/inbound",
        "ls {exchange}/autumn/feedback",
        "cat {exchange}/autumn/inbound/{ann}*/" + NOTEBOOK,
        "ls {prof_home}/courses",
        "cat {ann_home}/autumn/" + f"{LESSON}/{NOTEBOOK}",
        "mv {exchange}/autumn {exchange}/mine",
        "touch {exchange}/autumn/outbound/more",
    ],
)
def test_no_student_reads_or_moves_what_is_anothers(people, handed_in, exchange, line):
    prof, ann, bob = people
    words = {"exchange": exchange, "prof_home": prof.home, "ann_home": ann.home, "ann": ann.name}
    done = bob.type(line.format(**words))
    assert done.returncode != 0
    assert "denied" in done.stderr or "not permitted" in done.stderr or "No such file" in done.stderr


def test_the_other_course_has_its_own_assignments_and_nobodys_submissions(people, handed_in, exchange):
    _, ann, _ = people
    assert {path.name for path in (exchange / "spring/outbound").iterdir()} == {OTHER}
    assert not list((exchange / "spring/inbound").glob(f"*{LESSON}*"))
    assert OTHER in ann.good("nbgrader list --course spring 2>&1")
