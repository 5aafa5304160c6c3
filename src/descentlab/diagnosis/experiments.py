"""Experiments that hints propose, as data: what is tried, and what is looked at.

A hint sends a student to try something only where what is then seen tells the wrong rule from the right one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

import descentlab.rules
from descentlab import agreement
from descentlab.checks.recording.probes import RuleProbe, draw, scaled
from descentlab.checks.recording.run_student import run_own_rule
from descentlab.diagnosis.edit_sets import OWN, Edit
from descentlab.diagnosis.edits import HINTS
from descentlab.diagnosis.formula import Formula, text
from descentlab.diagnosis.probe_table import ProbeTable
from descentlab.diagnosis.rewriting import PARAMETER, states_of
from descentlab.diagnosis.search import EditedFormula
from descentlab.sentences import say

# Relative to the larger number: two digits, what a person sees.
VISIBLE = 0.01

Steps = list[np.ndarray]
"""Of each run the steps: (calls, coordinates)."""


@dataclass(frozen=True)
class Trial:
    """One run of an experiment."""

    gradients: tuple[float, ...]
    """By what one and the same gradient is multiplied, call by call."""
    hyper: Mapping[str, float] = field(default_factory=dict)
    """By what arguments of the constructor are multiplied; each has its default otherwise."""
    two_in_turn: bool = False
    """Whether a second optimizer is called before each call; of a class alone."""


@dataclass(frozen=True)
class HintExperiment:
    """What a hint proposes to try."""

    trials: Callable[[Sequence[str]], Sequence[Trial]]
    """The runs, for a rule with these hyperparameters; all of as many calls."""
    seen: Callable[[Steps], np.ndarray]
    """What is looked at afterwards."""


def _always(*gradients: Sequence[float]) -> Callable[[Sequence[str]], Sequence[Trial]]:
    return lambda _: [Trial(tuple(each)) for each in gradients]


def _steps(runs: Steps) -> np.ndarray:
    return runs[0]


def _each_against_the_first(runs: Steps) -> np.ndarray:
    return np.stack([run / runs[0] for run in runs[1:]])


ONE, ZERO = (1.0,) * 3, (0.0,) * 3


def _with(gradients: tuple[float, ...], **hyper: float) -> Callable[[Sequence[str]], Sequence[Trial]]:
    return lambda _: [Trial(gradients), Trial(gradients, hyper)]


EXPERIMENTS: Mapping[str, HintExperiment] = {
    "ten times the gradients": HintExperiment(_always(ONE, (10.0,) * 3), _each_against_the_first),
    "gradients of 1e-9": HintExperiment(_always((1e-9,) * 3), _steps),
    "one gradient of 1e-3": HintExperiment(_always((1e-3,)), _steps),
    "one gradient of 10 000": HintExperiment(_always((1e4, 1.0, 1.0)), _steps),
    "gradients of zero": HintExperiment(_always(ZERO), _steps),
    "gradients of zero from the second call on": HintExperiment(_always((1.0, 0.0, 0.0)), _steps),
    "gradients small from now on": HintExperiment(
        _always((1.0,) * 20 + (1e-2,) * 80), lambda runs: runs[0][-1] / runs[0][20]
    ),
    "negative gradients": HintExperiment(_always((-1.0,) * 3), _steps),
    "the same gradient twice": HintExperiment(_always((1.0, 1.0)), lambda runs: runs[0][1] / runs[0][0]),
    "the same gradient always": HintExperiment(_always((1.0,) * 300), lambda runs: runs[0][-1]),
    "one call": HintExperiment(_always((1.0,)), _steps),
    "ten times the rate": HintExperiment(_with(ONE, lr=10.0), _each_against_the_first),
    "a rate of zero": HintExperiment(_with(ONE, lr=0.0), lambda runs: runs[1]),
    "a momentum of zero": HintExperiment(_with(ONE, momentum=0.0), lambda runs: runs[1]),
    "twice the weight decay": HintExperiment(_with(ZERO, weight_decay=2.0), _each_against_the_first),
    "two optimizers in turn": HintExperiment(lambda _: [Trial(ONE, two_in_turn=True)], _steps),
    "each argument ten per cent less": HintExperiment(
        lambda hyper: [Trial(ONE), *(Trial(ONE, {name: 0.9}) for name in hyper)], _each_against_the_first
    ),
}


def shows_a_difference(experiment: str, rule: str, wrong: Formula | type, edit: Edit | None = None) -> bool:
    """Whether the experiment shows another thing with the wrong rule than with the reference of that name.

    `wrong`: a class, or a formula and its edit.
    """
    tables = _tables(experiment, rule)
    paths = [_path(table, wrong, edit) for table in tables]
    expected = _expected(experiment, rule)
    with np.errstate(all="ignore"):
        actual = EXPERIMENTS[experiment].seen(_steps_of(tables, paths))
        tolerance = VISIBLE * np.maximum(np.abs(actual), np.abs(expected))
        return not agreement.same(actual, expected, tolerance).all()


@cache
def _expected(experiment: str, rule: str) -> np.ndarray:
    tables = _tables(experiment, rule)
    own = getattr(descentlab.rules, rule)
    with np.errstate(all="ignore"):
        return EXPERIMENTS[experiment].seen(_steps_of(tables, [_path(table, own) for table in tables]))


def _steps_of(tables: Sequence[ProbeTable], paths: Sequence[np.ndarray]) -> Steps:
    return [
        np.diff(np.concatenate([table.start, path]), axis=0)
        for table, path in zip(tables, paths, strict=True)
    ]


def _path(table: ProbeTable, rule: Formula | type, edit: Edit | None = None) -> np.ndarray:
    """(calls, coordinates) of the table's only probe."""
    if isinstance(rule, Formula):
        return np.stack(list(table.follow(rule, edit)))[:, 0]
    with np.errstate(all="ignore"):
        runs = run_own_rule(rule, table.probes)
    return table.path({run["probe"]: run for run in runs})[:, 0]


