"""What is said of a function that did not finish."""

from verdicts.judging import run
from verdicts.recording import run_student
from verdicts.recording.time_limit import time_limit


def test_of_what_did_not_finish_no_number_is_told(monkeypatch):
    monkeypatch.setattr(run_student, "time_limit", lambda: time_limit(0.05))

    def endless(path):
        while True:
            pass

    verdict = run("momentum/read-off", endless)
    assert "your code did not finish" in verdict.cause
    assert verdict.facts == ()
    assert verdict.mistake is None
    assert "loop" in verdict.hint
