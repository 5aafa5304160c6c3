"""Derivations: shown below a check that has passed, and nowhere before."""

import re

import pytest
from lesson import LESSONS
from support import CATALOGUE

from descentlab import borrow, check, rules
from descentlab.exercises import all_checks
from verdicts.recording import evidence_outbox

pytestmark = pytest.mark.usefixtures("new_kernel")
FLOOR = "sgd/noise-floor"
FORMULA = re.compile(r"\$\$?(.+?)\$\$?", re.S)
DERIVATIONS = {name: text for name in all_checks() if (text := CATALOGUE.derivation(name))}


def floor(lr, curvature, sigma, batch):
    return lr * sigma**2 / (batch * curvature * (2 - lr * curvature))


def derived(shown):
    """What was displayed as Markdown."""
    return [data["text/markdown"] for data in shown if "text/markdown" in data]


def test_a_check_that_has_passed_shows_the_answer_derived_in_a_fold(shown):
    check(FLOOR, floor, points=3)
    (text,) = derived(shown)
    assert text.startswith("<details><summary>")
    assert "$V = (1 - " in text


def test_a_wrong_answer_and_a_borrowed_rule_see_no_derivation(shown):
    check(FLOOR, lambda *args: 2 * floor(*args), points=3)
    check(FLOOR, None, points=3)
    for _ in range(2):
        check("nesterov/update", rules.Momentum)
    check("nesterov/update", borrow("nesterov"))
    assert derived(shown) == []


def test_nothing_is_shown_while_grading(shown, monkeypatch):
    monkeypatch.setattr(evidence_outbox, "is_grading", lambda: True)
    check(FLOOR, floor, points=3)
    assert shown == []


def test_every_derivation_is_of_a_check_that_there_is():
    assert CATALOGUE._derivations.keys() <= all_checks().keys()


def squeezed(text):
    return "".join(text.split()).replace("\\,", "")


def equations(text):
    """What a text equates or assigns; `s = -1` is too short to be an answer."""
    parts = [part for formula in FORMULA.findall(text) for part in re.split(r"\\q?quad", formula)]
    return [part for part in map(squeezed, parts) if re.search(r"=|\\leftarrow", part) and len(part) >= 12]


@pytest.mark.parametrize("name", DERIVATIONS)
def test_what_is_derived_stands_nowhere_in_its_lesson_where_it_could_be_retyped(name):
    (lesson,) = (lesson for lesson in LESSONS if all_checks()[name].section.startswith(lesson.name))
    text = squeezed("\n".join(cell.source for cell in lesson.released.cells))
    asked = equations(DERIVATIONS[name])
    assert asked
    assert not [equation for equation in asked if equation.rstrip(".,") in text]
