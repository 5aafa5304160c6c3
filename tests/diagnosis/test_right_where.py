"""Where a wrong function is right: special arguments, and when nothing is said of them."""

import math

import numpy as np
import pytest
from support import table_beside

from verdicts import courses
from verdicts.courses import find
from verdicts.judging import examiners, judge, run
from verdicts.recorders import add_varied, record
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import probe, special_probes
from verdicts.spec import FunctionCheck


def numbers(rng, many=3):
    return [probe(f"problem {k}", a=rng.uniform(1, 2), b=rng.uniform(1, 2)) for k in range(many)]


def rows(rng):
    return [probe(f"problem {k}", x=rng.uniform(1, 2, 5)) for k in range(3)]


def counts(rng):
    return [probe(f"problem {k}", n=int(rng.integers(5, 9)), s=rng.uniform(1, 2)) for k in range(3)]


@pytest.fixture
def verdict_of(add_course):
    """The verdict on an answer to a check with this reference and these problems."""

    def judged(right, answer, probes=numbers):
        class Course(courses.CourseContent):
            def checks(self):
                return {"toy/f": FunctionCheck(name="toy/f", section="", probes=probes)}

            def reference(self, check):
                return lambda data: right(**data)

        add_course("toy", Course)
        examiners.probes_of.cache_clear()
        examiners.reference_runs.cache_clear()
        return run("toy/f", answer)

    return judged


def functions(kind):
    """Pairs of functions by their names, and what is said of them."""
    table = table_beside(__file__, "right_where.toml")[kind]
    made = {"math": math, "np": np}
    return {
        name: (*(eval(f"lambda a, b: {one}", made) for one in (right, answer)), *said)
        for name, (right, answer, *said) in table.items()
    }


SAID, NOT_SAID = functions("said"), functions("not_said")
ROWS = {
    "no order": (lambda x: np.median(x), lambda x: x[2], "`x` is sorted"),
    "of one only": (lambda x: np.sum(x**2), lambda x: len(x) * x[0] ** 2, "the entries of `x` are equal"),
    "the square of a sum": (lambda x: np.sum(x**2), lambda x: np.sum(x) ** 2, "`x` has one entry"),
}


@pytest.mark.parametrize(("right", "answer", "where"), SAID.values(), ids=SAID)
def test_a_special_argument_with_which_an_answer_is_right_is_named(right, answer, where, verdict_of):
    verdict = verdict_of(right, answer)
    assert verdict.cause.startswith("Your result is right where")
    assert where in verdict.cause
    assert "doubles" not in verdict.cause
    assert "makes no difference there" in verdict.hint


@pytest.mark.parametrize(("right", "answer", "where"), ROWS.values(), ids=ROWS)
def test_arrays_are_special_where_they_are_short_sorted_or_of_one_value(right, answer, where, verdict_of):
    assert where in verdict_of(right, answer, rows).cause


def test_of_a_change_at_which_the_right_function_fails_nothing_is_said(verdict_of):
    """Doubled, `a` is above 2 in every problem."""
    verdict = verdict_of(lambda a, b: math.sqrt(2 - a) * b, lambda a, b: math.sqrt(2 - a) + b)
    assert "fails" not in verdict.cause
    assert (
        "`a` doubles, your function fails"
        in verdict_of(lambda a, b: a * b, lambda a, b: math.sqrt(2 - a) + b).cause
    )


def longer_and_longer(rng):
    return [probe(f"problem {k}", s=rng.uniform(1, 2), x=rng.uniform(1, 2, 3 + k)) for k in range(4)]


def test_zeros_of_several_lengths_are_not_said_to_be_right(verdict_of):
    verdict = verdict_of(lambda s, x: s * x**2, lambda s, x: s * x * np.mean(x), longer_and_longer)
    assert "`s = 0`" not in verdict.cause
    assert "the entries of `x` are equal" in verdict.cause


@pytest.mark.parametrize(("right", "answer"), NOT_SAID.values(), ids=NOT_SAID)
def test_nothing_is_said_that_is_right_by_chance_or_by_nature(right, answer, verdict_of):
    verdict = verdict_of(right, answer)
    assert "where `b = 0`" not in verdict.cause
    assert not verdict.passed
    assert verdict.notes == ()


def fixed(*given):
    return lambda rng: [probe(f"problem {k}", a=a, b=1.5 + k / 7) for k, a in enumerate(given)]


def needs_b(a, b):
    return a**2 + a * b * 0.3 if b or a < 1.5 else math.nan


TOO_FEW = {
    "two problems": (lambda a, b: a**2 + a * b * 0.3, lambda a, b: a**2, lambda rng: numbers(rng, 1)),
    "problems that share another argument": (
        lambda a, b: a**2 + a * b * 0.3,
        lambda a, b: a**2,
        fixed(1.2, 1.2, 1.7),
    ),
    "none of which is wrong otherwise": (
        needs_b,
        lambda a, b: a**2 + (a * b * 0.3 if a < 1.5 else 0),
        fixed(1.1, 1.2, 1.3, 1.8),
    ),
}


@pytest.mark.parametrize(("right", "answer", "probes"), TOO_FEW.values(), ids=TOO_FEW)
def test_three_problems_that_differ_and_a_wrong_one_are_needed(right, answer, probes, verdict_of):
    verdict = verdict_of(right, answer, probes)
    assert "where `b = 0`" not in verdict.cause
    assert not verdict.passed


def test_an_argument_that_is_the_same_in_every_problem_need_not_differ(verdict_of):
    def with_c(rng):
        return [probe(f"problem {k}", a=rng.uniform(1, 2), b=rng.uniform(1, 2), c=0.7) for k in range(3)]

    verdict = verdict_of(lambda a, b, c: c * a**2 + a * b * 0.3, lambda a, b, c: c * a**2, with_c)
    assert "right where `b = 0`" in verdict.cause


def test_an_answer_that_never_ends_or_prints_with_a_special_argument_loses_nothing(verdict_of):
    def endless_at_zero(a, b):
        print("working")
        while b == 0:
            pass
        return a + b * 0.3

    assert verdict_of(lambda a, b: a + b * 0.3, endless_at_zero).passed


def test_evidence_without_special_arguments_is_judged_as_before(verdict_of):
    answer = lambda a, b: a**2  # noqa: E731
    verdict_of(lambda a, b: a**2 + a * b * 0.3, answer)
    evidence = evidence_bytes.unpack(add_varied(record("toy/f", answer, 0), "toy/f", answer, 0))
    special = {one.name for one in find("toy/f").varied(0) if one.special}
    old = [run for run in evidence["varied"] if run["probe"] not in special]
    assert len(old) < len(evidence["varied"])
    cause = judge("toy/f", evidence_bytes.pack(evidence | {"varied": old}), 0).cause
    assert cause.startswith("When `b` doubles, your result does not change")


def test_no_special_argument_passes_its_bound():
    bounds = {"n": 4, "wins": "n"}
    problems = [probe("p", n=3, wins=2, s=1.5), probe("q", n=4, wins=3, s=0.5)]
    found = [one.data for one in special_probes(problems, bounds)]
    assert all(data["wins"] <= data["n"] <= 4 for data in found)
    assert {data["wins"] for data in found} == {0, 1, 2, 3}
    assert {data["n"] for data in found} == {2, 3, 4}


def test_whole_numbers_stay_whole(verdict_of):
    verdict = verdict_of(lambda n, s: s * math.comb(n, 2), lambda n, s: s * n**2, counts)
    assert "right where" not in verdict.cause  # and no float was handed to `comb`
    assert all(type(one.data["n"]) is int for one in find("toy/f").varied(0))
