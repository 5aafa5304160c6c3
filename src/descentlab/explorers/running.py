"""Running a student's class where it may raise, run away or never return, and saying which."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from IPython.utils.capture import capture_output

from descentlab.checks.recording.run_student import describe
from descentlab.checks.recording.time_limit import TimeLimitError, time_limit
from descentlab.objectives import Objective
from descentlab.sentences import say

FAR = 1e8
"""A path this many times as far out as the picture is wide has run away."""
FIRST_SECONDS, MOVE_SECONDS = 2.0, 0.3
"""How long the student's code may take for the first picture and for each move."""


@dataclass
class Run:
    """What a rule did: `path` (steps + 1, d), `gradients` (steps, d), the state after each step."""

    path: np.ndarray
    gradients: np.ndarray
    states: list[dict[str, np.ndarray]] = field(default_factory=list)
    trouble: str | None = None
    """A whole sentence about why it ended early, or None."""

    @property
    def steps(self) -> int:
        """How many updates it holds."""
        return len(self.path) - 1


def follow(
    name: str,
    make: Callable[[], Any],
    objective: Objective,
    start: np.ndarray,
    steps: int,
    seconds: float = MOVE_SECONDS,
    remember: bool = False,
) -> Run:
    """Run the rule that `make` makes for `steps` updates from `start`; `remember` its state after each.

    Ends early, with a sentence, where the student's code raises, makes NaN, runs away or takes longer than
    `seconds`. NotImplementedError of an unanswered stub is raised again.
    """
    path, gradients, states = [np.array(start, float)], [], []
    try:
        with quiet(seconds):
            trouble = _walk(
                name, make(), objective, steps, seconds, path, gradients, states if remember else None
            )
    except NotImplementedError:
        raise
    except (Exception, SystemExit) as error:
        trouble = what_went_wrong(name, error, len(path))
    run = Run(np.array(path), np.array(gradients).reshape(-1, len(path[0])), states, trouble)
    return _cut(run, name, FAR * max(abs(edge) for edge in objective.extent))


def _walk(
    name: str,
    rule: Any,
    objective: Objective,
    steps: int,
    seconds: float,
    path: list[np.ndarray],
    gradients: list[np.ndarray],
    states: list[dict[str, np.ndarray]] | None,
) -> str | None:
    """Update and append to the lists, which the student's code may break off at any line.

    Returns a sentence where it ends early.
    """
    began = time.perf_counter()
    params = {"theta": path[0].copy()}
    for step in range(1, steps + 1):
        gradient = objective.gradient(path[-1].copy())
        rule.update(params, {"theta": gradient.copy()})
        theta = np.array(params["theta"], float)
        if theta.shape != path[0].shape:
            return say(
                "{rule} gave θ the shape {shape}, not {expected}, at step {step}.",
                rule=name, shape=theta.shape, expected=path[0].shape, step=step,
            )  # fmt: skip
        path.append(theta)
        gradients.append(gradient)
        if states is not None:
            states.append(state_of(rule, theta))
        if time.perf_counter() - began > seconds:
            return say(
                "{rule} is slow: {count} updates took {seconds} s, the rest is not shown.",
                rule=name, count=step, seconds=f"{seconds:g}",
            )  # fmt: skip
    return None


def _cut(run: Run, name: str, limit: float) -> Run:
    """The run up to where it ran away, which is what there is to say about it: what followed came of that."""
    with np.errstate(invalid="ignore"):
        far = np.flatnonzero(~(np.abs(run.path[1:]).max(axis=1) <= limit))  # nor is NaN
    if not len(far):
        return run
    last = int(far[0])
    theta = run.path[last + 1]
    if np.isnan(theta).any():
        trouble = say("{rule} diverges: θ is not a number at step {step}.", rule=name, step=last + 1)
    elif np.isinf(theta).any():
        trouble = say("{rule} diverges: θ is infinite at step {step}.", rule=name, step=last + 1)
    else:
        trouble = say(
            "{rule} diverges: |θ| is {size} at step {step}.",
            rule=name, size=f"{np.abs(theta).max():.1g}", step=last + 1,
        )  # fmt: skip
    return Run(run.path[: last + 1], run.gradients[:last], run.states[:last], trouble)


@contextmanager
def quiet(seconds: float) -> Iterator[None]:
    """Run the student's code without output or warnings, and interrupt it if it never returns."""
    with capture_output(), np.errstate(all="ignore"), time_limit(2 * seconds, wall=8 * seconds):
        yield


def what_went_wrong(name: str, error: BaseException, step: int | None = None) -> str:
    """A sentence about an exception of the student's code, with the student's own line."""
    if isinstance(error, TimeLimitError):
        if step is None:
            return say("{code} does not come back and was stopped.", code=name)
        return say("{code} does not come back at step {step} and was stopped.", code=name, step=step)
    said = describe(error)
    parts = {"code": name, "kind": said["type"], "message": said["message"].split("\n")[0][:120]}
    if step is None:
        sentence = say("{code} stops with {kind}: {message}.", **parts)
    else:
        sentence = say("{code} stops at step {step} with {kind}: {message}.", step=step, **parts)
    return f"{sentence} {say('The line is: {line}', line=said['line'])}" if said.get("line") else sentence


def foretold(theory: Callable[[], float], seconds: float = MOVE_SECONDS) -> tuple[float | None, str]:
    """What the student's theory says; None, and a sentence, where it raises or does not come back."""
    try:
        with quiet(seconds):
            return float(theory()), ""
    except NotImplementedError:
        raise
    except Exception as error:
        return None, what_went_wrong(say("The theory"), error)


def state_of(rule: Any, theta: np.ndarray) -> dict[str, np.ndarray]:
    """What the rule remembers for θ, by its own names: arrays of θ's shape, kept alone or in a dict."""
    arrays = {}
    try:
        attributes = list(vars(rule).items())
    except TypeError:
        return arrays
    for name, value in attributes:
        if type(value) is dict:
            value = value.get("theta")
        if type(value) is int and name == "t":
            arrays[name] = np.array(value)
        elif isinstance(value, np.ndarray) and value.shape == theta.shape and value.dtype.kind == "f":
            arrays[name] = value.copy()
    return _with_corrected(arrays, rule)


def _with_corrected(arrays: dict[str, np.ndarray], rule: Any) -> dict[str, np.ndarray]:
    """Beside m and v their corrected values, where the rule counts its calls and has both decays."""
    t = arrays.get("t")
    for name, decay in (("m", "beta1"), ("v", "beta2")):
        beta = getattr(rule, decay, None)
        if t is not None and name in arrays and isinstance(beta, float) and 0 <= beta < 1 and t > 0:
            arrays[name + "̂"] = arrays[name] / (1 - beta ** int(t))
    return arrays
