"""Formulas read from the rules' own source, and their systematic edits."""

import numpy as np
import pytest

from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from descentlab.rule_diagnosis.double_edits import _path, doubles, in_words
from descentlab.rule_diagnosis.edit_search import AnswerPath, FirstLook, one_edit, two_edits
from descentlab.rule_diagnosis.edit_sets import Edit, changes, everywhere, single_edits
from descentlab.rule_diagnosis.equal_forms import formulas
from descentlab.rule_diagnosis.formula import line_text
from descentlab.rule_diagnosis.probe_table import COLUMNS, ProbeTable
from verdicts.judging.examiners import reference_runs

RULES = {check.rule: check for check in all_checks().values() if isinstance(check, RuleCheck)}
FORMS = [(rule, form) for rule in RULES for form in formulas(rule)]
RIGHT = Edit("nothing changed", "")
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
        assert AnswerPath(table, path).matches(table.follow(form, RIGHT))


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
    assert not AnswerPath(table, path + 1).matches(table.follow(formulas("SGD")[0], RIGHT))
    assert np.geterr() == before


def some_of(ways, every=7):
    return [in_words(of_one)[1] for of_one in list(ways.values())[::every]]


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
def test_each_half_of_two_edits_of_a_line_is_said_of_the_formula_itself(rule, form):
    for number, (_, expr) in enumerate(form.lines):
        alone = {change.words for change in changes(expr, form)}
        for edit in some_of(doubles(form)[number]):
            first, both, second = edit.words.partition(", and with ")
            assert not both or {first, second} <= alone, edit.words


def test_a_change_made_everywhere_and_undone_in_one_line_is_told_with_that_line():
    (form,) = formulas("RMSpropGraves")
    words = [edit.words for edit in some_of(doubles(form)[-1], every=1)]
    assert "ρ to the power t instead of ρ, but with the line n ← ρ n + (1 − ρ^t) g²" in words
    assert not any("without the power" in w for w in words)


@every_form
@np.errstate(all="ignore")
def test_the_first_look_lets_through_what_two_edits_of_the_formula_compute(rule, form):
    """The oracle is the table of all probes: the first look must not rule out what it makes."""
    table, _ = case(rule)
    for ways in doubles(form):
        for key in list(ways)[::97]:
            try:
                path = np.stack(list(table.follow(form, Edit("", "", dict(key)))))
            except KeyError:
                continue  # a line reads what only a later one makes
            answer = AnswerPath(table, path)
            if np.isfinite(path).all():
                assert FirstLook(answer, form).agrees_with_lines(key), key


@pytest.mark.parametrize("rule", RULES)
def test_two_edits_change_the_lines_by_which_they_are_known(rule):
    for ways in doubles(formulas(rule)[0]):
        assert [tuple(sorted(edit.lines.items())) for edit in some_of(ways)] == list(ways)[::7]


def put(expr, path, part):
    """The expression with another part at the path."""
    place, *rest = path
    return (*expr[:place], put(expr[place], rest, part) if rest else part, *expr[place + 1 :])


def at(expr, path):
    return at(expr[path[0]], path[1:]) if path else expr


@every_form
def test_the_words_of_two_edits_of_a_line_are_of_all_that_differs_in_it(rule, form):
    for number, (_, expr) in enumerate(form.lines):
        for edit in some_of(doubles(form)[number]):
            (_, changed) = edit.lines[number]
            if path := _path(expr, changed):
                assert put(expr, path, at(changed, path)) == changed


@every_form
def test_no_edit_of_all_lines_is_of_what_the_formula_lacks(rule, form):
    has_squares = any("²" in line_text(*line) for line in form.lines)
    assert has_squares or not any("²" in edit.words for edit in everywhere(form))
