"""Judging: compare recorded evidence with the reference.

    evidence = record("ode/heun-step", heun_step, seed=0)   # of verdicts.recorders: knows no reference
    verdict = judge("ode/heun-step", evidence, seed=0)      # runs the reference, sees only the evidence
    verdict = run("ode/heun-step", heun_step)               # both

`verdicts.check("ode/heun-step", heun_step, points=4)` does both and shows the verdict in a notebook.

Absent from the grader's sandbox.
"""

from typing import Any

from verdicts.judging.verdict import Verdict, judge
from verdicts.recorders import record

__all__ = ["judge", "run"]


def run(name: str, answer: Any, seed: int = 0) -> Verdict:
    """Record the answer's evidence and judge it.

    Raises:
        UnknownCheckError: no check has this name.
    """
    return judge(name, record(name, answer, seed), seed)
