"""Facts about a function's wrong results that have no name: their form, and where they are wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from descentlab import agreement
from descentlab.checks.comparing.results import FunctionMessages, at, leaves, value_text
from descentlab.checks.recording.probes import FunctionProbe, Runs
from descentlab.checks.spec import FunctionCheck, ValueCheck
from descentlab.diagnosis import Explanation, explanation_of
from descentlab.sentences import say

Results = dict[str, dict[str, Any]]
"""By the probe's name, each part of the result by its path."""


class Place(NamedTuple):
    """A part of an expected result, and the answer's value for it."""

    example: str
    path: str
    own: Any
    """None if there is none."""
    asked: Any

    @property
    def are_numbers(self) -> bool:
        return isinstance(self.own, np.ndarray) and isinstance(self.asked, np.ndarray)


class FunctionCase:
    """One wrong answer to a function's or a value's check, part by part with the expected one."""

    def __init__(
        self, check: FunctionCheck | ValueCheck, probes: Sequence[FunctionProbe], runs: Runs, expected: Runs
    ) -> None:
        self.check, self.probes, self.runs = check, probes, runs
        self.results = {name: run.get("result") for name, run in runs.items()}
        self.asked_results = {name: run["result"] for name, run in expected.items()}
        self.own = by_part(self.results)
        self.asked = by_part(self.asked_results)
        self.places = [
            Place(name, path, self.own.get(name, {}).get(path), asked)
            for name, parts in self.asked.items()
            for path, asked in parts.items()
        ]

        self.wrong = {place.example for place in self.places if not self.is_right(place.own, place.asked)}

    def is_right(self, own: Any, asked: Any) -> bool:
        """Whether a part earns its points."""
        return not FunctionMessages(self.check).leaf(own, asked)


def by_part(results: Mapping[str, Any]) -> Results:
    """The parts of each result."""
    return {name: dict(leaves(result)) for name, result in results.items()}


def _fact(words: str, hint: str, **values: object) -> Explanation:
    """The fact of these templates: an explanation without an id."""
    return explanation_of("", fact=words, hint=hint, symptom="wrong, without a name", **values)


# ----------------------------------------------------------------------------------------- another form


def returns_nothing(case: FunctionCase) -> Explanation | None:
    """No result on any probe."""
    results = case.results.values()
    if not results or not all(isinstance(r, Mapping) and r.get("odd") == "NoneType" for r in results):
        return None
    return explanation_of(
        "function/returns-nothing",
        cause="your function returns nothing",
        hint="Does every way through your function end in a `return`, and not in a `print`?",
        symptom="the result is None on every probe",
    )


def other_shape(case: FunctionCase) -> Explanation | None:
    """An array in place of a number; rows of different lengths in place of an array."""
    for name, asked in case.asked_results.items():
        own = case.results.get(name)
        if not isinstance(asked, np.ndarray):
            continue
        if isinstance(own, np.ndarray) and own.ndim and not asked.ndim:
            return explanation_of(
                "function/array-for-number",
                cause="Your function returns an array of shape {shape}; one number is asked for.",
                hint="Which entry of it is the answer? `x[0]` is one entry; `float(x[0])` is a plain number.",
                symptom="an array of shape {shape} in place of a number",
                shape=own.shape,
            )
        parts = own if isinstance(own, list) else []
        lengths = [len(part) for part in parts if isinstance(part, np.ndarray) and part.ndim]
        if len(set(lengths)) > 1:
            return explanation_of(
                "function/ragged",
                cause="Your {parts} have different numbers of rows ({counts}): they must be equally long, to make an "
                "array of shape {shape}.",
                hint="Which of them holds the start? Count what one step adds to each list.",
                symptom="rows of different lengths: {counts}",
                parts=listed(case.check.parts),
                counts=listed(map(str, lengths)),
                shape=asked.shape,
            )
    return None


def listed(words: Iterator[str] | Sequence[str]) -> str:
    """The words, with commas."""
    return ", ".join(map(say, words)) or say("entries")


def other_keys(case: FunctionCase) -> Explanation | None:
    """No dict in place of a dict, or a dict with other keys."""
    for name, asked in case.asked_results.items():
        own = case.results.get(name)
        if not isinstance(asked, Mapping):
            continue
        keys = ", ".join(f'"{key}"' for key in asked)
        hint = "Compare your `return` with what the stub says is returned."
        if not isinstance(own, Mapping) or "odd" in own:
            is_row = isinstance(own, list) or (isinstance(own, np.ndarray) and own.ndim)
            return _fact(
                "Your function returns {kind}; a dict with the keys {keys} is asked for.",
                hint,
                kind=say("a tuple, a list or an array") if is_row else value_text(own),
                keys=keys,
            )
        if own.keys() != asked.keys():
            return _fact(
                "The keys of your dict: {own}. Expected: {keys}.",
                hint,
                own=", ".join(f'"{key}"' for key in own) or say("none that is text"),
                keys=keys,
            )
    return None


