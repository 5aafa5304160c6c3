"""True sentences about numbers that no mistake known here makes: what agrees, and what is off by how much."""

from __future__ import annotations

import numpy as np

from descentlab.checks.comparing import agreement
from descentlab.checks.comparing.agreement import SIX_DIGITS
from descentlab.diagnosis.explanation import Explanation
from descentlab.diagnosis.probe_table import KEY_OF, KEYS, ProbeTable

WHERE = {
    "quiet start": "first gradients of zero",
    "other order": "gradients in another order, or in arrays that are used again",
    "second instance": "another optimizer in turn with yours",
    "spike": "one gradient of 10 000",
    "large eps": "ε = 0.1",
    "small gradients": "gradients of 1e-9",
}


def pattern(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> Explanation | None:
    """What can be said of the steps as a whole; None where nothing stands out."""
    ratios = step_ratios(table, path, expected)
    if ratios is None:
        return None
    by_call = ratios[:, table.row("main")]
    least, most = np.nanmin(ratios, axis=1), np.nanmax(ratios, axis=1)
    size = np.nanmax(np.abs(ratios))
    if most.max() - least.min() <= SIX_DIGITS * size:
        return None if agreement.within(by_call[0], 1, SIX_DIGITS) else _scaled(float(by_call[0]))
    if (most - least).max() > SIX_DIGITS * size:
        return None
    shrink = by_call[1:] / by_call[:-1]
    each_call = agreement.common_value(shrink)
    if each_call is not None:
        right = agreement.within(by_call[0], 1, SIX_DIGITS)
        first = "right" if right else f"{by_call[0]:.4g} times the expected one"
        return Explanation(
            "pattern/rate-changes",
            f"your first step is {first}, and every call multiplies the next one's by {each_call:.4g}: "
            "something changes the rate at each call",
            "Call twice with the same gradient. Should the rate of the rule itself change?",
            f"the ratio to the expected step is {by_call[0]:.4g} · {each_call:.4g}^(t − 1) in every "
            f"coordinate",
        )
    listed = ", ".join(f"{r:.4g}" for r in by_call)
    return Explanation(
        "pattern/factor-by-call",
        f"your steps are {listed} times the expected ones in calls 1 to {len(by_call)}, the same for all "
        f"coordinates",
        "Which quantity in your formula depends on the call alone, not on the coordinate?",
        "one factor for each call",
    )


def where_to_look(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> Explanation | None:
    """What agrees, where nothing can be named: the difference must be in what is left."""
    near = table.near(path, expected)
    rows = {probe.name: bool(near[:, row].all()) for row, probe in enumerate(table.probes)}
    wrong = {name for name, right in rows.items() if not right}
    main = near[:, table.row("main")]
    keys = {key for n, key in enumerate(KEYS) if main[:, n == KEY_OF].all()}
    if wrong <= {"large eps", "small gradients"}:
        hint = "Everything agrees while ε is tiny. Where does ε enter?"
    elif wrong == {"spike"}:
        hint = "Everything agrees but for one gradient of 10 000. Is anything limited, or rounded?"
    elif wrong == {"quiet start"}:
        hint = "Everything agrees but where the first gradients are zero. What is divided by what there?"
    elif main.all():
        listed = ", ".join(WHERE[name] for name in rows if name in wrong)
        hint = f"The first probe is right. What have these in common, where yours is not: {listed}?"
    elif keys == {"s"} and near[:, :, KEYS.index("s") == KEY_OF].all():
        hint = "The scalar is right, the arrays are not. Is something summed, or averaged, over an array?"
    elif keys:
        listed = ", ".join(f'"{key}"' for key in KEYS if key in keys)
        are = "is" if len(keys) == 1 else "are"
        hint = f"On the first probe {listed} {are} right. What is different about the other arrays?"
    elif main[0].all():
        calls = int(np.argmin(main.all(axis=1)))
        what = "first call is" if calls == 1 else f"first {calls} calls are"
        hint = f"The {what} right. Which value does the next one start from?"
    elif _same_direction(table, path, expected):
        hint = "All your first steps point the right way; their size is another. What are they divided by?"
    else:
        return None
    return Explanation("", "", hint, f"wrong on the probes {', '.join(sorted(wrong))}")


def _same_direction(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> bool:
    row = table.row("main")
    step, expected_step = path[0, row] - table.start[row], expected[0, row] - table.start[row]
    return bool((np.sign(step) == np.sign(expected_step)).all())


def step_ratios(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> np.ndarray | None:
    """Steps over expected steps, one number for each call and probe; None where coordinates disagree.

    NaN where nothing should move and nothing does: (calls, probes).
    """
    step = np.diff(np.concatenate([table.start[None], path]), axis=0)
    expected_step = np.diff(np.concatenate([table.start[None], expected]), axis=0)
    if not np.isfinite(step).all() or (step[expected_step == 0] != 0).any():
        return None
    ratios = np.where(expected_step == 0, np.nan, step / np.where(expected_step == 0, 1.0, expected_step))
    found = np.full(ratios.shape[:2], np.nan)
    for call, row in np.argwhere(~np.isnan(ratios).all(axis=2)):
        here = ratios[call, row][~np.isnan(ratios[call, row])]
        found[call, row] = np.median(here)
        if not agreement.within(here, found[call, row], SIX_DIGITS * abs(found[call, row])).all():
            return None
    return found


def _scaled(ratio: float) -> Explanation:
    if agreement.within(ratio, -1, SIX_DIGITS):
        return Explanation(
            "pattern/opposite",
            "every step has the right size and the wrong direction",
            "Follow one sign from the gradient to the parameter.",
            "all steps are −1 times the expected ones",
        )
    return Explanation(
        "pattern/scaled",
        f"every step is {ratio:.6g} times the expected one",
        "Which factor is missing, or enters twice?",
        f"all steps are {ratio:.6g} times the expected ones",
    )
