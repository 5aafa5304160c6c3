"""Whatever a student hands in, the verdict is one clear line: no traceback, no points."""

import os

import numpy as np
import pytest

from descentlab.checks.recording import run_student
from descentlab.judging import run


def sgd(update):
    """A class with the signature of SGD and this update."""

    class Answer:
        def __init__(self, lr):
            self.lr = lr

    Answer.update = update
    return Answer


def nan(self, params, grads):
    for k in params:
        params[k] -= np.nan * grads[k]


def strings(self, params, grads):
    for k in params:
        params[k] = str(params[k])


def words_in_arrays(self, params, grads):
    for k in params:
        params[k] = params[k].astype(str)


def objects(self, params, grads):
    for k in params:
        params[k] = params[k].astype(object)


def none(self, params, grads):
    for k in params:
        params[k] = None


def complex_numbers(self, params, grads):
    for k in params:
        params[k] = params[k] - self.lr * grads[k] * (1 + 0j)


def single_precision(self, params, grads):
    for k in params:
        params[k] = (params[k] - self.lr * grads[k]).astype(np.float32)


def other_shape(self, params, grads):
    for k in params:
        params[k] = np.ravel(params[k]) - self.lr * np.ravel(grads[k])


def lists(self, params, grads):
    for k in params:
        params[k] = "W" if k == "W" else [1, [2, 3]]


def grows(self, params, grads):
    for k in list(params):
        params[k] = np.zeros(10**6)


def many_keys(self, params, grads):
    params.update({str(i): np.zeros(3) for i in range(10_000)})


def removes_keys(self, params, grads):
    params.clear()


def nothing(self, params, grads):
    step = self.lr  # noqa: F841


def fails(self, params, grads):
    return params["W"] / grads["there is no such key"]


def leaves(self, params, grads):
    raise SystemExit(3)


class MeanTextError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def fails_without_text(self, params, grads):
    raise MeanTextError


class Lying(np.ndarray):
    """An array that claims to be close to everything."""

    def __sub__(self, other):
        return 0 * np.asarray(other)

    __rsub__ = __sub__


def lies(self, params, grads):
    for k in params:
        params[k] = np.asarray(params[k]).view(Lying)


ODD = {
    nan: "nan",
    strings: "not an array of numbers",
    words_in_arrays: "not an array of numbers",
    objects: "not an array of numbers",
    none: "not an array of numbers",
    complex_numbers: "holds complex128 numbers",
    single_precision: "have become float32",
    other_shape: "has the shape (6,); it had (3, 2)",
    lists: "not an array of numbers",
    grows: "not an array of numbers",
    many_keys: "changes nothing",
    removes_keys: "is gone",
    nothing: "changes nothing",
    fails: "there is no such key",
    leaves: "SystemExit",
    fails_without_text: "MeanTextError",
    lies: "not an array of numbers",
}


@pytest.mark.parametrize("update", ODD, ids=lambda f: f.__name__)
def test_an_odd_update_gets_one_clear_line_and_no_points(update, capfd):
    verdict = run("sgd/update", sgd(update))
    assert verdict.status == "answered"
    assert verdict.fraction == 0
    assert ODD[update] in verdict.cause
    assert "\n" not in verdict.cause
    assert capfd.readouterr() == ("", "")


def test_the_students_own_line_is_quoted():
    cause = run("sgd/update", sgd(fails)).cause
    assert 'return params["W"] / grads["there is no such key"]' in cause


@pytest.mark.parametrize("answer", [None, ...])
def test_an_empty_stub_is_unanswered(answer):
    verdict = run("sgd/update", answer)
    assert (verdict.status, verdict.fraction) == ("unanswered", 0)
    assert "not answered" in verdict.cause


def test_a_stub_that_raises_is_unanswered():
    def update(self, params, grads):
        raise NotImplementedError

    assert run("sgd/update", sgd(update)).status == "unanswered"


def test_an_answer_that_calls_one_that_is_missing_is_not_said_to_be_missing_itself():
    def decayed(value):
        raise NotImplementedError

    def update(self, params, grads):
        for key in params:
            params[key] -= decayed(self.lr) * grads[key]

    verdict = run("sgd/update", sgd(update))
    assert (verdict.status, verdict.cause) == ("unanswered", "it calls decayed, which is not answered")
    assert verdict.mistake  # a class report counts it apart from the empty ones

    def stub(self, params, grads):
        raise NotImplementedError

    assert "calls" not in run("sgd/update", sgd(stub)).cause


@pytest.mark.parametrize(
    "answer", [3, "Adam", np.zeros(3), sgd(nothing)(0.1), {}], ids=lambda answer: type(answer).__name__
)
def test_an_object_in_place_of_a_class_is_named(answer):
    verdict = run("sgd/update", answer)
    assert verdict.fraction == 0
    assert "Pass the class itself" in verdict.cause
    assert type(answer).__name__ in verdict.cause


