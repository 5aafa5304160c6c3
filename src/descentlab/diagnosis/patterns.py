"""True sentences about numbers that no mistake known here makes: what agrees, and what is off by how much."""

from __future__ import annotations

import numpy as np

from descentlab import agreement
from descentlab.agreement import SIX_DIGITS
from descentlab.checks.comparing.words import circumstances
from descentlab.diagnosis.explanation import Explanation, explanation_of
from descentlab.diagnosis.probe_table import KEY_OF, KEYS, ProbeTable
from descentlab.sentences import say, say_count

EPS_DECIDES = {"large eps", "small gradients"}
"""The probes in which ε is not tiny beside the rest."""


def pattern(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> Explanation | None:
    """What can be said of the steps as a whole; None where nothing stands out."""
    ratios = step_ratios(table, path, expected)
    if ratios is None:
        return _offset(table, path, expected)
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
        return _rate_changes(float(by_call[0]), each_call)
    return explanation_of(
        "pattern/factor-by-call",
        cause="your steps are {ratios} times the expected ones in calls 1 to {last}, the same for all "
        "coordinates",
        hint="Which quantity in your formula depends on the call alone, not on the coordinate?",
        symptom="one factor for each call",
        ratios=", ".join(f"{ratio:.4g}" for ratio in by_call),
        last=len(by_call),
    )


def _offset(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> Explanation | None:
    """One number added to every entry in every call."""
    calls = 1 + np.arange(len(path))[:, None, None]
    added = (path - expected) / calls
    number = agreement.common_value(added.ravel())
    if number is None or number == 0:
        return None
    return explanation_of(
        "pattern/offset",
        cause="in each call {number} is added to every entry, whatever its gradient is",
        hint="Which line adds a number that does not depend on the gradient?",
        symptom="every step is the expected one plus {number}",
        number=f"{number:.6g}",
    )


def _rate_changes(first: float, each_call: float) -> Explanation:
    numbers = {"first": f"{first:.4g}", "each": f"{each_call:.4g}"}
    if agreement.within(first, 1, SIX_DIGITS):
        cause = say(
            "your first step is right, and every call multiplies the next one's by {each}: something "
            "changes the rate at each call",
            **numbers,
        )
    else:
        cause = say(
            "your first step is {first} times the expected one, and every call multiplies the next one's "
            "by {each}: something changes the rate at each call",
            **numbers,
        )
    return Explanation(
        "pattern/rate-changes",
        cause,
        say("Call twice with the same gradient. Should the rate of the rule itself change?"),
        say("the ratio to the expected step is {first} · {each}^(t − 1) in every coordinate", **numbers),
    )


def where_to_look(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> Explanation | None:
    """What agrees, where nothing can be named: the difference must be in what is left."""
    near = table.near(path, expected)
    rows = {probe.name: bool(near[:, row].all()) for row, probe in enumerate(table.probes)}
    wrong = {name for name, right in rows.items() if not right}
    hint = _of_eps_added_up(table, near, wrong) or _common_to(wrong) or _by_array_or_call(table, near, wrong)
    if hint is None:
        return None
    names = ", ".join(say(name) for name in sorted(wrong))
    return Explanation("", "", hint, say("wrong on the probes {probes}", probes=names))


def _of_eps_added_up(table: ProbeTable, near: np.ndarray, wrong: set[str]) -> str | None:
    """Where only a large ε is wrong, and that in the first call not yet: `near` is (calls, rows, columns)."""
    if not wrong or not wrong <= EPS_DECIDES or not all(near[0, table.row(name)].all() for name in wrong):
        return None
    return say(
        "Everything agrees while ε is tiny, and in the first call always. Do you store something that holds "
        "ε, so that ε adds up from call to call?"
    )


def _common_to(wrong: set[str]) -> str | None:
    """What is said where only certain probes are wrong."""
    if wrong <= EPS_DECIDES:
        return say("Everything agrees while ε is tiny. Where does ε enter?")
    if wrong == {"spike"}:
        return say("Everything agrees but for one gradient of 10 000. Is anything limited, or rounded?")
    if wrong == {"quiet start"}:
        return say("Everything agrees but where the first gradients are zero. What is divided by what there?")
    return None


def _by_array_or_call(table: ProbeTable, near: np.ndarray, wrong: set[str]) -> str | None:
    """What is said of the probes, arrays or calls that are right: `near` is (calls, rows, columns)."""
    main = near[:, table.row("main")]
    keys = [key for n, key in enumerate(KEYS) if main[:, n == KEY_OF].all()]
    if main.all():
        listed = "; ".join(circumstances(probe.name) for probe in table.probes if probe.name in wrong)
        return say("The first run is right. Yours is wrong {runs}. What have these in common?", runs=listed)
    if keys == ["s"] and near[:, :, KEYS.index("s") == KEY_OF].all():
        return say(
            "The scalar is right, the arrays are not. Is something summed, or averaged, over an array?"
        )
    if keys:
        return say_count(
            "In the first run {keys} is right. What is different about the other arrays?",
            "In the first run {keys} are right. What is different about the other arrays?",
            len(keys),
            keys=", ".join(f'"{key}"' for key in keys),
        )
    if main[0].all():
        return say_count(
            "The first call is right. Which value does the next one start from?",
            "The first {count} calls are right. Which value does the next one start from?",
            int(np.argmin(main.all(axis=1))),
        )
    return None


def step_ratios(table: ProbeTable, path: np.ndarray, expected: np.ndarray) -> np.ndarray | None:
    """Steps over expected steps, one number for each call and probe; None where coordinates disagree.

    NaN where nothing should move and nothing does: (calls, probes).
    """
    step = np.diff(np.concatenate([table.start[None], path]), axis=0)
    expected_step = np.diff(np.concatenate([table.start[None], expected]), axis=0)
    if not np.isfinite(step).all() or (step[expected_step == 0] != 0).any():
        return None
    ratios = np.where(expected_step == 0, np.nan, step / np.where(expected_step == 0, 1.0, expected_step))
    common = np.full(ratios.shape[:2], np.nan)
    for call, row in np.argwhere(~np.isnan(ratios).all(axis=2)):
        here = ratios[call, row][~np.isnan(ratios[call, row])]
        common[call, row] = np.median(here)
        if not agreement.within(here, common[call, row], SIX_DIGITS * abs(common[call, row])).all():
            return None
    return common


def _scaled(ratio: float) -> Explanation:
    if agreement.within(ratio, -1, SIX_DIGITS):
        return explanation_of(
            "pattern/opposite",
            cause="every step has the right size and the wrong direction",
            hint="Follow one sign from the gradient to the parameter.",
            symptom="all steps are −1 times the expected ones",
        )
    return explanation_of(
        "pattern/scaled",
        cause="every step is {ratio} times the expected one",
        hint="Which factor or divisor does your line have that the formula has not, or the other way round?",
        symptom="all steps are {ratio} times the expected ones",
        ratio=f"{ratio:.6g}",
    )
