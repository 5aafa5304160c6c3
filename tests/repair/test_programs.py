"""The search for a place in first programs: lists, texts, dates and truth values, with no formula in them."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from student_answers import answers_in
from test_where import says_what_it_promises

from verdicts import courses
from verdicts.recording.probes import probe
from verdicts.spec import FunctionCheck

Q = np.array([[0.6, -0.8], [0.8, 0.6]])
A = np.array([[3.0, 1.0], [0.5, 2.0]])
PEOPLE = [("F", 18), ("M", 35), ("F", 23)]
PROGRAMS = {
    "distinct": (lambda d: [*dict.fromkeys(d["values"])], [{"values": one} for one in ([1, 1, 2, 3, 2], [5, 4, 5], [])]),
    "place-of": (
        lambda d: sum(value < d["x"] for value in d["values"]),
        [{"x": x, "values": values} for x, values in ((3, [1, 2, 4]), (9, [2, 5]), (1, [1, 4]), (4, [1, 2, 4, 6]), (2, []))],
    ),
    "oldest-first": (
        lambda d: sorted(d["people"], key=lambda one: -one[1]),
        [{"people": one} for one in (PEOPLE, PEOPLE[:1], PEOPLE[1:], [])],
    ),
    "is-once": (
        lambda d: d["days"].count(d["day"]) == 1,
        [{"day": day, "days": days} for day, days in ((1, (1, 2)), (2, (2, 2)), (3, (1, 2)), (4, (3, 4, 5)))],
    ),
    "rotated": (
        lambda d: d["Q"].T @ d["A"] @ d["Q"] @ d["x"],
        [{"Q": Q, "A": A, "x": x} for x in (np.array([1.0, 2.0]), np.array([-0.5, 3.0]))],
    ),
    "hypotenuse": (lambda d: np.hypot(d["a"], d["b"]), [{"a": 3.1, "b": 2.0}, {"a": 0.2, "b": 1.7}]),
    "area": (
        lambda d: 2 * (d["a"] * d["b"] + d["a"] * d["c"] + d["b"] * d["c"]),
        [{"a": 1.5, "b": 2.1, "c": 0.7}, {"a": 0.3, "b": 1.9, "c": 4.2}],
    ),
}  # fmt: skip


ANSWERS = [*answers_in(Path(__file__).with_name(name) for name in ("programs.md", "texts.md"))]


def _right(answer):
    names = {}
    exec(answer.code, names)
    examples, function = names["EXAMPLES"], [*names.values()][-1]
    return (lambda d: function(**d)), examples


PROGRAMS |= {one.check.partition("/")[2]: _right(one) for one in ANSWERS if one.name == "right"}
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


@pytest.mark.parametrize("answer", WRONG, ids=lambda answer: answer.name)
def test_of_a_first_program_the_place_is_named_and_its_change_is_not(answer, add_course):
    add_course("programs", Programs)
    says_what_it_promises(answer)
