"""Recording: run the student's answer on a check's probes; what comes out is numbers, not opinions."""

from __future__ import annotations

from typing import Any

from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import function_probes, rule_probes
from descentlab.checks.recording.run_student import keep_value, run_function, run_rule
from descentlab.checks.spec import FunctionCheck, RuleCheck
from descentlab.exercises import find

__all__ = ["record"]


def record(name: str, answer: Any, seed: int) -> bytes:
    """Evidence of what `answer` does on the probes of the check `name` drawn from `seed`.

    JSON with base64 arrays, at most `evidence_bytes.MAX_BYTES`. Never raises for what the answer does; raises
    UnknownCheckError where there is no such check.
    """
    check = find(name)
    if isinstance(check, RuleCheck):
        runs = run_rule(answer, rule_probes(check, seed))
        for run in runs["runs"]:
            run["calls"] = evidence_bytes.table(run["calls"])
    elif isinstance(check, FunctionCheck):
        runs = run_function(answer, function_probes(check, seed))
    else:
        runs = keep_value(answer)
    return evidence_bytes.pack({"check": name, **runs})
