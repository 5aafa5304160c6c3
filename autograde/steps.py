"""The order in which a submission is graded: `ORDER`, the grader's and nbgrader's.

The functions of these names stand in `autograde.grading.pipeline`. The order stands apart from them, because
nbgrader's configuration is also read where the grader is not installed.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple


class StepInfo(NamedTuple):
    """A step, and who takes it when nbgrader's own command grades."""

    name: str
    converter: str = ""
    """A class of `autograde.grading.nbgrader_converters`; empty: nbgrader has a step of its own for this."""
    behind: str = ""
    """The class there that does what is ours of such a step, behind nbgrader's own."""


ORDER = (
    StepInfo("read", "ReadWithinLimits"),
    StepInfo("restore", "RestoreCells"),
    StepInfo("sanitize"),
    StepInfo("start", "SandboxedRun"),
    StepInfo("await_results", "SandboxedRun"),
    StepInfo("judge", "SandboxedRun"),
    StepInfo("save", behind="RememberGrade"),
)


def steps_of(converter: str) -> tuple[str, ...]:
    """The names of the steps that a converter takes, in order."""
    return tuple(step.name for step in ORDER if step.converter == converter)


def converters_before(own: str) -> list[str]:
    """The converters between the last of nbgrader's own steps and the step `own` of nbgrader's, in order."""
    stretch: list[str] = []
    for step in ORDER:
        if step.name == own:
            break
        stretch = [*stretch, step.converter] if step.converter else []
    return [converter for converter, _ in groupby(stretch)]


def converters_behind(own: str) -> list[str]:
    """The classes that stand behind the step `own` of nbgrader's."""
    return [step.behind for step in ORDER if step.name == own and step.behind]
