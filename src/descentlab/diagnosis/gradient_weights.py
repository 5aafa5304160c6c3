"""With which weights the gradients of all calls stand in a step, or in the sum that it is divided by.

Of a rule that is a weighted sum of gradients, or a gradient over the root of a weighted sum of squares, the
steps alone tell these weights, however the code is written.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from descentlab import agreement
from descentlab.diagnosis.entry_facts import Fact
from descentlab.sentences import say


def gradient_weights(
    lr: float, step: np.ndarray, expected: np.ndarray, gradients: Sequence[np.ndarray]
) -> Fact | None:
    """The weights in the step of one call beside the expected ones; None where they say nothing more.

    `gradients`: of all calls up to this one, each with a number for each column.
    """
    if len(gradients) < 2:
        return None  # in the first call there is one weight, and the ratio of the steps says it
    call = len(gradients)
    with np.errstate(all="ignore"):
        squares = [np.square(lr * gradients[-1] / each) for each in (step, expected)]
    own, right = (_weights(each, gradients) for each in (step, expected))
    if own is not None and right is not None:
        words = say(
            "Your step of call {call} is {own}; expected {right} (g₁: the gradient of call 1).",
            call=call,
            own=_sum(own, ""),
            right=_sum(right, ""),
        )
    else:
        own, right = (_weights(each, np.square(gradients)) for each in squares)
        if own is None or right is None:
            return None
        words = say(
            "In call {call} you divide by the root of {own}; expected {right} (g₁: the gradient of call 1).",
            call=call,
            own=_sum(own, "²"),
            right=_sum(right, "²"),
        )
    near = agreement.within(own, right, agreement.relative(right, agreement.SIX_DIGITS))
    wrong = np.flatnonzero(~near).tolist()
    return Fact(words, _question(wrong, own, call)) if wrong else None


def _question(wrong: Sequence[int], own: np.ndarray, call: int) -> str:
    now = call - 1
    lost = [n + 1 for n in wrong if own[n] == 0]
    if wrong == [now]:
        return say("What multiplies the gradient of this call, where is it made, and is it made once?")
    if now + 1 in lost:
        return say(
            "The gradient of this call does not count. Which one does your line take, and who has stored it?"
        )
    if lost:
        return say(
            "The gradient of call {lost} no longer counts in call {call}. Which line loses it, or was it "
            "never stored?",
            lost=lost[0],
            call=call,
        )
    return say(
        "Follow the gradient of call {first} through your lines: what is it multiplied by from one call to "
        "the next?",
        first=wrong[0] + 1,
    )


def _weights(target: np.ndarray, terms: Sequence[np.ndarray]) -> np.ndarray | None:
    """The weights of the terms that give these numbers; None where none do."""
    scale = np.abs(target).max()
    if not np.isfinite(scale) or scale == 0:
        return None
    columns = np.stack(list(terms), axis=1)
    weights = np.linalg.lstsq(columns / scale, target / scale, rcond=None)[0]
    if not agreement.within(columns @ weights, target, agreement.SIX_DIGITS * scale).all():
        return None
    return np.where(np.abs(weights) < agreement.SIX_DIGITS * np.abs(weights).max(), 0.0, weights)


def _sum(weights: np.ndarray, power: str) -> str:
    """The newest gradient first, those without weight left out."""
    text = ""
    for n in reversed(range(len(weights))):
        size = f"{abs(weights[n]):.3g} ".removeprefix("1 ")
        sign = "−" if weights[n] < 0 else "+"
        if weights[n]:
            text += f" {sign} {size}g{_lowered(n + 1)}{power}"
    return text.removeprefix(" + ").replace(" − ", "−", 1 if text.startswith(" −") else 0) or "0"


def _lowered(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
