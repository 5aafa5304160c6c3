"""What the entries of the first wrong call have in common, where nothing has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.words import at
from descentlab.checks.recording.probes import SHAPES
from descentlab.diagnosis.probe_table import COLUMNS, KEY_OF, KEYS, SIZES
from descentlab.sentences import say, say_named, template

FEWEST_APART = 4
"""So many right entries and so many wrong ones, at least: with fewer a border between them may be chance."""
FEWEST_BOUNDED = 3
VISIBLY = 0.01
MOST_LISTED = 4
TENTH_OF_A_DECIMAL = 0.1
MOST_DECIMALS = 6


class Fact(NamedTuple):
    """What was computed, and where it sends a student."""

    words: str
    hint: str


def fact_of(words: str, *, hint: str, **values: object) -> Fact:
    """The fact of these templates, each said with those of the values that it names."""
    return Fact(say_named(words, values), say_named(hint, values))


@dataclass(frozen=True)
class FirstWrongCall:
    """The first probe's first wrong call: arrays of one number for each column."""

    number: int
    """Counted from 1."""
    before: np.ndarray
    """The parameters before it, right ones."""
    step: np.ndarray
    expected: np.ndarray
    """The step that is expected."""
    gradient: np.ndarray
    right: np.ndarray
    """Where the step is right."""
    gradient_before: np.ndarray | None = None
    """Of the call before; None in the first."""
    constants: Mapping[str, float] = field(default_factory=dict)
    """The rule's own, by the words for them."""

    @cached_property
    def ratio(self) -> np.ndarray:
        """The steps over the expected ones."""
        with np.errstate(all="ignore"):
            return self.step / self.expected


def entry_facts(call: FirstWrongCall) -> Iterator[Fact]:
    """What stands out, the surest first."""
    if not np.isfinite(call.step).all():
        return
    for fact in FACTS:
        made = fact(call)
        if made is not None:
            yield made


def _placed_elsewhere(call: FirstWrongCall) -> Fact | None:
    """The expected steps of an array, at other places of it."""
    for number, key in enumerate(KEYS):
        columns = number == KEY_OF
        step, expected = np.sort(call.step[columns]), np.sort(call.expected[columns])
        if call.right[columns].all() or len(step) < 2 or not _same(step, expected):
            continue
        return fact_of(
            "In call {call} the steps of {key} are the expected ones, but at other places of the array.",
            hint="Which line of yours moves entries to other places: `.T`, `reshape`, a sort, an index? "
            "Print what goes in there and what comes out.",
            call=call.number,
            key=f'"{key}"',
        )
    return None


def _of_another_key(call: FirstWrongCall) -> Fact | None:
    """The steps that another array of the same shape should make."""
    for number, key in enumerate(KEYS):
        for other, name in enumerate(KEYS):
            own, others = number == KEY_OF, other == KEY_OF
            if number == other or SHAPES[key] != SHAPES[name] or call.right[own].all():
                continue
            if _same(call.step[own], call.expected[others]):
                return fact_of(
                    "In call {call} the steps of {key} are those expected for {other}.",
                    hint="Which gradient does your line take for which key? Go by the key alone, not by the "
                    "place or the shape of an array.",
                    call=call.number,
                    key=f'"{key}"',
                    other=f'"{name}"',
                )
    return None


def _difference(call: FirstWrongCall) -> Fact | None:
    """A step that is the expected one and a multiple of the parameter, in all arrays or in some."""
    apart = call.step - call.expected
    terms = {"θ": call.before, "sign(θ)": np.sign(call.before), "1": np.ones(COLUMNS)}
    if call.gradient_before is not None:
        terms[say("g of the call before")] = call.gradient_before
    for words, values in terms.items():
        with np.errstate(all="ignore"):
            share = (apart / values)[~call.right]
        number = agreement.common_value(share)
        if number is None or len(share) < FEWEST_APART:
            continue
        return Fact(
            say(
                "In call {call} your step is the expected one {sign} {number} {term}, {where}.",
                call=call.number,
                sign="−" if number < 0 else "+",
                number=_in_words(abs(number), call.constants),
                term="" if words == "1" else words,
                where=_where(~call.right),
            ).replace(" ,", ","),
            say(
                "Which line of yours adds this, or leaves it out? Look also at an `if`, and at what is done "
                "once, for one key or in one call alone."
            ),
        )
    return None


def _in_words(number: float, constants: Mapping[str, float]) -> str:
    near = agreement.SIX_DIGITS * number
    return next(
        (words for words, value in constants.items() if agreement.within(value, number, near)),
        f"{number:.4g}",
    )


def _where(columns: np.ndarray) -> str:
    if columns.all():
        return say("everywhere")
    keys = [key for number, key in enumerate(KEYS) if columns[number == KEY_OF].any()]
    return say("in {keys}", keys=", ".join(f'"{key}"' for key in keys))


