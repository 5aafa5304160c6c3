"""Formulas read from the rules' own source, and their systematic edits."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.checks.judging.reference import reference_runs
from descentlab.checks.lessons import all_checks
from descentlab.checks.recording.probes import rule_probes
from descentlab.checks.spec import RuleCheck
from descentlab.diagnosis.board import COLUMNS, Board
from descentlab.diagnosis.edits import Edit, edits_everywhere_twice, single_edits
from descentlab.diagnosis.formula import formulas, formulas_for_pairs, line_text
from descentlab.diagnosis.search import Target, one_edit, two_edits
from descentlab.rules import Adam

RULES = {check.rule: check for check in all_checks().values() if isinstance(check, RuleCheck)}
FORMS = [(rule, form) for rule in RULES for form in formulas(rule)]
RIGHT = Edit("nothing changed", "")


def case(rule, seed=0):
    board = Board(rule_probes(RULES[rule], seed))
    return board, board.path(reference_runs(RULES[rule].name, seed))


def test_a_formula_is_that_of_the_source():
    assert [line_text(*line) for line in formulas("RMSprop")[0].lines] == [
        "h ← ρ h + (1 − ρ) g²",
        "θ ← θ − η g / (√h + ε)",
    ]


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))
def test_every_form_gives_the_numbers_of_the_reference(rule, form):
    for seed in (0, 1, 2):
        board, path = case(rule, seed)
        assert Target(board, path, np.ones(COLUMNS, bool)).matches(board.follow(form, RIGHT))


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))
def test_every_edit_runs_and_has_words(rule, form):
    board, _ = case(rule)
    for edit in single_edits(form):
        assert edit.words
        assert "(name" not in edit.words
        try:
            path = list(board.follow(form, edit))
        except KeyError:
            continue  # a line moved above the one that makes what it needs
        assert path[-1].shape == (len(board.probes), COLUMNS)


@pytest.mark.parametrize("rule", [rule for rule in RULES if len(formulas_for_pairs(rule)) > 1])
def test_two_changes_of_all_lines_give_the_same_numbers_in_every_form(rule):
    board, _ = case(rule)
    first, *others = formulas_for_pairs(rule)
    expected = {edit.words: edit for edit in edits_everywhere_twice(first, by_form=False)}
    for form in others:
        edits = edits_everywhere_twice(form, by_form=False)
        assert len(edits) > 100
        for edit in edits[::9]:
            path = np.stack(list(board.follow(first, expected[edit.words])))
            target = Target(board, path, np.ones(COLUMNS, bool))
            assert target.matches(board.follow(form, edit)), edit.words


@pytest.mark.parametrize("rule", RULES)
def test_a_single_edit_is_found_from_its_numbers_alone(rule):
    board, right = case(rule)
    for form in formulas(rule):
        for edit in single_edits(form)[::7]:
            try:
                path = np.stack(list(board.follow(form, edit)))
            except KeyError:
                continue
            target = Target(board, path, np.ones(COLUMNS, bool))
            if not target.tells_enough or np.allclose(path, right, rtol=1e-7, equal_nan=True):
                continue
            assert one_edit(target, rule) is not None, edit.words


@pytest.mark.parametrize("rule", RULES)
def test_numbers_from_nowhere_are_given_no_name(rule):
    board, path = case(rule)
    rng = np.random.default_rng(3)
    strange = path + rng.normal(size=path.shape)
    target = Target(board, strange, np.ones(COLUMNS, bool))
    assert one_edit(target, rule) is None
    assert two_edits(target, rule) is None


def test_an_edit_that_fits_all_probes_but_one_is_not_claimed():
    class AlmostEpsInside:
        def __init__(self, lr, eps):
            self.lr, self.eps, self.h = lr, eps, {}

        def update(self, params, grads):
            for k, g in grads.items():
                self.h[k] = self.h.get(k, 0.0) + g * g
                inside = self.eps if self.eps > 0.01 else 0.999 * self.eps
                params[k] -= self.lr * g / np.sqrt(self.h[k] + inside)

    verdict = run("adagrad/update", AlmostEpsInside)
    assert not verdict.passed
    assert verdict.misconception is None or "eps-inside" not in verdict.misconception


def test_two_edits_at_once_are_both_said():
    class Two:
        def __init__(self, lr, decay, eps):
            self.lr, self.decay, self.eps, self.h = lr, decay, eps, {}

        def update(self, params, grads):
            for k, g in grads.items():
                self.h[k] = self.decay * self.h.get(k, 0.0) + g * g
                params[k] += self.lr * g / (np.sqrt(self.h[k]) + self.eps)

    cause = run("rmsprop/update", Two).cause
    assert "1 − ρ" in cause
    assert "opposite direction" in cause


def test_two_edits_are_not_claimed_where_all_numbers_are_right_until_there_are_none():
    class NanFromTheSecondCall:
        def __init__(self, lr, beta1, beta2, eps):
            self.rule, self.calls = Adam(lr, beta1, beta2, eps), 0

        def update(self, params, grads):
            self.rule.update(params, grads)
            self.calls += 1
            for k in params:
                params[k] = params[k] * (1 if self.calls == 1 else np.nan)

    verdict = run("adam/update", NanFromTheSecondCall)
    assert verdict.misconception is None
    assert "first call is right" in verdict.hint
