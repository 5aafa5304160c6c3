"""The outbox for evidence of a graded run: the sandbox arms it for one check cell, then empties it.

Student code in the same process can write here too. That gains nothing: the judge outside believes numbers
only, and only those that the rule gives for a seed which no earlier cell has seen.
"""

_grading = False
_armed: tuple[int | None, bytes] | None = None
_evidence: bytes | None = None


def enter_grading() -> None:
    """Make `check` only record from now on; judging happens outside this process."""
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
    """The seed and arguments for `record` in the current check cell; None outside or after the first bundle."""
    return _armed if _evidence is None else None


def put(evidence: bytes) -> None:
    """Hand over the cell's evidence; only the first bundle counts."""
    global _evidence
    if armed() is not None:
        _evidence = evidence


def take() -> bytes | None:
    """The cell's evidence, if any; closes the outbox."""
    global _armed, _evidence
    taken, _armed, _evidence = _evidence, None, None
    return taken
