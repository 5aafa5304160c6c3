"""Measurements of a wrong rule: its numbers and states compared with the reference's on the probes."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from descentlab.registry import FRACTIONS, RULES, SYMBOLS
from descentlab.rule_check.definition import SHAPES, RuleCheck
from descentlab.rule_diagnosis.edit_search import AnswerPath, EditedFormula, one_edit
from descentlab.rule_diagnosis.probe_table import (
    COLUMNS,
    OWN_COLUMNS,
    PLACES,
    TABLE_FUNCTIONS,
    ProbeTable,
    flat,
)
from verdicts import agreement
from verdicts.agreement import NINE_DIGITS
from verdicts.recording.evidence_bytes import calls_of, inner
from verdicts.recording.probes import ProbeRun, Runs

MOST_NAMES = 4
"""The number of state values shown."""
STATE_TERMS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "g": np.positive,
    "g²": np.square,
    "|g|": np.abs,
    "var(g)": lambda g: TABLE_FUNCTIONS["mean"](g**2) - TABLE_FUNCTIONS["mean"](g) ** 2,
}
"""The terms a state may be made of; g is a gradient with a number for each column."""


class Case:
    """One wrong answer to a rule's check.

    Args:
        table: the probes of four arrays.
        actual: the answer's runs by the probe's name.
        expected: the reference's.
    """

    def __init__(self, check: RuleCheck, table: ProbeTable, actual: Runs, expected: Runs) -> None:
        self.check, self.table, self.actual_runs, self.expected_runs = check, table, actual, expected
        self.title, self.main = RULES[check.rule].title, table.row("main")
        self.actual_run, self.reference_run = actual.get("main", {}), expected["main"]
        self.arguments = dict(table.probes[self.main].hyper)
        self.actual, self.expected = table.path(actual), table.path(expected)
        self.answer = AnswerPath(table, self.actual)
        self.near = table.near(self.actual, self.expected)
        self.wrong_probes = {
            probe.name for row, probe in enumerate(table.probes) if not self.near[:, row].all()
        }

    def of_probe(self, name: str) -> np.ndarray:
        """The answer's parameters on one probe: (calls, columns)."""
        return self.actual[:, self.table.row(name)]

    # ------------------------------------------------------------------------------------------ all probes

    @cached_property
    def one_edit(self) -> EditedFormula | None:
        """The rule with one edit that has the answer's numbers."""
        return one_edit(self.answer, self.check.rule) if self.answer.tells_enough else None

    @property
    def first_params(self) -> Mapping[str, Any] | None:
        """The parameters after the first call of the first probe; None if they are not recorded."""
        calls = calls_of(self.actual_run)
        return inner(calls[0], "params") if calls else None

    def agrees_to(self, share: float) -> np.ndarray:
        """Which numbers are right up to this share of their path and start."""
        moved = np.abs(self.expected - self.table.start).max(axis=0, keepdims=True)
        return agreement.within(self.actual, self.expected, share * (moved + np.abs(self.table.start)))

    def moving(self, probe: str = "") -> np.ndarray:
        """Whether each array moves at all, or on that probe: one boolean for each key."""
        moves = self.actual != self.table.start
        moved = moves[:, self.table.row(probe)].any(axis=0) if probe else moves.any(axis=(0, 1))
        return np.array([moved[columns].any() for columns in OWN_COLUMNS])

    @cached_property
    def one_factor(self) -> float | None:
        """The one factor of all steps of all calls, on all probes; None if there is none."""
        step, expected = self._steps(self.actual), self._steps(self.expected)
        if (step[expected == 0] != 0).any():
            return None
        moving = expected != 0
        return agreement.common_value(step[moving] / expected[moving])

    def _steps(self, path: np.ndarray) -> np.ndarray:
        return np.diff(path, axis=0, prepend=self.table.start[None])

    # ------------------------------------------------------------- the first wrong call of the first probe

    @cached_property
    def call(self) -> int | None:
        """The first wrong call of the first probe, counted from 0; None where that probe is right."""
        wrong = ~self.near[:, self.main].all(axis=1)
        return int(np.argmax(wrong)) if wrong.any() else None

    @cached_property
    def step_ratios(self) -> np.ndarray:
        """The steps of that call over the expected ones; NaN where none is expected."""
        call, row = self.call, self.main
        before = self.expected[call - 1, row] if call else self.table.start[row]
        step, expected = self.actual[call, row] - before, self.expected[call, row] - before
        return np.where(expected == 0, np.nan, step / expected)

    @cached_property
    def common_ratio(self) -> float | None:
        """The common value of these ratios; None if they differ."""
        return None if self.call is None else agreement.common_value(self.step_ratios)

    @cached_property
    def array_ratios(self) -> list[float | None]:
        """The ratio of each array; None where its coordinates differ."""
        return [agreement.common_value(self.step_ratios[columns]) for columns in OWN_COLUMNS]

    @cached_property
    def first_wrong(self) -> tuple[str, tuple[int, ...]]:
        """The first wrong number of that call: the key of its array, and its index."""
        return PLACES[int(np.argmin(self.near[self.call, self.main]))]

    # ------------------------------------------------------------------------------------- states

    @property
    def remembers_all(self) -> bool:
        """Whether every array of a state is right after every call, so that no line that computes it is wrong."""
        needed = [
            _has(self.actual_run, call, row)
            for call in range(len(calls_of(self.reference_run, "remembered")))
            for row in rows_after(self.reference_run, call)
        ]
        return bool(needed) and all(needed)

    @cached_property
    def state_call(self) -> int:
        """The call after which states are compared: the first wrong one, or the one that makes them wrong.

        States that start from zero may be right at first even if the line that computes them is wrong.
        """
        calls = range(self.call, len(calls_of(self.actual_run, "remembered")))
        return next((call for call in calls if not all(self._kept_after(call).values())), self.call)

    @cached_property
    def kept(self) -> dict[str, bool]:
        """Whether the answer has each of the reference's states right after `state_call`."""
        return {} if self.call is None else self._kept_after(self.state_call)

    def _kept_after(self, call: int) -> dict[str, bool]:
        actual, expected = state_after(self.actual_run, call), state_after(self.reference_run, call)
        kept = {}
        for name, value in expected.items() if rows_after(self.actual_run, call) else ():
            needed = spread(value)
            if needed is not None:
                kept[name] = _has(self.actual_run, call, needed)
            elif name not in self.arguments and name in actual and not isinstance(actual[name], Mapping):
                kept[name] = bool(np.array_equal(actual[name], value))
        return kept

    @cached_property
    def remembered(self) -> tuple[dict[str, float], dict[str, float]]:
        """The states of the answer and of the reference that belong to the first wrong number."""
        if self.call is None:
            return {}, {}
        actual, expected = self._numbers(self.actual_run), self._numbers(self.reference_run)
        # A single number next to arrays is the rule's clock, where it has one.
        if expected.keys() <= _by_key(state_after(self.reference_run, self.state_call)):
            arrays = _by_key(state_after(self.actual_run, self.state_call))
            actual = {name: value for name, value in actual.items() if name in arrays}
        return dict(list(actual.items())[:MOST_NAMES]), expected

    def _numbers(self, run: ProbeRun) -> dict[str, float]:
        state = state_after(run, self.state_call)
        numbers = {name: _number_at(value, *self.first_wrong) for name, value in state.items()}
        given = self.arguments.values()
        return {
            name: number for name, number in numbers.items() if number is not None and number not in given
        }

    @cached_property
    def weights(self) -> dict[str, str] | None:
        """The first state computed differently in `state_call`: its name, its sum, the expected sum."""
        for name in state_after(self.reference_run, self.state_call) if self.call is not None else ():
            attribute = self._actual_name(name)
            if self.kept.get(name) or self._is_a_multiple(name, attribute):
                continue
            actual, expected = (
                self._made_of(self.actual_run, attribute, name),
                self._made_of(self.reference_run, name, name),
            )
            if actual and expected and actual != expected:
                return {"attribute": f"self.{attribute}", "actual": actual, "expected": expected}
        return None

    def _actual_name(self, name: str) -> str:
        """The answer's attribute for a state of the reference: the one with this name, or the only one by key."""
        actual = sorted(_by_key(state_after(self.actual_run, self.table.calls - 1)))
        expected = _by_key(state_after(self.reference_run, self.table.calls - 1))
        return actual[0] if len(actual) == len(expected) == 1 else name

    def _is_a_multiple(self, name: str, attribute: str) -> bool:
        """Whether a state is a multiple of the reference's: the line that moves θ may compensate."""
        actual = spread(state_after(self.actual_run, self.table.calls - 1).get(attribute))
        expected = spread(state_after(self.reference_run, self.table.calls - 1).get(name))
        if actual is None or expected is None or not np.isfinite(self.of_probe("main")).all():
            return False  # no line compensates for the root of a negative number
        return agreement.common_value(actual / expected, NINE_DIGITS) is not None

    def _made_of(self, run: ProbeRun, attribute: str, symbol: str) -> str | None:
        """A state as a weighted sum of its last value and a term of g or θ; None if it is none."""
        call, row = self.state_call, self.main
        new = spread(state_after(run, call).get(attribute))
        old = spread(state_after(run, call - 1).get(attribute)) if call else np.zeros(COLUMNS)
        if new is None or old is None or not np.isfinite(new).all():
            return None
        parts = {made: function(self.table.gradients[call, row]) for made, function in STATE_TERMS.items()}
        parts["θ"] = self.actual[call - 1, row] if call else self.table.start[row]
        for words, values in parts.items():
            terms = np.stack([old, values], axis=1)
            weights = np.linalg.lstsq(terms, new, rcond=None)[0]
            if agreement.within(terms @ weights, new, agreement.result_tolerance(new, NINE_DIGITS)).all():
                return self._sum(weights, [symbol, words])
        return None

    def _sum(self, weights: np.ndarray, terms: list[str]) -> str:
        """Weighted terms, each weight in the rule's own constants where it is one."""
        parts = []
        for weight, words in zip(weights, terms, strict=True):
            if abs(weight) > NINE_DIGITS:
                constant = self.in_constants(abs(weight))
                parts += [
                    "−" if weight < 0 else "+",
                    f"{abs(weight):.4g}" if constant is None else constant,
                    words,
                ]
        return " ".join(filter(None, parts)).removeprefix("+ ") or "0"

    @cached_property
    def constants(self) -> dict[str, float]:
        """The rule's constants between 0 and 1, with 1 minus and 1 plus each; then η times these, 1 / x and √x."""
        known = {"": 1.0}
        for name in sorted(FRACTIONS & self.arguments.keys()):
            symbol, value = SYMBOLS[name], self.arguments[name]
            known |= {symbol: value, f"(1 − {symbol})": 1 - value, f"(1 + {symbol})": 1 + value}
        rates = {f"{words} η".strip(): value * self.arguments["lr"] for words, value in known.items()}
        inverse = {f"1 / {words}": 1 / value for words, value in known.items() if words and value}
        return known | rates | inverse | {f"√{words}": value**0.5 for words, value in known.items() if words}

    def in_constants(self, number: float) -> str | None:
        """The words for the constant that equals this number; empty for 1."""
        near = NINE_DIGITS * number
        return next((w for w, v in self.constants.items() if agreement.within(v, number, near)), None)

    def ratio_in_constants(self) -> dict[str, str] | None:
        """The common ratio, if it is one of the constants."""
        words = None if self.common_ratio is None else self.in_constants(abs(self.common_ratio))
        return {"ratio": f"{abs(self.common_ratio):.4g}", "expression": words} if words else None


