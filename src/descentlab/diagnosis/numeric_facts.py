"""What can be computed of an answer whose numbers have no name: ratios, digits, what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.words import at
from descentlab.checks.recording.probes import SHAPES
from descentlab.diagnosis.entry_facts import Fact, FirstWrongCall, entry_facts, longest_step
from descentlab.diagnosis.gradient_weights import gradient_weights
from descentlab.diagnosis.probe_table import KEY_OF, KEYS, ProbeTable
from descentlab.diagnosis.state_facts import state_form
from descentlab.registry import HYPERPARAMETERS
from descentlab.sentences import say

MOST_NAMES = 4
"""Of what is remembered, so many are said."""
FEWEST_DIGITS = 3


def _of_the_array(function: Callable[[np.ndarray], float]) -> Callable[[np.ndarray], np.ndarray]:
    """A number of each array in all its columns."""
    return lambda g: np.array([function(g[n == KEY_OF]) for n in range(len(KEYS))])[KEY_OF]


MADE_OF: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "g": lambda g: g,
    "g²": np.square,
    "|g|": np.abs,
    "mean(g²)": _of_the_array(lambda g: np.mean(g**2)),
    "sum(g²)": _of_the_array(lambda g: np.sum(g**2)),
    "mean(g)": _of_the_array(np.mean),
    "sum(g)": _of_the_array(np.sum),
    "var(g)": _of_the_array(np.var),
    "std(g)": _of_the_array(np.std),
    "(g − mean(g))²": lambda g: (g - _of_the_array(np.mean)(g)) ** 2,
    "(g − mean(g))": lambda g: g - _of_the_array(np.mean)(g),
    "norm(g)": _of_the_array(np.linalg.norm),
    "sign(g)": np.sign,
    "√|g|": lambda g: np.sqrt(np.abs(g)),
    "g³": lambda g: g**3,
    "1": np.ones_like,
}
"""Of what a state may be made, g a gradient with a number for each column."""


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
        self.arguments = dict(table.probes[row].hyper)
        self.hyper = set(self.arguments.values())
        self.near = table.near(path, expected)[:, row]
        of_calls = table.probes[row].gradients
        self.gradients = [np.concatenate([np.ravel(g[key]) for key in KEYS]) for g in of_calls]

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

    @cached_property
    def by_array(self) -> bool:
        """Whether each array has one ratio, and not all the same."""
        if self.call is None or agreement.common_value(self.step_ratios) is not None:
            return False
        return all(ratio is not None for ratio in self.of_arrays())

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

    def ratio_in_constants(self) -> str | None:
        """The common ratio of the first wrong call as an expression in the rule's own constants."""
        if self.call is None or self.right_digits:
            return None
        ratio = agreement.common_value(self.step_ratios)
        words = None if ratio is None else _in_constants(abs(ratio), self.arguments)
        if words is None:
            return None
        return say("{ratio} is {expression}.", ratio=f"{abs(ratio):.4g}", expression=words)

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
        key, index = self.first_wrong
        return say(
            "After call {call} you remember for {place}: {own}. Expected: {right}.",
            call=self.state_call + 1,
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
    def first_wrong(self) -> tuple[str, tuple[int, ...]]:
        """The first wrong number of the first wrong call: its array's key, and its index there."""
        column = int(np.argmin(self.near[self.call]))
        number = KEY_OF[column]
        inside = int((KEY_OF[:column] == number).sum())
        index = np.unravel_index(inside, SHAPES[KEYS[number]]) if SHAPES[KEYS[number]] else ()
        return KEYS[number], tuple(map(int, index))

    def _state(self, run: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a run remembers after `state_call`; evidence may hold anything there."""
        return _of_call(run, self.state_call)

    @cached_property
    def state_call(self) -> int | None:
        """The call after which memory is compared: the first wrong one, or the one that makes memory wrong.

        Memory that starts from zero may be right at first, whatever the line that makes it says.
        """
        if self.call is None:
            return None
        calls = range(self.call, len(self._actual_run.get("remembered") or ()))
        wrong = (call for call in calls if not all(self._kept_after(call).values()))
        return next(wrong, self.call)

    def _by_key(self, run: Mapping[str, Any]) -> set[str]:
        return _by_key(self._state(run))

    def _numbers(self, run: Mapping[str, Any]) -> dict[str, float]:
        """The numbers remembered for that place; the constructor's arguments left out."""
        numbers = {name: _number_at(value, *self.first_wrong) for name, value in self._state(run).items()}
        return {name: n for name, n in numbers.items() if n is not None and n not in self.hyper}

    def overwritten(self) -> str | None:
        """An argument of the constructor that a call has changed."""
        for name, value in self._state(self._actual_run).items() if self.call is not None else ():
            after = _number_at(value, *self.first_wrong) if not isinstance(value, Mapping) else None
            if name in self.arguments and after is not None and after != self.arguments[name]:
                return say(
                    "After call {call}, {attribute} is {after}; the constructor was handed {handed}.",
                    call=self.state_call + 1,
                    attribute=f"self.{name}",
                    after=f"{after:.4g}",
                    handed=f"{self.arguments[name]:.4g}",
                )
        return None

    def holds_parameters(self) -> str | None:
        """What should be remembered and is the parameters' own array."""
        for call in range(0 if self.call is None else self.call + 1):
            right = _of_call(self._expected_run, call)
            for name, value in _of_call(self._actual_run, call).items():
                held = _flat(value) if name in right else None
                if held is not None and np.array_equal(held, self.path[call]):
                    return say(
                        "After call {call}, {attribute} holds the parameters themselves.",
                        call=call + 1,
                        attribute=f"self.{name}",
                    )
        return None

    @cached_property
    def is_remembered(self) -> dict[str, bool]:
        """Of each thing that the reference remembers after `state_call`: whether it is remembered."""
        return {} if self.call is None else self._kept_after(self.state_call)

    def _kept_after(self, call: int) -> dict[str, bool]:
        own = _of_call(self._actual_run, call)
        arrays = [array for array in map(_flat, own.values()) if array is not None]
        matches = {}
        for name, value in _of_call(self._expected_run, call).items() if own else ():
            if name in self.arguments:
                continue
            needed = _flat(value)
            if needed is not None:
                matches[name] = any(_same_numbers(array, needed) for array in arrays)
            elif name in own and not isinstance(own[name], Mapping):
                matches[name] = bool(np.array_equal(own[name], value))
        return matches if arrays else {}

    @cached_property
    def remembers_right(self) -> bool:
        """Whether all that the reference remembers after `state_call`, and so at each, is remembered too."""
        return bool(self.is_remembered) and all(self.is_remembered.values())

    def partly_right(self) -> dict[str, str]:
        """What is remembered, and what is not, as words; empty where it is all or nothing."""
        right = [name for name, right_now in self.is_remembered.items() if right_now]
        wrong = [name for name, now in self.is_remembered.items() if not now and name not in self.multiples]
        return {"right": ", ".join(right), "wrong": ", ".join(wrong)} if right and wrong else {}

    def kept_in_part(self) -> str | None:
        """Which of the expected arrays is among what is remembered, where not all are."""
        parts = self.partly_right()
        if not parts:
            return None
        return say("Of {right} you remember the expected numbers, of {wrong} you do not.", **parts)

    @cached_property
    def multiples(self) -> dict[str, float]:
        """Of each state that is one multiple of the reference's after every call: by which factor.

        None where a step is no number: no line makes up for the root of a negative one.
        """
        factors: dict[str, float] = {}
        if self.call is None or not np.isfinite(self.path).all():
            return factors
        for name in self._state(self._expected_run):
            calls = range(len(self._actual_run.get("remembered") or ()))
            pairs = [
                (_flat(_of_call(self._actual_run, call).get(self._own_name(name))), _flat(right))
                for call in calls
                for right in [_of_call(self._expected_run, call).get(name)]
            ]
            if not pairs or any(own is None or right is None for own, right in pairs):
                continue
            with np.errstate(all="ignore"):
                ratios = np.concatenate([own / right for own, right in pairs])
            factor = agreement.common_value(ratios, agreement.NINE_DIGITS)
            if factor and not agreement.within(factor, 1.0, agreement.NINE_DIGITS):
                factors[name] = factor
        return factors

    def in_other_units(self) -> str | None:
        """A state that is the formula's but for one factor."""
        for name, factor in self.multiples.items():
            return say(
                "Your {attribute} is {factor} times the expected {name} after every call: no mistake where "
                "the line that moves θ makes up for it.",
                attribute=f"self.{self._own_name(name)}",
                factor=f"{factor:.4g}",
                name=name,
            )
        return None

    @cached_property
    def weights(self) -> list[tuple[str, str, str]]:
        """Of each state made otherwise in `state_call`: its name, its sum, the expected sum."""
        made = []
        for name in self._state(self._expected_run) if self.call is not None else ():
            if self.is_remembered.get(name) or name in self.multiples:
                continue  # it is right, under whichever name, or but for one factor
            own = self._made_of(self._actual_run, name, self._own_name(name))
            right = self._made_of(self._expected_run, name, name)
            if own and right and own != right:
                made.append((self._own_name(name), own, right))
        return made

    def _own_name(self, name: str) -> str:
        """The answer's attribute for a state of the reference's: of that name, or the only one by key.

        In all calls: what is stored first need not be it.
        """
        runs, calls = (self._actual_run, self._expected_run), range(len(self.path))
        own, right = (set().union(*(_by_key(_of_call(run, call)) for call in calls)) for run in runs)
        return min(own) if name not in own and len(own) == len(right) == 1 else name

    def _made_of(self, run: Mapping[str, Any], symbol: str, name: str) -> str | None:
        """A state as a weighted sum of what it was and of something made of g; None where it is none."""
        call = self.state_call
        new = _spread(_of_call(run, call).get(name))
        old = _spread(_of_call(run, call - 1).get(name)) if call else None
        if new is None or (call and old is None) or not np.isfinite(new).all():
            return None
        tolerance = agreement.relative(new, agreement.NINE_DIGITS)
        kept = [] if old is None else [(symbol, old)]
        known = MADE_OF if run is self._actual_run else {made: MADE_OF[made] for made in ("g", "g²")}
        parts = {made: of(self.gradients[call]) for made, of in known.items()}
        if run is self._actual_run:
            parts["θ"] = self.path[call - 1] if call else self.start
        for part in parts.items():
            terms = [*kept, part]
            columns = np.stack([values for _, values in terms], axis=1)
            weights = np.linalg.lstsq(columns, new, rcond=None)[0]
            if agreement.within(columns @ weights, new, tolerance).all():
                return self._sum(zip(weights, (words for words, _ in terms), strict=True))
        return None

    def _sum(self, terms: Iterable[tuple[float, str]]) -> str:
        """Terms with their weights, each in the rule's own constants where it is one."""
        text = " ".join(
            f"{'−' if weight < 0 else '+'} {self._weight(abs(weight))}{words}"
            for weight, words in terms
            if abs(weight) > agreement.NINE_DIGITS
        )
        return text.removeprefix("+ ") or "0"

    def _weight(self, number: float) -> str:
        """A weight before its factor: in symbols, or as a number; nothing for one."""
        known = {"": 1.0} | {f"{words} ": value for words, value in _constants(self.arguments).items()}
        near = agreement.NINE_DIGITS * number
        equal = (words for words, value in known.items() if agreement.within(value, number, near))
        return next(equal, f"{number:.4g} ")

    def made_of(self) -> str | None:
        """The weights of a state in `state_call`."""
        if not self.weights:
            return None
        name, own, right = self.weights[0]
        return say(
            "In call {call} your {attribute} becomes {own}; expected {right}.",
            call=self.state_call + 1,
            attribute=f"self.{name}",
            own=own,
            right=right,
        )

    def of_the_form(self) -> Fact | None:
        """What is remembered in another form: one number for all, wrong keys, wrong shapes."""
        if self.call is None:
            return None
        return state_form(self._state(self._actual_run), self._state(self._expected_run), self.state_call + 1)

    @cached_property
    def of_entries(self) -> list[Fact]:
        """What the entries of the first wrong call have in common."""
        return [] if self.call is None or self.right_digits else list(entry_facts(self._first_wrong()))

    def _first_wrong(self) -> FirstWrongCall:
        before = self.expected[self.call - 1] if self.call else self.start
        return FirstWrongCall(
            self.call + 1,
            before,
            self.path[self.call] - before,
            self.expected[self.call] - before,
            self.gradients[self.call],
            self.near[self.call],
            self.gradients[self.call - 1] if self.call else None,
            _constants(self.arguments),
        )

    def longest_step(self) -> Fact | None:
        """A limit that no step exceeds."""
        return None if self.call is None else longest_step(self.path, self.expected, self.start)

    def of_gradients(self) -> Fact | None:
        """With which weights the gradients of all calls stand in the first wrong step."""
        if not self.call or self.right_digits:
            return None
        wrong = self._first_wrong()
        so_far = self.gradients[: self.call + 1]
        return gradient_weights(self.arguments["lr"], wrong.step, wrong.expected, so_far)

    def sure_question(self) -> str | None:
        """Where to look, by what is remembered under two names or overwritten; None where nothing is."""
        if self.call is None:
            return None
        twins = self._twins()
        if twins:
            return say(
                "Print `{one} is {other}`, and `{one}[k] is {other}[k]` where they are dicts. Are they two "
                "things, or two names of one?",
                **twins,
            )
        if self.overwritten() or self.holds_parameters():
            return say("Print it before and after each call. Which line of yours stores this, and should it?")
        return None

    def question(self) -> str | None:
        """Where to look, by what stands out; None where nothing does."""
        if self.call is None:
            return None
        if self.right_digits:
            return say("Print one parameter with repr(). Is something rounded, or kept with few digits?")
        if self.weights:
            return say(
                "Put the line that makes {attribute} beside the formula: which part of it is another, and "
                "where does it come from?",
                attribute=f"self.{self.weights[0][0]}",
            )
        parts = self.partly_right()
        if parts and not self.by_array:
            return self.by_memory()
        if self.by_array:
            return say(
                "One number for each array: how often is each line of yours run in one call, and which "
                "number changes from one key to the next?"
            )
        if agreement.common_value(self.step_ratios) is not None:
            return self._of_one_number()
        if self.multiples:
            return say(
                "But for its factor {attribute} is right after every call. Compute the line that moves θ by "
                "hand from it: does it make up for the factor, and what else does it do?",
                attribute=f"self.{self._own_name(next(iter(self.multiples)))}",
            )
        return self.by_memory() if self.call else None

    def by_memory(self) -> str | None:
        """Where to look if what is remembered is right, or some of it."""
        parts = self.partly_right()
        if parts:
            return say(
                "Look for the line that makes {wrong}. Is it there, and what does it take that the formula "
                "has not?",
                **parts,
            )
        if not self.remembers_right:
            return None
        return say(
            "What you remember is right after this call, so look at what moves θ. Compute that line by "
            "hand from these numbers: what does each bracket hold?"
        )

    def _of_one_number(self) -> str:
        if self.remembers_right:
            return say(
                "What you remember is right, and one number multiplies every step of this call. By what "
                "does the line that moves θ multiply or divide, and where is that made?"
            )
        if self.call == 0:
            return say(
                "One number for all coordinates. Does it come from a factor, from what the first call starts "
                "with, or from a line that takes all gradients together?"
            )
        return say(
            "One number for all coordinates: which line of yours depends on all gradients together, "
            "or on the call alone?"
        )

    def _twins(self) -> dict[str, str]:
        """Two attributes that hold the same number where the reference has different ones."""
        own, right = self.remembered
        if len(set(right.values())) < len(right):
            return {}
        for one, other in combinations(own, 2):
            if own[one] == own[other] != 0:
                return {"one": f"self.{one}", "other": f"self.{other}"}
        return {}


def same_memory(run: Mapping[str, Any], reference: Mapping[str, Any], but_for_signs: bool = False) -> bool:
    """Whether every array that the reference remembers is remembered in this run, after every call.

    `but_for_signs`: which of two lines has a sign that is wrong, a name need not tell.
    """
    of: Callable[[np.ndarray], np.ndarray] = np.abs if but_for_signs else np.positive
    calls = range(len(reference.get("remembered") or ()))
    needed = [_flat(value) for call in calls for value in _of_call(reference, call).values()]
    if all(array is None for array in needed):
        return False  # a rule without memory
    for call in calls:
        own = [array for array in map(_flat, _of_call(run, call).values()) if array is not None]
        for value in _of_call(reference, call).values():
            right = _flat(value)
            if right is not None and not any(_same_numbers(of(array), of(right)) for array in own):
                return False
    return True


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


def _of_call(run: Mapping[str, Any], call: int) -> Mapping[str, Any]:
    """What a run remembers after this call, counted from 0."""
    calls = run.get("remembered")
    state = calls[call] if isinstance(calls, list) and call < len(calls) else None
    return state if isinstance(state, Mapping) else {}


def _by_key(state: Mapping[str, Any]) -> set[str]:
    """The attributes that hold something for each key."""
    return {name for name, value in state.items() if isinstance(value, Mapping)}


def _flat(value: Any) -> np.ndarray | None:
    """The numbers of a dict of the probes' arrays, in the columns' order; None where it is none."""
    if not isinstance(value, Mapping):
        return None
    arrays = [value.get(key) for key in KEYS]
    for key, array in zip(KEYS, arrays, strict=True):
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or array.shape != SHAPES[key]:
            return None
    return np.concatenate([array.ravel() for array in arrays])


def _same_numbers(array: np.ndarray, needed: np.ndarray) -> bool:
    return bool(agreement.same(array, needed, agreement.NINE_DIGITS * np.abs(needed)).all())


def _spread(value: Any) -> np.ndarray | None:
    """As `_flat`; of an array with fewer numbers each stands in all its places."""
    if not isinstance(value, Mapping):
        return None
    arrays = [value.get(key) for key in KEYS]
    if any(not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu" for array in arrays):
        return None
    try:
        wide = [np.broadcast_to(array, SHAPES[key]) for key, array in zip(KEYS, arrays, strict=True)]
    except ValueError:
        return None
    return np.concatenate([array.astype(float).ravel() for array in wide])


def _constants(hyper: Mapping[str, float]) -> dict[str, float]:
    """The rule's constants that weigh something: each, and 1 minus it where it is a share."""
    known = {}
    for name, value in hyper.items():
        symbol = HYPERPARAMETERS[name].symbol
        known[symbol] = value
        if HYPERPARAMETERS[name].fraction:
            shares = {symbol: value, f"(1 − {symbol})": 1 - value, f"(1 + {symbol})": 1 + value}
            known |= shares | {f"{words} η": share * hyper["lr"] for words, share in shares.items()}
    if "weight_decay" in hyper:
        known["η w"] = hyper["lr"] * hyper["weight_decay"]
    return known


def _in_constants(ratio: float, hyper: Mapping[str, float]) -> str | None:
    """The ratio as x, √x, x y or √(x y), where each of x and y is a constant, 1 ± one, or its inverse."""
    parts: dict[str, float] = {}
    for name, value in hyper.items():
        if HYPERPARAMETERS[name].fraction:
            symbol = HYPERPARAMETERS[name].symbol
            parts |= {symbol: value, f"(1 − {symbol})": 1 - value, f"(1 + {symbol})": 1 + value}
    named = {words.strip("()"): value for words, value in parts.items()}
    named |= {f"1 / {words}": 1 / value for words, value in parts.items() if value}
    pairs = {f"{a} / {b}": x / y for a, x in parts.items() for b, y in parts.items() if a != b and y}
    pairs |= {f"{a} {b}": parts[a] * parts[b] for a, b in combinations(parts, 2)}
    named |= pairs
    named |= {f"√({words})": value**0.5 for words, value in list(named.items()) if value > 0}
    equal = (
        words
        for words, value in named.items()
        if agreement.within(value, ratio, agreement.NINE_DIGITS * ratio)
    )
    return next(equal, None)
