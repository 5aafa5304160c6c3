"""What an answer does besides its numbers, judged from the recorded arrays alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.difference import Difference, Kind, kind_of_difference
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import ProbeRun, RuleProbe
from descentlab.diagnosis.entry_facts import Fact, fact_of
from descentlab.diagnosis.explanation import Explanation, explanation_of
from descentlab.diagnosis.probe_table import KEY_OF, KEYS, ProbeTable
from descentlab.sentences import say, template

# Of each kind of difference the id, cause, hint and evidence.
ODD_ARRAYS: Mapping[Kind, tuple[str, str, str, str]] = {
    "missing": (
        "behaviour/removes-keys",
        template("after call 1, {place} is gone"),
        template("Which dict do you write to, and under which keys?"),
        template("no {place} after call 1"),
    ),
    "no array": (
        "behaviour/not-an-array",
        template("after call 1, {place} is not an array of numbers as it was (float64, shape {before})"),
        template("Print the type of each parameter after one call. Which line made it?"),
        template("{place} after call 1 is no array that evidence holds"),
    ),
    "shape": (
        "behaviour/changes-shape",
        template("after call 1, {place} has the shape {actual}; it had {before}"),
        template("Compare the shapes before and after your call. Which two shapes meet in your line?"),
        template("{place} has shape {actual} after call 1"),
    ),
    "dtype": (
        "behaviour/changes-dtype",
        template("after call 1, {place} holds {actual} numbers; it held float64"),
        template("Print the dtype of each term in your line. Which one is not float64?"),
        template("{place} has dtype {actual} after call 1"),
    ),
}


def changed_gradients(table: ProbeTable, runs: Mapping[str, ProbeRun]) -> Explanation | None:
    """Gradients that are not the caller's any more after a call."""
    probe = next(p for p in table.probes if p.name == "main")
    calls = zip(evidence_bytes.calls_of(runs.get("main")), probe.gradients, strict=False)
    for number, (call, gradients) in enumerate(calls, start=1):
        grads = call.get("grads") if isinstance(call, Mapping) else None
        for key, before in gradients.items() if isinstance(grads, Mapping) else ():
            after = grads.get(key)
            if isinstance(after, np.ndarray) and np.array_equal(after, before):
                continue
            return Explanation(
                "behaviour/changes-gradients",
                _changed(after, before, number, f'grads["{key}"]'),
                say("Compare the gradient dict before and after your call. Who else may still need it?"),
                say("the gradients recorded after call {call} are not those given", call=number),
            )
    return None


def _changed(after: Any, before: np.ndarray, call: int, place: str) -> str:
    if not isinstance(after, np.ndarray) or after.shape != before.shape or after.dtype.kind != "f":
        return say(
            "your update changes the caller's gradients: after call {call}, {place} is not the array that "
            "it was",
            call=call,
            place=place,
        )
    with np.errstate(all="ignore"):
        ratios = np.ravel(after / before)
    ratio = agreement.common_value(ratios, agreement.RTOL)
    if ratio is None:
        return say(
            "your update changes the caller's gradients: after call {call}, {place} is another array than "
            "before",
            call=call,
            place=place,
        )
    return say(
        "your update changes the caller's gradients: after call {call}, {place} is {ratio} times what it was",
        call=call,
        place=place,
        ratio=f"{ratio:.4g}",
    )


def strangers(table: ProbeTable, path: np.ndarray) -> Explanation | None:
    """Two optimizers that got the same gradients and yet moved differently."""
    first, second = path[:, table.row("main")], path[:, table.row("second instance")]
    if np.array_equal(first, second, equal_nan=True) or np.isnan(second).all() or np.isnan(first).all():
        return None
    return explanation_of(
        "behaviour/shared-memory",
        cause="beside a second optimizer, given the same gradients, yours makes other steps than alone: the "
        "two share memory or hyperparameters (or your rule draws random numbers)",
        hint="Create two optimizers; are they independent? Look at what stands directly under `class`, "
        "and at default values such as `state={}`: when are they made?",
        symptom="the paths of the probes 'main' and 'second instance' differ, though everything given is "
        "the same",
    )


def still(table: ProbeTable, path: np.ndarray, runs: Mapping[str, ProbeRun]) -> Explanation | None:
    """No parameter ever moves."""
    if not np.array_equal(path, np.broadcast_to(table.start, path.shape)):
        return None
    returned = runs.get("main", {}).get("returned")
    if returned == "dict":
        return explanation_of(
            "behaviour/returns-new-dict",
            cause="your update returns a dict, but the parameters it was given have not changed: nobody "
            "reads what it returns",
            hint="The caller keeps its own dict. Which dict does your line write to?",
            symptom="no parameter moves on any probe; update returned a dict",
        )
    return explanation_of(
        "behaviour/changes-nothing",
        cause="after every call the parameters are what they were: your update changes nothing that "
        "the caller can see",
        hint="Which line writes into the caller's dict? `params = …`, a loop's own name and a copy do not. "
        "If one does: put print(k) into your loop; over an empty dict it never runs.",
        symptom="no parameter moves on any probe",
    )


def odd_arrays(table: ProbeTable, runs: Mapping[str, ProbeRun]) -> Explanation | None:
    """Parameters that come back as something else than they were given."""
    calls = evidence_bytes.calls_of(runs.get("main"))
    first = calls[0] if calls else None
    params = first.get("params") if isinstance(first, Mapping) else None
    if not isinstance(params, Mapping):
        return None
    for key, before in table.probes[0].start.items():
        kind = kind_of_difference(params.get(key), before)
        if kind == "missing" and key in params:
            kind = "no array"
        if kind and not (kind == "dtype" and params[key].dtype.kind == "f"):
            return _odd_array(kind, f'params["{key}"]', params.get(key), before)
    return None


