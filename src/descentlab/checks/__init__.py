"""Checks: record what a student's answer does on probes, judge the evidence against the reference.

    evidence = record("adam/update", Adam, seed=0)     # runs the student's code, knows no reference
    verdict = judge("adam/update", evidence, seed=0)   # runs the reference, sees only the evidence
    verdict = run("adam/update", Adam)                 # both
    check("adam/update", Adam, points=5)               # both, shown in a notebook

>>> from descentlab.rules import SGD
>>> run("sgd/update", SGD).fraction
1.0

Each is loaded when it is asked for. Only `judge` needs the reference, which the grader's sandbox has not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from descentlab.checks.cell import check, why
    from descentlab.checks.judging import Verdict
    from descentlab.checks.recording import record

__all__ = ["check", "judge", "record", "run", "why"]

_ROOMS = {"check": "cell", "record": "recording", "why": "cell"}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)


def judge(name: str, evidence: bytes | None, seed: int) -> Verdict:
    """Judge recorded evidence of the check `name`; see `descentlab.checks.judging.judge`."""
    from descentlab.checks.judging import judge as judge_evidence

    return judge_evidence(name, evidence, seed)


def run(name: str, answer: Any, seed: int = 0) -> Verdict:
    """Record the answer's evidence and judge it.

    Raises:
        UnknownCheckError: there is no check of that name.
    """
    from descentlab.checks.recording import record

    return judge(name, record(name, answer, seed), seed)
