"""Comparing an answer's numbers with the reference's, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from descentlab.checks.judging.pictures import paths_of
from descentlab.checks.judging.reference import probes_of, reference_runs
from descentlab.checks.judging.verdict import CriterionResult, Verdict
from descentlab.checks.recording import wire
from descentlab.checks.recording.drive import snapshot
from descentlab.checks.recording.probes import RuleProbe
from descentlab.checks.spec import (
    Check,
    Criterion,
    FunctionCheck,
    FunctionProbe,
    RuleCheck,
    ValueCheck,
    same_word,
)

if TYPE_CHECKING:
    from descentlab.diagnosis import Explanation

# Relative to how far the array moves in the probe. Reordered arithmetic is off by some 1e-15 of it.
RTOL = 1e-9
# Relative to the numbers themselves: a move much smaller than its parameter loses digits in any arithmetic.
ROUNDING = 64 * 2.0**-53

Run = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """Where an answer first leaves the reference, and by how much."""

    probe: str
    message: str
    call: int | None = None
    """Counted from 1; None where the answer is not a sequence of calls."""
    key: str | None = None
    index: tuple[int, ...] | None = None
    """The first coordinate of the array that differs."""
    ratio: float | None = None
    """Their step over the expected one, where that is one number for the whole call."""


def compare(check: Check, evidence: Run, seed: int) -> Verdict:
    """The verdict on well-formed evidence of an answered check."""
    mine = {run["probe"]: run for run in evidence["runs"]}
    theirs = reference_runs(check.name, seed)
    differ = _differences_of(check, mine, theirs, seed)
    results: list[CriterionResult] = []
    for criterion in check.criteria:
        passed_before = {result.name for result in results if result.passed}
        results.append(_result(criterion, differ, passed_before, theirs))
    cause = next((result.message for result in results if not result.passed), "")
    printed = evidence.get("printed")
    verdict = Verdict(
        check.name,
        "answered",
        tuple(results),
        cause,
        section=check.section,
        printed=printed if isinstance(printed, str) else "",
    )
    if verdict.passed:
        return verdict
    if isinstance(check, RuleCheck):
        verdict = replace(verdict, paths=paths_of(probes_of(check.name, seed), mine, theirs))
    try:
        from descentlab.diagnosis import explain  # a right answer need not wait for it

        found = explain(check, mine, theirs, seed)
    except Exception as error:
        # The score stands without an explanation; what went wrong here is for whoever keeps the code.
        return verdict.with_note(
            f"The mistake could not be looked for ({type(error).__name__}); your score is not affected."
        )
    return verdict if found is None else _explained(verdict, found)


def _explained(verdict: Verdict, found: Explanation) -> Verdict:
    return replace(
        verdict,
        cause=found.cause[:1].upper() + found.cause[1:] or verdict.cause,
        hint=found.hint,
        misconception=found.id or None,
        evidence=found.evidence,
        section=found.section or verdict.section,
    )


def _differences_of(check: Check, mine: Mapping[str, Run], theirs: Mapping[str, Run], seed: int) -> Any:
    probes = {probe.name: probe for probe in probes_of(check.name, seed)}
    if isinstance(check, RuleCheck):
        return lambda criterion, name: rule_difference(
            probes[name], mine.get(name), theirs[name], criterion.calls, criterion.looks_at
        )

    def differ(criterion: Criterion, name: str) -> Difference | None:
        if criterion.looks_at == "args":
            return _changed_argument(name, mine.get(name), probes[name].args)
        return value_difference(check, mine.get(name), theirs[name], probes.get(name), criterion.part)

    return differ


def _result(
    criterion: Criterion, differ: Any, passed_before: set[str], theirs: Mapping[str, Run]
) -> CriterionResult:
    missing = [name for name in criterion.needs if name not in passed_before]
    if missing:
        message = f"counts once this passes: {missing[0]}"
        return CriterionResult(criterion.name, False, message, criterion.weight)
    # A lesson need not know which probes a rule without ε has.
    names = [name for name in criterion.probes if name in theirs] or list(theirs)
    for name in names:
        difference = differ(criterion, name)
        if difference is not None:
            return CriterionResult(criterion.name, False, difference.message, criterion.weight)
    return CriterionResult(criterion.name, True, "", criterion.weight)


def rule_difference(
    probe: RuleProbe, mine: Run | None, theirs: Run, calls: int | None = None, looks_at: str = "params"
) -> Difference | None:
    """The first place where a rule's run leaves the reference's; None where it agrees to rounding."""
    if mine is None:
        return Difference(probe.name, f"probe {probe.name!r}: nothing was recorded")
    recorded = wire.calls_of(mine)
    before: Mapping[str, np.ndarray] = probe.start
    tolerance = _tolerances(probe, theirs)
    if looks_at == "params" and calls is None and _agrees(recorded, theirs, tolerance):
        return None
    for number, expected in enumerate(theirs["calls"][:calls], start=1):
        if number > len(recorded) or not isinstance(recorded[number - 1], Mapping):
            return _ended_early(probe, mine, number)
        found = recorded[number - 1].get(looks_at)
        found = found if isinstance(found, Mapping) else {}
        if looks_at == "grads":
            difference = _changed_gradient(probe, number, found)
        else:
            difference = _call_difference(probe, number, before, found, expected["params"], tolerance)
        if difference is not None:
            return difference
        before = expected["params"]
    return None


def _tolerances(probe: RuleProbe, theirs: Run) -> dict[str, float]:
    """Allowed distance of each array: relative to its longest way from the start, and to its size."""
    found = {}
    for key, start in probe.start.items():
        path = theirs["path"][key]
        size = max(float(np.abs(path).max()), float(np.abs(start).max()))
        found[key] = RTOL * float(np.abs(path - start).max()) + ROUNDING * size
    return found


def _agrees(recorded: Sequence[Any], theirs: Run, tolerance: Mapping[str, float]) -> bool:
    """Whether a whole run agrees: a look at each array, where a look at each call takes ten times as long."""
    if not isinstance(recorded, wire.Table):
        return False
    found = recorded.columns.get("params", {})
    for key, want in theirs["path"].items():
        have = found[key][: len(want)] if key in found else None
        if have is None or have.shape != want.shape:
            return False
        if not (np.abs(have - want) <= tolerance[key]).all():  # not `>`: a NaN is wrong
            return False
    return True


def _call_difference(
    probe: RuleProbe,
    call: int,
    before: Mapping[str, np.ndarray],
    found: Mapping[str, Any],
    expected: Mapping[str, np.ndarray],
    tolerance: Mapping[str, float],
) -> Difference | None:
    where = place_of(probe, call)
    for key, want in expected.items():
        have = found.get(key)
        name = f'{where}, "{key}"'
        if not isinstance(have, np.ndarray):
            what = "is missing" if have is None else f"is {_kind(have)}, not an array"
            return Difference(probe.name, f"{name} {what}", call, key)
        if have.shape != want.shape:
            message = f"{name}: shape {have.shape}, expected {want.shape}"
            return Difference(probe.name, message, call, key)
        if have.dtype != want.dtype:
            message = f"{name}: dtype {have.dtype}, expected {want.dtype}"
            return Difference(probe.name, message, call, key)
        # Not `>`: a NaN is wrong.
        wrong = ~(np.abs(have - want) <= tolerance[key])
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            ratio = _common_ratio(before, found, expected)
            message = f"{name}{_at(index)}: {_moves(before[key][index], have[index], want[index])}"
            if ratio:
                message += f"; {ratio:.4g} times the expected step, everywhere in this call"
            return Difference(probe.name, message, call, key, index, ratio)
    return None


def place_of(probe: RuleProbe, call: int) -> str:
    """A call in words, and the probe where it is not the main one."""
    return f"call {call}" if probe.name == "main" else f"call {call} (probe {probe.name!r})"


def _moves(before: float, have: float, want: float) -> str:
    if not np.isfinite(have):
        return f"yours {have}, expected a step of {want - before:.6g}"
    if have == before:
        return f"yours did not move, expected a step of {want - before:.6g}"
    yours, expected = _told_apart(have - before, want - before)
    return f"your step {yours}, expected {expected}"


def _told_apart(have: float, want: float) -> tuple[str, str]:
    """Both numbers with six digits, or with as many as show that they differ."""
    for digits in (6, 9, 12, 17):
        texts = f"{have:.{digits}g}", f"{want:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _common_ratio(
    before: Mapping[str, Any], found: Mapping[str, Any], expected: Mapping[str, Any]
) -> float | None:
    """Their step over the expected one, if it is the same for every coordinate of the call."""
    ratios = []
    for key, want in expected.items():
        have = found.get(key)
        if not isinstance(have, np.ndarray) or have.shape != want.shape or have.dtype.kind != "f":
            return None
        step = want - before[key]
        moving = step != 0
        with np.errstate(all="ignore"):
            ratios.append(np.ravel((have - before[key])[moving] / step[moving]))
    flat = np.concatenate(ratios) if ratios else np.array([])
    if flat.size < 2 or not np.isfinite(flat).all() or np.ptp(flat) > 1e-6 * np.abs(flat).max():
        return None
    return float(np.median(flat))


def _changed_gradient(probe: RuleProbe, call: int, found: Mapping[str, Any]) -> Difference | None:
    for key, given in probe.gradients[call - 1].items():
        have = found.get(key)
        if isinstance(have, np.ndarray) and have.shape == given.shape and np.array_equal(have, given):
            continue
        message = f'call {call}: the caller\'s gradient "{key}" was changed'
        return Difference(probe.name, message, call, key)
    return None


def _ended_early(probe: RuleProbe, mine: Run, call: int) -> Difference:
    error = mine.get("error")
    error = error if isinstance(error, Mapping) else {}
    return Difference(probe.name, f"{place_of(probe, call)}: {rule_error_text(error, probe)}", call)


def rule_error_text(error: Mapping[str, Any], probe: RuleProbe) -> str:
    """An exception of a rule's class in one line; where the call itself failed, how the class is called."""
    text = error_text(error)
    if error.get("line") or error.get("function") or error.get("type") not in ("TypeError", "AttributeError"):
        return text
    if error.get("during") == "making":
        arguments = ", ".join(probe.hyper)
        return f"your __init__ does not take the arguments {arguments}: {text}"
    if error["type"] == "AttributeError":
        return f"your class needs a method update(self, params, grads): {text}"
    return f"`update` is called as rule.update(params, grads), so define update(self, params, grads): {text}"


