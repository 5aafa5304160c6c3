"""A function's results that have no name: their form, the examples that are wrong, and a hint."""

from collections import OrderedDict, defaultdict

import numpy as np
import pytest

from descentlab.checks.recording import run_student
from descentlab.checks.recording.time_limit import time_limit
from descentlab.judging import run


def stretched_scales(gradients, total):
    s = (gradients**4).sum(axis=1)
    return total * s / s.sum()


def without_the_surprise(calls, usual, big):
    return -big / np.sqrt(calls * usual**2) if calls else -np.sign(big)


def a_pair(farthest, G):
    lr = farthest / np.sqrt(2)
    return lr, 2 * lr * np.sum(G)


def in_place(grads, limit):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    for k in grads:
        grads[k] *= min(1, limit / norm) if norm else 1
    return grads


def stretched(z, t, weight):
    return 1.0, 2 * (z - t.ravel()) / len(z)


def root_of_a_negative(beta, t):
    return np.sqrt(beta**t - 1)


def a_sum(momentum, curvatures):
    return 2 * (1 + momentum) / np.sum(curvatures)


def other_sign(curvature, minimum, weight_decay):
    edge = 1 / weight_decay
    return {"plain": curvature * minimum / (curvature - weight_decay), "sign": np.clip(minimum, -edge, edge)}


def constants(path):
    return 0.6, 0.8


SAID = {
    constants: ("momentum/read-off", "the same numbers in every example", "arguments do your lines use"),
    stretched_scales: ("adagrad/hindsight", "12 is the length of axis 0 of gradients", "which axis"),
    without_the_surprise: ("adagrad/after-a-calm", "When `calls` doubles, your result", "Which part"),
    a_pair: ("adagrad/best-bound", 'a dict with the keys "lr", "bound" is asked for', "`return`"),
    stretched: ("comparison/logit-loss", "the shape (7, 7); (7, 1) is asked for", "stretches"),
    root_of_a_negative: ("adam/weight-sum", "is nan in the example “the first call”", "root or logarithm"),
    a_sum: ("momentum/limit", "Right in: μ = 0, one curvature", "a right example"),
    other_sign: ("practice/rest", 'When `curvature` doubles, your "plain"', "Which part"),
}


@pytest.mark.parametrize("answer", SAID, ids=lambda a: a.__name__)
def test_what_can_be_said_is_said_with_a_hint(answer):
    check, fact, hint = SAID[answer]
    verdict = run(check, answer)
    assert not verdict.passed
    assert fact in " ".join((verdict.cause, *verdict.facts))
    assert hint in verdict.hint


def test_of_what_did_not_finish_no_number_is_told(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", lambda: time_limit(0.05))

    def endless(path):
        while True:
            pass

    verdict = run("momentum/read-off", endless)
    assert "your code did not finish" in verdict.cause
    assert verdict.facts == ()
    assert verdict.mistake is None
    assert "loop" in verdict.hint


def test_a_factor_that_rounds_to_one_is_not_printed():
    def almost(a, b):
        return (1 + 2e-6) * np.max(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-300))

    verdict = run("gradients/relative-error", almost)
    assert not verdict.passed
    assert verdict.facts
    assert not any(" 1×" in each for each in verdict.facts)


def test_an_argument_that_was_changed_has_its_hint():
    verdict = run("practice/clip", in_place)
    assert verdict.mistake == "function/changes-its-argument"
    assert "new array" in verdict.hint


def of_half_a_place(loss, params, h):
    return {key: np.zeros(range(len(p) / 2)) for key, p in params.items()}


def of_two_arguments(loss, params):
    return {}


@pytest.mark.parametrize(
    ("answer", "cause", "hint"),
    [
        (of_half_a_place, "cannot be interpreted as an integer", "Just above the line where it stops"),
        (of_two_arguments, "but 3 were given", "first line of your function"),
    ],
)
def test_of_a_function_that_raises_nothing_is_said_of_what_it_returns(answer, cause, hint):
    verdict = run("gradients/numerical", answer)
    assert cause in verdict.cause
    assert hint in verdict.hint
    assert verdict.facts == ()


