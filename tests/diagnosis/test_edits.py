"""Formulas read from the rules' own source, and their systematic edits."""

from itertools import combinations

import numpy as np
import pytest

from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from descentlab.rule_diagnosis.edit_search import AnswerPath, one_edit, two_edits
from descentlab.rule_diagnosis.edit_sets import everywhere, single_edits
from descentlab.rule_diagnosis.equal_forms import formulas
from descentlab.rule_diagnosis.formula import line_text
from descentlab.rule_diagnosis.probe_table import COLUMNS, ProbeTable
from verdicts.judging.examiners import reference_runs

RULES = {check.rule: check for check in all_checks().values() if isinstance(check, RuleCheck)}
FORMS = [(rule, form) for rule in RULES for form in formulas(rule)]
every_form = pytest.mark.parametrize(("rule", "form"), FORMS, ids=lambda x: getattr(x, "rule", x))


def case(rule, seed=0):
    table = ProbeTable(RULES[rule].draw(seed))
    return table, table.path(reference_runs(RULES[rule].name, seed))


def test_a_formula_is_that_of_the_source():
    assert [line_text(*line) for line in formulas("RMSprop")[0].lines] == [
        "h ← ρ h + (1 − ρ) g²",
        "θ ← θ − η g / (√h + ε)",
    ]


@every_form
def test_every_form_gives_the_numbers_of_the_reference(rule, form):
    for seed in (0, 1, 2):
        table, path = case(rule, seed)
        assert AnswerPath(table, path).matches(form)


@every_form
@np.errstate(all="ignore")
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


def test_a_path_that_differs_leaves_numpys_warnings_as_they_were():
    table, path = case("SGD")
    before = np.geterr()
    assert not AnswerPath(table, path + 1).matches(formulas("SGD")[0])
    assert np.geterr() == before


@pytest.mark.parametrize("rule", RULES)
@np.errstate(all="ignore")
def test_a_single_edit_is_found_from_its_numbers_alone(rule):
    table, right = case(rule)
    for form in formulas(rule):
        for edit in single_edits(form)[::7]:
            try:
                path = np.stack(list(table.follow(form, edit)))
            except KeyError:
                continue
            answer = AnswerPath(table, path)
            if not answer.tells_enough or np.allclose(path, right, rtol=1e-7, equal_nan=True):
                continue
            assert one_edit(answer, rule) is not None, edit.words


@pytest.mark.parametrize("rule", RULES)
def test_numbers_from_nowhere_are_given_no_name(rule):
    table, path = case(rule)
    rng = np.random.default_rng(3)
    strange = path + rng.normal(size=path.shape)
    answer = AnswerPath(table, strange)
    assert one_edit(answer, rule) is None
    assert two_edits(answer, rule) is None


@every_form
@np.errstate(all="ignore")
def test_one_number_alone_goes_the_way_that_it_goes_among_all(rule, form):
    table, _ = case(rule)
    pairs = [
        pair for pair in combinations(single_edits(form), 2) if pair[0].touches.isdisjoint(pair[1].touches)
    ]
    for pair in pairs[::97]:
        try:
            among = [params[table.one] for params in table.follow(form, *pair)]
            assert list(table.follow(form, *pair, alone=True)) == pytest.approx(among, rel=1e-12, nan_ok=True)
        except KeyError:
            continue  # a line reads what only a later one makes


@every_form
def test_no_edit_of_all_lines_is_of_what_the_formula_lacks(rule, form):
    has_squares = any("²" in line_text(*line) for line in form.lines)
    assert has_squares or not any("²" in edit.words for edit in everywhere(form))
