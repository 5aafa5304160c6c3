"""`borrow`: a stuck student goes on, at the price of the rule's points."""

import numpy as np
import pytest
from student_answers import answer_to

from descentlab import borrow, check, rules
from descentlab.exercises import all_checks
from descentlab.objectives import bowl, descend
from descentlab.registry import RULES
from descentlab.rule_check.definition import RuleCheck
from verdicts.judging.verdict import borrowed_message
from verdicts.notebook import borrowing
from verdicts.notebook.borrowing import BorrowError
from verdicts.recording import evidence_outbox
from verdicts.spec import FunctionCheck

pytestmark = pytest.mark.usefixtures("new_kernel", "shown")
RIGHT = answer_to("adam/update", "AdamPlain")
CHECKED = {check.rule: check.name for check in all_checks().values() if isinstance(check, RuleCheck)}


class Wrong(RIGHT):
    def update(self, params, grads):
        super().update(params, {key: -g for key, g in grads.items()})


def fail_twice(name="adam/update", answer=Wrong):
    for _ in range(2):
        assert check(name, answer, points=5) < 5


def refusal(use):
    with pytest.raises(BorrowError) as refused:
        use()
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("name", CHECKED)
def test_after_two_failed_checks_the_class_on_loan_walks_as_the_rule_does(name):
    class DoesNothing:
        def __init__(self, **hyper): ...
        def update(self, params, grads):
            self.seen = grads

    fail_twice(CHECKED[name], DoesNothing)
    loan, hyper = borrow(name.lower()), RULES[name].example
    walked = descend(loan(**hyper), bowl, 30)
    np.testing.assert_array_equal(walked, descend(getattr(rules, name)(**hyper), bowl, 30))


@pytest.mark.parametrize(
    ("answer", "mark"), [("the loan", "✗"), ("a right class of one's own", "–"), ("a wrong one", "✗")]
)
def test_whatever_class_is_checked_afterwards_is_judged_for_no_points(shown, answer, mark):
    fail_twice()
    handed = {"the loan": borrow("adam"), "a wrong one": Wrong}.get(answer, RIGHT)
    shown.clear()
    assert check("adam/update", handed, points=5) == 0
    assert shown[0]["text/plain"].startswith(f"{mark} adam/update: 0 of 5 points\n{borrowed_message()}")
    assert ("opposite direction" in shown[0]["text/plain"]) == (answer == "a wrong one")


def test_another_rule_keeps_its_points_and_a_new_kernel_gives_them_back(monkeypatch):
    fail_twice()
    borrow("adam")
    assert check("sgd/update", answer_to("sgd/update", "SGDInPlace"), points=5) == 5
    assert check("adam/update", RIGHT, points=5) == 0
    monkeypatch.setattr(borrowing, "_loans", borrowing._Loans())
    assert check("adam/update", RIGHT, points=5) == 5


@pytest.mark.parametrize("failures", [0, 1])
def test_before_two_failed_checks_nothing_is_lent_and_the_line_costs_the_points_as_in_grading(
    failures, capsys
):
    for _ in range(failures):
        check("adam/update", Wrong, points=5)
    early = borrow("adam")
    said = capsys.readouterr().out
    assert f"there were {failures}" in said
    assert refusal(early) in said
    assert check("adam/update", RIGHT, points=5) == 0


def test_a_line_that_came_too_early_does_not_hide_what_is_wrong(shown):
    borrow("adam")
    assert check("adam/update", Wrong, points=5) == 0
    said = shown[0]["text/plain"]
    assert borrowed_message() in said
    assert len(said.splitlines()) > 2


def test_a_stub_that_nobody_touched_is_no_failed_check():
    for _ in range(3):
        check("adam/update", None, points=5)
    refusal(borrow("adam"))


def test_a_failed_check_of_a_function_is_none_of_the_rule():
    name = next(c.name for c in all_checks().values() if isinstance(c, FunctionCheck) and "adam" in c.name)
    for _ in range(3):
        check(name, lambda *given: 0.0, points=5)
    refusal(borrow("adam"))


def test_a_function_that_uses_the_loan_loses_what_it_loses_in_grading(shown):
    fail_twice()
    borrowed = borrow("adam")

    def walk(make, gradient, start, steps):
        rule, params, places = borrowed(), {"x": np.array(start, float)}, []
        for _ in range(steps):
            rule.update(params, {"x": gradient(params["x"])})
            places.append(params["x"].copy())
        return np.array([np.array(start, float), *places])

    assert check("comparison/walk", walk, points=2) == 0
    assert "borrowed" in shown[-1]["text/plain"]
    borrowed(lr=0.1)


@pytest.mark.parametrize("odd", ["adm", "", "adam/update", None, 3, "x" * 10**6, ["adam"]])
def test_a_rule_that_does_not_exist_is_one_short_line(odd, capsys):
    assert borrow(odd) is None
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert len(said) < 300


@pytest.mark.parametrize("name", ["Adam", " adam ", "ADAM"])
def test_a_rule_is_known_however_it_is_capitalised(name):
    fail_twice()
    assert issubclass(borrow(name), rules.Adam)


def test_while_grading_a_borrowed_class_does_nothing_but_say_so(monkeypatch, capsys):
    monkeypatch.setattr(evidence_outbox, "is_grading", lambda: True)
    loan = borrow("adam")
    assert not issubclass(loan, rules.Adam)
    assert refusal(lambda: loan(lr=0.1)) == borrowing.used_message("Adam")
    assert refusal(lambda: loan.update(None, {}, {})) == borrowing.used_message("Adam")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("of_ones_own", [lambda loan: loan, lambda loan: type("Adam", (loan,), {})])
def test_a_check_of_the_loan_is_no_failed_check_of_a_class_of_ones_own(capsys, of_ones_own):
    for _ in range(3):
        check("adam/update", of_ones_own(borrow("adam")), points=5)
    assert "in this kernel there were 0" in capsys.readouterr().out.splitlines()[-1]
    fail_twice()
    borrow("adam")
    assert "figures and later cells run with it" in capsys.readouterr().out