def state_after(run: ProbeRun, call: int) -> Mapping[str, Any]:
    """The state of a run after this call, counted from 0."""
    calls = calls_of(run, "remembered")
    state = calls[call] if 0 <= call < len(calls) else None
    return state if isinstance(state, Mapping) else {}


def spread(value: Any) -> np.ndarray | None:
    """A state as one row, a single number repeated over its array; None if it is not numeric."""
    return flat(value, wide=True)


def rows_after(run: ProbeRun, call: int) -> list[np.ndarray]:
    """The numeric values of that state, each as one row."""
    return [row for row in map(spread, state_after(run, call).values()) if row is not None]


def _has(run: ProbeRun, call: int, needed: np.ndarray) -> bool:
    """Whether a value of that state has these numbers."""
    tolerance = NINE_DIGITS * np.abs(needed)
    return any(agreement.same(row, needed, tolerance).all() for row in rows_after(run, call))


def _by_key(state: Mapping[str, Any]) -> set[str]:
    """The attributes that have a value for each key."""
    return {name for name, value in state.items() if isinstance(value, Mapping)}


def _number_at(value: Any, key: str, index: tuple[int, ...]) -> float | None:
    """A number of a dict's array, or the number itself if all keys share it."""
    array = value.get(key) if isinstance(value, Mapping) else value
    if not agreement.is_array(array):
        return None
    if array.shape == SHAPES[key]:
        return float(array[index])
    return float(array) if array.shape == () else None
