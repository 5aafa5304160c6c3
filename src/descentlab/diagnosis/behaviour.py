"""What an answer does besides its numbers, judged from the recorded arrays alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from descentlab.checks.comparing import agreement
from descentlab.checks.comparing.difference import Difference
from descentlab.checks.recording import wire
from descentlab.checks.recording.probes import RuleProbe
from descentlab.diagnosis.explanation import Explanation
from descentlab.diagnosis.probe_table import KEY_OF, KEYS, ProbeTable

Run = Mapping[str, Any]


def changed_gradients(table: ProbeTable, runs: Mapping[str, Run]) -> Explanation | None:
    """Gradients that are not the caller's any more after a call."""
    probe = next(p for p in table.probes if p.name == "main")
    calls = zip(wire.calls_of(runs.get("main")), probe.gradients, strict=False)
    for number, (call, gradients) in enumerate(calls, start=1):
        grads = call.get("grads") if isinstance(call, Mapping) else None
        for key, given in gradients.items() if isinstance(grads, Mapping) else ():
            found = grads.get(key)
            if not isinstance(found, np.ndarray) or found.shape != given.shape or found.dtype.kind != "f":
                what = "is not the array that it was"
            elif np.array_equal(found, given):
                continue
            else:
                what = f"is {_times(found, given)}"
            return Explanation(
                "behaviour/changes-gradients",
                f'your update changes the caller\'s gradients: after call {number}, grads["{key}"] {what}',
                "Compare the gradient dict before and after your call. Who else may still need it?",
                f"the gradients recorded after call {number} are not those given",
            )
    return None


def _times(found: np.ndarray, given: np.ndarray) -> str:
    with np.errstate(all="ignore"):
        ratios = np.ravel(found / given)
    ratio = agreement.common_value(ratios, agreement.RTOL)
    return "another array than before" if ratio is None else f"{ratio:.4g} times what it was"


def strangers(table: ProbeTable, path: np.ndarray) -> Explanation | None:
    """Two optimizers that got the same gradients and yet moved differently."""
    first, second = path[:, table.row("main")], path[:, table.row("second instance")]
    if np.array_equal(first, second, equal_nan=True) or np.isnan(second).all() or np.isnan(first).all():
        return None
    return Explanation(
        "behaviour/shared-memory",
        "a second optimizer, given the same gradients as the first, makes other steps: the two share memory "
        "(or your rule draws random numbers)",
        "Create two optimizers; are they strangers? Look at what stands directly under `class`, and at "
        "default "
        "values such as `state={}`: when are they made?",
        "the paths of the probes 'main' and 'second instance' differ, though everything given is the same",
    )


def still(table: ProbeTable, path: np.ndarray, runs: Mapping[str, Run]) -> Explanation | None:
    """No parameter ever moves."""
    if not np.array_equal(path, np.broadcast_to(table.start, path.shape)):
        return None
    returned = runs.get("main", {}).get("returned")
    if returned == "dict":
        return Explanation(
            "behaviour/returns-new-dict",
            "your update returns a dict, but the parameters it was given have not changed: nobody reads "
            "what it "
            "returns",
            "The caller keeps its own dict. Which dict does your line write to?",
            "no parameter moves on any probe; update returned a dict",
        )
    return Explanation(
        "behaviour/changes-nothing",
        "after every call the parameters are what they were: your update changes nothing that the caller "
        "can see",
        "After update(), has the dict really changed? A loop's own name, or a copy, is not the dict.",
        "no parameter moves on any probe",
    )


def odd_arrays(table: ProbeTable, runs: Mapping[str, Run]) -> Explanation | None:
    """Parameters that come back as something else than they were given."""
    calls = wire.calls_of(runs.get("main"))
    first = calls[0] if calls else None
    params = first.get("params") if isinstance(first, Mapping) else None
    if not isinstance(params, Mapping):
        return None
    for key, given in table.probes[0].start.items():
        found = params.get(key)
        name = f'after call 1, params["{key}"]'
        if key not in params:
            return Explanation(
                "behaviour/removes-keys",
                f"{name} is gone",
                "Which dict do you write to, and under which keys?",
                f'no "{key}" among the parameters after call 1',
            )
        if not isinstance(found, np.ndarray):
            return Explanation(
                "behaviour/not-an-array",
                f"{name} is not an array of numbers any more",
                "Print the type of each parameter after one call. Which line made it?",
                f'"{key}" after call 1 is no array of numbers',
            )
        if found.shape != given.shape:
            return Explanation(
                "behaviour/changes-shape",
                f"{name} has the shape {found.shape}; it had {given.shape}",
                "Compare the shapes before and after your call. Which two shapes meet in your line?",
                f'"{key}" has shape {found.shape} after call 1',
            )
        if found.dtype.kind != "f":
            return Explanation(
                "behaviour/changes-dtype",
                f"{name} holds {found.dtype.name} numbers; it held float64",
                "Print the dtype of each term in your line. Which one is not float64?",
                f'"{key}" has dtype {found.dtype} after call 1',
            )
    return None


def moving_keys(table: ProbeTable, path: np.ndarray) -> np.ndarray:
    """Which arrays move at all, one truth value a key."""
    moved = (path != table.start).any(axis=(0, 1))
    return np.array([moved[k == KEY_OF].any() for k in range(len(KEYS))])


def skipped_keys(moving: np.ndarray) -> Explanation:
    """Some arrays move, the others never do."""
    moves = [key for key, does in zip(KEYS, moving, strict=True) if does]
    rest = [key for key, does in zip(KEYS, moving, strict=True) if not does]
    if moves == [KEYS[0]]:
        why = "Where does the loop end? Look at the indentation of `return`."
    elif moves == [KEYS[-1]]:
        why = "Which lines stand inside the loop, and which after it?"
    else:
        why = "How many of the arrays moved, and what do those that did not have in common?"
    return Explanation(
        "behaviour/skips-arrays",
        f"of the {len(KEYS)} arrays only {_listed(moves)} ever changes, never {_listed(rest)}",
        why,
        f"no step of {_listed(rest)} on any probe",
    )


def _listed(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)


def only_other_order(table: ProbeTable, agrees: np.ndarray) -> Explanation | None:
    """Right on every probe but the one with another key order and re-used buffers."""
    row = table.row("other order")
    if agrees[row] or not np.delete(agrees, row).all():
        return None
    return Explanation(
        "behaviour/depends-on-order-or-buffers",
        "your rule is right until the gradients come in another key order, or in arrays that the caller "
        "uses again "
        "for the next gradients",
        "What if the two dicts list their keys in another order? And who else writes into the arrays you "
        "remember?",
        "all probes agree but 'other order'",
    )


def only_elsewhere(difference: Difference, probe: RuleProbe) -> Explanation:
    """Right on all probes of the table, and wrong on one of fewer arrays and more calls."""
    call = difference.call or 1
    if call == 1:
        return Explanation(
            "",
            "",
            f"Every run of {len(KEYS)} arrays is right, the one of {len(probe.start)} is not. "
            "Which arrays does your rule count on?",
            f"wrong on the probe {probe.name} alone, from its first call on",
        )
    return Explanation(
        "behaviour/other-rule-later",
        f"your first {call - 1} calls are right, call {call} is not",
        "Which line of yours does something else after some calls: a condition on a counter, a list that "
        "is cut off, a correction that ends?",
        f"all short runs agree; the long one does until call {call}",
    )
