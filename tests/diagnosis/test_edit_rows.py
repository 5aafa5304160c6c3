"""The table of edits, row by row."""

import re
from string import Formatter

import pytest

from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from descentlab.rule_diagnosis.edit_search import AnswerPath
from descentlab.rule_diagnosis.edit_sets import HINTS, changes, single_edits, tables
from descentlab.rule_diagnosis.equal_forms import formulas
from descentlab.rule_diagnosis.formula import (
    ADMITS,
    CONDITIONS,
    RANGES,
    Rewrite,
    filled,
    line_text,
    names,
    nodes,
    replaced,
)
from descentlab.rule_diagnosis.probe_table import ProbeTable
from verdicts.judging.examiners import reference_runs

ROWS = list(dict.fromkeys(row for table in tables().values() for row in table))
CHECKS = [check for check in all_checks().values() if isinstance(check, RuleCheck)]
FORMS = [form for check in CHECKS for form in formulas(check.rule)]


def named(row):
    return f"{row.pattern} → {row.replacement}"


def pattern_of(words):
    """What matches a row's words with anything in its fields."""
    return re.compile(
        "".join(re.escape(text) + (".+" if field else "") for text, field, *_ in Formatter().parse(words))
    )


def letters_of(row):
    said = row.fields.values()
    return {n for expr in (*row.before, *row.after, *said) for n in names(expr) if n.isupper()}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_row_says_nothing_unknown(row):
    assert row.kind in HINTS
    assert row.when in CONDITIONS
    assert row.words.strip()
    assert letters_of(row) <= {*RANGES, *ADMITS}
    matched = {n for expr in row.before for n in names(expr)}
    assert {letter for letter in letters_of(row) if letter in ADMITS} <= matched, "a letter bound to nothing"


@pytest.mark.parametrize("row", [row for row in ROWS if "instead of" in row.words], ids=named)
def test_the_words_of_a_row_name_what_stands_there_first_and_what_should_second(row):
    plain = re.sub(r"[{} ]|:2| everywhere| in one place", "", row.words).replace("−", "-")
    wrong, right = plain.split("insteadof")
    if not re.search(r"[^-+*/A-Z0-9()]|2A", wrong + right):  # formulas as they stand there
        assert wrong in row.replacement.replace(" ", "")
        assert right in row.pattern.replace(" ", "")


@pytest.fixture(scope="module")
def made():
    """Every form, and what every single edit of it does."""
    found = []
    for check in CHECKS:
        table = ProbeTable(check.draw(0))
        right = AnswerPath(table, table.path(reference_runs(check.name, 0)))
        for form in formulas(check.rule):
            for edit in single_edits(form):
                found.append((table, right, form, edit))
    return found


@pytest.mark.parametrize("row", tables()["in one place"], ids=named)
def test_a_row_for_one_place_finds_one_in_some_rule(row):
    found = {
        one.text(bound)
        for form in FORMS
        for _, expr in form.lines
        for once in (expr, *(changed for changed, *_ in changes(expr, form)))
        for _, one, bound in changes(once, form)
        if one.kind == row.kind
    }
    said = pattern_of(row.words)
    assert any(said.fullmatch(words) for words in found)


@pytest.mark.parametrize(
    ("rule", "row", "line"),
    [
        ("AdaGrad", Rewrite("sqrt(A) + eps", "sqrt(A + eps)", "", "eps"), "θ ← θ − η g / √(h + ε)"),
        ("RMSprop", Rewrite("W * A + (1 - W) * B", "W * (A + B)", "", ""), "h ← ρ (h + g²)"),
        ("SGD", Rewrite("lr", "lr / sqrt(call)", "", ""), "θ ← θ − η / √t g"),
        ("Adam", Rewrite("A / (1 - B**t)", "A * (1 - B**t)", "", ""), "m̂ ← m (1 − β₁ᵗ)"),
        ("Momentum", Rewrite("D", "1 - D", "", ""), "v ← (1 − μ) v − η g"),
        ("Momentum", Rewrite("S", "before(S)", "", ""), "θ ← θ + v_old"),
    ],
)
def test_the_matcher_does_what_the_row_says(rule, row, line):
    (form, *_) = formulas(rule)
    lines = []
    for target, expr in form.lines:
        for place in nodes(expr):
            for bound in row.matches_in(place, form):
                new = filled(row.after[0], bound)
                lines.append(line_text(target, replaced(expr, {place: new})))
    assert line in lines


def test_a_letter_stands_for_the_same_everywhere_in_its_row():
    (form,) = formulas("RMSprop")
    average, other = form.lines[0][1], ("+", ("*", ("name", "decay"), ("name", "h")), ("name", "g"))
    row = Rewrite("W * A + (1 - W) * B", "A + B", "", "")
    assert [bound["W"] for bound in row.matches_in(average, form)] == [("name", "decay")]
    assert list(row.matches_in(other, form)) == []


@pytest.mark.parametrize("table", sorted(tables().keys() - {"in one place", "gradients"}))
def test_a_row_for_lines_makes_other_numbers_in_some_rule(table, made):
    """No row is dead: its words are said of an edit, and of one that is no other way to write the rule."""
    for row in tables()[table]:
        starts = pattern_of(row.words)
        ours = [
            (table, right, form, edit)
            for table, right, form, edit in made
            if edit.kind == row.kind and starts.match(edit.words)
        ]
        assert ours, row
        assert any(not right.matches(form, edit) for table, right, form, edit in ours), row
