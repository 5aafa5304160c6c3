"""Recording an answer to a check: what does it is found by the check's type."""

from collections.abc import Mapping
from typing import Any

from verdicts.courses import ENGINE, Recorder, course_of, find
from verdicts.inline import of_task
from verdicts.recording.evidence_bytes import AGAIN, Evidence, pack, unpack
from verdicts.recording.probes import FunctionProbe, digest
from verdicts.recording.run_student import keep_value, run_again, run_answer
from verdicts.spec import FunctionCheck, ValueCheck


def record_function(check: FunctionCheck, answer: Any, seed: int | None, drawn: bytes) -> Evidence:
    """Call the answer on each probe, and on the first once more; returns the evidence.

    `drawn`: the `arguments` of a check drawn outside.
    """
    if drawn:
        calls = unpack(drawn)["probes"]
        probes = tuple(FunctionProbe(name, tuple(args), {}) for name, *args in calls)
    else:
        probes = check.draw(seed)
    recorded = run_answer(answer, probes, check.call)
    recorded["probes"] = digest(probes)
    if any("result" in run for run in recorded["runs"][:1]):
        recorded[AGAIN] = run_again(answer, probes[0], check.call)
    return recorded


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


def arguments(name: str, seed: int) -> bytes:
    """The arguments of each probe of a check with `drawn_outside`, for `record`; b"" for other checks."""
    try:
        check = find(name)
    except LookupError:
        return b""
    return check.arguments(seed)
