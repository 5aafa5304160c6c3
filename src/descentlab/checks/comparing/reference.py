"""What the reference does on a check's probes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from itertools import accumulate
from typing import Any

import numpy as np

import descentlab.rules
from descentlab import agreement, exercises
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import RuleProbe, function_probes, rule_probes
from descentlab.checks.recording.run_student import snapshot
from descentlab.checks.spec import FunctionCheck, FunctionProbe, RuleCheck
from descentlab.exercises import find


@lru_cache(maxsize=16)
def probes_of(name: str, seed: int) -> tuple[RuleProbe, ...] | tuple[FunctionProbe, ...]:
    """The probes of a check, kept for all who look at one answer: nobody may change them."""
    check = find(name)
    if isinstance(check, RuleCheck):
        return rule_probes(check, seed)
    return function_probes(check, seed) if isinstance(check, FunctionCheck) else ()


@lru_cache(maxsize=16)
def reference_runs(name: str, seed: int) -> dict[str, dict[str, Any]]:
    """The reference's runs of the check, by the probe's name: the same form as recorded evidence.

    A rule's have a "path" too, each array's numbers after every call, the first axis, and a "tolerance" for
    each array.
    """
    check, probes = find(name), probes_of(name, seed)
    if isinstance(check, RuleCheck):
        return _rule_runs(getattr(descentlab.rules, check.rule), probes)
    expected = _reference_of(name)
    if isinstance(check, FunctionCheck):
        return {
            probe.name: {"probe": probe.name, "result": snapshot(expected(probe.data))} for probe in probes
        }
    return {"value": {"probe": "value", "result": snapshot(expected({}))}}


def _rule_runs(rule: Any, probes: tuple[RuleProbe, ...]) -> dict[str, dict[str, Any]]:
    """Every reference treats each number by itself, so probes of equal constants and length run as one array.

    To the last bit what running them one by one gives, as a test holds, in a fifth of the time.
    """
    alike: dict[Any, list[RuleProbe]] = {}
    for probe in probes:
        alike.setdefault((tuple(probe.hyper.items()), len(probe.gradients)), []).append(probe)
    runs: dict[str, dict[str, Any]] = {}
    for group in alike.values():
        start, path = _path(rule, group)
        sizes = [array.size for probe in group for array in probe.start.values()]
        begins = list(accumulate(sizes, initial=0))[:-1]
        arrays = zip(begins, sizes, agreement.of_arrays(path, start, begins), strict=True)
        for probe in group:
            columns, tolerance = {}, {}
            for key, array in probe.start.items():
                begin, size, tolerance[key] = next(arrays)
                columns[key] = path[:, begin : begin + size].reshape(len(path), *array.shape)
            calls = _Calls({"params": columns}, len(path), probe.gradients)
            run = {"probe": probe.name, "calls": calls, "path": columns, "tolerance": tolerance}
            runs[probe.name] = run
    return {probe.name: runs[probe.name] for probe in probes}


class _Calls(evidence_bytes.Table):
    """The parameters after each call, and the gradients it was given."""

    def __init__(self, columns: Any, count: int, gradients: Sequence[Any]) -> None:
        super().__init__(columns, count)
        self._gradients = gradients

    def make(self) -> list[dict[str, Any]]:
        pairs = zip(super().make(), self._gradients, strict=True)
        return [state | {"grads": gradients} for state, gradients in pairs]


def _path(rule: Any, probes: list[RuleProbe]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of all probes' arrays, one after the other: before the first call (numbers,), and after
    each (calls, numbers)."""
    places = [(probe, key) for probe in probes for key in probe.start]
    made = rule(**probes[0].hyper)
    start = np.concatenate([probe.start[key].ravel() for probe, key in places])
    params = {"all": start.copy()}
    calls = len(probes[0].gradients)
    columns = [np.array([of_call[key] for of_call in probe.gradients]) for probe, key in places]
    gradients = np.concatenate([column.reshape(calls, -1) for column in columns], axis=1)
    path = np.empty_like(gradients)
    for call in range(calls):
        made.update(params, {"all": gradients[call]})
        path[call] = params["all"]
    return start, path


def _reference_of(name: str) -> Any:
    """The function of a check's name in its lesson's `reference.py`: sgd/noise-floor is `noise_floor` there.

    It takes a probe's `data`, {} for a value. That is not the signature asked of students, so that none is an
    answer.
    """
    lesson, _, what = name.partition("/")
    return getattr(import_module(f"{exercises.__name__}.{lesson}.reference"), what.replace("-", "_"))
