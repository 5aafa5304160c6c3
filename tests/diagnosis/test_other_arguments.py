"""Which other arguments a verdict names: those with which the right function gives the answer's numbers."""

import math

import pytest

from verdicts import courses
from verdicts.judging import examiners, run
from verdicts.recording.probes import probe
from verdicts.spec import FunctionCheck

EXAMPLES = (probe("one", a=1.3, b=2.7), probe("other", a=1.9, b=2.2), probe("third", a=1.1, b=1.4))
SAID = {
    "one that is left out": (lambda a, b: a**2 + b, lambda a, b: 1 + b, "1 instead of `a`"),
    "a square": (lambda a, b: a + b, lambda a, b: a**2 + b, "`a`² instead of `a`"),
    "degrees": (
        lambda a, b: b * math.sin(a),
        lambda a, b: b * math.sin(math.radians(a)),
        "`a` read as degrees",
    ),
    "both exchanged": (lambda a, b: a - b**2, lambda a, b: b - a**2, "`a` and `b` exchanged"),
    "two at once": (
        lambda a, b: a * 3 + b**2,
        lambda a, b: 3 * a**2 + 4 * b**2,
        "`a`² instead of `a`, and 2 `b`",
    ),
}
NOT_SAID = {
    # Any a that is small enough gives b: 1 is too large, a − 1 is not.
    "one that makes no difference": (lambda a, b: max(4 * a - 1.5, b), lambda a, b: b),
    "where the right function fails": (lambda a, b: math.sqrt(a - 1) + b, lambda a, b: b / 3 + a / 7),
}


@pytest.fixture
def cause_of(add_course):
    """The cause in the verdict on an answer to a check with this reference."""

    def judged(right, answer):
        class Course(courses.CourseContent):
            def checks(self):
                return {"toy/f": FunctionCheck(name="toy/f", section="", probes=lambda rng: EXAMPLES)}

            def reference(self, check):
                return lambda data: right(**data)

        add_course("toy", Course)
        examiners.probes_of.cache_clear()
        examiners.reference_runs.cache_clear()
        verdict = run("toy/f", answer)
        assert not verdict.passed
        assert verdict.notes == ()
        return verdict.cause

    return judged


@pytest.mark.parametrize(("right", "answer", "words"), SAID.values(), ids=SAID)
def test_the_arguments_with_which_the_right_function_gives_the_numbers_are_named(
    right, answer, words, cause_of
):
    assert cause_of(right, answer).startswith(f"Your result is what the right formula gives with {words}")


@pytest.mark.parametrize(("right", "answer"), NOT_SAID.values(), ids=NOT_SAID)
def test_nothing_is_said_that_is_so_by_nature(right, answer, cause_of):
    assert "the right formula" not in cause_of(right, answer)
