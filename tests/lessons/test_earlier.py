"""Rules of earlier lessons: the student's own from `my_rules.py`, else the course's; for pictures, never for points."""

from unittest.mock import Mock

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from descentlab import check, earlier, rules
from descentlab.exercises import Lessons
from descentlab.objectives import bowl, descend
from verdicts.notebook import showing
from verdicts.notebook.course_copy import keep_class
from verdicts.recording import evidence_outbox

MY_RULES = "my_rules.py"
HYPER = {
    "SGD": {"lr": 0.5},
    "Momentum": {"lr": 0.1, "momentum": 0.8},
    "Nesterov": {"lr": 0.1, "momentum": 0.8},
    "AdaGrad": {"lr": 1.5, "eps": 1e-3},
    "RMSprop": {"lr": 0.1, "decay": 0.8, "eps": 1e-3},
    "Adam": {"lr": 0.3, "beta1": 0.8, "beta2": 0.99, "eps": 1e-3},
}
UPHILL = """
class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] = params[k] {sign} self.lr * grads[k]
"""


@pytest.mark.parametrize("name", HYPER)
def test_without_own_rules_it_is_the_courses_rule_to_rounding(copy, name):
    (rule,) = earlier(name)
    assert np.allclose(
        descend(rule(**HYPER[name]), bowl, 30),
        descend(getattr(rules, name)(**HYPER[name]), bowl, 30),
        rtol=1e-12,
        atol=1e-12,
    )


def test_the_students_own_class_comes_first(copy):
    (copy / MY_RULES).write_text(UPHILL.format(sign="+"))
    own, other = earlier("SGD", "Momentum")
    params = {"x": np.zeros(1)}
    own(1.0).update(params, {"x": np.ones(1)})
    assert params["x"] == [1.0]
    assert other.__name__ == "Momentum"


@pytest.mark.parametrize(
    "text", ["class SGD(:", "import nothing_of_this_name", UPHILL.format(sign="+ typo *")]
)
def test_own_rules_that_do_not_run_are_one_sentence_and_the_courses_are_used(copy, capsys, text):
    (copy / MY_RULES).write_text(text)
    (rule,) = earlier("SGD")
    said = capsys.readouterr().out
    assert said.startswith("my_rules.py does not run (")
    assert said.count("\n") == 1
    assert descend(rule(0.5), bowl, 1)[1] == pytest.approx(bowl.start - 0.5 * bowl.gradient(bowl.start))


@pytest.mark.parametrize("own", [False, True])
def test_in_a_check_it_earns_nothing_and_says_why(copy, capsys, own):
    if own:
        (copy / MY_RULES).write_text(UPHILL.format(sign="-"))
    (rule,) = earlier("SGD")
    assert check("sgd/update", rule, points=4) == 0
    assert "write its class in this notebook" in showing._Search("sgd/update", rule, 1).verdict.cause


def test_while_grading_own_rules_are_not_read_and_a_check_records_only_the_refusal(copy, monkeypatch):
    (copy / MY_RULES).write_text("raise SystemExit")
    monkeypatch.setattr(evidence_outbox, "_grading", True)
    evidence_outbox.arm(3)
    (rule,) = earlier("SGD")
    check("sgd/update", rule)
    assert b"write its class in this notebook" in evidence_outbox.take()


def test_a_class_that_passes_is_kept_and_replaces_the_one_before(copy, monkeypatch):
    shell = InteractiveShell.instance()
    monkeypatch.setitem(shell.user_ns, "In", [])
    for sign in ("+", "-1.0 *", "-"):
        cell = UPHILL.format(sign="+") + UPHILL.format(sign=sign)  # the last counts
        shell.user_ns["In"].append(cell)
        names = {}
        exec(cell.replace("-1.0 *", "-"), names)
        check("sgd/update", names["SGD"])
        assert (copy / MY_RULES).exists() is (sign != "+")
    text = (copy / MY_RULES).read_text()
    assert text.count("class SGD") == 1
    assert "params[k] - self.lr" in text
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("error", [None, PermissionError], ids=["not UTF-8", "no permission"])
def test_own_rules_that_cannot_be_read_stay_as_they_are(copy, monkeypatch, error):
    (copy / MY_RULES).write_bytes("# réglé\n".encode("latin-1"))
    if error:
        monkeypatch.setattr("pathlib.Path.read_text", Mock(side_effect=error))
    keep_class(Lessons(), "SGD", [UPHILL.format(sign="-")])
    assert (copy / MY_RULES).read_bytes() == "# réglé\n".encode("latin-1")


def test_a_folder_in_the_place_of_own_rules_stays(copy):
    (copy / MY_RULES).mkdir()
    keep_class(Lessons(), "SGD", [UPHILL.format(sign="-")])
    assert [path.name for path in copy.iterdir() if path.is_file()] == []
