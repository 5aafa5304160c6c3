"""Formulas read from the rules' own source, and their systematic edits."""

import numpy as np
import pytest

from descentlab.checks import run
from descentlab.checks.judging.kinds import reference_runs
from descentlab.checks.spec import RuleCheck
from descentlab.diagnosis.double_edits import doubles
from descentlab.diagnosis.edit_sets import Edit, changes, single_edits
from descentlab.diagnosis.formula import formulas, line_text
from descentlab.diagnosis.probe_table import COLUMNS, ProbeTable
from descentlab.diagnosis.search import AnswerPath, FirstLook, one_edit, two_edits
from descentlab.exercises import all_checks
from descentlab.rules import Adam

RULES = {check.rule: check for check in all_checks().values() if isinstance(check, RuleCheck)}
FORMS = [(rule, form) for rule in RULES for form in formulas(rule)]
RIGHT = Edit("nothing changed", "")


def case(rule, seed=0):
    table = ProbeTable(RULES[rule].problems(seed))
    return table, table.path(reference_runs(RULES[rule].name, seed))


def test_a_formula_is_that_of_the_source():
    assert [line_text(*line) for line in formulas("RMSprop")[0].lines] == [
        "h ← ρ h + (1 − ρ) g²",
        "θ ← θ − η g / (√h + ε)",
    ]


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))
def test_every_form_gives_the_numbers_of_the_reference(rule, form):
    for seed in (0, 1, 2):
        table, path = case(rule, seed)
        assert AnswerPath(table, path, np.ones(COLUMNS, bool)).matches(table.follow(form, RIGHT))


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))
def test_every_edit_runs_and_has_words(rule, form):
    table, _ = case(rule)
    for edit in single_edits(form):
        assert edit.words
        assert "(name" not in edit.words
        try:
            path = list(table.follow(form, edit))
        except KeyError:
            continue  # a line moved above the one that makes what it needs
        assert path[-1].shape == (len(table.probes), COLUMNS)


def all_of(kind):
    return kind.in_words(frozenset(kind.keys))


def alike_in_all_forms(form):
    return all_of(doubles(form, with_equal_forms=True)[len(form.lines)])


@pytest.mark.parametrize("rule", [rule for rule in RULES if len(formulas(rule)) > 1])
def test_two_changes_of_all_lines_give_the_same_numbers_in_every_form(rule):
    table, _ = case(rule)
    first, *others = formulas(rule)
    expected = {edit.words: edit for edit in alike_in_all_forms(first)}
    for form in others:
        edits = alike_in_all_forms(form)
        assert len(edits) > 100
        for edit in edits[::9]:
            path = np.stack(list(table.follow(first, expected[edit.words])))
            answer = AnswerPath(table, path, np.ones(COLUMNS, bool))
            assert answer.matches(table.follow(form, edit)), edit.words


@pytest.mark.parametrize("rule", RULES)
def test_a_single_edit_is_found_from_its_numbers_alone(rule):
    table, right = case(rule)
    for form in formulas(rule):
        for edit in single_edits(form)[::7]:
            try:
                path = np.stack(list(table.follow(form, edit)))
            except KeyError:
                continue
            answer = AnswerPath(table, path, np.ones(COLUMNS, bool))
            if not answer.tells_enough or np.allclose(path, right, rtol=1e-7, equal_nan=True):
                continue
            assert one_edit(answer, rule) is not None, edit.words


@pytest.mark.parametrize("rule", RULES)
def test_numbers_from_nowhere_are_given_no_name(rule):
    table, path = case(rule)
    rng = np.random.default_rng(3)
    strange = path + rng.normal(size=path.shape)
    answer = AnswerPath(table, strange, np.ones(COLUMNS, bool))
    assert one_edit(answer, rule) is None
    assert two_edits(answer, rule) is None


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
    assert verdict.mistake is None or "eps-inside" not in verdict.mistake


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


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))
def test_each_half_of_two_edits_of_a_line_is_said_of_the_formula_itself(rule, form):
    for number, (_, expr) in enumerate(form.lines):
        alone = {change.words for change in changes(expr, form)}
        for edit in all_of(doubles(form, with_equal_forms=True)[number]):
            first, both, second = edit.words.partition(", and with ")
            assert not both or {first, second} <= alone, edit.words


