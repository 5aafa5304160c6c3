"""Lesson 00's functions: right ones pass however written, each likely slip loses its own criterion."""

import numpy as np
import pytest

from descentlab.judging import run

SEEDS = (0, 1, 77, 2**63 - 1)


def slopes(f, theta, h):
    return {
        "forward": (f(theta + h) - f(theta)) / h,
        "central": (f(theta + h) - f(theta - h)) / (2 * h),
        "complex": f(theta + 1j * h).imag / h,
    }


def best_steps(f, f2, f3, r):
    return {"forward": 2 * np.sqrt(r * abs(f / f2)), "central": (3 * r * abs(f / f3)) ** (1 / 3)}


def numerical(loss, params, h):
    found = {}
    for key, p in params.items():
        found[key] = np.zeros_like(p)
        for place in np.ndindex(p.shape):
            kept = p[place]
            p[place] = kept + h
            above = loss(params)
            p[place] = kept - h
            found[key][place] = (above - loss(params)) / (2 * h)
            p[place] = kept
    return found


def numerical_on_copies(loss, params, h):
    found = {}
    for key, p in params.items():
        flat = np.zeros(p.size)
        for i in range(p.size):
            moved = {}
            for sign in (1, -1):
                moved[sign] = {k: v.copy() for k, v in params.items()}
                moved[sign][key].reshape(-1)[i] += sign * h
            flat[i] = (loss(moved[1]) - loss(moved[-1])) / (2 * h)
        found[key] = flat.reshape(p.shape)
    return found


def relative_error(a, b):
    larger = np.maximum(np.abs(a), np.abs(b))
    return np.max(np.abs(a - b) / np.where(larger == 0, 1.0, larger))


def relative_error_with_a_floor(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-12, np.maximum(np.abs(a), np.abs(b))))


def backprop(params, x, t):
    a = np.tanh(x @ params["W1"] + params["b1"])
    delta = (a @ params["W2"] + params["b2"] - t) / len(x)
    grads = {"W2": a.T @ delta, "b2": delta.sum(axis=0)}
    delta = delta @ params["W2"].T * (1 - a**2)
    return grads | {"W1": x.T @ delta, "b1": delta.sum(axis=0)}


RIGHT = [
    ("gradients/slopes", slopes),
    ("gradients/best-steps", best_steps),
    ("gradients/numerical", numerical),
    ("gradients/numerical", numerical_on_copies),
    ("gradients/relative-error", relative_error),
    ("gradients/relative-error", relative_error_with_a_floor),
    ("gradients/backprop", backprop),
]


def numerical_restored_by_adding(loss, params, h):
    found = {}
    for key, p in params.items():
        found[key] = np.zeros_like(p)
        for place in np.ndindex(p.shape):
            p[place] += h
            above = loss(params)
            p[place] -= 2 * h
            found[key][place] = (above - loss(params)) / (2 * h)
            p[place] += h
    return found


def numerical_of_rows_only(loss, params, h):
    found = {}
    for key, p in params.items():
        found[key] = np.zeros_like(p)
        for i in range(len(p)):
            kept = p[i].copy()
            p[i] = kept + h
            above = loss(params)
            p[i] = kept - h
            found[key][i] = (above - loss(params)) / (2 * h)
            p[i] = kept
    return found


def wrong(key, change):
    """Backprop with one key's gradient changed."""
    return lambda params, x, t: (g := backprop(params, x, t)) | {key: change(g[key], len(x))}


WRONG = [
    ("gradients/slopes", lambda f, theta, h: slopes(f, theta, h) | {"central": 0.0}, 2 / 3),
    ("gradients/slopes", lambda f, theta, h: slopes(f, theta, h) | {"complex": f(theta + 1j * h) / h}, 2 / 3),
    ("gradients/slopes", lambda f, theta, h: tuple(slopes(f, theta, h).values()), 0.0),
    ("gradients/best-steps", lambda f, f2, f3, r: best_steps(f, f2, f3, r) | {"forward": r**0.5}, 0.5),
    ("gradients/best-steps", lambda f, f2, f3, r: {"forward": 1e-8, "central": 6e-6}, 0.0),
    ("gradients/numerical", numerical_of_rows_only, 3 / 4),
    ("gradients/backprop", wrong("b2", lambda g, n: g * n), 5 / 6),
    ("gradients/backprop", wrong("W2", lambda g, n: -g), 5 / 6),
    ("gradients/backprop", wrong("W1", lambda g, n: g * 2), 4 / 6),
    ("gradients/backprop", wrong("b1", lambda g, n: 0 * g), 4 / 6),
    ("gradients/backprop", lambda params, x, t: backprop(params, x, t * len(x)), 0.0),
]


def test_parameters_that_come_back_nearly_are_not_left_as_they_were():
    verdict = run("gradients/numerical", numerical_restored_by_adding)
    assert verdict.fraction == 3 / 4
    assert "`params` is left changed by a rounding error" in verdict.cause
    assert any("your function changes" in criterion.message for criterion in verdict.criteria)


@pytest.mark.parametrize("side", [0, 1])
def test_a_relative_error_with_one_array_below_fails_at_every_seed(side):
    def one_side_below(*arrays):
        size = np.abs(arrays[side])
        return np.max(np.abs(arrays[0] - arrays[1]) / np.where(size == 0, 1.0, size))

    assert not any(run("gradients/relative-error", one_side_below, seed).passed for seed in range(60))


def test_a_relative_error_with_the_largest_entry_below_fails_at_every_seed():
    def largest_below(a, b):
        size = max(np.abs(a).max(), np.abs(b).max())
        return np.max(np.abs(a - b)) / size if size else 0.0

    assert not any(run("gradients/relative-error", largest_below, seed).passed for seed in range(200))