def no_number(case: FunctionCase) -> Explanation | None:
    """A text, or an object, in place of a number."""
    for _, path, own, asked in case.places:
        if own is not None and not isinstance(own, np.ndarray) and isinstance(asked, np.ndarray):
            return _fact(
                "Your result{place} is {kind}; numbers of Python's or NumPy's own kinds are asked for.",
                "Print the type of what you return, and of each thing that it is made of. Which line of yours "
                "makes it so?",
                place=path,
                kind=value_text(own),
            )
    return None


def other_axes(case: FunctionCase) -> Explanation | None:
    """An array of another shape, and the argument that has an axis of that length."""
    data = {probe.name: probe.data for probe in case.probes}
    for place in case.places:
        name, path, own, asked = place
        if not place.are_numbers or own.shape == asked.shape:
            continue
        stretched = own.ndim == asked.ndim and own.size > asked.size and 1 in asked.shape
        lengths = (
            say("{length} is the length of axis {axis} of {name}.", length=length, axis=axis, name=argument)
            for argument, value in data[name].items()
            for axis, length in enumerate(getattr(value, "shape", ()))
            if length in own.shape and length not in asked.shape
        )
        return _fact(
            "Your result{place} has the shape {own}; {asked} is asked for. {length}",
            "Print the shapes of the two arrays that meet in your line. NumPy stretches an axis of length 1, "
            "and puts one where there is none."
            if stretched
            else "Along which axis does your line sum, average or loop, and which one should be left?",
            place=path,
            own=own.shape,
            asked=asked.shape,
            length=next(lengths, ""),
        )
    return None


# ---------------------------------------------------------------------------------------- other numbers


def not_finite(case: FunctionCase) -> Explanation | None:
    """The first NaN or infinity."""
    for name in case.asked:
        for path, own in case.own.get(name, {}).items():
            if not isinstance(own, np.ndarray) or own.dtype.kind != "f" or np.isfinite(own).all():
                continue
            index = tuple(np.argwhere(~np.isfinite(own))[0].tolist())
            return _fact(
                "Your result{place} is {value} in the example “{example}”.",
                "Print each part of your line there: which is the first that is no number? A division by zero, "
                "a root or logarithm of what is not positive, `exp` of a large number?",
                place=f"{path}{at(index)}",
                value=float(own[index]),
                example=say(name),
            )
    return None


def few_digits(case: FunctionCase) -> Explanation | None:
    """All numbers right to six digits, but more are required."""
    if case.check.rtol >= agreement.SIX_DIGITS or not case.wrong or not all(map(_is_near, case.places)):
        return None
    return _fact(
        "Your numbers agree with the expected ones to six digits, and more are asked for.",
        "Is something rounded, kept in float32, typed in with few digits, or broken off too early?",
    )


def _is_near(place: Place) -> bool:
    own, asked = place.own, place.asked
    if (
        not place.are_numbers
        or own.shape != asked.shape
        or not {own.dtype.kind, asked.dtype.kind} <= set("fiu")
    ):
        return False
    return bool(agreement.within(own.astype(float), asked, agreement.SIX_DIGITS * np.abs(asked)).all())


def same_everywhere(case: FunctionCase) -> Explanation | None:
    """The same numbers in every example, although other ones are expected in each."""
    own = [case.own.get(name, {}) for name in case.asked]
    numbers = own[0] and all(isinstance(value, np.ndarray) for value in own[0].values())
    if not numbers or not _all_equal(own) or _all_equal([*case.asked.values()]):
        return None
    return _fact(
        "Your function gives the same numbers in every example.",
        "Which of its arguments do your lines use? What must each of them change in the result?",
    )


def _all_equal(results: Sequence[Mapping[str, Any]]) -> bool:
    first = results[0]
    return all(
        other.keys() == first.keys() and all(np.array_equal(other[path], first[path]) for path in first)
        for other in results
    )


def wrong_examples(case: FunctionCase) -> Explanation | None:
    """The examples that are wrong, and those that are right."""
    wrong = [name for name in case.asked if name in case.wrong]
    right = [name for name in case.asked if name not in case.wrong]
    if not wrong:
        return None
    return _fact(
        "Wrong in: {wrong}. Right in: {right}." if right else "Wrong in: {wrong}.",
        "Compare the arguments of a right example with those of a wrong one: which of them is zero, one, "
        "negative, or alone in the right ones? Which part of your line does it switch off?"
        if right
        else "Work the first entry of the smallest example out by hand, beside a print of each line.",
        wrong=listed(wrong),
        right=listed(right),
    )


def changed_argument(case: FunctionCase) -> Explanation:
    """All results right: an argument was changed."""
    return explanation_of(
        "function/changes-its-argument",
        hint="`a[k] *= …`, `a[k] /= …` and `a += …` write into the caller's arrays. Which line of yours "
        "makes a new array, and which one writes into an old one?",
        symptom="all results are right; an argument is not what it was",
    )
