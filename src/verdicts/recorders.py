"""Recording an answer to a check: what does it is found by the check's type."""

from collections.abc import Mapping
from typing import Any

from verdicts.courses import ENGINE, Recorder, course_of, find
from verdicts.inline import of_task
from verdicts.recording.evidence_bytes import Evidence, OddEvidenceError, evidence_of, pack, unpack
from verdicts.recording.probes import FunctionProbe, digest
from verdicts.recording.run_student import keep_value, run_answer, run_varied
from verdicts.spec import FunctionCheck, ValueCheck


def record_function(check: FunctionCheck, answer: Any, seed: int | None, drawn: bytes) -> Evidence:
    """Call the answer; returns the evidence. `drawn`: the `arguments` of a check drawn outside."""
    if drawn:
        calls = unpack(drawn)["probes"]
        probes = tuple(FunctionProbe(name, tuple(args), {}) for name, *args in calls)
    else:
        probes = check.draw(seed)
    return run_answer(answer, probes, check.call) | {"probes": digest(probes)}


def record(name: str, answer: Any, seed: int | None, drawn: bytes = b"", *, borrowed: bool = False) -> bytes:
    """Record `answer` on the probes of the check `name` drawn from `seed`; returns the evidence.

    JSON with base64 arrays, at most `evidence_bytes.MAX_BYTES`. Exceptions of the answer are part of the evidence.

    Args:
        drawn: the `arguments` of a check that is drawn outside, or the task of an inline check; no seed is needed then.
        borrowed: whether the check's rule is borrowed, which becomes part of the evidence.

    Raises:
        UnknownCheckError: no check has this name.
    """
    inline = of_task(drawn)
    check = inline or find(name)
    recorders: Mapping[type, Recorder] = {
        FunctionCheck: record_function,
        ValueCheck: lambda check, answer, seed, drawn: keep_value(answer),
        **course_of(check).recorders(),
    }
    runs = recorders[type(check)](check, answer, seed, b"" if inline else drawn)
    whole = {"whole": True} if check.course == ENGINE else {}  # earlier versions cut lists, dicts and texts
    return pack({"check": check.name, **runs, "borrowed": borrowed, **whole})


def add_varied(evidence: bytes, name: str, answer: Any, seed: int | None) -> bytes:
    """The evidence of a function with its results where one argument of an example is changed.

    They earn and cost no points. Other checks have none.
    """
    if seed is None:
        return evidence
    check = find(name)
    probes = check.varied(seed)
    if not probes:
        return evidence
    try:
        recorded = evidence_of(evidence, check.name)
        if recorded["state"] != "answered":
            return evidence
        example: Any = check.draw(seed)[0]
        more = pack(recorded | {"varied": run_varied(answer, example, probes)})
        evidence_of(more, check.name)
    except OddEvidenceError:  # the judge says so of the evidence itself; a changed argument costs nothing
        return evidence
    return more


def arguments(name: str, seed: int) -> bytes:
    """The arguments of each probe of a check with `drawn_outside`, for `record`; b"" for other checks."""
    try:
        check = find(name)
    except LookupError:
        return b""
    return check.arguments(seed)
