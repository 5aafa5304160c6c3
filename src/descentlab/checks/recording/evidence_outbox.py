"""How evidence leaves a graded run: the sandbox arms the outbox for one check cell and takes what is in it.

Whoever runs in the same process can write here too. That gains nothing: the judge outside believes numbers
only, and only those that the rule gives for a seed which no earlier cell has seen.
"""

from __future__ import annotations

_grading = False
_seed: int | None = None
_evidence: bytes | None = None


def enter_grading() -> None:
    """From now on `check` records only; judging happens outside this process."""
    global _grading
    _grading = True


def is_grading() -> bool:
    """Whether this process runs a submission for the grader."""
    return _grading


def arm(seed: int) -> None:
    """Expect one bundle of evidence, on the probes of `seed`."""
    global _seed, _evidence
    _seed, _evidence = seed, None


def armed_seed() -> int | None:
    """The seed of the check cell that runs now; None outside check cells and after its first bundle."""
    return _seed if _evidence is None else None


def put(evidence: bytes) -> None:
    """Hand over the cell's evidence; only the first bundle counts."""
    global _evidence
    if _seed is not None and _evidence is None:
        _evidence = evidence


def take() -> bytes | None:
    """The cell's evidence, if it recorded any; the outbox is closed again."""
    global _seed, _evidence
    taken, _seed, _evidence = _evidence, None, None
    return taken
