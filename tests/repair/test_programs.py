"""The search for a place in first programs: lists, texts, dates and truth values, with no formula in them."""

from functools import partial
from pathlib import Path

import pytest
from student_answers import answers_in
from test_where import says_what_it_promises

from verdicts import courses
from verdicts.recording.probes import probe
from verdicts.spec import FunctionCheck

ANSWERS = [*answers_in(Path(__file__).with_name(name) for name in ("programs.md", "texts.md"))]


def _right(answer):
    names = {}
    exec(answer.code, names)
    examples, function = names["EXAMPLES"], [*names.values()][-1]
    return (lambda d: function(**d)), examples


PROGRAMS = {one.check.partition("/")[2]: _right(one) for one in ANSWERS if one.name == "right"}
WRONG = [one for one in ANSWERS if one.name != "right"]


class Programs(courses.CourseContent):
    """A course of first programs."""

    def checks(self):
        made = {}
        for name, (_, examples) in PROGRAMS.items():
            probes = [probe(f"example {number}", **data) for number, data in enumerate(examples)]
            full_name = f"programs/{name}"
            made[full_name] = FunctionCheck(
                name=full_name, section="", probes=partial(lambda given, rng: given, probes)
            )
        return made

    def reference(self, check):
        return PROGRAMS[check.name.partition("/")[2]][0]


@pytest.mark.parametrize(
    "answer",
    [pytest.param(one, id=one.name, marks=[pytest.mark.slow] * ("that grows" in one.name)) for one in WRONG],
)
def test_of_a_first_program_the_place_is_named_and_its_change_is_not(answer, add_course):
    add_course("programs", Programs)
    says_what_it_promises(answer)
