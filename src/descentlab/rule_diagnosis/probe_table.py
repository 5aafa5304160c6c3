"""A check's probes as one table of numbers, on which an edited formula runs for all probes at once.

Rows are probes, columns the coordinates of all arrays. A function of a whole array (a mean, a norm) is a
product with a matrix of blocks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from descentlab.rule_check.definition import SHAPES, RuleProbe
from descentlab.rule_diagnosis.edit_sets import Edit
from descentlab.rule_diagnosis.formula import LEVEL, Expr, Formula
from verdicts import agreement
from verdicts.recording import evidence_bytes
from verdicts.recording.probes import Runs

KEYS = tuple(SHAPES)
PLACES = [(key, index) for key, shape in SHAPES.items() for index in np.ndindex(shape)]
"""The key and the index of each column's number."""
COLUMNS = len(PLACES)
KEY_OF = np.array([KEYS.index(key) for key, _ in PLACES])
OWN_COLUMNS = [number == KEY_OF for number in range(len(KEYS))]
"""Which columns are of each array."""
SAME_ARRAY = (KEY_OF[:, None] == KEY_OF).astype(float)
LENGTHS = np.array([float(shape[0]) if shape else 1.0 for shape in SHAPES.values()])[KEY_OF]
ARRAY_SIZES = SAME_ARRAY.sum(axis=0)
Value = Callable[[Mapping[str, Any]], Any]
"""An expression compiled to a function of an environment."""
CompiledLine = tuple[str, Value]


def array_tolerance(path: np.ndarray, start: np.ndarray) -> float:
    """The tolerance of an array in a run, for the question *is it right?*.

    One number for all coordinates and calls, from the array's longest path: a sum in another order must
    pass, also at a coordinate that hardly moves. `path`: (calls, *shape), `start`: shape.
    """
    return float(_of_path(np.abs(path - start).max(), np.abs(path).max()))