def _bounded(call: FirstWrongCall) -> Fact | None:
    """Several wrong parameters of one and the same size after the call."""
    after = np.abs(call.before + call.step)
    largest = after.max()
    at_most = agreement.within(after, largest, agreement.HANDED_ON * largest)
    if (at_most & ~call.right).sum() < FEWEST_BOUNDED:
        return None
    return fact_of(
        "After call {call} no parameter of yours is larger than {largest}, and {count} are exactly that.",
        hint="Which line of yours limits the parameters? Does the formula have it?",
        call=call.number,
        largest=f"{largest:.4g}",
        count=int(at_most.sum()),
    )


def _unmoved(call: FirstWrongCall) -> Fact | None:
    """Some entries right, the others of the same array unmoved."""
    still = (call.step == 0) & (call.expected != 0)
    if still.all():
        return fact_of(
            "In call {call} nothing moves.",
            hint="Which `if`, or which counter, decides in which calls you move? The formula moves in each.",
            call=call.number,
        )
    right = call.right & ~still
    if not still.any() or not (right | still).all() or not (_keys(right) & _keys(still)):
        return None
    return fact_of(
        "In call {call} {right} are right; {still} do not move.",
        hint="Which entries does your line reach? Look for an index, a slice, a mask, an `if`.",
        call=call.number,
        right=_places(right),
        still=_places(still),
    )


def _border(call: FirstWrongCall) -> Fact | None:
    """A quantity that is small where entries are right and large where they are wrong, or the other way."""
    right, wrong = call.right, ~call.right
    if min(right.sum(), wrong.sum()) < FEWEST_APART or not (_keys(right) & _keys(wrong)):
        return None
    quantities = {
        "|g|": np.abs(call.gradient),
        "g": call.gradient,
        "|θ|": np.abs(call.before),
        "θ": call.before,
    }
    if call.gradient_before is not None:
        quantities[say("g times the g of the call before")] = call.gradient * call.gradient_before
    for symbol, values in quantities.items():
        for below, above, words in ((right, wrong, SMALL_RIGHT), (wrong, right, LARGE_RIGHT)):
            low, high = values[below].max(), values[above].min()
            if low < high:
                return Fact(
                    say(words, call=call.number, symbol=symbol, low=f"{low:.3g}", high=f"{high:.3g}"),
                    say(
                        "Which line of yours treats large and small values differently: a limit, a `max`, "
                        "an `if`, a mask?"
                    ),
                )
    return None


SMALL_RIGHT = template(
    "In call {call} your steps are right where {symbol} is at most {low}, and wrong from {high} on."
)
LARGE_RIGHT = template(
    "In call {call} your steps are wrong where {symbol} is at most {low}, and right from {high} on."
)


def _one_step(call: FirstWrongCall) -> Fact | None:
    """One and the same step for all entries of an array."""
    shared = _shared(call, lambda columns: call.step[columns])
    if not shared or any(value == 0 for value in shared.values()):
        return None
    if _shared(call, lambda columns: call.expected[columns]) == shared:
        return None
    listed = ", ".join(f'"{key}" {value:.4g}' for key, value in shared.items())
    return fact_of(
        "In call {call} all entries of an array make one and the same step: {listed}.",
        hint="Each entry has a gradient of its own. Which line makes one number of a whole array: a sum, a "
        "mean, a norm, an index, or a variable that an earlier loop has left?",
        call=call.number,
        listed=listed,
    )


def _one_multiple(call: FirstWrongCall) -> Fact | None:
    """One multiple of the gradient in each array, where every entry has a factor of its own."""
    # Later what is remembered is a factor of each entry, too.
    if call.number > 1 or not call.gradient.all():
        return None
    factors = call.step / call.gradient
    shared = _shared(call, lambda columns: factors[columns])
    if not shared or _shared(call, lambda columns: call.expected[columns] / call.gradient[columns]):
        return None
    listed = ", ".join(f'"{key}" {value:.4g} g' for key, value in shared.items())
    return fact_of(
        "In call {call} your step is one multiple of the gradient in each array: {listed}. In the "
        "formula every entry has a divisor of its own.",
        hint="What do you divide by: one number for each entry, or one that is made of a whole array (sum, "
        "mean, norm), or kept once for all keys?",
        call=call.number,
        listed=listed,
    )


LENGTHS: Mapping[str, Callable[[np.ndarray], float]] = {
    template("the length of {gradient}"): lambda g: float(np.linalg.norm(g)),
    template("the largest entry of {gradient}"): lambda g: float(np.abs(g).max()),
    template("the sum of the sizes in {gradient}"): lambda g: float(np.abs(g).sum()),
    template("the mean size in {gradient}"): lambda g: float(np.abs(g).mean()),
    template("the standard deviation of {gradient}"): lambda g: float(np.std(g)),
}


