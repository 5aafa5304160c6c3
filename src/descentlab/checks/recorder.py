"""From an answer to evidence: all of a check that a grader's sandbox runs."""

from typing import Any

from descentlab.checks.courses import course


def record(name: str, answer: Any, seed: int | None, drawn: bytes = b"", *, borrowed: bool = False) -> bytes:
    """Evidence of what `answer` does on the probes of the check `name` drawn from `seed`.

    JSON with base64 arrays, at most `evidence_bytes.MAX_BYTES`. Never raises for what the answer does.

    Args:
        drawn: the `arguments` of a check that is drawn outside; no seed is needed then.
        borrowed: whether the check's rule is on loan: the evidence says so.

    Raises:
        UnknownCheckError: there is no check of that name.
    """
    from descentlab.checks.recording.evidence_bytes import pack

    runs = course().find(name).record(answer, seed, drawn)
    return pack({"check": name, **runs, "borrowed": borrowed})


def arguments(name: str, seed: int) -> bytes:
    """The arguments of each probe of a check that is `drawn_outside`, for `record`; b"" for other checks."""
    try:
        check = course().find(name)
    except LookupError:
        return b""
    return check.arguments(seed)
