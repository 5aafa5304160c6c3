"""How evidence leaves a graded run: the sandbox arms the outbox for one check cell and takes what is in it.

Whoever runs in the same process can write here too. That gains nothing: the judge outside believes numbers
only, and only those that the rule gives for a seed which no earlier cell has seen.
"""

_grading = False
_armed: tuple[int | None, bytes] | None = None
_evidence: bytes | None = None


def enter_grading() -> None:
    """From now on `check` records only; judging happens outside this process."""
    global _grading
    _grading = True


def is_grading() -> bool:
    """Whether this process runs a submission for the grader."""
    return _grading


def arm(seed: int | None, drawn: bytes = b"") -> None:
    """Expect one bundle of evidence, on the probes of `seed` or on those `drawn` outside."""
    global _armed, _evidence
    _armed, _evidence = (seed, drawn), None


def armed() -> tuple[int | None, bytes] | None:
    """What `record` needs in the check cell that runs now; None elsewhere and after its first bundle."""
    return _armed if _evidence is None else None


def put(evidence: bytes) -> None:
    """Hand over the cell's evidence; only the first bundle counts."""
    global _evidence
    if armed() is not None:
        _evidence = evidence


def take() -> bytes | None:
    """The cell's evidence, if it recorded any; the outbox is closed again."""
    global _armed, _evidence
    taken, _armed, _evidence = _evidence, None, None
    return taken