def test_a_change_made_everywhere_and_undone_in_one_line_is_told_with_that_line():
    (form,) = formulas("RMSpropGraves")
    words = [edit.words for edit in all_of(doubles(form, with_equal_forms=True)[-1])]
    assert "ρ to the power t in place of ρ, but with the line n ← ρ n + (1 − ρ^t) g²" in words
    assert not any("without the power" in w for w in words)


class SquaredEps:
    """√(n − a² + ε²)."""

    def __init__(self, lr, decay, momentum, eps):
        self.lr, self.decay, self.mu, self.eps = lr, decay, momentum, eps
        self.n, self.a, self.d = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.decay * self.n.get(k, 0.0) + (1 - self.decay) * g**2
            self.a[k] = self.decay * self.a.get(k, 0.0) + (1 - self.decay) * g
            root = np.sqrt(self.n[k] - self.a[k] ** 2 + self.eps**2)
            self.d[k] = self.mu * self.d.get(k, 0.0) - self.lr * g / root
            params[k] += self.d[k]


class FadesByThePower:
    """h ← ρᵗ h + (1 − ρ) g²."""

    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps, self.h, self.t = lr, decay, eps, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.h[k] = self.decay**self.t * self.h.get(k, 0.0) + (1 - self.decay) * g**2
            params[k] -= self.lr * g / (np.sqrt(self.h[k]) + self.eps)


class Velocity:
    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}


class RateOnTheOldVelocity(Velocity):
    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.lr * (self.mu * self.v.get(k, 0.0) + g)
            params[k] -= self.v[k]


class OnlyAhead(Velocity):
    def update(self, params, grads):
        for k, g in grads.items():
            self.v[k] = self.mu * self.v.get(k, 0.0) - self.lr * g
            params[k] += self.mu * self.v[k]


class StoresTheStep(Velocity):
    def update(self, params, grads):
        for k, g in grads.items():
            old = self.v.get(k, 0.0)
            self.v[k] = (1 + self.mu) * (self.mu * old - self.lr * g) - self.mu * old
            params[k] += self.v[k]


class SwappedCorrections(Adam):
    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[k] / (1 - self.beta2**self.t), self.v[k] / (1 - self.beta1**self.t)
            params[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


ONE_LINE = ", written as θ ← θ + μ² v − (1 + μ) η g; v ← μ v − η g, with "
SENTENCES = {
    SquaredEps: ("graves", "centred RMSprop with ε² in place of ε."),
    FadesByThePower: ("rmsprop", "RMSprop with ρ to the power t in place of ρ in one place in h"),
    RateOnTheOldVelocity: ("momentum", "momentum with η multiplying μ v as well."),
    OnlyAhead: ("nesterov", "a rule that moves by the look ahead alone, θ ← θ + μ v with the new v."),
    StoresTheStep: ("nesterov", f"Nesterov's momentum{ONE_LINE}the line v ← μ v − η g run twice."),
    SwappedCorrections: ("adam", "Adam with 1 − β₁ᵗ and 1 − β₂ᵗ exchanged."),
}


@pytest.mark.parametrize("answer", SENTENCES, ids=lambda a: a.__name__)
def test_a_sentence_says_what_the_code_does_and_in_which_form(answer):
    lesson, words = SENTENCES[answer]
    for seed in (0, 7):
        assert f"Your numbers are those of {words}" in run(f"{lesson}/update", answer, seed).cause


@pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))
def test_the_first_look_lets_through_what_two_edits_of_the_formula_compute(rule, form):
    """The oracle is the table of all probes: the first look must not rule out what it makes."""
    table, _ = case(rule)
    for kind in doubles(form, with_equal_forms=True):
        for key in kind.keys[::97]:
            try:
                path = np.stack(list(table.follow(form, Edit("", "", dict(key)))))
            except KeyError:
                continue  # a line reads what only a later one makes
            answer = AnswerPath(table, path, np.ones(COLUMNS, bool))
            if np.isfinite(path).all():
                assert FirstLook(answer, form).agrees_with_lines(key), key


@pytest.mark.parametrize("rule", RULES)
def test_two_edits_are_told_only_of_what_is_asked_for(rule):
    form = formulas(rule)[0]
    for kind in doubles(form, with_equal_forms=True):
        every = all_of(kind)
        keys = [tuple(sorted(edit.lines.items())) for edit in every]
        assert len(keys) == len(set(keys))
        assert set(keys) == set(kind.keys)
        wanted = every[len(every) // 2]
        (told,) = kind.in_words({keys[len(keys) // 2]})
        assert told.words == wanted.words
        assert kind.in_words(()) == []