def _by_a_length(call: FirstWrongCall) -> Fact | None:
    """A ratio to the expected step that is a round number over a length of the gradient, or times it."""
    whole = agreement.common_value(call.ratio)
    arrays = [n == KEY_OF for n in range(len(KEYS)) if SIZES[n] > 1]
    groups = arrays if whole is None else [np.ones(COLUMNS, bool)]
    ratios = [agreement.common_value(call.ratio[columns]) for columns in groups]
    if any(not ratio for ratio in ratios) or call.right.any():
        return None
    gradient = say("the whole gradient") if whole is not None else say("that array's gradient")
    for words, length in LENGTHS.items():
        lengths = [length(call.gradient[columns]) for columns in groups]
        over = np.array([r * s for r, s in zip(ratios, lengths, strict=True)])
        number = agreement.common_value(over)
        if number is None or not agreement.within(
            number, float(f"{number:.3g}"), agreement.NINE_DIGITS * abs(number)
        ):
            continue
        return fact_of(
            "The ratio to the expected step is {number} divided by {length}.",
            hint="Which line of yours divides by a length, or limits one? Does the formula have it?",
            number=f"{number:.3g}",
            length=say(words, gradient=gradient),
        )
    return None


def _is_round(number: float) -> bool:
    return bool(agreement.within(number, float(f"{number:.2g}"), agreement.SIX_DIGITS * abs(number)))


def _decimals(call: FirstWrongCall) -> Fact | None:
    """Parameters that have few decimals after the call."""
    after = call.before + call.step
    for decimals in range(MOST_DECIMALS + 1):
        if agreement.HANDED_ON * np.abs(after).max() > TENTH_OF_A_DECIMAL * 10.0**-decimals:
            return None  # of numbers so large no such digit is left
        if agreement.within(after, np.round(after, decimals), agreement.HANDED_ON * np.abs(after)).all():
            return fact_of(
                "After call {call} no parameter of yours has more than {count} decimals.",
                hint="Is something rounded? Look for `round`, `int` and formatted text in your lines.",
                call=call.number,
                count=decimals,
            )
    return None


FACTS = (
    _placed_elsewhere,
    _of_another_key,
    _unmoved,
    _difference,
    _bounded,
    _border,
    _one_step,
    _one_multiple,
    _by_a_length,
    _decimals,
)


def longest_step(path: np.ndarray, expected: np.ndarray, start: np.ndarray) -> Fact | None:
    """A size that no step exceeds, and many have exactly: `path`, `expected` are (calls, columns)."""
    steps, right = (np.abs(np.diff(np.vstack([start, each]), axis=0)) for each in (path, expected))
    if not np.isfinite(steps).all():
        return None
    longest = steps.max()
    exactly = agreement.within(steps, longest, agreement.SIX_DIGITS * longest)
    limited = exactly & (right > longest * (1 + VISIBLY))
    # In several calls: in the first one all steps of a rule that divides are equally long.
    if limited.any(axis=1).sum() < 2 or limited.sum() < FEWEST_APART:
        return None
    return fact_of(
        "No step of yours is longer than {longest}, and {count} in {calls} calls are exactly that.",
        hint="Which line of yours limits the step, or what it is made of? Does the formula have it?",
        longest=f"{longest:.4g}",
        count=int(exactly.sum()),
        calls=int(exactly.any(axis=1).sum()),
    )


def _shared(call: FirstWrongCall, of: Callable[[np.ndarray], np.ndarray]) -> dict[str, float]:
    """The common value of each array of several entries; empty where one has none, or all are right."""
    shared = {}
    for number, key in enumerate(KEYS):
        columns = number == KEY_OF
        if SIZES[number] == 1:
            continue
        value = agreement.common_value(of(columns))
        if value is None or call.right[columns].all():
            return {}
        shared[key] = value
    return shared


def _keys(columns: np.ndarray) -> set[int]:
    """The arrays that have some of these columns."""
    return set(KEY_OF[columns].tolist())


def _places(columns: np.ndarray) -> str:
    """The first of these entries, as they are written in code."""
    names = []
    for column in np.flatnonzero(columns):
        key = KEYS[KEY_OF[column]]
        index = np.unravel_index(column - int(np.argmax(KEY_OF[column] == KEY_OF)), SHAPES[key] or (1,))
        names.append(f'"{key}"{at(tuple(map(int, index))) if SHAPES[key] else ""}')
    return ", ".join(names[:MOST_LISTED]) + (" …" if len(names) > MOST_LISTED else "")


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(agreement.within(one, other, agreement.SIX_DIGITS * np.abs(other)).all())