@cache
def _tables(experiment: str, rule: str) -> list[ProbeTable]:
    """One table for each trial."""
    rng = np.random.default_rng(0)
    start, gradient = draw(rng, 1.0), draw(rng, 1.0)
    defaults = _defaults(rule)
    return [
        ProbeTable(
            (
                RuleProbe(
                    experiment,
                    {name: value * trial.hyper.get(name, 1.0) for name, value in defaults.items()},
                    start,
                    tuple(scaled(gradient, factor) for factor in trial.gradients),
                    two_in_turn=trial.two_in_turn,
                ),
            )
        )
        for trial in EXPERIMENTS[experiment].trials(list(defaults))
    ]


def _defaults(rule: str) -> dict[str, Any]:
    signature = inspect.signature(getattr(descentlab.rules, rule))
    return {name: argument.default for name, argument in signature.parameters.items()}


# --------------------------------------------------------------------------------------- the hint of an edit


def hint_of(edited: EditedFormula) -> str:
    """The first hint of the edit's kind that proposes no experiment, or one that shows the mistake."""
    formula, edit = edited.formula, edited.edit
    for hint in HINTS[edit.kind]:
        if not hint.experiment or shows_a_difference(hint.experiment, formula.rule, formula, edit):
            break
    touched = _touched(formula, edit)
    return say(
        hint.words,
        made=", ".join(text(("name", name)) for name in touched),
        same=" is ".join(f"self.{name}[k]" for name in edit.one_array or touched),
    )


def _touched(formula: Formula, edit: Edit) -> list[str]:
    """What an edit makes otherwise: states where there are any, else what a call makes, else θ."""
    touched = sorted(
        formula.targets.index(name) for name in set(_targets(formula, edit)) & set(formula.targets)
    )
    names = [formula.targets[n] for n in touched]
    states = [name for name in names if name in states_of(formula)]
    return states or [name for name in names if name != PARAMETER] or names


def _targets(formula: Formula, edit: Edit) -> Iterator[str]:
    for number, (target, _) in edit.lines.items():
        yield target
        if number < OWN:
            yield formula.lines[number][0]
    yield from edit.start
    yield from edit.forgets
    if edit.order and not any(n >= OWN for n in edit.order):
        yield formula.lines[_moved(edit.order, len(formula.lines))][0]


def _moved(order: Sequence[int], count: int) -> int:
    """The line that is left out, run twice or run elsewhere."""
    for number in range(count):
        if order.count(number) != 1:
            return number
    return next(n for n in range(count) if sorted(set(order) - {n}) == [m for m in order if m != n])
