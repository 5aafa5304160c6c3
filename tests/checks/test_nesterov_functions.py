"""The Nesterov lesson's function checks: right answers pass at every seed, likely slips lose their share."""

from verdicts.judging import run
from verdicts.judging.display import as_text


def test_the_expected_letter_is_never_shown():
    text = as_text(run("nesterov/slip", "B"), 2)
    assert "Your answer is 'B'. Expected: the letter of a line" in text
    assert "'C'" not in text


def test_each_wrong_line_gets_a_question_of_its_own_that_leaves_the_right_one_open():
    hints = [run("nesterov/slip", letter).hint for letter in "ABD"]
    assert len(set(hints)) == 3
    assert all(hint and "line C" not in hint for hint in hints)
