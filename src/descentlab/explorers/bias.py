"""Adam's two exponential moving averages on gradients of the learner's own making, corrected and not."""

from __future__ import annotations

import copy
import re
from typing import Any

import numpy as np

from descentlab.explorers.controls import Brush, Slider, TextEntry, settings_of, sliders_of
from descentlab.explorers.picture import GREY, Axis, Curve, Dots, Look, Mark, Panel, height_line, legend
from descentlab.explorers.running import TimeLimitError, quiet, what_went_wrong
from descentlab.explorers.widget import Goal, Preset, Scene, show
from descentlab.sentences import say, template

SHOWN = 60
"""How many calls, at most, follow the silence."""
SILENT = (0, 10, 100, 1000, 5000)
TALLEST, MOST = 10.0, 1280.0
"""Height of the axis of steps at first; it doubles, to the last at most, until the longest step is on it."""
WIDTH = 205
"""Of a panel, in pixels: three stand side by side."""
SCALED = template("largest |g| = 1")
LENGTHS = (12, 24, 40, SHOWN)
"""Of the axis of calls."""
HELP = template("Draw gradients with the mouse or the arrow keys, or write them above.")
SYNTAX = template(
    "write numbers such as 1, -0.5, 0*20 (twenty zeros), x1.1*30 (thirty more, each 1.1 times the last)"
)
TOKEN = re.compile(r"(x?)([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\*(\d{1,9}))?")
MEAN, CORRECTED, GRADIENT = Look("#0072B2", (5, 3)), Look("#D55E00"), Look(GREY, width=2.0, opacity=0.6)
NAMES_AT = 0.05
"""Where the legends begin, in panels: far to the left, or their words are cut on a narrow page."""
SEEN = 0.01
"""Lines nearer than this share of their greatest height are one."""


def explore_bias(
    rule_class: type,
    grads: str = "1*40",
    *,
    silence: int = 0,
    goal: float | None = None,
    **settings: Any,
) -> None:
    """Your Adam on a sequence of gradients that you write or draw: both means, and the step against η.

    `grads` is such a sequence: numbers with commas, `0*20` for twenty zeros, `x1.1*30` for thirty more, each
    1.1 times the last; at most 60. `silence` calls with a zero gradient go before (0, 10, 100, 1000 or 5000).
    `goal` is a step length, in η, to exceed; the longest step there can be is drawn once it was reached, or
    where there is no goal.

    Raises:
        TypeError: the class is without the arguments lr, beta1, beta2 and eps.
    """
    show(Bias(rule_class, grads, silence, goal, settings))


def read_gradients(text: str) -> np.ndarray:
    """The sequence that the text means.

    Raises:
        ValueError: it means none; says which word.
    """
    grads: list[float] = []
    for word in re.split(r"[,;\s]+", text.strip()):
        match = TOKEN.fullmatch(word)
        if not match:
            raise ValueError(say("{word} is not clear: {syntax}", word=repr(word), syntax=say(SYNTAX)))
        grows, number, times = match[1] == "x", float(match[2]), int(match[3] or 1)
        if grows and not grads:
            raise ValueError(say("{word} needs a number before it to grow from", word=repr(word)))
        for _ in range(min(times, SHOWN + 1)):
            grads.append(grads[-1] * number if grows else number)
    if not grads:  # 1*0
        raise ValueError(say("{word} is not clear: {syntax}", word=repr(text), syntax=say(SYNTAX)))
    if len(grads) > SHOWN:
        raise ValueError(say("at most {count} gradients can be shown", count=SHOWN))
    if not np.isfinite(grads).all():
        raise ValueError(say("the gradients grow beyond what a float can hold"))
    return np.array(grads)


