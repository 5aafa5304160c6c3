"""Judging: compare recorded evidence with the reference.

    evidence = record("adam/update", Adam, seed=0)     # of verdicts.courses: knows no reference
    verdict = judge("adam/update", evidence, seed=0)   # runs the reference, sees only the evidence
    verdict = run("adam/update", Adam)                 # both

`verdicts.check("adam/update", Adam, points=5)` does both and shows the verdict in a notebook.

>>> from descentlab.rules import SGD
>>> run("sgd/update", SGD).fraction
1.0

Absent from the grader's sandbox.
"""

from typing import Any

from verdicts.judging.verdict import Verdict, judge
from verdicts.recorders import add_varied, record

__all__ = ["judge", "run"]


def run(name: str, answer: Any, seed: int = 0) -> Verdict:
    """Record the answer's evidence and judge it.

    Raises:
        UnknownCheckError: no check has this name.
    """
    return judge(name, add_varied(record(name, answer, seed), name, answer, seed), seed)
