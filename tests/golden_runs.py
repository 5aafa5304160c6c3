"""Runs a rule on the problems of tests/golden and compares, as that folder's README says."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from descentlab.registry import RULES

FOLDER = Path(__file__).with_name("golden")
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


# How frameworks spell the course's hyper-parameters.
SPELLINGS = {
    "lr": ("lr", "learning_rate", "step_size"),
    "momentum": ("momentum", "mass"),
    "decay": ("decay", "rho", "alpha", "gamma", "decay_rate"),
    "beta1": ("beta1", "b1", "beta_1"),
    "beta2": ("beta2", "b2", "beta_2"),
    "eps": ("eps", "epsilon"),
    "weight_decay": ("weight_decay", "weight_decay_rate"),
}


def course_hyper(rule: str, hyper: dict, more: dict) -> dict | None:
    """A case's hyperparameters under the course's names; None where it sets others than those of `more`."""
    names = [h.name for h in RULES[rule].hyper]
    given = dict(hyper)
    if "betas" in given:
        given["beta1"], given["beta2"] = given.pop("betas")
    if "decay" not in names and "alpha" in given:  # Chainer's rate of Adam
        given["lr"] = given.pop("alpha")
    found = {}
    for ours in names:
        theirs = next((s for s in SPELLINGS.get(ours, (ours,)) if s in given), None)
        if theirs:
            found[ours] = given.pop(theirs)
    if "eps" in names:  # fixed in Deep Learning from Scratch, absent from TensorFlow's AdaGrad
        found.setdefault("eps", 1e-7)
    switches = {"nesterov", "use_nesterov", "centered", "amsgrad", "eps_inside_sqrt", "eps_in_sqrt"}
    return found if all(name in switches or given[name] == more.get(name) for name in given) else None


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
