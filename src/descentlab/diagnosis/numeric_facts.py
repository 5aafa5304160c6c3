"""What can be computed of an answer whose numbers have no name: ratios, digits, what is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from descentlab.checks.comparing import agreement
from descentlab.checks.comparing.words import at
from descentlab.checks.recording.probes import SHAPES
from descentlab.diagnosis.probe_table import KEY_OF, KEYS, ProbeTable
from descentlab.sentences import say

MOST_NAMES = 4
"""Of what is remembered, so many are said."""
FEWEST_DIGITS = 3


class NumericFacts:
    """The first probe, call by call: what the answer does there beside what is expected."""

    def __init__(
        self,
        table: ProbeTable,
        path: np.ndarray,
        expected: np.ndarray,
        actual_run: Mapping[str, Any],
        expected_run: Mapping[str, Any],
    ):
        row = table.row("main")
        self.start, self.path, self.expected = table.start[row], path[:, row], expected[:, row]
        self._actual_run, self._expected_run = actual_run, expected_run
        self.hyper = set(table.probes[row].hyper.values())
        self.near = table.near(path, expected)[:, row]

    @cached_property
    def call(self) -> int | None:
        """The first wrong call, counted from 0; None where the probe is right."""
        wrong = ~self.near.all(axis=1)
        return int(np.argmax(wrong)) if wrong.any() else None

    @cached_property
    def step_ratios(self) -> np.ndarray:
        """The steps of the first wrong call over the expected ones; NaN where none is expected."""
        before = self.expected[self.call - 1] if self.call else self.start
        step, expected = self.path[self.call] - before, self.expected[self.call] - before
        with np.errstate(all="ignore"):
            return np.where(expected == 0, np.nan, step / expected)

    def of_arrays(self) -> list[float | None]:
        """The ratio of each array, where it is one number for all its coordinates."""
        ratios = [self.step_ratios[number == KEY_OF] for number in range(len(KEYS))]
        return [agreement.common_value(of_one) for of_one in ratios]

    def ratios(self) -> str | None:
        """How much too long or too short the steps of the first wrong call are, array by array."""
        if self.call is None or not np.isfinite(self.step_ratios).all() or self.right_digits:
            return None
        if agreement.common_value(self.step_ratios) is not None:
            return None  # the first difference has said so
        shares = []
        for number, ratio in enumerate(self.of_arrays()):
            own = self.step_ratios[number == KEY_OF]
            text = f"{own.min():.3g} … {own.max():.3g}×" if ratio is None else f"{ratio:.4g}×"
            shares.append(f'"{KEYS[number]}" {text}')
        return say(
            "Your steps in call {call}, beside the expected ones: {shares}.",
            call=self.call + 1,
            shares=", ".join(shares),
        )

    @cached_property
    def right_digits(self) -> int:
        """To how many digits all numbers agree; 0 where it is fewer than `FEWEST_DIGITS`."""
        if self.call is None or not np.isfinite(self.path).all():
            return 0
        moved = np.abs(self.expected - self.start).max(axis=0)
        worst = float((np.abs(self.path - self.expected).max(axis=0) / moved).max())
        count = int(-np.log10(worst)) if worst > 0 else 0
        return count if count >= FEWEST_DIGITS else 0

    def digits(self) -> str | None:
        """To how many digits the numbers agree, where they nearly do."""
        if not self.right_digits:
            return None
        return say("Your numbers agree with the expected ones to {count} digits.", count=self.right_digits)

    def memory(self) -> str | None:
        """What is remembered for the first wrong number after its call, beside what is expected."""
        own, right = self.remembered
        if not own or not right:
            return None
        key, index = self.place
        return say(
            "After call {call} you remember for {place}: {own}. Expected: {right}.",
            call=self.call + 1,
            place=f'"{key}"{at(index)}',
            own=_listed({f"self.{name}": value for name, value in own.items()}),
            right=_listed(right),
        )

    @cached_property
    def remembered(self) -> tuple[dict[str, float], dict[str, float]]:
        """What the answer remembers there, and what the reference does."""
        if self.call is None:
            return {}, {}
        right = self._numbers(self._expected_run)
        own = self._numbers(self._actual_run)
        # A single number beside arrays is the rule's clock, where it has one; else it says nothing.
        if all(name in self._by_key(self._expected_run) for name in right):
            own = {name: value for name, value in own.items() if name in self._by_key(self._actual_run)}
        return dict(list(own.items())[:MOST_NAMES]), right

    @cached_property
    def place(self) -> tuple[str, tuple[int, ...]]:
        """The first wrong number of the first wrong call: its array's key, and its index there."""
        column = int(np.argmin(self.near[self.call]))
        number = KEY_OF[column]
        inside = int((KEY_OF[:column] == number).sum())
        index = np.unravel_index(inside, SHAPES[KEYS[number]]) if SHAPES[KEYS[number]] else ()
        return KEYS[number], tuple(map(int, index))

    def _state(self, run: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a run remembers after the first wrong call; evidence may hold anything there."""
        calls = run.get("remembered")
        state = calls[self.call] if isinstance(calls, list) and self.call < len(calls) else None
        return state if isinstance(state, Mapping) else {}

    def _by_key(self, run: Mapping[str, Any]) -> set[str]:
        return {name for name, value in self._state(run).items() if isinstance(value, Mapping)}

    def _numbers(self, run: Mapping[str, Any]) -> dict[str, float]:
        """The numbers remembered for that place; the constructor's arguments left out."""
        numbers = {name: _number_at(value, *self.place) for name, value in self._state(run).items()}
        return {name: n for name, n in numbers.items() if n is not None and n not in self.hyper}

    def question(self) -> str | None:
        """Where to look, by what stands out; None where nothing does."""
        if self.call is None:
            return None
        twins = self._twins()
        if twins:
            return say("Print {one} is {other}. Are they two things, or two names of one?", **twins)
        if self.right_digits:
            return say("Print one parameter with repr(). Is something rounded, or kept with few digits?")
        if agreement.common_value(self.step_ratios) is not None:
            return say(
                "One number for all coordinates: which line of yours depends on all gradients together, "
                "or on the call alone?"
            )
        if all(ratio is not None for ratio in self.of_arrays()):
            return say("One number for each array: how often is each line of yours run in one call?")
        return None

    def _twins(self) -> dict[str, str]:
        """Two attributes that hold the same number where the reference has different ones."""
        own, right = self.remembered
        if len(set(right.values())) < len(right):
            return {}
        for one, other in combinations(own, 2):
            if own[one] == own[other] != 0:
                return {"one": f"self.{one}", "other": f"self.{other}"}
        return {}


def _number_at(value: Any, key: str, index: tuple[int, ...]) -> float | None:
    """A number of a dict's array, or the number itself where there is one for all."""
    array = value.get(key) if isinstance(value, Mapping) else value
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        return None
    if array.shape == SHAPES[key]:
        return float(array[index])
    return float(array) if array.shape == () else None


def _listed(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:.4g}" for name, value in numbers.items())
