"""Checks: record what a student's answer does on probes, judge the evidence against the reference.

    evidence = record("adam/update", Adam, seed=0)     # runs the student's code, knows no reference
    verdict = judge("adam/update", evidence, seed=0)   # runs the reference, sees only the evidence
    verdict = run("adam/update", Adam)                 # both

`descentlab.check("adam/update", Adam, points=5)` does both and shows the verdict in a notebook.

>>> from descentlab.rules import SGD
>>> run("sgd/update", SGD).fraction
1.0

Only `judge` needs the reference, which the grader's sandbox does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from descentlab.checks.courses import add_varied, arguments, record

if TYPE_CHECKING:
    from descentlab.checks.judging.verdict import Verdict

__all__ = ["arguments", "judge", "record", "run"]


def judge(name: str, evidence: bytes | None, seed: int) -> Verdict:
    """Judge recorded evidence of the check `name`; see `descentlab.checks.judging.verdict.judge`."""
    from descentlab.checks.judging.verdict import judge as judge_evidence

    return judge_evidence(name, evidence, seed)


def run(name: str, answer: Any, seed: int = 0) -> Verdict:
    """Record the answer's evidence and judge it.

    Raises:
        UnknownCheckError: there is no check of that name.
    """
    return judge(name, add_varied(record(name, answer, seed), name, answer, seed), seed)
