"""ngshare in the exchange's place: a service of the hub, asked by each person with a token of the hub's."""

import json
import shutil
from pathlib import Path

import pytest

from roles.hub.machine import LESSON, NOTEBOOK, Person, marks
from roles.hub.page import NGSHARE

pytestmark = marks
COURSE, FOLDER = "summer", "courses/summer"


@pytest.fixture(scope="module")
def asked(hub, people):
    """A line typed where the hub's terminal would type it: with the person's own token."""
    tokens = {person.name: hub.token_of(person.name) for person in people}

    def good(person: Person, line: str, folder: str) -> str:
        return person.good(f"export JUPYTERHUB_API_TOKEN={tokens[person.name]}; {line}", folder)

    return good


@pytest.fixture(scope="module")
def course(hub, people, built, asked) -> None:
    """A course whose exchange is ngshare, by the lines of docs/hub.md, and a folder of each student's."""
    prof, ann, bob = people
    settings = NGSHARE.replace("http://HUB", hub.address)
    sdist = Path(shutil.copy(built.sdist, prof.home / "summer.tar.gz"))
    prof.own(sdist)
    prof.good("mkdir -p -m 700 courses")
    prof.good(f"autograde new course {FOLDER} --solutions {sdist} --lesson {LESSON}")
    for person, folder in ((prof, FOLDER), (ann, "summer"), (bob, "summer")):
        place = person.home / folder
        if not place.exists():
            place.mkdir()
            person.own(place)
        before = (place / "nbgrader_config.py").read_text() if person is prof else "c = get_config()\n"
        more = f'{settings}\nc.CourseDirectory.course_id = "{COURSE}"\n'
        (place / "nbgrader_config.py").write_text(before + more)
        person.own(place / "nbgrader_config.py")
    asked(prof, f"ngshare-course-management create_course {COURSE} {prof.name}", FOLDER)
    for student in (ann, bob):
        asked(prof, f"ngshare-course-management add_student --no-gb {COURSE} {student.name}", FOLDER)
    asked(prof, f"autograde release {LESSON} && nbgrader release_assignment {LESSON}", FOLDER)


def test_the_journey_through_ngshare_ends_with_each_students_own_feedback(people, course, asked):
    prof, ann, bob = people
    for student in (ann, bob):
        asked(student, f"nbgrader fetch_assignment {LESSON}", "summer")
        notebook = student.home / "summer" / COURSE / LESSON / NOTEBOOK
        if student is ann:
            shutil.copy(prof.home / FOLDER / "solutions" / LESSON / NOTEBOOK, notebook)
            student.own(notebook)
        asked(student, f"nbgrader submit {LESSON}", "summer")
    asked(prof, f"nbgrader collect {LESSON} && autograde grade {LESSON} --json r.json", FOLDER)
    results = {one["student"]: one for one in json.loads((prof.home / FOLDER / "r.json").read_text())}
    assert set(results) == {ann.name, bob.name}
    assert results[ann.name]["score"] == 17
    assert results[bob.name]["score"] == 0
    asked(prof, f"autograde feedback {LESSON} && nbgrader release_feedback {LESSON}", FOLDER)
    for student in (ann, bob):
        asked(student, f"nbgrader fetch_feedback {LESSON}", "summer")
        (page,) = (student.home / "summer" / COURSE / LESSON / "feedback").rglob("*.html")
        returned = prof.home / FOLDER / "feedback" / student.name / LESSON / "adam.html"
        assert page.read_bytes() == returned.read_bytes()


def test_no_student_gets_anothers_submission_from_ngshare(hub, people, course, asked):
    prof, ann, bob = people
    asked(ann, f"nbgrader fetch_assignment {LESSON} --replace && nbgrader submit {LESSON}", "summer")
    url = f"{hub.address}/services/ngshare/submission/{COURSE}/{LESSON}/{ann.name}"
    ask = f'curl -s -H "Authorization: token $JUPYTERHUB_API_TOKEN" {url}'
    assert json.loads(asked(prof, ask, ""))["success"] is True
    refused = json.loads(asked(bob, ask, ""))
    assert refused["success"] is False
    assert "files" not in refused