def number_tolerances(path: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The tolerance of each number in a run, for the question *is it the same?*.

    For each coordinate alone, from its path so far: mistakes that part late, or in a small coordinate, must
    not be confused. NaN and infinity are ignored. `path`: (calls, *shape), `start`: shape.
    """
    with np.errstate(all="ignore"):
        moved = np.where(np.isfinite(path), np.abs(path - start), 0.0)
        size = np.where(np.isfinite(path), np.abs(path), 0.0)
    so_far = np.maximum.accumulate(size, axis=0)
    return _of_path(np.maximum.accumulate(moved, axis=0), np.maximum(so_far, np.abs(start)))


def _of_path(moved: Any, size: Any) -> Any:
    return agreement.RTOL * moved + agreement.ROUNDING * size


def flat(arrays: Any, wide: bool = False) -> np.ndarray | None:
    """A dict of arrays as one row; None if it has another shape than the probes.

    `wide`: smaller arrays are broadcast, so that one number for an array fills it.
    """
    if not isinstance(arrays, Mapping):
        return None
    parts = []
    for key, shape in SHAPES.items():
        array = arrays.get(key)
        if not agreement.is_array(array):
            return None
        if array.shape != shape:
            if not wide:
                return None
            try:
                array = np.broadcast_to(array, shape)
            except ValueError:
                return None
        parts.append(array.ravel())
    return np.concatenate(parts, dtype=float)


@dataclass(frozen=True)
class ProbeTable:
    """The probes of one check and seed that have all arrays and equally many calls, as one table."""

    every: tuple[RuleProbe, ...]
    """All probes, also those with other arrays."""

    @cached_property
    def probes(self) -> tuple[RuleProbe, ...]:
        return tuple(probe for probe in self.every if probe.start.keys() == SHAPES.keys())

    @cached_property
    def others(self) -> tuple[RuleProbe, ...]:
        """Runs of fewer arrays, possibly longer, which do not fit into the table."""
        return tuple(probe for probe in self.every if probe.start.keys() != SHAPES.keys())

    @property
    def calls(self) -> int:
        return len(self.probes[0].gradients)

    @cached_property
    def start(self) -> np.ndarray:
        """Parameters before the first call: (rows, columns)."""
        return np.stack([flat(p.start) for p in self.probes])

    @cached_property
    def gradients(self) -> np.ndarray:
        """(calls, rows, columns)."""
        return np.stack([[flat(p.gradients[c]) for p in self.probes] for c in range(self.calls)])

    @cached_property
    def hyper(self) -> dict[str, np.ndarray]:
        """Each hyperparameter, one number a row."""
        return {name: np.array([[p.hyper[name]] for p in self.probes]) for name in self.probes[0].hyper}

    def _orders(self, order_of: Callable[[RuleProbe, int], list[str]]) -> np.ndarray:
        """The position of each column's array in such an order of the keys: (calls, rows, columns)."""
        orders = np.empty((self.calls, len(self.probes), COLUMNS))
        for row, probe in enumerate(self.probes):
            for call in range(self.calls):
                order = order_of(probe, call)
                orders[call, row] = np.array([order.index(key) for key in KEYS], float)[KEY_OF]
        return orders

    def row(self, name: str) -> int:
        return next(i for i, probe in enumerate(self.probes) if probe.name == name)

    def path(self, runs: Runs) -> np.ndarray:
        """Recorded parameters after each call: (calls, rows, columns), NaN where unusable."""
        path = np.full((self.calls, len(self.probes), COLUMNS), np.nan)
        for row, probe in enumerate(self.probes):
            for call, state in enumerate(evidence_bytes.calls_of(runs.get(probe.name))[: self.calls]):
                values = flat(evidence_bytes.inner(state, "params"))
                if values is not None:
                    path[call, row] = values
        return path

    def tolerance(self, path: np.ndarray) -> np.ndarray:
        """Allowed distance from a path at each call and coordinate: near rounding of the calls before."""
        return number_tolerances(path, self.start)

    def near(self, path: np.ndarray, expected: np.ndarray) -> np.ndarray:
        """Whether a path is the expected one: (calls, rows, columns)."""
        return agreement.within(path, expected, self.tolerance(expected))

    @cached_property
    def base(self) -> dict[str, Any]:
        """The variables before the first call."""
        zero = np.zeros_like(self.start)
        return {**self.hyper, "p": self.start, "keys": float(len(KEYS)), "carried": zero}

    @cached_property
    def given(self) -> list[dict[str, Any]]:
        """The variables that each call adds."""
        of_gradients = self._orders(lambda probe, call: list(probe.gradients[call]))
        of_parameters = self._orders(lambda probe, call: probe.params_order(call + 1))
        return [
            {
                "g": g,
                "g@": self.gradients[call - 1] if call else np.zeros_like(g),
                "call": float(call + 1),
                "place": of_gradients[call],
                "position": of_parameters[call],
                "all_norm": np.sqrt((g * g).sum(axis=1, keepdims=True)),
            }
            for call, g in enumerate(self.gradients)
        ]

    @cached_property
    def one(self) -> tuple[int, int]:
        """The row and the column of the main probe's single number, an array of its own."""
        return self.row("main"), PLACES.index(("s", ()))

    @cached_property
    def _of_one(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        def pick(values: Mapping[str, Any]) -> dict[str, Any]:
            return {
                name: np.broadcast_to(value, self.start.shape)[self.one] for name, value in values.items()
            }

        return pick(self.base), [pick(given) for given in self.given]

    def follow(self, formula: Formula, *edits: Edit, alone: bool = False) -> Iterator[Any]:
        """Yield the parameters after each call of the formula with these edits, (rows, columns) each, or the number at
        `one` alone in a fraction of the time; NumPy may warn meanwhile.
        """
        numbered = {n: line for part in (formula, *edits) for n, line in _compiled(part, alone).items()}
        order = next((edit.order for edit in edits if edit.order), range(len(formula.lines)))
        lines = [numbered[n] for n in order]
        starts = {state: function_of(expr, alone) for edit in edits for state, expr in edit.start.items()}
        forgets = {state for edit in edits for state in edit.forgets}
        base, calls = self._of_one if alone else (self.base, self.given)
        env, zero = dict(base), base["carried"]
        before = [(state, f"{state}@") for state in formula.states]
        for call, given in enumerate(calls):
            env.update(given)
            for state, old in before:
                if call == 0 or state in forgets:
                    env[state] = starts[state](env) if state in starts else zero
                env[old] = env[state]
            for target, value in lines:
                env[target] = value(env)
            yield env["p"] + zero


# ------------------------------------------------------------------------------------------- compiling


def _wide(x: Any) -> np.ndarray:
    """The value for each coordinate, if the expression gave one for all."""
    return x + np.zeros(COLUMNS)


TABLE_FUNCTIONS = {
    "square": np.square,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "mean": lambda x: _wide(x) @ SAME_ARRAY / ARRAY_SIZES,
    "total": lambda x: _wide(x) @ SAME_ARRAY,
    "norm": lambda x: np.sqrt(np.square(_wide(x)) @ SAME_ARRAY),
    "size": lambda x: ARRAY_SIZES,
    "length": lambda x: LENGTHS,
    "sign": np.sign,
    "above": lambda x: np.where(x > 0, 1.0, -1.0),
    "max": np.maximum,
    "cube_root": np.cbrt,
    "clip_1": lambda x: np.clip(x, -1, 1),
    "clip_5": lambda x: np.clip(x, -5, 5),
}
NUMBER_FUNCTIONS = {
    **TABLE_FUNCTIONS,
    **dict.fromkeys(("mean", "total"), np.positive),
    "norm": np.abs,
    **dict.fromkeys(("size", "length"), np.ones_like),
}
"""The same of one number, which is its whole array."""


@cache
def _compiled(part: Formula | Edit, alone: bool) -> dict[int, CompiledLine]:
    """The lines of a formula, or those that an edit changes, as functions of an environment."""
    lines = part.lines.items() if isinstance(part, Edit) else enumerate(part.lines)
    return {n: (target, function_of(expr, alone)) for n, (target, expr) in lines}


@cache
def function_of(expr: Expr, alone: bool = False) -> Value:
    """An expression as a function of whole tables, or of one number."""
    # Of our own formulas alone.
    return eval(f"lambda env: {_source(expr)}", NUMBER_FUNCTIONS if alone else TABLE_FUNCTIONS)


def _source(expr: Expr) -> str:
    kind, *parts = expr
    if kind == "name":
        return f"env[{parts[0]!r}]"
    if kind == "number":
        return f"{float(parts[0])}"
    sources = list(map(_source, parts))
    return f"({f' {kind} '.join(sources)})" if kind in LEVEL else f"{kind}({', '.join(sources)})"
