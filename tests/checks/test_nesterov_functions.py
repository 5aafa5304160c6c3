"""The Nesterov lesson's function checks: right answers pass at every seed, likely slips lose their share."""

from verdicts.judging import run
from verdicts.judging.display import as_text


def test_the_expected_letter_is_never_shown():
    text = as_text(run("nesterov/slip", "B"), 2)
    assert "Your answer is 'B'. Expected: the letter of a line" in text
    assert "'C'" not in text
