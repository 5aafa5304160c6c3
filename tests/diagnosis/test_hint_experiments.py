"""A hint proposes an experiment only where it tells the wrong rule from the right one."""

import re

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.checks.spec import RuleCheck
from descentlab.diagnosis.edit_sets import Edit, single_edits
from descentlab.diagnosis.edits import HINTS
from descentlab.diagnosis.experiments import EXPERIMENTS, hint_of, shows_a_difference
from descentlab.diagnosis.formula import formulas
from descentlab.diagnosis.search import EditedFormula
from descentlab.exercises import all_checks
from descentlab.exercises.catalogue import catalogue
from descentlab.registry import RULES
from descentlab.rules import Adam

CHECKS = {name: check for name, check in all_checks().items() if isinstance(check, RuleCheck)}
FORMS = [form for check in CHECKS.values() for form in formulas(check.rule)]
ENTRIES = [entry for entry in catalogue() if entry.check in CHECKS]
PROPOSED = re.compile(
    r"\b(Try|Feed|Call|Make|Set|Let|Multiply|Double|Create)\b|times larger|steady|constant gradient"
    r"|same gradient|sum to|first step|first call, does|negative gradient|one small step"
)


def test_every_hint_that_proposes_to_try_something_says_which_experiment_that_is():
    hints = [hint for of_kind in HINTS.values() for hint in of_kind]
    assert [hint.words for hint in hints if bool(PROPOSED.search(hint.words)) != bool(hint.experiment)] == []
    assert [e.id for e in ENTRIES if bool(PROPOSED.search(e.hint)) != bool(e.experiment)] == []


def test_each_kind_of_edit_has_a_hint_for_where_no_experiment_shows_it():
    for of_kind in HINTS.values():
        assert all(hint.experiment in EXPERIMENTS for hint in of_kind[:-1])
        assert not of_kind[-1].experiment


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.experiment], ids=lambda e: e.id)
def test_the_experiment_of_a_known_mistakes_hint_shows_it(entry):
    assert shows_a_difference(entry.experiment, CHECKS[entry.check].rule, entry.make())


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_no_experiment_tells_a_rule_from_another_way_of_writing_it(experiment):
    nothing = Edit("", "")
    for check in CHECKS.values():
        if possible(experiment, check.rule):
            for form in formulas(check.rule):
                assert not shows_a_difference(experiment, check.rule, form, nothing)


def possible(experiment, rule):
    """Whether the rule has the argument that the experiment changes."""
    needed = {"a momentum of zero": "momentum", "twice the weight decay": "weight_decay"}.get(experiment)
    return needed is None or any(h.name == needed for h in RULES[rule].hyper)


def test_a_hint_with_an_experiment_is_given_for_those_edits_alone_that_it_shows():
    given = set()
    for form in FORMS:
        for edit in single_edits(form):
            try:
                words = hint_of(EditedFormula(form, edit))
            except KeyError:
                continue  # a line moved above the one that makes what it needs
            first = HINTS[edit.kind][0]
            if first.experiment:
                given.add((edit.kind, shows(first, form, edit)))
                assert matches(words, first) == shows(first, form, edit), edit.words
    kinds = {kind for kind, hints in HINTS.items() if hints[0].experiment}
    assert {kind for kind, shown in given if shown} == kinds


def shows(hint, form, edit):
    return shows_a_difference(hint.experiment, form.rule, form, edit)


def matches(words, hint):
    before, _, after = hint.words.partition("{made}")
    return words.startswith(before) and words.endswith(after)


class RootWithoutTheCorrection(Adam):
    """√v / (1 − β₂ᵗ): its steps are the same for gradients ten times as large, and so are the right ones."""

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat, root = self.m[k] / (1 - self.beta1**self.t), np.sqrt(self.v[k]) / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (root + self.eps)


class VelocityAveraged:
    """1 − μ in a sum: the velocity must not be an average."""

    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.mu * self.v.get(k, 0.0) + (1 - self.mu) * g
            params[k] -= self.lr * (g + self.mu * self.v[k])


class OneDictForBoth(Adam):
    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta1, beta2, eps)
        self.m = self.v = {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[k] / (1 - self.beta1**self.t), self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class RootsWhatItRemembers:
    """`**=` changes the array that `self.h[k]` is; of a scalar it makes another number."""

    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.decay * self.h.get(k, 0.0) + (1 - self.decay) * g**2
            root = self.h[k]
            root **= 0.5
            params[k] -= self.lr * g / (root + self.eps)


class CorrectsWhereTIsNotZero(Adam):
    def update(self, params, grads):
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[k], self.v[k]
            if self.t > 0:
                m_hat, v_hat = m_hat / (1 - self.beta1**self.t), v_hat / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        self.t += 1


@pytest.mark.parametrize(
    ("check", "answer", "cause", "hint"),
    [
        ("adam/update", RootWithoutTheCorrection, "(1 − β₂ᵗ)²", "Work v̂ out by hand"),
        ("nesterov/update", VelocityAveraged, "1 − μ", "Is b an average, or a sum?"),
        ("adam/update", OneDictForBoth, "two names of one", "self.m is self.v"),
        ("rmsprop/update", RootsWhatItRemembers, "the root √h stored in h", "makes no copy"),
        ("adam/update", CorrectsWhereTIsNotZero, "no correction where it is 0", "Print t on five calls"),
    ],
)
def test_a_hint_asks_for_what_shows_this_mistake(check, answer, cause, hint):
    for seed in (0, 7):
        verdict = run(check, answer, seed)
        assert cause in verdict.cause
        assert hint in verdict.hint