def test_an_update_that_never_ends_is_stopped_at_the_students_line(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", lambda: shorter_limit(0.2))

    def update(self, params, grads):
        while True:
            self.lr += 0

    verdict = run("sgd/update", sgd(update))
    assert "did not finish" in verdict.cause
    assert "self.lr += 0" in verdict.cause or "while True" in verdict.cause
    assert verdict.fraction == 0


def test_an_endless_loop_that_swallows_the_interrupt_is_stopped_too(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", lambda: shorter_limit(0.1))
    swallowed = []

    def update(self, params, grads):
        while True:
            try:
                while True:
                    self.lr += 0
            except BaseException:
                swallowed.append(1)
                if len(swallowed) == 2:
                    raise

    assert "did not finish" in run("sgd/update", sgd(update)).cause


def shorter_limit(seconds):
    from descentlab.checks.recording.time_limit import time_limit

    return time_limit(seconds)


def test_what_the_code_prints_is_shown_once_with_its_count(capfd):
    def update(self, params, grads):
        print("shape", params["W"].shape)
        np.log(-1.0)

    verdict = run("sgd/update", sgd(update))
    assert capfd.readouterr() == ("", "")
    assert "shape (3, 2)   (× 4" in verdict.printed
    assert "RuntimeWarning" in verdict.printed
    assert verdict.printed.count("shape") == 1


def test_gradients_changed_by_the_rule_cost_only_their_criterion():
    def update(self, params, grads):
        for k in params:
            grads[k] *= self.lr
            params[k] -= grads[k]

    verdict = run("sgd/update", sgd(update))
    assert [c.name for c in verdict.criteria if not c.passed] == ["gradients left as they were"]


class OnlyWords:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        """To be written tomorrow."""


class OnlyPass(OnlyWords):
    def update(self, params, grads):
        pass


class OnlyDots(OnlyWords):
    def update(self, params, grads): ...


class OtherStub(OnlyWords):
    def update(self, params, grads):
        raise NotImplementedError("later")


@pytest.mark.parametrize("stub", [OnlyWords, OnlyPass, OnlyDots, OtherStub])
def test_a_stub_counts_as_not_answered_however_its_text_was_edited(stub):
    assert run("sgd/update", stub).status == "unanswered"


def only_words(lr, curvatures):
    """To be written tomorrow."""


def other_stub(lr, curvatures):
    raise NotImplementedError("later")


@pytest.mark.parametrize("stub", [only_words, other_stub])
def test_so_does_a_function(stub):
    assert run("sgd/worst-factor", stub).status == "unanswered"


def test_a_function_that_returns_a_number_at_once_is_an_answer():
    assert run("momentum/ball", lambda m, c, h: 3).status == "answered"
    assert run("momentum/ball", lambda m, c, h: None).status == "unanswered"


class AnswersForEveryName(dict):
    def __getattr__(self, name):
        return self[name]


def holds_itself():
    answer = [1.0]
    answer.append(answer)
    return answer


@pytest.mark.parametrize(
    ("check", "answer"),
    [("adam/update", AnswersForEveryName()), ("sgd/best-lr", holds_itself()), ("nesterov/slip", {"a": ...})],
    ids=["every name", "itself", "dots"],
)
def test_an_odd_object_earns_nothing_and_raises_nothing(check, answer):
    verdict = run(check, answer)
    assert (verdict.status, verdict.fraction) == ("answered", 0.0)


def test_a_word_out_of_an_array_is_the_word():
    assert run("nesterov/slip", np.array(["A", "B", "C", "D"])[2]).fraction == 1.0
    assert run("nesterov/slip", np.array(["A", "B", "C", "D"])[1]).fraction == 0.0


class Converts:
    """Steps as SGD does, and hands on what `kind` makes of them."""

    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = self.kind(params[k] - self.lr * grads[k])


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            np.longdouble,
            "ndarray of longdouble" if np.dtype("g").name == "longdouble" else "ndarray of float128",
        ),
        (lambda a: np.broadcast_to(a.ravel()[0], 30_000), "ndarray[30000]"),
        (np.ma.array, "MaskedArray"),
    ],
)
def test_of_an_array_it_is_never_said_that_it_is_none(kind, words):
    verdict = run("sgd/update", type("SGD", (Converts,), {"kind": staticmethod(kind)}))
    assert words in verdict.numbers
    assert "expected is an array of shape (3, 2), dtype float64" in verdict.numbers
    assert "not an array of numbers as it was (float64, shape (3, 2))" in verdict.cause


def test_digits_that_agree_are_not_counted_wrong():
    class Nearly(Converts):
        def update(self, params, grads):
            for k in params:
                params[k] -= (1 + 1e-8) * self.lr * grads[k]

    verdict = run("sgd/update", Nearly)
    assert "right to six digits and not to nine" in verdict.cause
    assert " 1 times" not in verdict.numbers


def test_a_module_whose_folder_begins_as_ours_is_the_students():
    source = compile(
        "def raises():\n    1 / 0", f"{run_student.PACKAGE_FOLDER.rstrip(os.sep)}-mine/helper.py", "exec"
    )
    names = {}
    exec(source, names)
    with pytest.raises(ZeroDivisionError) as caught:
        names["raises"]()
    assert run_student.describe(caught.value)["function"] == "raises"


class KeepsItsRateInTheClass:
    """The rate of whichever optimizer was made last."""

    def __init__(self, lr):
        type(self).lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]


def test_hyperparameters_that_two_optimizers_share_are_seen():
    verdict = run("sgd/update", KeepsItsRateInTheClass)
    assert [c.name for c in verdict.criteria if not c.passed] == [
        "any key order, its own memory for each optimizer"
    ]
    assert verdict.mistake == "behaviour/shared-memory"
    assert "are they independent?" in verdict.hint


def test_an_iterator_that_ends_is_said_to_end_at_the_students_line():
    def update(self, params, grads):
        next(iter(()))

    verdict = run("sgd/update", sgd(update))
    assert "StopIteration" in verdict.cause
    assert "`next(iter(()))`" in verdict.cause
    assert "generator" not in verdict.cause


def test_an_exception_in_the_long_run_alone_has_a_hint():
    class CountsFour:
        def __init__(self, lr, momentum):
            self.lr, self.mu, self.v = lr, momentum, {}

        def update(self, params, grads):
            for k in params:
                self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * grads[k]
                params[k] += self.v[k]
            if len(self.v) != 4:
                raise RuntimeError("want 4")

    verdict = run("momentum/update", CountsFour)
    assert "want 4" in verdict.cause
    assert 'The arrays of this run are "b", "s" alone' in verdict.hint