class Bias:
    """The experiment behind `explore_bias`."""

    def __init__(self, rule_class: type, grads: str, silence: int, goal: float | None, settings: Any) -> None:
        if not {"lr", "beta1", "beta2", "eps"} <= set(settings_of(rule_class)):
            raise TypeError(say("explore_bias needs a class with the arguments lr, beta1, beta2 and eps"))
        self.rule_class, self.name, self.aim = rule_class, rule_class.__name__, goal
        self.knows_bound = goal is None
        self.grads = read_gradients(grads)
        self.drawn_at: Any = None
        self.text = grads
        self.warm: dict[tuple[float, float, int], Any] = {}
        self.faces: dict[tuple[int, bool], tuple[Panel, Panel, dict[float, Panel]]] = {
            (length, after): _panels(length, after) for length in LENGTHS for after in (False, True)
        }
        self.length = self._length()
        self.panels = self._face(silence > 0, TALLEST)
        self.title = say("{rule} on gradients of your own", rule=self.name)
        self.goal = None
        if goal is not None:
            self.goal = Goal((say("a step longer than {goal} η", goal=f"{goal:g}"),))
        decays = [s for s in sliders_of(rule_class, settings) if s.name in ("beta1", "beta2")]
        place = SILENT.index(silence) if silence in SILENT else 0
        self.silence = Slider("silence", "silent calls before", tuple(map(float, SILENT)), place)
        self.controls = [
            TextEntry("grads", "gradients", grads),
            self.silence,
            *decays,
            Brush("bar", (0.5, 0.5)),
        ]
        first = {s.name: s.values[s.initial] for s in decays}
        self.presets = [
            Preset("as at first", {"grads": grads, "silence": SILENT[place], **first}),
            Preset("constant", {"grads": "1*60", "silence": 0}),
            Preset("alternating", {"grads": ", ".join(["1, -1"] * 20), "silence": 0}),
            Preset("one after silence", {"grads": "1, 0*30", "silence": 5000}),
        ]

    def draw(self, at: dict[str, Any], seconds: float) -> Scene:
        """Means, roots and steps for this sequence."""
        put, said = self._read(at)
        beta1, beta2, silent = at["beta1"], at["beta2"], int(at["silence"])
        g = self.grads
        calls = np.arange(1, len(g) + 1)
        largest = float(np.abs(g).max()) or 1.0
        m, v = _means(g / largest, beta1), _means((g / largest) ** 2, beta2)
        t = silent + calls
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        with np.errstate(all="ignore"):
            bare = np.abs(np.nan_to_num(m / np.sqrt(v)))
        steps, trouble = self._steps(beta1, beta2, silent, seconds)
        panels = self.panels = self._face(silent > 0, max(steps.max(initial=0.0), bare.max()))
        if trouble:
            said.append(trouble)
        elif len(steps):
            ends = m_hat[-1] * largest, np.sqrt(v_hat[-1]) * largest
            said += self._in_words(steps, silent, bare.max(), *ends)
        reached = self.aim is not None and bool(len(steps) and steps.max() > self.aim)
        self.knows_bound |= reached
        walked = Curve(calls[: len(steps)], steps, CORRECTED, halo=True)
        roots, bare_roots = np.sqrt(v_hat), np.sqrt(v)
        marks = [
            [*_bars(calls, g / largest), *_pair(calls, m_hat, m), *_names(panels[0], "m", m_hat, m)],
            [
                _bars(calls, np.abs(g) / largest)[0],
                *_pair(calls, roots, bare_roots),
                *_names(panels[1], "√v", roots, bare_roots),
            ],
            [
                *_step_names(panels[2], self.name, steps, bare[: len(steps)]),
                *_limits(beta1, beta2, panels[2], self.knows_bound),
                *self._goal_line(),
                Curve(calls, bare, MEAN),
                walked,
            ],
        ]
        return Scene(marks, " ".join(said), (reached,), panels=panels, put=put)

    def _face(self, after: bool, highest: float) -> tuple[Panel, Panel, Panel]:
        """The panels with room for the gradients, and for steps up to this one."""
        *others, steps = self.faces[self.length, after]
        return (*others, next(panel for top, panel in steps.items() if highest <= top or top == MOST))

    def _goal_line(self) -> list[Mark]:
        """The goal's height, until it is reached: the bound then takes its place."""
        if self.aim is None or self.knows_bound:
            return []
        return height_line(
            self.aim, say("goal: {goal}", goal=f"{self.aim:g}"), self.panels[2].x, self.panels[2].y
        )

    def _read(self, at: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
        """Take the gradients as they were drawn or typed: what the box then holds, and what is wrong."""
        if self.drawn_at is None:
            self.drawn_at = at["bar"]
        if at["bar"] != self.drawn_at:
            before, self.drawn_at = self.drawn_at, at["bar"]
            self._paint(before if before[2] == at["bar"][2] else at["bar"], at["bar"])
            return {"grads": self.text}, []
        if at["grads"] != self.text:
            self.text = at["grads"]
            try:
                self.grads = read_gradients(self.text)
            except ValueError as error:
                return {}, [f"{error}."]
            # Not while the hand draws: the picture would move under it.
            self.length = self._length()
        return {}, []

    def _in_words(self, steps: np.ndarray, silent: int, bare: float, mean: float, root: float) -> list[str]:
        longest = int(np.argmax(steps))
        step = {"rule": self.name, "length": f"{steps[longest]:.3f}", "call": longest + 1}
        at_once = template("The longest step of {rule} is {length} η, at call {call}.")
        after = template("The longest step of {rule} is {length} η, at call {call} after the silence.")
        return [
            say(after if silent else at_once, **step),
            say("Without correction it would be {length} η.", length=f"{bare:.3f}"),
            say(
                "At the end m̂ = {mean} and √v̂ = {root}.",
                mean=f"{mean:.3g}", root=f"{root:.3g}",
            ),
        ]  # fmt: skip

    def _length(self) -> int:
        """Of the axis: room for the gradients and a few more."""
        return next(length for length in LENGTHS if len(self.grads) + 2 <= length or length == SHOWN)

    def _paint(self, before: tuple[float, ...], now: tuple[float, ...]) -> None:
        """Sets the bars from one place of the hand to the next: between them it may be too fast to see."""
        (first, _), (last, height) = begin, end = self._bar(before), self._bar(now)
        calls = np.arange(min(first, last), max(first, last) + 1)
        heights = np.interp(calls, *np.transpose(sorted([begin, end])))
        heights[calls == last] = height
        largest = float(np.abs(self.grads).max()) or 1.0
        grads = np.append(self.grads, np.zeros(max(0, calls[-1] - len(self.grads))))
        grads[calls - 1] = [float(f"{value * largest:.2g}") for value in heights]
        self.grads = grads
        self.text = ", ".join(f"{value:.4g}" for value in grads)

    def _bar(self, place: tuple[float, ...]) -> tuple[int, float]:
        """The call and the height, between −1 and 1, at a place of the picture."""
        panel = self.panels[0]
        call = int(np.clip(round(panel.x.value(place[0])), 1, int(panel.x.high)))
        return call, float(np.clip(panel.y.value(place[1]), -1, 1))

    def _steps(self, beta1: float, beta2: float, silent: int, seconds: float) -> tuple[np.ndarray, str]:
        """The lengths of the steps of the student's class after the silence, in η, and what went wrong."""
        steps: list[float] = []
        try:
            with quiet(seconds):
                rule, params = copy.deepcopy(self._after_silence(beta1, beta2, silent))
                for g in self.grads:
                    before = float(np.asarray(params["x"]).reshape(-1)[0])
                    rule.update(params, {"x": np.array([g])})
                    steps.append(abs(float(np.asarray(params["x"]).reshape(-1)[0]) - before))
        except NotImplementedError:
            raise
        except (Exception, SystemExit) as error:
            at_call = None if isinstance(error, TimeLimitError) else len(steps) + 1
            return np.array(steps), what_went_wrong(self.name, error, at_call)
        if not np.isfinite(steps).all():
            return np.array([]), say("{rule} makes a step that is not a number.", rule=self.name)
        return np.array(steps), ""

    def _after_silence(self, beta1: float, beta2: float, silent: int) -> tuple[Any, dict[str, np.ndarray]]:
        """The rule and its parameter after so many zero gradients: worked out once for each setting."""
        key = (beta1, beta2, silent)
        if key not in self.warm:
            rule, params = self.rule_class(lr=1.0, beta1=beta1, beta2=beta2, eps=1e-12), {"x": np.zeros(1)}
            for _ in range(silent):
                rule.update(params, {"x": np.zeros(1)})
            self.warm = {key: (rule, params)}
        return self.warm[key]


def _panels(length: int, after: bool) -> tuple[Panel, Panel, dict[float, Panel]]:
    """Gradients and their mean, roots, steps: over so many calls, from the first or `after` a silence.

    The last by the height of its axis.
    """
    calls = Axis(say("call after the silence") if after else say("call"), 0.5, length + 0.5, whole=True)
    means, roots = Axis("g, m", -1.1, 1.7), Axis("|g|, √v", 0.0, 1.5)
    tops = TALLEST * 2.0 ** np.arange(round(np.log2(MOST / TALLEST)) + 1)
    return (
        Panel("gradients", say(SCALED), calls, means, points="bar", help=say(HELP), width=WIDTH),
        Panel("roots", "", calls, roots, width=WIDTH),
        {top: Panel("steps", "", calls, Axis("step in η", 0.0, top), width=WIDTH) for top in tops.tolist()},
    )


def _names(panel: Panel, name: str, means: np.ndarray, raw: np.ndarray) -> list[Mark]:
    """Which line is which; one name for both where nobody can tell them apart."""
    corrected, gradient = {"m": "m̂", "√v": "√v̂"}[name], {"m": "g", "√v": "|g|"}[name]
    lines = {corrected: CORRECTED, name: MEAN}
    if np.abs(means - raw).max() <= SEEN * np.abs(means).max():
        lines = {say("{mean} and {corrected} coincide", mean=name, corrected=corrected): CORRECTED}
    return legend({**lines, gradient: GRADIENT}, panel.x, panel.y, NAMES_AT)


def _step_names(panel: Panel, rule: str, steps: np.ndarray, bare: np.ndarray) -> list[Mark]:
    """The rule's steps and those without correction; one name for both where nobody can tell them apart."""
    lines = {rule: CORRECTED, say("uncorrected"): MEAN}
    if len(steps) and np.abs(steps - bare).max() <= SEEN * steps.max():
        lines = {say("{rule} = uncorrected", rule=rule): CORRECTED}
    return legend(lines, panel.x, panel.y, NAMES_AT)


def _means(values: np.ndarray, beta: float) -> np.ndarray:
    """An exponential moving average that starts at zero, after each value."""
    means, mean = [], 0.0
    for value in values:
        mean = beta * mean + (1 - beta) * value
        means.append(mean)
    return np.array(means)


def _bars(calls: np.ndarray, heights: np.ndarray) -> list[Mark]:
    gap = np.full(len(calls), np.nan)
    x = np.transpose([calls, calls, gap]).ravel()
    y = np.transpose([np.zeros(len(calls)), heights, gap]).ravel()
    return [Curve(x, y, GRADIENT), Dots(calls, heights, GREY, "o", 1.5)]


def _pair(calls: np.ndarray, corrected: np.ndarray, raw: np.ndarray) -> list[Mark]:
    return [Curve(calls, raw, MEAN), Curve(calls, corrected, CORRECTED, halo=True)]


def _limits(beta1: float, beta2: float, panel: Panel, bound: bool) -> list[Mark]:
    """One gradient after silence, and the longest step there can be, where that is no secret."""
    lone = (1 - beta1) / np.sqrt(1 - beta2)
    lines: list[Mark] = []
    heights = {say("one after silence:"): lone}
    if bound and beta1**2 < beta2:
        heights[say("bound:")] = lone / np.sqrt(1 - beta1**2 / beta2)
        if beta1 == 0:  # one line and one name for what is one
            del heights[say("one after silence:")]
    for label, height in heights.items():
        if height < panel.y.high:
            lines += height_line(height, f"{label} {height:.2f}", panel.x, panel.y, GREY)
    return lines
