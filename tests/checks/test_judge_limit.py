"""The judge always ends: counts bound the search for a mistake, a clock bounds a reference that does not end."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from descentlab.exercises import Lessons, all_checks
from descentlab.exercises.landscapes.withheld import reference
from verdicts.courses import find
from verdicts.judging import examiners, judge, run, verdict
from verdicts.recorders import record
from verdicts.recording import probes
from verdicts.spec import FunctionCheck

FUNCTIONS = [check for check in all_checks().values() if isinstance(check, FunctionCheck)]


def calls(lr, curvature, delta, edge):
    return max(0, math.ceil(math.log(edge / abs(delta)) / math.log(1 + lr * curvature)))


def test_a_wrong_number_of_calls_is_judged():
    judged = run("landscapes/leave", lambda *problem: calls(*problem) // 2)
    assert (judged.status, judged.passed, judged.out_of_time) == ("answered", False, False)


def test_a_reference_counts_calls_as_a_loop_does():
    for problem in find("landscapes/leave").draw(4):
        distance, count = abs(problem.data["delta"]), 0
        while distance < problem.data["edge"]:
            distance, count = distance * (1 + problem.data["lr"] * problem.data["curvature"]), count + 1
        assert reference.leave(problem.data) == count


@pytest.mark.parametrize("check", FUNCTIONS, ids=lambda check: check.name)
def test_the_diagnosis_asks_a_reference_for_nothing_unlike_its_examples(check, monkeypatch):
    """No argument that all examples have above zero is ever zero or below."""
    asked: list[Mapping] = []
    expected = Lessons().reference(check)
    monkeypatch.setattr(
        Lessons, "reference", lambda self, check: lambda data: asked.append(data) or expected(data)
    )
    examples = [problem.data for problem in check.draw(3)]
    with np.errstate(all="ignore"):
        for wrong in (1.5, -0.25, 7):
            run(check.name, lambda *_, x=wrong: x, 3)
    positive = [
        name
        for name, value in examples[0].items()
        if isinstance(value, float) and all(example[name] > 0 for example in examples)
    ]
    assert [(name, data[name]) for data in asked for name in positive if data[name] <= 0] == []


class Endless:
    """A reference that never ends, from the given call on."""

    def __init__(self, first):
        self.left, self.right = first, reference.growth

    def __call__(self, data):
        self.left -= 1
        while self.left < 0:
            pass
        return self.right(data)


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(verdict, "MOST_SECONDS", 0.3)
    examiners.reference_runs.cache_clear()


def test_a_reference_that_never_ends_makes_a_person_decide_not_a_zero(short, monkeypatch):
    monkeypatch.setattr(reference, "growth", Endless(0))
    judged = run("landscapes/growth", lambda *_: 1.0)
    assert (judged.status, judged.out_of_time, judged.is_judged) == ("not-judged", True, False)
    assert "0.3 seconds" in judged.cause


def test_a_search_that_never_ends_costs_no_points_and_says_so(short, monkeypatch):
    monkeypatch.setattr(reference, "growth", Endless(len(find("landscapes/growth").draw(0))))

    def only_without_momentum(lr, momentum, curvature):
        return 1 + lr * curvature if momentum == 0 else 1 + lr * curvature + momentum / 7

    judged = run("landscapes/growth", only_without_momentum)
    assert (judged.status, judged.out_of_time, judged.points(4)) == ("answered", True, 1)
    (note,) = judged.notes
    assert "your score is not affected" in note


@pytest.mark.parametrize("name", ["momentum/update", "adagrad/rescaled", "rmsprop/faults"])
def test_an_answer_to_other_problems_is_not_compared(name, monkeypatch):
    """As by a NumPy whose generator gives other numbers."""
    evidence = record(name, lambda *_: 1.0, 5)
    with monkeypatch.context() as other:
        other.setattr(np.random, "PCG64", np.random.Philox)
        examiners.probes_of.cache_clear()
        assert judge(name, evidence, 5).status == "not-judged"
    examiners.probes_of.cache_clear()
    assert judge(name, evidence, 5).status == "answered"


def test_the_last_digits_of_a_problem_may_differ_between_processors():
    one, other, further = (
        probes.digest([probes.probe("p", x=np.array([1 / 3, 2e-9]) * (1 + off), n=3, named={"W": 1.0})])
        for off in (0, 1e-14, 1e-5)
    )
    assert one == other != further
