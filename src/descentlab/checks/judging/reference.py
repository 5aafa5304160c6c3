"""What the reference does on a check's probes."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import descentlab.rules
from descentlab.checks.judging import references
from descentlab.checks.lessons import find
from descentlab.checks.recording.drive import drive_own, snapshot
from descentlab.checks.recording.probes import function_probes, rule_probes
from descentlab.checks.spec import FunctionCheck, RuleCheck


@lru_cache(maxsize=16)
def reference_runs(name: str, seed: int) -> dict[str, dict[str, Any]]:
    """The reference's runs of the check, by the probe's name: the same form as recorded evidence."""
    check = find(name)
    if isinstance(check, RuleCheck):
        runs = drive_own(getattr(descentlab.rules, check.rule), rule_probes(check, seed))
        if any("error" in run for run in runs):
            raise RuntimeError(f"the reference of {name} fails on its own probes: {runs}")
    elif isinstance(check, FunctionCheck):
        expected = _reference_of(name)
        runs = [
            {"probe": probe.name, "result": snapshot(expected(probe.data))}
            for probe in function_probes(check, seed)
        ]
    else:
        runs = [{"probe": "value", "result": snapshot(_reference_of(name)({}))}]
    return {run["probe"]: run for run in runs}


@lru_cache(maxsize=1)
def _references() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in iter_modules(references.__path__):
        found |= import_module(f"{references.__name__}.{module.name}").REFERENCES
    return found


def _reference_of(name: str) -> Any:
    return _references()[name]
