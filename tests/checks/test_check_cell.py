"""`check` in a notebook's cell: the verdict, then a float whose text is only the number."""

import subprocess
import sys
from html import escape, unescape

import pytest
from student_answers import answer_to
from support import CATALOGUE, mistake

from descentlab import check, hint, predict, reveal
from verdicts.courses import UnknownCheckError
from verdicts.judging import display, judge, run
from verdicts.notebook import borrowing, predictions, showing
from verdicts.recording import evidence_outbox

SGD = answer_to("sgd/update", "SGDInPlace")


class Loud:
    def __init__(self, lr):
        print("made")

    def update(self, params, grads):
        print("to stderr", file=sys.stderr)


@pytest.fixture
def grading(monkeypatch):
    monkeypatch.setattr(evidence_outbox, "_grading", True)
    yield evidence_outbox
    evidence_outbox.take()


def test_the_score_is_a_float_whose_text_is_the_number(shown):
    score = check("sgd/update", SGD, points=5)
    assert isinstance(score, float)
    assert (repr(score), str(score), score) == ("5", "5", 5.0)
    assert repr(check("sgd/update", Loud, points=3)) == "0"


def test_the_verdict_is_shown_as_text_and_html(shown):
    check("sgd/update", Loud, points=3)
    data, picture = shown
    assert "image/png" in picture
    assert "0 of 3 points" in data["text/plain"]
    assert "<table>" in data["text/html"]
    assert "did not move" in data["text/plain"]


def test_a_wrong_answer_without_a_name_gets_the_lessons_first_hint(shown, capsys):
    check("sgd/best-lr", 7.0)
    hint("sgd/best-lr")
    first = capsys.readouterr().out.partition(": ")[2].strip()
    assert f"Hint: {first}" in shown[0]["text/plain"]


def test_a_wrong_answer_is_remembered_until_it_is_right(shown, capsys, monkeypatch):
    monkeypatch.setattr(predictions._notes, "wrong", set())
    check("sgd/update", Loud)
    predict("sgd/wins", "Which?", guess=1)
    reveal("sgd/wins", 3, uses="sgd/update")
    assert "sgd/update is not right yet" in capsys.readouterr().out
    check("sgd/update", SGD)
    reveal("sgd/wins", 3, uses="sgd/update")
    assert "not right yet" not in capsys.readouterr().out


def test_nothing_of_the_students_reaches_the_cells_own_streams(shown, capfd):
    check("sgd/update", Loud, points=3)
    assert capfd.readouterr() == ("", "")
    assert "to stderr" in shown[0]["text/plain"]


def test_an_unknown_check_is_a_line_that_names_the_nearest(capsys):
    assert check("sgd/updat", SGD) == 0.0
    assert "'sgd/update'" in capsys.readouterr().out


def test_an_unknown_check_cannot_be_judged():
    with pytest.raises(UnknownCheckError):
        judge("nothing/here", b"", 0)


def test_html_of_the_student_is_escaped(shown):
    class Script:
        def __init__(self, lr):
            print("<script>alert(1)</script>")

        def update(self, params, grads):
            raise ValueError("<img src=x onerror=alert(1)>")

    check("sgd/update", Script)
    assert "<script" not in shown[0]["text/html"]
    assert "<img" not in shown[0]["text/html"]


def test_while_grading_a_check_records_and_shows_nothing_of_the_verdict(grading, capsys):
    grading.arm(11)
    assert check("sgd/update", SGD, points=5) is None
    assert capsys.readouterr().out == "sgd/update: recorded\n"
    assert judge("sgd/update", grading.take(), 11).passed


def test_while_grading_only_the_first_bundle_of_a_cell_counts(grading, capsys):
    grading.arm(11)
    check("sgd/update", Loud, points=5)
    check("sgd/update", SGD, points=5)
    assert "not graded here" in capsys.readouterr().out
    assert judge("sgd/update", grading.take(), 11).fraction == 0


def test_while_grading_a_check_in_another_cell_costs_and_records_nothing(grading, capsys):
    check("sgd/update", SGD, points=5)
    assert "not graded here" in capsys.readouterr().out
    assert grading.take() is None


NO_REFERENCE = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        gone = ('descentlab.rules.', 'descentlab.rule_diagnosis', 'verdicts.diagnosis',
                'verdicts.comparing', 'verdicts.judging')
        if name.startswith(gone): raise ImportError(name)
