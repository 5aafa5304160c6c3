"""What is wrong with the form of what is remembered: one number for all, wrong keys, wrong shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from descentlab.checks.recording.probes import SHAPES
from descentlab.diagnosis.entry_facts import Fact, fact_of
from descentlab.sentences import say


def state_form(own: Mapping[str, Any], right: Mapping[str, Any], call: int) -> Fact | None:
    """The first state of the reference's that the answer keeps in another form; None where none is known.

    `own`, `right`: what is remembered after that call, by the attribute's name.
    """
    for name, expected in right.items():
        if isinstance(expected, Mapping) and name in own:
            fact = _form(f"self.{name}", own[name], call)
            if fact is not None:
                return fact
    return None


def _form(attribute: str, value: Any, call: int) -> Fact | None:
    if isinstance(value, np.ndarray):
        return _one_for_all(attribute, value, call)
    if not isinstance(value, Mapping):
        return None
    strange = [key for key in value if key not in SHAPES]
    if strange:
        return Fact(
            say(
                "After call {call} {attribute} has the key {key}, which no parameter has.",
                call=call,
                attribute=attribute,
                key=repr(strange[0]),
            ),
            _one_for_each(attribute),
        )
    odd = [array.dtype.name for array in value.values() if _keeps_few_digits(array)]
    if odd:
        return fact_of(
            "After call {call} {attribute} holds {dtype} numbers; parameters are float64.",
            hint="Which line of yours makes it with that dtype? Write 0.123456789 into it: which digits does "
            "it keep?",
            call=call,
            attribute=attribute,
            dtype=odd[0],
        )
    for key, array in value.items():
        # As many as there were calls: a history, kept on purpose.
        if isinstance(array, np.ndarray) and array.dtype.kind == "f" and array.size < _count(SHAPES[key]):
            return _shape(attribute, key, array, call)
    return None


def _one_for_all(attribute: str, value: np.ndarray, call: int) -> Fact:
    kind = say("one number") if not value.shape else say("one array of shape {shape}", shape=value.shape)
    return Fact(
        say(
            "After call {call} {attribute} is {kind}, for all keys together.",
            call=call,
            attribute=attribute,
            kind=kind,
        ),
        _one_for_each(attribute),
    )


def _keeps_few_digits(array: Any) -> bool:
    if not isinstance(array, np.ndarray):
        return False
    return array.dtype.kind in "iub" or (array.dtype.kind == "f" and array.dtype.itemsize < 8)


def _count(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape))


def _one_for_each(attribute: str) -> str:
    return say(
        "Two keys must not share what they remember: each needs an array of its own, {attribute}[k]. Under "
        "what does your line store it?",
        attribute=attribute,
    )


def _shape(attribute: str, key: str, array: np.ndarray, call: int) -> Fact:
    values = {"call": call, "place": f'{attribute}["{key}"]', "key": f'"{key}"', "right": SHAPES[key]}
    if array.shape:
        words = say(
            "After call {call} {place} has the shape {shape}; {key} has the shape {right}.",
            shape=array.shape,
            **values,
        )
    else:
        words = say("After call {call} {place} is one number; {key} has the shape {right}.", **values)
    return Fact(
        words,
        say(
            "Every entry remembers a number of its own. Which part of the line that makes {attribute}[k] "
            "makes fewer of them: a sum, a mean, a variance, a product of vectors?",
            attribute=attribute,
        ),
    )
