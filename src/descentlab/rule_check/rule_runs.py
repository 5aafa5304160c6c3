"""Running a student's update rule: the parameters and gradients after each call, and what it remembers."""

from inspect import signature
from types import FunctionType
from typing import Any

import numpy as np

from descentlab.rule_check.definition import RuleCheck, RuleProbe
from verdicts.recording.evidence_bytes import Evidence
from verdicts.recording.probes import digest
from verdicts.recording.run_student import MAX_MESSAGE, fill, run_answer
from verdicts.values import carried, kind, numbers, unordered

MAX_KEYS = 16  # attributes, and keys of each, that are shown
MAX_REMEMBERED = 32  # numbers of one array of a rule's state: the largest of a probe has six


def record_rule(check: RuleCheck, answer: Any, seed: int | None, drawn: bytes = b"") -> Evidence:
    """Run the student's class on the probes; returns the evidence."""
    probes = check.draw(seed)
    return run_answer(answer, probes, call_rule, _update_of(answer)) | {"probes": digest(probes)}


def _update_of(answer: Any) -> Any:
    """A class's `update`, where it takes what it is to take: other arguments are worth a message."""
    update = vars(answer).get("update") if isinstance(answer, type) else None
    return update if isinstance(update, FunctionType) and update.__code__.co_argcount == 3 else None


def call_rule(run: Evidence, answer: Any, probe: RuleProbe) -> None:
    """Make an optimizer and call it; keeps copies of the parameters and of the gradients as each call left them."""
    fill(run, answer, probe, _call)
    if "error" in run:
        run["error"]["during"] = "updating" if "calls" in run else "making"


def _call(run: Evidence, answer: Any, probe: RuleProbe) -> None:
    params, of_other = copies(probe.start), copies(probe.start)
    buffers = copies(probe.gradients[0])
    _in_order(answer, [name for name in probe.hyper if name != "eps"])
    rule = answer(**probe.hyper)
    halves = {name: value / 2 for name, value in probe.hyper.items()}
    other = answer(**halves) if probe.two_in_turn else None
    run["calls"] = []
    for call, gradients in enumerate(probe.gradients, start=1):
        if probe.params_turned_in:
            for key in dict.fromkeys((*probe.params_order(call), *params)):
                if key in params:
                    params[key] = params.pop(key)
        if other is not None:
            other.update(of_other, copies(gradients))
        grads = _refill(buffers, gradients) if probe.reuses_buffers else copies(gradients)
        returned = rule.update(params, grads)
        both = {"params": params, "grads": grads}
        run["calls"].append({name: _of_probe(arrays, probe) for name, arrays in both.items()})
        if probe.name == "main":
            run.setdefault("remembered", []).append(remembered(rule))
        if returned is not None:
            run["returned"] = type(returned).__name__[:MAX_MESSAGE]


def _of_probe(arrays: dict[Any, Any], probe: RuleProbe) -> Evidence:
    """What a call left under the names of the probe's arrays; other keys are the student's own."""
    named = {key: value for key, value in arrays.items() if kind.is_name(key) and key in probe.start}
    return {str(key): carried(value) for key, value in named.items()}


def _in_order(answer: Any, names: list[str]) -> None:
    """Raise the TypeError of a class whose constructor has these arguments in another order: cells may go by position."""
    try:
        order = [name for name in signature(answer).parameters if name in names]
    except (ValueError, TypeError):  # it has no signature
        return
    if order != [name for name in names if name in order]:
        raise TypeError(f"({', '.join(order)}) is another order")


def remembered(rule: Any) -> Evidence:
    """An optimizer's attributes: numbers, and small arrays by key; the rest is left out.

    They are shown next to the expected states, and decide nothing.
    """
    try:
        kept = {
            name[: kind.MAX_NAME]: _numbers_in(value) for name, value in list(vars(rule).items())[:MAX_KEYS]
        }
    except Exception:
        return {}
    return {name: value for name, value in kept.items() if value is not None and name not in kind.RESERVED}


def _numbers_in(value: Any) -> Any:
    """A number, a small array, or a dict of them; None for anything else."""
    if type(value) in unordered.DICTS:
        arrays = {
            key: numbers.as_array(item) for key, item in list(value.items())[:MAX_KEYS] if type(key) is str
        }
        return {
            key[: kind.MAX_NAME]: array
            for key, array in arrays.items()
            if array is not None and array.size <= MAX_REMEMBERED and key not in kind.RESERVED
        } or None
    array = numbers.as_array(value)
    return None if array is None or array.size > MAX_REMEMBERED else array


def copies(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """New arrays of the same numbers, in the same key order."""
    return {key: value.copy() for key, value in arrays.items()}


def _refill(buffers: dict[str, np.ndarray], gradients: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    for key, value in gradients.items():
        buffers[key][...] = value
    return {key: buffers[key] for key in gradients}
