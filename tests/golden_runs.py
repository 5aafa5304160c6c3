"""Runs a rule on the tasks of tests/golden and compares it with what a framework recorded there."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.registry import RULES

DOCUMENT = json.loads(Path(__file__).with_name("golden").joinpath("frameworks.json").read_text())
FRAMEWORKS = DOCUMENT["frameworks"]
SPELLINGS, TITLES, NOT_SHOWN = json.loads(Path(__file__).with_name("frameworks.json").read_text()).values()
"""How frameworks spell the course's hyperparameters, what they are called, and which of their rules the page leaves out."""


def recorded(framework: str, rule: str) -> dict[str, Any]:
    """What the framework recorded of its rule: call, hyper, not_default, iterates."""
    return FRAMEWORKS[framework]["rules"][rule]


def course_hyper(rule: str, hyper: Mapping[str, Any]) -> dict[str, float]:
    """A framework's hyperparameters under the names that the course's rule gives them."""
    names = [h.name for h in RULES[rule].hyper]
    given = dict(hyper)
    if "betas" in given:
        given["beta1"], given["beta2"] = given.pop("betas")
    if "decay" not in names and "alpha" in given:  # Chainer's rate of Adam
        given["lr"] = given.pop("alpha")
    found = {name: given[s] for name in names for s in SPELLINGS[name] if s in given}
    if "eps" in names:  # fixed in Deep Learning from Scratch, absent from TensorFlow's AdaGrad
        found.setdefault("eps", 1e-7)
    return found


def iterates(rule: Any, task: str) -> dict[str, np.ndarray]:
    """The parameters after each recorded step, as one vector."""
    data = DOCUMENT["tasks"][task]
    params = _arrays(data, np.array(data["start"]))
    steps = recorded("torch", "sgd")["iterates"][task]
    found = {}
    for t in range(1, max(map(int, steps)) + 1):
        x = _flat(params)
        g = np.array([x[0] / 10, 2 * x[1]]) if task == "quad" else np.array(data["gradients"][t - 1])
        with np.errstate(all="ignore"):
            rule.update(params, _arrays(data, g))
        if str(t) in steps:
            found[str(t)] = _flat(params)
    return found


def compare(make: Callable[[], Any], framework: str, name: str) -> None:
    """Assert that the rule that `make` builds takes the recorded steps.

    The tolerance allows a rounding error of some 2⁻⁵³ of the largest number in each of 126 steps, eight times
    over. The tasks and steps were chosen so that none of them enlarges rounding errors.
    """
    for task, steps in recorded(framework, name)["iterates"].items():
        found, size = iterates(make(), task), np.abs(DOCUMENT["tasks"][task]["start"]).max()
        for t, numbers in steps.items():
            size = max(size, np.abs(numbers).max())
            difference = np.abs(found[t] - numbers).max()
            assert difference <= 1e-13 * size, (
                f"{framework} {name}, {task}: step {t} is off by {difference:.3g}"
            )


def _arrays(data: Mapping[str, Any], flat: np.ndarray) -> dict[str, np.ndarray]:
    """The flat vector cut into the task's tensors."""
    cut, start = {}, 0
    for number, shape in enumerate(data.get("shapes", [[len(flat)]])):
        size = int(np.prod(shape))
        cut[f"p{number}"] = np.array(flat[start : start + size]).reshape(shape)
        start += size
    return cut


def _flat(params: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([np.ravel(p) for p in params.values()])