def error_text(error: Mapping[str, Any]) -> str:
    """An exception of the student's code in one line, with the line it happened in."""
    if not error:
        return "no numbers were recorded"
    if error.get("type") == "endless":
        line = error.get("line")
        where = f", in your line `{line}`" if line else ""
        return f"your code did not finish: {error.get('message', '')}{where}"
    text = f"{error.get('type', 'error')}: {error.get('message', '')}"
    line = error.get("line")
    return f"{text}, in your line `{line}`" if line else text


def value_difference(
    check: FunctionCheck | ValueCheck,
    mine: Run | None,
    theirs: Run,
    probe: FunctionProbe | None = None,
    part: str = "",
) -> Difference | None:
    """The first place where a function's result on a probe, or its `part`, or a value is not as expected."""
    name = probe.label if probe else "value"
    if mine is None:
        return Difference(name, f"{name}: nothing was recorded")
    if mine.get("error") is not None or "result" not in mine:
        error = mine.get("error")
        return Difference(name, f"{name}: {error_text(error if isinstance(error, Mapping) else {})}")
    found, wanted = dict(_leaves(mine["result"], "")), dict(_leaves(theirs["result"], ""))
    for path, want in wanted.items():
        if part and not path.startswith(f'["{part}"]'):
            continue
        message = _leaf_difference(found.get(path), want, check)
        if message:
            return Difference(name, f"{name}{path}: {message}", key=path or None)
    extra = [path for path in found if path not in wanted]
    if extra and not part:
        return Difference(name, f"{name}{extra[0]}: nothing of that name is asked for", key=extra[0])
    return None