def _odd_array(kind: Kind, place: str, after: Any, before: np.ndarray) -> Explanation:
    """What has become of one parameter after the first call."""
    id, *sentences = ODD_ARRAYS[kind]
    values = {"place": place, "before": before.shape}
    if kind in ("shape", "dtype"):
        values["actual"] = after.shape if kind == "shape" else after.dtype.name
    return Explanation(id, *(say(sentence, **values) for sentence in sentences))


def moving_keys(table: ProbeTable, path: np.ndarray, row: str = "") -> np.ndarray:
    """Which arrays move at all, or in that probe, one truth value a key."""
    moves = path != table.start
    moved = moves[:, table.row(row)].any(axis=0) if row else moves.any(axis=(0, 1))
    return np.array([moved[k == KEY_OF].any() for k in range(len(KEYS))])


def skipped_keys(moving: np.ndarray, in_one_order: np.ndarray) -> Explanation:
    """Some arrays move, the others never do: at all, and in a run that lists keys in one order alone."""
    at_ends = [key for key, does in zip(KEYS, in_one_order, strict=True) if does]
    moves = [key for key, does in zip(KEYS, moving, strict=True) if does]
    rest = [key for key, does in zip(KEYS, moving, strict=True) if not does]
    if at_ends == [KEYS[0]]:
        why = say("Where does the loop end? Look at the indentation of `return`.")
    elif at_ends == [KEYS[-1]]:
        why = say(
            "In each call the last array alone moves. Which lines stand inside the loop, and which after it?"
        )
    else:
        why = say("How many of the arrays moved, and what do those that did not have in common?")
    return Explanation(
        "behaviour/skips-arrays",
        say(
            "of the {count} arrays only {moving} ever changes, never {rest}",
            count=len(KEYS),
            moving=_listed(moves),
            rest=_listed(rest),
        ),
        why,
        say("no step of {rest} on any probe", rest=_listed(rest)),
    )


def _listed(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)


def only_other_order(table: ProbeTable, agrees: np.ndarray) -> Explanation | None:
    """Right on every probe but the one with other key orders."""
    if not _alone(table, agrees, "other order"):
        return None
    return explanation_of(
        "behaviour/depends-on-order",
        cause="your rule is right until `params` and `grads` list their keys in another order than in the "
        "call before, or than each other",
        hint="Which line of yours goes by the place of a key: `zip`, `enumerate`, a list with one array for "
        "each key? Go by the key itself.",
        symptom="all runs agree but the one with other key orders",
    )


def goes_by_place(table: ProbeTable, path: np.ndarray) -> Fact | None:
    """Other steps for the same gradients, where keys alone come in another order: (calls, rows, columns)."""
    one, other = path[:, table.row("main")], path[:, table.row("other order")]
    if (
        not np.isfinite(one).all()
        or not np.isfinite(other).all()
        or table.near(path, path[:, :1])[:, table.row("other order")].all()
    ):
        return None
    return fact_of(
        "With the same gradients, their keys in another order, your steps are others.",
        hint="Which variable of yours goes on from one key of the loop to the next, or from the end of a "
        "loop into the lines below it? What belongs to a key is made, and stored, under that key: "
        "`self.h[k] = …` keeps the others, `self.h = {…}` forgets them.",
    )


def only_used_again(table: ProbeTable, agrees: np.ndarray) -> Explanation | None:
    """Right on every probe but the one whose gradients come in the same arrays at every call."""
    if not _alone(table, agrees, "arrays used again"):
        return None
    return explanation_of(
        "behaviour/keeps-the-callers-arrays",
        cause="your rule is right until the caller writes the next gradients into the same arrays",
        hint="Which array of the caller's do you keep? `self.x[k] = grads[k]` makes no copy: it is a second "
        "name for the caller's array.",
        symptom="all runs agree but the one whose arrays are used again",
    )


def skips_zero_gradients(table: ProbeTable, agrees: np.ndarray) -> Explanation | None:
    """Right on every probe but the one with a gradient of zero between others."""
    if not _alone(table, agrees, "zero in the middle"):
        return None
    return explanation_of(
        "behaviour/other-at-zero-gradients",
        cause="your rule is right until an array's gradient is zero in the middle of a run",
        hint="Does a line of yours skip an array, or a call, whose gradient is zero? What is remembered from "
        "the calls before still counts there, and changes there.",
        symptom="all runs agree but the one with zeros between other gradients",
    )


def _alone(table: ProbeTable, agrees: np.ndarray, name: str) -> bool:
    """Whether the probe of that name is wrong and every other one right."""
    rows = [probe.name for probe in table.probes]
    return name in rows and not agrees[rows.index(name)] and bool(np.delete(agrees, rows.index(name)).all())


def only_elsewhere(difference: Difference, probe: RuleProbe) -> Explanation:
    """Right on all probes of the table, and wrong on one of fewer arrays and more calls."""
    call = difference.call or 1
    if call == 1:
        return explanation_of(
            "",
            hint="Every run of {count} arrays is right, the one of {fewer} is not. Which arrays does your "
            "rule count on?",
            symptom="wrong on the probe {probe} alone, from its first call on",
            count=len(KEYS),
            fewer=len(probe.start),
            probe=say(probe.name),
        )
    return explanation_of(
        "behaviour/other-rule-later",
        cause="your first {right} calls are right, call {wrong} is not",
        hint="Which line of yours does something else after some calls: a condition on a counter, a "
        "list that is cut off, a correction that ends?",
        symptom="all short runs agree; the long one does until call {call}",
        right=call - 1,
        wrong=call,
        call=call,
    )