def ball(mass, friction, h):
    return np.array([h**2, mass]) / (mass + friction * h)


@pytest.mark.parametrize(
    ("answer", "fact", "hint"),
    [
        (
            lambda *data: ball(*data).astype(np.float32),
            "agree with the expected ones to six digits",
            "rounded",
        ),
    ],
)
def test_numbers_of_another_kind_are_said_to_be_so(answer, fact, hint):
    verdict = run("momentum/ball", answer)
    assert fact in verdict.cause
    assert hint in verdict.hint


def test_words_are_not_said_to_be_numbers():
    assert not any("numbers" in fact for fact in run("momentum/ball", lambda *_: ("a", "b")).facts)


def test_a_tuple_is_not_said_to_be_an_array():
    verdict = run("gradients/slopes", lambda f, theta, h: (1.0, 2.0, 3.0))
    assert "a tuple, a list or an array" in verdict.cause


def test_a_key_that_is_added_to_an_argument_changes_it():
    def numerical(loss, params, h):
        grads = {}
        for key, p in params.items():
            grads[key] = np.zeros_like(p)
            for i in np.ndindex(p.shape):
                for sign in (1, -1):
                    other = {k: v.copy() for k, v in params.items()}
                    other[key][i] += sign * h
                    grads[key][i] += sign * loss(other) / (2 * h)
        params["old"] = 0.0
        return grads

    verdict = run("gradients/numerical", numerical)
    assert verdict.fraction == 0.75
    assert 'changes params["old"]' in verdict.cause
    assert verdict.mistake == "function/changes-its-argument"


def slopes(f, theta, h):
    forward, central = (f(theta + h) - f(theta)) / h, (f(theta + h) - f(theta - h)) / (2 * h)
    return {"forward": forward, "central": central, "complex": np.imag(f(theta + 1j * h)) / h}


@pytest.mark.parametrize(
    "kind",
    [
        OrderedDict,
        lambda rows: defaultdict(float, rows),
        lambda rows: {np.str_(k): v for k, v in rows.items()},
    ],
)
def test_a_dict_of_another_kind_is_a_dict(kind):
    assert run("gradients/slopes", lambda *data: kind(slopes(*data))).passed


def test_keys_that_are_no_text_are_said_to_be_none():
    verdict = run("gradients/slopes", lambda *data: dict(enumerate(slopes(*data).values())))
    assert "The keys of your dict: none that is text" in verdict.cause


@pytest.mark.parametrize(
    ("answer", "fact", "hint"),
    [
        (lambda *_: np.array([[1, 0], [1, 0]], dtype=object), "is a ndarray of object", "Print the type"),
        (lambda *_: "one", "is 'one'", "without quotes"),
        (lambda *data: (x for x in data), "is a generator", "`sum(…)`"),
        (lambda *_: a_pair, "is a function", "call it"),
    ],
)
def test_what_is_no_number_is_named_with_what_to_do(answer, fact, hint):
    verdict = run("momentum/matrix", answer)
    assert fact in verdict.cause
    assert hint in verdict.hint


def test_a_denominator_is_worked_out_for_the_example_that_fails():
    def schedule(t, lr, warmup, total):
        rising = lr * t / warmup
        return rising if t <= warmup else lr / 2 * (1 + np.cos(np.pi * (t - warmup) / (total - warmup)))

    verdict = run("practice/schedule", schedule)
    assert verdict.mistake == "error/divides-by-zero"
    assert "No warm-up" in verdict.cause
    assert "for this example" in verdict.hint


def test_a_condition_on_an_array_in_a_function_is_asked_about_as_one():
    def clip(grads, limit):
        return {k: g * limit if abs(g) > limit else g for k, g in grads.items()}

    verdict = run("practice/clip", clip)
    assert verdict.mistake == "error/array-as-condition"
    assert "nothing yet" not in verdict.hint