def _changed_argument(name: str, mine: Run | None, given: Sequence[Any]) -> Difference | None:
    """The first array among a function's arguments that the call did not leave as it was, to the last bit."""
    kept = mine.get("args") if mine else None
    if not isinstance(kept, list):
        return Difference(name, f"{name}: the function did not come to its end")
    found = dict(_leaves(kept, ""))
    for path, want in _leaves([snapshot(value) for value in given if not callable(value)], ""):
        have = found.get(path)
        if isinstance(want, np.ndarray) and not (isinstance(have, np.ndarray) and np.array_equal(have, want)):
            return Difference(name, f"{name}: your function left its argument{path[3:]} changed", key=path)
    return None


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The arrays and words of a result, with their place in it."""
    if isinstance(value, Mapping) and "odd" not in value:
        for key, item in value.items():
            yield from _leaves(item, f'{path}["{key}"]')
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def _leaf_difference(have: Any, want: Any, check: FunctionCheck | ValueCheck) -> str:
    """What is wrong with one number, array or word; empty where nothing is."""
    if isinstance(want, str):
        same = isinstance(have, str) and same_word(have, want)
        return "" if same else f"{_kind(have)} is not the answer"
    if not isinstance(have, np.ndarray) or have.dtype.kind not in "fiub":
        return f"{_kind(have)}, expected {_asked(want)}"
    if have.shape != want.shape:
        return f"shape {have.shape}, expected {want.shape}"
    if (have.dtype.kind == "b") != (want.dtype.kind == "b"):
        return f"{_kind(have)}, expected {_asked(want)}"
    # Adding zero makes 0 of −0.
    have, want = have.astype(float) + 0.0, want.astype(float) + 0.0
    wrong = ~(np.abs(have - want) <= check.atol + check.rtol * float(np.abs(want).max(initial=0.0)))
    if not wrong.any():
        return ""
    if isinstance(check, FunctionCheck) and want.ndim and len(check.parts) == len(want):
        named = zip(check.parts, have, want, wrong, strict=True)
        return "; ".join(_part_difference(*part) for part in named if part[-1].any())
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    if isinstance(check, ValueCheck):
        return f"yours{_at(index)} {have[index]:.6g} is not the answer"
    yours, expected = _told_apart(have[index], want[index])
    return f"yours{_at(index)} {yours}, expected {expected}{_coarse(have[index], want[index], check.rtol)}"


def _part_difference(name: str, have: np.ndarray, want: np.ndarray, wrong: np.ndarray) -> str:
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    yours, expected = _told_apart(have[index], want[index])
    return f"your {name}{_at(index)} {yours}, expected {expected}"


def _coarse(have: float, want: float, rtol: float) -> str:
    """For a measurement that is not far off: how far, and what is allowed."""
    off = abs(have / want - 1) if want else np.inf
    return f": {off:.1%} off, and {rtol:.0%} is allowed" if rtol >= 0.001 and off < 0.2 else ""


def _asked(want: np.ndarray) -> str:
    if want.dtype.kind == "b":
        return "True or False"
    return "a number" if want.shape == () else f"an array of shape {want.shape}"


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return repr(value[:40])
    if isinstance(value, np.ndarray):
        return f"a {value.dtype} array of shape {value.shape}" if value.shape else f"{value.item()!r}"
    if isinstance(value, Mapping) and "odd" in value:
        return f"a {str(value['odd'])[:40]}"
    return f"a {type(value).__name__}"


def _at(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""
