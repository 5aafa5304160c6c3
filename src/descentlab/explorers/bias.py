"""Adam's two exponential moving averages on gradients that the learner enters, corrected and not."""

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np

from descentlab.explorers.controls import Settings, TextEntry, settings_of, slider, sliders_of
from descentlab.explorers.picture import GRAY, Axis, Curve, Dots, Drawable, Height, Legend, Look, Panel
from descentlab.explorers.running import follow
from descentlab.explorers.widget import Experiment, Scene, explorer
from descentlab.objectives import quadratic

SHOWN = 60
"""The largest number of calls after the silence."""
SILENT = (0, 10, 100, 1000, 5000)
TALLEST = 10.0
TOPS = [TALLEST * 2**k for k in range(8)]
"""Heights of the axis of steps: the first that contains the longest step is used."""
WIDTH = 205
"""Width of a panel in pixels: there are three, side by side."""
MEAN, CORRECTED, GRADIENT = Look("#0072B2", "5 3"), Look("#D55E00"), Look(GRAY, width=2.0, opacity=0.6)


def written(grads: Iterable[float]) -> str:
    """The gradients as text for the text line."""
    return ", ".join(f"{float(g):.4g}" for g in grads)


def read_gradients(text: str) -> np.ndarray:
    """The gradients in a text line: numbers with commas.

    Raises:
        ValueError: it holds something else; says which word.
    """
    grads = []
    for word in re.split(r"[,;\s]+", text.strip()):
        try:
            grads.append(float(word))
        except ValueError:
            raise ValueError(f"{word!r} is not a number: write numbers such as 1, -0.5, 2e-3") from None
    if len(grads) > SHOWN:
        raise ValueError(f"at most {SHOWN} gradients can be shown")
    if not np.isfinite(grads).all():
        raise ValueError("gradients must be finite numbers")
    return np.array(grads)


class Bias(Experiment):
    """Your Adam on gradients that you enter: both averages, and the step relative to η.

    `grads` holds at most 60 numbers. `silence` calls with a zero gradient go before (0, 10, 100, 1000 or 5000).
    `goal` is a step length, in η, to exceed; the longest step there can be is drawn once it was reached, or
    where there is no goal.

    Raises:
        TypeError: the class is without the arguments lr, beta1, beta2 and eps.
        ValueError: `grads` are no such numbers.
    """

    def __init__(
        self,
        rule_class: type,
        grads: Sequence[float] = 40 * (1,),
        *,
        silence: int = 0,
        goal: float | None = None,
        **settings: Any,
    ) -> None:
        if not {"lr", "beta1", "beta2", "eps"} <= set(settings_of(rule_class)):
            raise TypeError("explore_bias needs a class with the arguments lr, beta1, beta2 and eps")
        self.rule_class, self.name, self.knows_bound = rule_class, rule_class.__name__, goal is None
        self.text = written(grads)
        self.grads = read_gradients(self.text)
        self.panels = _panels(len(self.grads), silence > 0, TALLEST)
        self.title = f"{self.name} on gradients of your own"
        if goal is not None:
            self.bound, self.aim = goal, f"a step longer than {goal:g} η"
        self.controls = [
            TextEntry("grads", "gradients", self.text),
            slider("silence", SILENT, silence if silence in SILENT else 0, "silent calls before"),
            *(s for s in sliders_of(rule_class, settings) if s.name in ("beta1", "beta2")),
        ]
        self.presets = {
            "constant": {"grads": written(SHOWN * [1]), "silence": 0},
            "alternating": {"grads": written(20 * [1, -1]), "silence": 0},
            "one after silence": {"grads": written([1, *30 * [0]]), "silence": 5000},
        }

    def draw(self, at: Settings, seconds: float) -> Scene:
        """Means, roots and steps for this sequence."""
        unread = self._read(at["grads"])
        beta1, beta2, silent = at["beta1"], at["beta2"], int(at["silence"])
        g = self.grads
        calls = np.arange(1, len(g) + 1)
        largest = np.abs(g).max() or 1.0
        relative = g / largest
        m, v = _means(relative, beta1), _means(relative**2, beta2)
        t = silent + calls
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        with np.errstate(all="ignore"):
            bare = np.abs(np.nan_to_num(m / np.sqrt(v)))
        steps, trouble = self._steps(beta1, beta2, silent, seconds)
        longest = steps.max(initial=0.0)
        top = next((top for top in TOPS if max(longest, bare.max()) <= top), TOPS[-1])
        panels = _panels(len(g), silent > 0, top)
        said = [unread, trouble]
        if len(steps) and not trouble:
            ends = m_hat[-1] * largest, np.sqrt(v_hat[-1]) * largest
            said += self._in_words(steps, silent, bare.max(), *ends)
        reached = longest > self.bound
        self.knows_bound |= reached
        drawables = [
            [*_bars(calls, relative), *_pair(calls, m_hat, m), _averages_legend("m̂", "m", "g")],
            [
                _bars(calls, np.abs(relative))[0],
                *_pair(calls, np.sqrt(v_hat), np.sqrt(v)),
                _averages_legend("√v̂", "√v", "|g|"),
            ],
            [
                _averages_legend(self.name, "uncorrected"),
                *_limits(beta1, beta2, top, self.knows_bound),
                # The goal's height until it is reached, then the bound.
                Height(None if self.knows_bound else self.bound, f"goal: {self.bound}"),
                *_pair(calls, steps, bare),
            ],
        ]
        return Scene(drawables, said, reached, panels=panels)

    def _read(self, text: str) -> str:
        """Read the gradients entered; returns any error message, in which case the last ones stay."""
        if text != self.text:
            self.text = text
            try:
                self.grads = read_gradients(text)
            except ValueError as error:
                return f"{error}."
        return ""

    def _in_words(self, steps: np.ndarray, silent: int, bare: float, mean: float, root: float) -> list[str]:
        longest = np.argmax(steps)
        after = " after the silence" if silent else ""
        return [
            f"The longest step of {self.name} is {steps[longest]:.3f} η, at call {longest + 1}{after}.",
            f"Without correction it would be {bare:.3f} η.",
            f"At the end m̂ = {mean:.3g} and √v̂ = {root:.3g}.",
        ]

    def _steps(self, beta1: float, beta2: float, silent: int, seconds: float) -> tuple[np.ndarray, str]:
        """The lengths of the steps of the student's class after the silence, in η, and any error."""
        grads = iter(self.grads)
        given = replace(quadratic([1.0]), start=np.zeros(1), gradient=lambda theta: np.array([next(grads)]))
        descent = follow(
            self.name,
            lambda: copy.deepcopy(self._after_silence(beta1, beta2, silent)),
            given,
            len(self.grads),
            seconds,
        )
        return np.abs(np.diff(descent.path[:, 0])), descent.trouble

    @lru_cache(maxsize=1)  # noqa: B019 (one explorer, one rule)
    def _after_silence(self, beta1: float, beta2: float, silent: int) -> Any:
        """The rule after so many zero gradients."""
        rule = self.rule_class(lr=1.0, beta1=beta1, beta2=beta2, eps=1e-12)
        for _ in range(silent):
            rule.update({"theta": np.zeros(1)}, {"theta": np.zeros(1)})
        return rule


