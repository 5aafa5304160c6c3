"""The explanation of a wrong answer: the causes tried, in order.

`CAUSES` is that order for rules: the simplest and surest first; the first that applies is the explanation.
If none applies, `facts` explain. Functions and values have their own order, in `functions`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.rule_check.definition import SHAPES, RuleCheck, RuleProbe
from descentlab.rule_diagnosis import comparison, mistake_names
from descentlab.rule_diagnosis.case import Case
from descentlab.rule_diagnosis.probe_table import KEYS, ProbeTable
from descentlab.rule_diagnosis.rule_facts import WORDS, Holds, Values, explain_by_facts, quoted
from verdicts.agreement import SIX_DIGITS
from verdicts.diagnosis import Explanation, explanation_of
from verdicts.diagnosis.exceptions import (
    NO_HINTS,
    UNKNOWN_ERROR_HINT,
    explain_error,
    known_exceptions,
)
from verdicts.recording import evidence_bytes, run_student
from verdicts.recording.probes import Runs
from verdicts.sentences import capital


def explain_rule(
    check: RuleCheck, probes: Sequence[RuleProbe], actual: Runs, expected: Runs
) -> Explanation | None:
    """Explain the steps of a class that did not pass.

    An explanation without an id has only facts; None: the first difference says enough.

    `actual` and `expected` are the answer's and the reference's runs by the probe's name.
    """
    with np.errstate(all="ignore"):
        case = Case(check, ProbeTable(tuple(probes)), actual, expected)
        causes = CAUSES if case.wrong_probes else CAUSES_BESIDE_A_RIGHT_FORMULA
        return next(filter(None, (cause(case) for cause in causes)), None)


# ------------------------------------------------------------------------------------- conditions of the causes


def _is_still(case: Case) -> bool:
    return not case.moving().any()


def _is_disturbed(case: Case) -> bool:
    """Whether two optimizers with the same gradients moved differently."""
    first, second = case.of_probe("main"), case.of_probe("second instance")
    differ = not np.array_equal(first, second, equal_nan=True)
    return differ and not np.isnan(first).all() and not np.isnan(second).all()


def _loses_digits(case: Case) -> Values | None:
    """The parameters' new type, if all are right to six digits."""
    if not case.agrees_to(SIX_DIGITS).all():
        return None
    arrays = [a for a in (case.first_params or {}).values() if isinstance(a, np.ndarray)]
    dtype = min((a.dtype.name for a in arrays), default="float64")
    if dtype == "float64":
        return {"why": "digits are lost, or something tiny is added"}
    return {"why": f"your parameters have become {dtype}"}


def _changes_gradients(case: Case) -> Values | None:
    """The first gradient that a call changed in the caller's array."""
    given = case.table.probes[case.main].gradients
    calls = zip(evidence_bytes.calls_of(case.actual_run), given, strict=False)
    for number, (call, gradients) in enumerate(calls, start=1):
        grads = evidence_bytes.inner(call, "grads")
        if grads is not None and (key := comparison.changed_gradient(gradients, grads)):
            return {"call": number, "place": f'grads["{key}"]'}
    return None


def _error(case: Case) -> Explanation | None:
    """The first run of all four arrays that raises."""
    for probe in case.table.probes:
        if "error" in case.actual_runs.get(probe.name, {}):
            return _error_of(probe, case)
    return None


def _error_of(probe: RuleProbe, case: Case, hints: Mapping[str, str] = NO_HINTS) -> Explanation | None:
    run = case.actual_runs[probe.name]
    error = run["error"]
    rows = known_exceptions(Path(__file__).with_name("exceptions.md"))
    usual = {row["id"]: row["hint"] for row in rows if "type" not in row}
    # What is wrong with the class itself is raised where it is called, in no line of its own.
    explained = [row for row in rows if "type" in row and ("meaning" in row or not error.get("line"))]
    place = comparison.place_of(probe, len(evidence_bytes.calls_of(run)) + 1)
    return explain_error(error, place, usual | dict(hints or strange_shape(error)), explained)


def strange_shape(error: Mapping[str, Any]) -> Mapping[str, str]:
    """The hint for two shapes that do not fit, if one is not a parameter's."""
    met = re.findall(r"\((\d+(?:,\d+)*),?\)", str(error.get("message"))[: run_student.MAX_MESSAGE])
    for shape in (tuple(map(int, text.split(","))) for text in met):
        if shape not in SHAPES.values():
            return {
                "shapes": (
                    f"No parameter has the shape {shape}. Which line of yours makes an array of it: zeros, a "
                    "product with `@` or `np.dot`, a transpose, a sum? A square entry by entry keeps the "
                    "shape."
                )
            }
    return NO_HINTS


