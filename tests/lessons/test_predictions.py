"""A guess before a figure: kept, revealed, never in the way; a measured number next to the theory's."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from descentlab import claim, predict, reveal
from verdicts.notebook import predictions

pytestmark = pytest.mark.usefixtures("new_kernel")
ARRIVAL = ("momentum/arrival", "How many steps?")
FIRST = ("momentum/first", "Which arrives first?")
CHOICES = ["SGD at 0.95", "SGD at 0.1", "momentum"]


def said(capsys):
    text = capsys.readouterr().out
    assert text.endswith("\n")
    assert text.count("\n") == 1
    return text.strip()


@pytest.mark.parametrize(
    ("guess", "actual", "end"),
    [
        (80, 82, "You said 80, it is 82: close."),
        (1.41421, 2**0.5, "You said 1.414, it is 1.414: right."),
        (30, 82, "You said 30, it is 82: 52 away."),
        (np.float64(30), np.array(15), "You said 30, it is 15: 15 away."),
        ("30", 300.0, "You said 30, it is 300: 270 away."),
        (0, 2, "You said 0, it is 2: 2 away."),
        (0.05, 0, "You said 0.05, it is 0: close."),
        (-5, -5.5, "You said -5, it is -5.5: close."),
        (1, float("nan"), "You said 1, it is nan: a surprise?"),
        (1e-300, 1e300, "You said 1e-300, it is 1e+300: 1e+300 away."),
    ],
)
def test_a_number_is_kept_and_revealed_beside_the_answer(capsys, guess, actual, end):
    predict(*ARRIVAL, guess=guess)
    assert said(capsys).startswith("● How many steps? Noted: ")
    reveal("momentum/arrival", actual)
    assert said(capsys) == f"● How many steps? {end}"


@pytest.mark.parametrize(
    ("guess", "end"),
    [
        ("momentum", "Answer: momentum. That was your guess."),
        (" MOMENTUM ", "Answer: momentum. That was your guess."),
        ("mom", "Answer: momentum. That was your guess."),
        (3, "Answer: momentum. That was your guess."),
        ("SGD at 0.1", "Answer: momentum. Your guess: SGD at 0.1. A surprise?"),
        (2, "Answer: momentum. Your guess: SGD at 0.1. A surprise?"),
    ],
)
def test_a_choice_is_its_text_or_the_beginning_of_one_or_its_place(capsys, guess, end):
    predict(*FIRST, choices=CHOICES, guess=guess)
    capsys.readouterr()
    reveal("momentum/first", "momentum")
    assert said(capsys) == f"● Which arrives first? {end}"


@pytest.mark.parametrize("guess", [0.95, np.float64(0.95), "0.95", "0.950"])
def test_a_choice_that_is_a_number_may_be_given_as_one(capsys, guess):
    predict("sgd/wins", "Which η?", choices=[0.1, 0.5, 0.95, 0.99], guess=guess)
    assert said(capsys) == "● Which η? Noted: 0.95. The answer comes below."
    reveal("sgd/wins", 0.95)
    assert said(capsys) == "● Which η? Answer: 0.95. That was your guess."


@pytest.mark.parametrize("guess", [0.9, 1])
def test_a_number_that_is_no_choice_is_no_guess(capsys, guess):
    predict("sgd/wins", "Which η?", choices=[0.1, 0.95, "none"], guess=guess)
    assert said(capsys).startswith(f"○ {guess} is not among the choices.")


@pytest.mark.parametrize("actual", [3000, 80])
def test_an_answer_measured_with_wrong_code_says_so(capsys, actual):
    predictions.judged("momentum/limit", passed=False)
    predict(*ARRIVAL, guess=80)
    reveal("momentum/arrival", actual, uses="momentum/limit")
    assert "  Your code measured this, and momentum/limit is not right yet." in capsys.readouterr().out
    predictions.judged("momentum/limit", passed=True)
    reveal("momentum/arrival", actual, uses="momentum/limit")
    assert "Your code" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "uses"),
    [("momentum/limit", ""), ("sgd/update", "momentum/limit")],
    ids=["measured without code", "other code is wrong"],
)
def test_nothing_else_blames_the_code(capsys, wrong, uses):
    predictions.judged(wrong, passed=False)
    predict(*ARRIVAL, guess=80)
    reveal("momentum/arrival", 3000, uses=uses)
    assert "Your code" not in capsys.readouterr().out


def click(box):
    box.children[0].value = "momentum"


def slide(box):
    slider, button = box.children[0].children
    slider.value = 4.0
    button.click()


@pytest.mark.parametrize(
    ("options", "use", "noted", "end"),
    [
        ({"choices": CHOICES}, click, "momentum", "Answer: momentum. That was your guess."),
        ({"between": (0, 10)}, slide, "4", "You said 4, it is momentum: a surprise?"),
    ],
    ids=["buttons", "slider"],
)
def test_in_a_front_end_a_click_is_a_guess_that_outlives_the_widget_and_the_kernel(
    capsys, monkeypatch, options, use, noted, end
):
    shown = []

    def display(output, **given):
        place = len(shown)
        shown.append(output)
        return SimpleNamespace(update=lambda data, raw: shown.__setitem__(place, data))

    monkeypatch.setattr(predictions, "in_front_end", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    predict(*FIRST, **options)
    assert said(capsys).startswith("○ Which arrives first? Choose below")
    use(shown[0])
    assert shown == [
        {"text/plain": f"● Which arrives first? Noted: {noted}. The answer comes below."},
        {"text/html": ""},
    ]
    monkeypatch.setattr(predictions, "_notes", predictions._Notes())
    predict(*FIRST, **options)
    assert said(capsys).startswith(f"● Which arrives first? Noted before: {noted}. (For another")
    assert len(shown) == 2
    reveal("momentum/first", "momentum")
    assert said(capsys) == f"● Which arrives first? {end}"


def test_a_saved_question_shows_its_choices_and_what_to_do_without_a_kernel(monkeypatch, shown):
    monkeypatch.setattr(predictions, "in_front_end", lambda: True)
    predict(*FIRST, choices=[*CHOICES, "<none>"])
    box, saved = shown
    assert "<li>momentum</li><li>&lt;none&gt;</li>" in saved["text/html"]
    assert "To answer, run this cell again." in saved["text/html"]
    place = re.search('<div data-guess="(.+?)"', saved["text/html"])[1]
    assert f'[data-guess="{place}"] {{ display: none }}' in box.children[1].value, (
        "hidden beside living buttons"
    )


def test_another_guess_or_other_choices_replace_the_one_from_before(capsys):
    predict(*FIRST, choices=CHOICES, guess="momentum")
    predict(*FIRST, choices=CHOICES, guess=1)
    assert "Noted: SGD at 0.95." in capsys.readouterr().out
    predict(*FIRST, choices=CHOICES)
    assert "Noted before: SGD at 0.95." in capsys.readouterr().out
    predict(*FIRST, choices=["Adam", "AdaGrad"])
    assert said(capsys).startswith("○ Which arrives first?")


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"momentum/first": [1]}', '{"momentum/first": {}}'])
def test_guesses_that_cannot_be_read_are_none(capsys, text):
    file = Path(".descentlab/guesses.json")
    file.parent.mkdir()
    file.write_text(text)
    predict(*FIRST, choices=CHOICES)
    assert said(capsys).startswith("○ Which arrives first?")


def test_without_a_guess_a_line_invites_one_and_the_answer_comes_all_the_same(capsys):
    predict(*FIRST, choices=CHOICES, guess=...)
    invited = said(capsys)
    assert invited.startswith("○ Which arrives first? Put your guess in place of ...")
    assert "1  SGD at 0.95; 2  SGD at 0.1; 3  momentum" in invited
    reveal("momentum/first", "momentum")
    assert said(capsys) == "○ Which arrives first? Answer: momentum. You made no guess."


class Unfriendly:
    def __repr__(self):
        raise RuntimeError

    __float__ = __repr__


@pytest.mark.parametrize(
    "guess",
    [
        *(None, True, float("nan"), float("inf"), 1j, [1, 2], np.ones(3), "many", "9" * 10**6, 10**400),
        *(10**5000, {}, Unfriendly(), int, lambda: 1),
    ],
    ids=lambda guess: type(guess).__name__,
)
@pytest.mark.parametrize("choices", [(), CHOICES], ids=["number", "choice"])
def test_a_guess_that_makes_no_sense_is_one_short_line_and_no_guess(capsys, guess, choices):
    predict(*FIRST, choices=choices, guess=guess)
    line = said(capsys)
    assert line.startswith("○ ")
    assert len(line) < 300
    reveal("momentum/first", guess)
    assert "You made no guess" in said(capsys)


def test_an_ambiguous_beginning_is_no_guess(capsys):
    predict(*FIRST, choices=CHOICES, guess="SGD")
    assert said(capsys).startswith("○ SGD is not among the choices.")


def test_an_answer_whose_question_was_not_run_is_said_by_its_name(capsys):
    reveal("momentum/arrival", 82)
    assert said(capsys) == "○ momentum/arrival Answer: 82. You made no guess."


def test_a_cell_that_runs_again_takes_the_new_guess(capsys):
    predict(*ARRIVAL, guess=10)
    predict(*ARRIVAL, guess=30)
    reveal("momentum/arrival", 82)
    predict(*ARRIVAL, guess=82)
    reveal("momentum/arrival", 82)
    assert capsys.readouterr().out.strip().endswith("You said 82, it is 82: right.")


@pytest.mark.parametrize(
    "measured", [None, np.ones(2), "many", float("nan")], ids=["none", "array", "text", "nan"]
)
def test_a_claim_about_no_number_is_one_line_and_fails(capsys, measured):
    claim("steps", measured, theory=3)
    assert said(capsys).startswith("steps: measured ")
    claim("steps", 3.001, theory=3)
    assert said(capsys).endswith("✓")
    claim("slope", -1.0, theory=-2)
    assert said(capsys).endswith("✗ 50.0% apart, more than the allowed 0.01")


def test_a_number_may_begin_a_choice(capsys):
    predict(*FIRST, choices=["0.5: far", "0.95: near"], guess=0.95)
    assert said(capsys) == "● Which arrives first? Noted: 0.95: near. The answer comes below."


def test_how_close_is_close_is_the_callers(capsys):
    predict("momentum/arrival", "How many steps?", guess=80)
    capsys.readouterr()
    reveal("momentum/arrival", 82, close=0.01)
    assert said(capsys).endswith("You said 80, it is 82: 2 away.")