explore_bias = explorer(Bias)


@lru_cache
def _panels(count: int, after: bool, top: float) -> tuple[Panel, Panel, Panel]:
    """Panels of gradients, roots, and steps up to `top`, over so many calls, from the first or after a silence."""
    # Room for a few calls more.
    calls = Axis("call after the silence" if after else "call", 0.5, count + 2.5, whole=True)
    means, roots = Axis("g, m", -1.1, 1.7), Axis("|g|, √v", 0.0, 1.5)
    return (
        Panel("gradients", "largest |g| = 1", calls, means, width=WIDTH),
        Panel("roots", "", calls, roots, width=WIDTH),
        Panel("steps", "", calls, Axis("step in η", 0.0, top), width=WIDTH),
    )


def _means(values: np.ndarray, beta: float) -> np.ndarray:
    """An exponential moving average that starts at zero, after each value."""
    means = accumulate(values, lambda mean, value: beta * mean + (1 - beta) * value, initial=0.0)
    return np.array([*means])[1:]


def _bars(calls: np.ndarray, heights: np.ndarray) -> list[Drawable]:
    stems = np.kron(heights, [0, 1, np.nan])  # each up from 0, then a gap
    return [Curve(np.repeat(calls, 3), stems, GRADIENT), Dots(calls, heights, GRAY, "o", 1.5)]


def _pair(calls: np.ndarray, corrected: np.ndarray, raw: np.ndarray) -> list[Drawable]:
    """The corrected line, as far as it goes, and the raw one dashed on top: both show where they coincide."""
    return [Curve(calls[: len(corrected)], corrected, CORRECTED, halo=True), Curve(calls, raw, MEAN)]


def _averages_legend(*names: str) -> Legend:
    """The legend of the corrected average, the raw one and the gradient."""
    return Legend(dict(zip(names, (CORRECTED, MEAN, GRADIENT), strict=False)))


def _limits(beta1: float, beta2: float, top: float, bound: bool) -> list[Drawable]:
    """The step of one gradient after silence, and the longest possible step unless that is still secret."""
    lone = (1 - beta1) / np.sqrt(1 - beta2)
    heights = {"one after silence:": lone}
    if bound and beta1**2 < beta2:
        if beta1 == 0:  # one line and one name if they are equal
            heights = {}
        heights["bound:"] = lone / np.sqrt(1 - beta1**2 / beta2)
    return [Height(y, f"{label} {y:.2f}", GRAY) for label, y in heights.items() if y < top]
