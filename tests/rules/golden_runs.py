"""Runs a rule on the problems of tests/golden and compares, as that folder's README says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "golden"
FRAMEWORKS = ("torch", "optax", "keras", "tensorflow", "chainer", "lasagne", "autograd", "dlfs", "dlfs_2016")
TOO_NOISY = 30


@cache
def document(framework: str) -> dict:
    return json.loads((FOLDER / f"{framework}.json").read_text())


def cases(framework: str, rule: str) -> list[dict]:
    return [case for case in document(framework)["cases"] if case["rule"] == rule]


def rules_of(framework: str) -> list[str]:
    return list(dict.fromkeys(case["rule"] for case in document(framework)["cases"]))


def gradient(task_name: str, task: dict) -> Callable[[int, np.ndarray], np.ndarray]:
    """g(t, x) of a task, in the README's order of operations."""
    if task_name == "quad":
        return lambda t, x: np.array([x[0] / 10, 2 * x[1]])
    if task_name == "rosenbrock":

        def rosenbrock(t: int, p: np.ndarray) -> np.ndarray:
            x, y = p
            d = y - x * x
            return np.array([-2 * (1 - x) - 400 * x * d, 200 * d])

        return rosenbrock
    if task_name == "multi":
        return lambda t, x: np.array(task["gradients"][t - 1])

    def long(t: int, x: np.ndarray) -> np.ndarray:
        i = task["order"][t - 1]
        r = 0.0
        for a, xj in zip(task["A"][i], x.tolist(), strict=True):
            r += a * xj
        return (r - task["b"][i]) * np.array(task["A"][i])

    return long


def arrays(task: dict, flat: np.ndarray) -> dict[str, np.ndarray]:
    """The flat vector cut into the task's tensors."""
    cut, start = {}, 0
    for number, shape in enumerate(task.get("shapes", [[len(flat)]])):
        size = int(np.prod(shape))
        cut[f"p{number}"] = np.array(flat[start : start + size]).reshape(shape)
        start += size
    return cut


def flat(params: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([np.ravel(p) for p in params.values()])


def compare(rule, framework: str, case: dict) -> Counter:
    """Run `rule` on a case; AssertionError at the first step that differs. Returns what was compared."""
    task = document(framework)["tasks"][case["task"]]
    grad = gradient(case["task"], task)
    wanted = dict(zip(case["at"], case["iterates"], strict=True))
    gains = sorted((int(k), g) for k, g in case["rounding_gain"].items())
    params = arrays(task, np.array(task["start"], dtype=float))
    size = np.abs(flat(params)).max()
    count: Counter = Counter()
    for t in range(1, max(wanted) + 1):
        with np.errstate(all="ignore"):
            rule.update(params, arrays(task, grad(t, flat(params))))
        if t not in wanted:
            continue
        gain = next(g for k, g in gains if t <= k)
        if t == case.get("stopped_at"):
            count["golden steps left out: the run left finite numbers"] += 1
        elif gain > TOO_NOISY:
            count[f"golden steps left out: rounding noise grows more than {TOO_NOISY}-fold"] += 1
        else:
            want = np.array(wanted[t], dtype=float)
            size = max(size, np.abs(want).max())
            tolerance = 256 * 2.0**-53 * size * (t + gain)
            difference = np.abs(flat(params) - want).max()
            assert difference <= tolerance, (
                f"{framework} {case['call']} {case['hyper']} on {case['task']}: "
                f"step {t} is off by {difference:.3g}, {tolerance:.3g} allowed"
            )
            count["golden steps compared"] += 1
    count["golden cases compared" if count["golden steps compared"] else "golden cases left out wholly"] += 1
    return count
