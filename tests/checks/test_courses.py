"""Courses: each is found by its entry point, registered once, and independent of the others."""

import sys
from importlib import metadata

import pytest

from verdicts import courses
from verdicts.courses import CourseContent, UnknownCheckError, find
from verdicts.judging import run
from verdicts.spec import FunctionCheck, probe


class Halves(CourseContent):
    """A course of one check, whose name may be one of descentlab's, too."""

    def __init__(self, check: str = "halves/half") -> None:
        self.check = FunctionCheck(
            name=check, probes=lambda rng: [probe("a number", x=rng.uniform(1, 2))], section=""
        )

    def checks(self):
        return {self.check.name: self.check}

    def reference(self, check):
        return lambda data: data["x"] / 2


def test_an_own_course_needs_its_checks_and_references_alone(add_course):
    add_course("halves", Halves)
    assert run("halves/half", lambda x: x / 2).passed
    wrong = run("halves/half", lambda x: x)
    assert (wrong.passed, wrong.cause) == (False, "In every example your result is twice the expected one.")
    assert run("halves/half", lambda: 1 / 0).criteria[0].message.startswith("a number")
    assert find("halves/half").course == "halves"


def test_a_course_that_is_installed_and_imported_is_one(add_course):
    add_course("descentlab", courses.courses()["descentlab"].__class__)
    assert sorted(courses.courses()) == ["descentlab", "verdicts"]
    assert find("sgd/update").course == "descentlab"


def test_the_course_is_found_without_importing_it():
    """As in the grader, and in a notebook that imports `verdicts` alone."""
    import subprocess

    program = "import sys; from verdicts.courses import find; print(find('sgd/update').course, 'descentlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "descentlab True\n"


def test_a_course_that_cannot_be_loaded_is_one_sentence_and_the_others_work(add_course):
    def fails():
        raise ImportError("No module named 'gone'")

    add_course("broken", fails)
    assert find("sgd/update").course == "descentlab"
    assert courses.broken() == {"broken": "ImportError: No module named 'gone'"}
    with pytest.raises(UnknownCheckError) as refused:
        find("broken/check")
    assert "the course broken cannot be loaded (ImportError: No module named 'gone')" in str(refused.value)
    assert "\n" not in str(refused.value)
    for course, why in (("broken", "cannot be loaded \\(ImportError"), ("gone", "is not installed")):
        with pytest.raises(UnknownCheckError, match=f"the course {course} {why}"):
            find(f"{course}:sgd/update")


def test_of_two_checks_of_one_name_neither_is_taken_before_it_is_said_which(add_course):
    add_course("halves", lambda: Halves("sgd/best-lr"))
    with pytest.raises(
        UnknownCheckError, match=r"descentlab and halves each have a check named 'sgd/best-lr'"
    ):
        find("sgd/best-lr")
    assert run("halves:sgd/best-lr", lambda x: x / 2).passed
    assert find("descentlab:sgd/best-lr").course == "descentlab"
    assert find("sgd/update").course == "descentlab"


def test_the_installed_distribution_names_its_course_and_the_engines_own():
    points = metadata.entry_points(group=courses.GROUP)
    assert [(point.name, point.dist.name) for point in points] == [
        ("descentlab", "descentlab"), ("verdicts", "descentlab")
    ]  # fmt: skip