sys.meta_path.insert(0, Absent())
from descentlab import check
from verdicts.recording import evidence_outbox
evidence_outbox.enter_grading(); evidence_outbox.arm(5)
class SGD:
    def __init__(self, lr): self.lr = lr
    def update(self, params, grads):
        for k in params: params[k] -= self.lr * grads[k]
check('sgd/update', SGD, points=5)
assert evidence_outbox.take()
"""


def run_script(code, folder):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)


def test_while_grading_no_reference_is_needed(tmp_path):
    done = run_script(NO_REFERENCE, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_graders_outputs_are_the_display_and_then_the_score():
    first, second = display.outputs(run("sgd/update", SGD), 4, execution_count=7)
    assert first["output_type"] == "display_data"
    assert second == {
        "output_type": "execute_result",
        "data": {"text/plain": "4"},
        "metadata": {},
        "execution_count": 7,
    }


@pytest.mark.parametrize("points", [0, 0.5, 3, 100])
def test_points_never_exceed_the_maximum(points):
    assert run("sgd/update", SGD).points(points) == points


class AnswersForEveryName:
    """Looks each name up among its own, and has none but that of a list."""

    def __init__(self):
        self.__name__ = ["a", "list"]

    def __getattr__(self, name):
        return {}[name]


@pytest.mark.parametrize(("name", "said"), [("sgd/update", "the class itself"), ("adam/worst-growth", "a ")])
def test_an_object_that_answers_for_every_name_gets_a_verdict(shown, name, said):
    assert check(name, AnswersForEveryName()) == 0
    assert said in shown[0]["text/plain"]


def test_a_check_named_by_no_word_is_a_line(capsys):
    assert check(["sgd/update"], 1) == 0
    assert "no check is named ['sgd/update']" in capsys.readouterr().out


def test_an_example_for_no_points_is_not_the_students_own_answer(shown, tmp_path, new_kernel):
    for _ in range(2):
        assert check("sgd/update", Loud, points=0) == 0
    assert shown[0]["text/plain"].startswith("✗ sgd/update\n")
    assert list(tmp_path.iterdir()) == []
    assert not predictions._notes.wrong
    assert not borrowing._loans.failed


class Stub:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        raise NotImplementedError


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Stub, "sgd/update: not answered yet\n"), (Loud, ""), (SGD, "")],
)
def test_what_nbgraders_validate_button_reads(answer, said, shown, monkeypatch, capsys):
    """It shows what is on stderr, and where nothing is "Partial credit" of anything short of full points."""
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    check("sgd/update", answer, points=5)
    assert capsys.readouterr().err.startswith(said)
    assert said or not capsys.readouterr().err


def test_in_a_front_end_hints_and_then_the_loan_are_folded_in_text_that_a_saved_notebook_keeps(
    monkeypatch, shown, new_kernel
):
    class Nameless(SGD):
        def update(self, params, grads):
            for k in params:
                params[k] -= self.lr * grads[k] ** 3 / 7 + 0.01

    monkeypatch.setattr(showing, "in_front_end", lambda: True)
    check("sgd/update", Nameless)
    check("sgd/update", Nameless)
    first, second = [data["text/html"] for data in shown if "Hint 1 of" in data["text/html"]]
    hints = CATALOGUE.hints("sgd/update")
    places = [first.index(escape(hint)) for hint in hints]
    assert places == sorted(places)
    assert first.count("<details>") == len(hints)
    assert 'SGD = borrow("SGD")' not in unescape(first)
    assert "costs the points" in second
    assert 'SGD = borrow("SGD")' in unescape(second)
    check("sgd/update", SGD)
    assert "Hint" not in shown[-1]["text/html" if "text/html" in shown[-1] else "text/plain"]
    del shown[:]
    check("sgd/update", mistake("sgd/first-array-only").make())  # a known mistake has its own hint
    assert 'borrow("SGD")' in unescape(shown[-1]["text/html"])
    assert "Hint 1 of" not in str(shown)


def test_in_a_script_the_verdict_is_its_text(tmp_path):
    script = "from descentlab import check\ncheck('sgd/best-lr', 0.5)\ncheck('adam/weight-sum', lambda beta, t: 1 - beta**t)"
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("✗ sgd/best-lr: 0 of 1")
    assert any(line.startswith("✓ adam/weight-sum: 1 of 1") for line in lines)
    assert "<" not in done.stdout
