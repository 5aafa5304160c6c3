"""Whatever a student hands in, the verdict is clear: not answered, not a class, without an end, odd arrays."""

import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from student_answers import Rule, answers_in, rule

from verdicts.judging import run
from verdicts.recording import run_student
from verdicts.recording.time_limit import time_limit


def test_an_answer_that_calls_one_that_is_missing_is_not_said_to_be_missing_itself():
    def decayed(value):
        raise NotImplementedError

    def update(self, params, grads):
        for key in params:
            params[key] -= decayed(self.lr) * grads[key]

    verdict = run("sgd/update", rule(update))
    assert (verdict.status, verdict.cause) == ("unanswered", "it calls decayed, which is not answered")
    assert verdict.mistake  # a class report counts it apart from the empty ones


class AnswersForEveryName(dict):
    def __getattr__(self, name):
        return self[name]


@pytest.mark.parametrize(
    "answer",
    [3, "Adam", np.zeros(3), Rule(0.1), {}, AnswersForEveryName()],
    ids=lambda answer: type(answer).__name__,
)
def test_an_object_in_place_of_a_class_is_named(answer):
    verdict = run("sgd/update", answer)
    assert verdict.fraction == 0
    assert "Pass the class itself" in verdict.cause
    assert type(answer).__name__ in verdict.cause


def test_an_update_that_never_ends_is_stopped_at_the_students_line(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", partial(time_limit, 0.2))

    def update(self, params, grads):
        while True:
            self.lr += 0

    verdict = run("sgd/update", rule(update))
    assert "did not finish" in verdict.cause
    assert "self.lr += 0" in verdict.cause or "while True" in verdict.cause
    assert verdict.fraction == 0


def test_an_endless_loop_that_swallows_the_interrupt_is_stopped_too(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", partial(time_limit, 0.1))

    def update(self, params, grads):
        for swallows in (True, False):
            try:
                while True:
                    self.lr += 0
            except BaseException:
                if not swallows:
                    raise

    assert "did not finish" in run("sgd/update", rule(update)).cause


def test_what_the_code_prints_is_shown_once_with_its_count(capfd):
    def update(self, params, grads):
        print("shape", params["W"].shape, np.zeros((2, 2)))
        np.log(-1.0)

    verdict = run("sgd/update", rule(update))
    assert capfd.readouterr() == ("", "")
    assert "shape (3, 2) [[0. 0.]\n [0. 0.]]   (× 4" in verdict.printed
    assert "RuntimeWarning" in verdict.printed
    assert verdict.printed.count("shape") == 1


STUBS = answers_in([Path(__file__).with_name("stubs.md")])


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: f"{stub.check}-{stub.name}")
def test_a_stub_counts_as_not_answered_however_its_text_was_edited(stub):
    verdict = run(stub.check, stub.make())
    assert (verdict.status, verdict.fraction) == ("unanswered", 0)
    assert "not answered" in verdict.cause
    assert "calls" not in verdict.cause


def test_a_function_that_returns_a_number_at_once_is_an_answer():
    assert run("momentum/ball", lambda m, c, h: 3).status == "answered"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (np.longdouble, f"ndarray of {np.dtype('g').name}"),
        (lambda a: np.broadcast_to(a.ravel()[0], 30_000), "ndarray of float64 of shape (30000,)"),
        (lambda a: [0.0] * 30_000, "list of length 30000 with more than 20000"),
    ],
)
def test_of_an_array_it_is_never_said_that_it_is_none(kind, words):
    def update(self, params, grads):
        for k in params:
            params[k] = kind(params[k] - self.lr * grads[k])

    verdict = run("sgd/update", rule(update))
    assert words in verdict.numbers
    assert "expected is an array of shape (3, 2), dtype float64" in verdict.numbers
    assert "not an array of numbers as it was (float64, shape (3, 2))" in verdict.cause


def test_a_module_whose_folder_begins_as_ours_is_the_students():
    source = compile(
        "def raises():\n    1 / 0", f"{run_student.PACKAGE_FOLDER.rstrip(os.sep)}-mine/helper.py", "exec"
    )
    names = {}
    exec(source, names)
    with pytest.raises(ZeroDivisionError) as caught:
        names["raises"]()
    assert run_student.describe(caught.value)["function"] == "raises"
