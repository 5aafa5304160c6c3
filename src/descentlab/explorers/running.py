"""Running a student's class that may raise, diverge or never return, and reporting which."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from IPython.utils.capture import capture_output

from descentlab.objectives import Objective
from verdicts import agreement
from verdicts.recording.run_student import describe
from verdicts.recording.time_limit import TimeLimitError, time_limit

FAR = 1e8
"""A path this many picture widths away has diverged."""
FIRST_SECONDS, MOVE_SECONDS = 2.0, 0.3
"""Time limits of the student's code for the first picture and for each move."""


@dataclass
class Descent:
    """A rule's descent: `path` (steps + 1, d), `gradients` (steps, d), the state after each step."""

    path: np.ndarray
    gradients: np.ndarray
    states: list[dict[str, np.ndarray]]
    trouble: str
    """A sentence about why it ended early; empty if it did not."""

    @property
    def steps(self) -> int:
        """The number of updates."""
        return len(self.path) - 1


def follow(
    name: str,
    make: Callable[[], Any],
    objective: Objective,
    steps: int,
    seconds: float,
    remember: bool = False,
) -> Descent:
    """Run the rule from `make` for `steps` updates from the objective's start; `remember` its state after each.

    Ends early, with a sentence, if the student's code raises, makes NaN, diverges or takes longer than
    `seconds`. NotImplementedError of an unanswered stub is raised again.
    """
    path, gradients, states = [np.array(objective.start, float)], [], []

    def walk() -> str:
        """Append to the lists, where the student's code may stop at any line; returns why it ended early."""
        rule, params, began = make(), {"theta": path[0].copy()}, time.perf_counter()
        for step in range(1, steps + 1):
            gradient = objective.gradient(path[-1].copy())
            rule.update(params, {"theta": gradient.copy()})
            theta = np.array(params["theta"], float)
            if theta.shape != path[0].shape:
                return f"{name} gave θ the shape {theta.shape}, not {path[0].shape}, at step {step}."  # fmt: skip
            path.append(theta)
            gradients.append(gradient)
            if remember:
                states.append(state_of(rule, theta))
            if time.perf_counter() - began > seconds:
                return f"{name} is slow: {step} updates took {seconds:g} s, the rest is not shown."  # fmt: skip
        return ""

    try:
        with capture_output(), np.errstate(all="ignore"), time_limit(2 * seconds, wall=8 * seconds):
            trouble = walk()
    except NotImplementedError:
        raise
    except (Exception, SystemExit) as error:
        trouble = what_went_wrong(name, error, len(path))
    descent = Descent(np.array(path), np.array(gradients).reshape(-1, len(path[0])), states, trouble)
    return _cut(descent, name, FAR * np.abs(objective.extent).max())


def _cut(descent: Descent, name: str, limit: float) -> Descent:
    """The descent up to its divergence; anything reported after that is a consequence."""
    with np.errstate(invalid="ignore"):
        far = np.flatnonzero(~(np.abs(descent.path[1:]).max(axis=1) <= limit))  # nor is NaN
    if not len(far):
        return descent
    last = far[0]
    size = np.abs(descent.path[last + 1]).max()
    what = f"|θ| is {size:.1g}"
    if np.isnan(size):
        what = "θ is not a number"
    elif np.isinf(size):
        what = "θ is infinite"
    trouble = f"{name} diverges: {what} at step {last + 1}."
    return Descent(descent.path[: last + 1], descent.gradients[:last], descent.states[:last], trouble)


def what_went_wrong(name: str, error: BaseException, step: int) -> str:
    """A sentence about an exception of the student's code, with the student's own line."""
    if isinstance(error, TimeLimitError):
        return f"{name} does not come back at step {step} and was stopped."
    said = describe(error)
    message = said["message"].split("\n")[0][:120]
    sentence = f"{name} stops at step {step} with {said['type']}: {message}."
    return f"{sentence} The line is: {said['line']}" if said.get("line") else sentence


def state_of(rule: Any, theta: np.ndarray) -> dict[str, np.ndarray]:
    """The rule's state for θ by attribute: arrays of θ's shape, single or in a dict."""
    arrays = {}
    for name, value in getattr(rule, "__dict__", {}).items():
        if type(value) is dict:
            value = value.get("theta")
        if agreement.is_array(value, "f") and value.shape == theta.shape:
            arrays[name] = value.copy()
    return arrays
