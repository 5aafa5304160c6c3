"""The order in which a submission is graded, by the names of its steps: the grader's and nbgrader's.

It stands apart from the steps themselves (`autograde.grading.pipeline`): nbgrader's configuration is also
read where the grader is not installed.
"""

from __future__ import annotations

from itertools import groupby

STEPS = ("read", "restore", "sanitize", "start", "collect", "judge", "save")
NBGRADERS = ("sanitize", "save")  # that nbgrader's converters take by steps of their own
# Which class of `autograde.grading.nbgrader_converters` takes the others there.
CONVERTERS = {
    "read": "ReadWithinLimits",
    "restore": "RestoreCells",
    "start": "SandboxedRun",
    "collect": "SandboxedRun",
    "judge": "SandboxedRun",
}
BEHIND = {"save": "RememberGrade"}  # what is ours of such a step, taken behind nbgrader's own


def steps_of(converter: str) -> tuple[str, ...]:
    """The steps that a converter takes, in order."""
    return tuple(step for step in STEPS if CONVERTERS.get(step) == converter)


def converters_before(own: str) -> list[str]:
    """The converters between the last of nbgrader's own steps and the step `own` of nbgrader's, in order."""
    before = STEPS[: STEPS.index(own)]
    last = max((before.index(step) for step in NBGRADERS if step in before), default=-1)
    return [converter for converter, _ in groupby(CONVERTERS[step] for step in before[last + 1 :])]
