"""Comparing an answer's numbers with the reference's: where it first differs, and which criteria it fails.

Absent from the grader's sandbox. It knows nothing of mistakes: `descentlab.diagnosis` reads the differences found
here, `checks.judging` both.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from descentlab.checks.recording.probes import RuleProbe
from descentlab.checks.recording.time_limit import stopped_after
from descentlab.checks.spec import Criterion
from descentlab.sentences import say

Kind = Literal["", "missing", "no array", "shape", "dtype"]


@dataclass(frozen=True)
class Difference:
    """The place where an answer first differs from the reference, and by how much."""

    probe: str
    message: str
    call: int | None = None
    """Counted from 1; None where the answer is not a sequence of calls."""
    key: str | None = None
    index: tuple[int, ...] | None = None
    """The first coordinate of the array that differs."""


def kind_of_difference(actual: Any, expected: np.ndarray) -> Kind:
    """Return why an array cannot be compared with the expected one; empty if it can."""
    if actual is None:
        return "missing"
    if not isinstance(actual, np.ndarray):
        return "no array"
    if actual.shape != expected.shape:
        return "shape"
    return "dtype" if actual.dtype != expected.dtype else ""


CIRCUMSTANCES = {
    "main": "in the first run",
    "quiet start": "where the first two gradients are zero",
    "other order": "with keys in another order",
    "arrays used again": "where the caller writes the next gradients into the same arrays",
    "zero in the middle": "where a gradient is zero in the middle of the run",
    "second instance": "with another optimizer in turn with yours",
    "spike": "with one gradient of 10 000",
    "large eps": "with ε = 0.1",
    "small gradients": "with gradients of 1e-9",
    "many calls": "in a run of 120 calls",
}
"""The special circumstance of each probe of a rule, for students, who do not see probes."""


def place_of(probe: RuleProbe, call: int) -> str:
    """A call in words, and the probe where it is not the main one."""
    if probe.name == "main":
        return say("call {call}", call=call)
    return say("call {call} {circumstances}", call=call, circumstances=circumstances(probe.name))


def circumstances(probe: str) -> str:
    """The special circumstance of a rule's probe, as a phrase that continues a sentence."""
    known = CIRCUMSTANCES.get(probe)
    return say(known) if known else say("in the run “{run}”", run=say(probe))


def distinct_texts(actual: float, expected: float) -> tuple[str, str]:
    """Both numbers with four digits, or with as many as show that they differ."""
    for digits in range(4, 18):
        texts = f"{actual:.{digits}g}", f"{expected:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def rule_error_text(error: Mapping[str, Any], probe: RuleProbe) -> str:
    """An exception of a rule's class in one line; how to call the class, if the call itself failed."""
    text = error_text(error)
    if error.get("line") or error.get("function") or error.get("type") not in ("TypeError", "AttributeError"):
        return text
    if error.get("during") == "making":
        return say(
            "your class does not take the arguments {arguments}: {error}",
            arguments=", ".join(probe.hyper),
            error=text,
        )
    if error["type"] == "AttributeError":
        return say("your class needs a method update(self, params, grads): {error}", error=text)
    return say(
        "`update` is called as rule.update(params, grads), so define update(self, params, grads): {error}",
        error=text,
    )


def did_not_finish(run: Mapping[str, Any]) -> bool:
    """Whether a recorded run was stopped at a limit of time."""
    error = run.get("error")
    return isinstance(error, Mapping) and error.get("type") in STOPPED


def error_text(error: Mapping[str, Any]) -> str:
    """An exception of the student's code in one line, with the line that raised it."""
    if not error:
        return say("no numbers were recorded")
    line = error.get("line")
    if error.get("type") in STOPPED:
        text = say(
            "your code did not finish: {stopped}",
            stopped=stopped_after(str(error.get("seconds", "?")), error["type"] == "waiting"),
        )
    else:
        text = ": ".join(filter(None, (error.get("type", "?"), error.get("message"))))
    return say("{error}, in your line `{line}`", error=text, line=line) if line else text


STOPPED = ("endless", "waiting")  # exception types raised by a time limit


def kind_of(value: Any) -> str:
    """Describe the kind of a value of the wrong kind."""
    if value is None:
        return say("nothing")
    if isinstance(value, str):
        return repr(value[:40])
    if isinstance(value, np.ndarray):
        if not value.shape:
            return repr(value.item())
        return say("an array of shape {shape}, dtype {dtype}", dtype=value.dtype, shape=value.shape)
    if isinstance(value, Mapping) and "odd" in value:
        return say("a {type}", type=str(value["odd"])[:40])
    return say("a {type}", type=type(value).__name__)


def at(index: tuple[int, ...]) -> str:
    """An array index as it is written in code; empty for a single number."""
    return f"[{', '.join(map(str, index))}]" if index else ""


Differ = Callable[[Criterion, str], Difference | None]
"""The first difference that counts for a criterion on the probe of that name."""


@dataclass(frozen=True)
class CriterionResult:
    """The result of one criterion: right or not, and where not."""

    name: str
    passed: bool
    message: str
    weight: float
    looked_at: bool = True
    """False if another criterion has to pass first."""

    @property
    def wrong(self) -> bool:
        """Whether it was judged and is not right."""
        return self.looked_at and not self.passed


def criteria_results(
    criteria: Iterable[Criterion], differ: Differ, probes: Iterable[str]
) -> tuple[CriterionResult, ...]:
    """Return the result of each criterion of a check; `probes` names all that count."""
    results: list[CriterionResult] = []
    for criterion in criteria:
        passed_before = {result.name for result in results if result.passed}
        results.append(_result(criterion, differ, passed_before, list(probes)))
    return tuple(results)


def _result(
    criterion: Criterion, differ: Differ, passed_before: set[str], probes: list[str]
) -> CriterionResult:
    """The result of one criterion: passed, the reason why not, or the criterion that must pass first."""
    needed = [name for name in criterion.needs if name not in passed_before]
    message = None if needed else _failure(criterion, differ, probes)
    if message is None and not needed:
        return CriterionResult(criterion.name, True, "", criterion.weight)
    before = needed or [name for name in criterion.shown_after if name not in passed_before]
    if before:
        message = say("not looked at until “{criterion}” is right", criterion=say(before[0]))
    return CriterionResult(criterion.name, False, message or "", criterion.weight, not before)


def _failure(criterion: Criterion, differ: Differ, probes: list[str]) -> str | None:
    """Return where an answer first fails a criterion; None if it passes."""
    # A lesson need not know which probes a rule without ε has.
    for name in [name for name in criterion.probes if name in probes] or probes:
        difference = differ(criterion, name)
        if difference is not None:
            return difference.message
    return None