def _skipped(case: Case) -> Explanation | None:
    """Explain that some arrays never move while others do."""
    moving = case.moving()
    # One edit explains why they do not move.
    if moving.all() or not moving.any() or case.one_edit is not None:
        return None
    in_one_order = [key for key, moves in zip(KEYS, case.moving("main"), strict=True) if moves]
    if in_one_order == [KEYS[0]]:
        hint = "Where does the loop end? Look at the indentation of `return`."
    elif in_one_order == [KEYS[-1]]:
        hint = (
            "In each call the last array alone moves. Which lines stand inside the loop, and which after it?"
        )
    else:
        hint = "How many of the arrays moved, and what do those that did not have in common?"
    rest = quoted(~moving)
    cause = f"of the {len(KEYS)} arrays only {quoted(moving)} ever changes, never {rest}"
    symptom = f"no step of {rest} on any probe"
    return Explanation("behavior/skips-arrays", cause, hint, symptom)


def _fewer_arrays(case: Case) -> Explanation | None:
    """Explain probes of fewer arrays that are wrong although those of all four are right."""
    for probe in case.table.others:
        run = case.actual_runs.get(probe.name, {})
        if "error" in run:
            arrays = ", ".join(f'"{key}"' for key in probe.start)
            keys = f"The arrays of this run are {arrays} alone. Which keys does your line assume?"
            named = _error_of(probe, case, {"not-yet-there": keys})
            first = not evidence_bytes.calls_of(run)
            return named or Explanation("", "", keys if first else UNKNOWN_ERROR_HINT, "an exception")
        difference = comparison.rule_difference(probe, run, case.expected_runs[probe.name])
        if difference is None:
            continue
        call = difference.call or 1
        if call > 1:
            later = "behavior/other-rule-later"
            return explanation_of(later, **WORDS[later], right=call - 1, wrong=call)
        return explanation_of(
            "",
            hint="Every run of {count} arrays is right, the one of {fewer} is not. Which arrays does your "
            "rule count on?",
            symptom="wrong on the probe {probe} alone, from its first call on",
            count=len(KEYS),
            fewer=len(probe.start),
            probe=probe.name,
        )
    return None


# ------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class Finding:
    """One finding about a rule's numbers."""

    id: str
    """As `Explanation.id`: a section of `findings.md`."""
    holds: Holds

    def __call__(self, case: Case) -> Explanation | None:
        """Return the explanation if the cause applies to this answer."""
        values = self.holds(case)
        if not values:
            return None
        return explanation_of(self.id, **WORDS[self.id], **(values if isinstance(values, Mapping) else {}))


CHANGES_GRADIENTS = Finding("behavior/changes-gradients", _changes_gradients)


def _beside_changed_gradients(explanation: Explanation | None, case: Case) -> Explanation | None:
    """Add to a named mistake that the gradients were changed: often by the line that causes it."""
    changed = CHANGES_GRADIENTS(case)
    if explanation is None or changed is None:
        return explanation
    return replace(explanation, facts=(*explanation.facts, f"{capital(changed.cause)}."))


BECOMES = {
    "missing": "behavior/removes-keys",
    "no array": "behavior/not-an-array",
    "shape": "behavior/changes-shape",
    "dtype": "behavior/changes-dtype",
}
"""The ids of what may become of a parameter."""


def _odd_array(case: Case) -> Explanation | None:
    """The first parameter that comes back changed in one of these ways."""
    params = case.first_params
    for key, before in case.table.probes[case.main].start.items() if params is not None else ():
        after = params.get(key)
        kind = comparison.kind_of_difference(after, before)
        kind = "no array" if kind == "missing" and key in params else kind
        if kind == "dtype" and after.dtype.kind == "f":
            continue  # lost digits have an explanation of their own
        if kind:
            id, actual = BECOMES[kind], after.shape if kind == "shape" else getattr(after, "dtype", "")
            place = f'params["{key}"]'
            return explanation_of(id, **WORDS[id], place=place, before=before.shape, actual=actual)
    return None


CAUSES_BESIDE_A_RIGHT_FORMULA = (_fewer_arrays, mistake_names.known_mistake, _odd_array, CHANGES_GRADIENTS)
"""For answers right on all runs of four arrays: no edit of the formula is tried."""
CAUSES: tuple[Callable[[Case], Explanation | None], ...] = (
    Finding(
        "behavior/returns-new-dict",
        lambda case: _is_still(case) and case.actual_run.get("returned") == "dict",
    ),
    Finding("behavior/writes-into-gradients", lambda case: _is_still(case) and _changes_gradients(case)),
    Finding("behavior/changes-nothing", _is_still),
    Finding("behavior/shared-memory", _is_disturbed),
    mistake_names.known_mistake,
    _odd_array,
    _error,
    lambda case: _beside_changed_gradients(mistake_names.known_edit(case), case),
    Finding("behavior/depends-on-order", lambda case: case.wrong_probes == {"other order"}),
    Finding("behavior/keeps-the-callers-arrays", lambda case: case.wrong_probes == {"arrays used again"}),
    Finding("behavior/other-at-zero-gradients", lambda case: case.wrong_probes == {"zero in the middle"}),
    Finding("behavior/few-digits", _loses_digits),
    _skipped,
    lambda case: _beside_changed_gradients(mistake_names.one_or_two_edits(case), case),
    CHANGES_GRADIENTS,
    Finding("pattern/scaled", lambda case: case.one_factor and {"ratio": f"{case.one_factor:.6g}"}),
    explain_by_facts,
)
"""For answers wrong on a run of four arrays."""
