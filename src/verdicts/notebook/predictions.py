"""Predictions before a figure, compared with the result; measurements compared with theory.

    predict("ode/error", "How many times smaller is the error with half the step?", guess=...)
    predict("ode/first", "Which needs fewer calls?", choices=["Euler", "Heun"], guess=...)

The student clicks, or puts an answer in place of `...`. Where the lesson knows the number, it says so:

    reveal("ode/error", error(0.1) / error(0.05))
    reveal("ode/first", "Heun")

Neither ever raises: without a guess, or with one that makes no sense, a line says so and the lesson goes on.
"""

import math
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any
from uuid import uuid4

import numpy as np
from IPython import display

from verdicts import agreement
from verdicts.notebook import course_copy
from verdicts.notebook.cells import in_front_end, tell

PAGES = "DESCENTLAB_PAGES"
"""The environment variable with which a lesson is run for pages to read: nobody guesses, and the answers are folded."""
LONGEST = 100
"""Characters of a guess or an answer that a line repeats."""

NOTED = "● {question} Noted: {guess}. The answer comes below."
KEPT = "● {question} Noted before: {guess}. (For another guess put it in place of ... in this cell.)"
MEASURED = "● {question} You said {guess}, it is {actual}: {how}"
CHOSEN_RIGHT = "● {question} Answer: {actual}. That was your guess."
CHOSEN_WRONG = "● {question} Answer: {actual}. Your guess: {guess}. A surprise?"
# Hidden at first, so that new buttons do not jump. It takes the place of JupyterLab's report that a model was not found.
SAVED = """<style>
@keyframes guess-late {{ from {{ max-height: 0; opacity: 0 }} }}
.jp-OutputArea-child:has(+ * [data-guess="{id}"]) > .jupyter-widgets:not(:has(*)) {{ display: none }}
</style>
<div data-guess="{id}" style="overflow: hidden; animation: guess-late 1.5s step-end">{choices}<p>To answer, run this cell again.</p></div>"""


@dataclass
class Prediction:
    """A question asked in this kernel, and the guess so far."""

    name: str
    question: str
    choices: tuple[str, ...] = ()
    guess: float | str | None = None


@dataclass
class _Notes:
    predictions: dict[str, Prediction] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    """Checks whose latest answer in this kernel is wrong."""


_notes = _Notes()


def predict(
    name: str,
    question: str,
    guess: Any = ...,
    choices: Iterable[str] = (),
    between: tuple[float, float] | None = None,
) -> None:
    """Ask a question and keep the guess for `reveal`; in a front end with buttons, or a slider for a number.

    Args:
        name: `lesson/what`, the same in `reveal`.
        question: one sentence, shown again with the answer.
        guess: one finite number, or one of `choices`: its place (1, 2, …), its beginning, or the number that it
            is; `...` for none yet.
        choices: the answers to choose from; empty for a number.
        between: the ends of the slider of a number; without them there is none.
    """
    prediction = Prediction(str(name), str(question), tuple(map(str, choices)))
    before = course_copy.kept_guess(prediction.name) if guess is ... and not os.environ.get(PAGES) else None
    prediction.guess = _understood(guess if before is None else before, prediction.choices)
    _notes.predictions[prediction.name] = prediction
    if os.environ.get(PAGES):
        _show_page(f"<p><b>{escape(prediction.question)}</b></p>{_listed(prediction)}")
        return
    if prediction.guess is not None:
        if before is None:
            course_copy.keep_guess(prediction.name, prediction.guess)
        words = NOTED if before is None else KEPT
        tell(words.format(question=prediction.question, guess=_shown(prediction.guess)))
        return
    clicks = bool(prediction.choices or between) and in_front_end()
    words = "○ {given} is not one finite number. {ask}"
    if clicks and guess is ...:
        words = "○ {question} Choose below, or put your guess in place of ... and run this cell again."
    elif guess is ... or guess is None:
        words = "○ {question} Put your guess in place of ... and run this cell again, or go on without. {ask}"
    elif prediction.choices:
        words = "○ {given} is not among the choices. {ask}"
    tell(words.format(question=prediction.question, given=_shown(guess), ask=_ask(prediction)))
    if clicks:
        _show_control(prediction, between)


def _show_page(html: str) -> Any:
    """Show a question or its folded answer to a reader without a kernel; the handle can replace it."""
    return display.display({"text/html": html, "text/plain": ""}, raw=True, display_id=True)


def _listed(prediction: Prediction) -> str:
    listed = "".join(f"<li>{escape(choice)}</li>" for choice in prediction.choices)
    return f"<ul>{listed}</ul>" if listed else ""


def _show_control(prediction: Prediction, between: tuple[float, float] | None) -> None:
    """Show buttons, or a slider and a button, until they are used: then what was noted stands in their place.

    What to do without a kernel follows as a separate output, hidden while they are alive.
    """
    from ipywidgets import HTML, Button, FloatSlider, HBox, ToggleButtons, VBox

    def note(guess: float | str) -> None:
        prediction.guess = guess
        course_copy.keep_guess(prediction.name, guess)
        words = NOTED.format(question=prediction.question, guess=_shown(guess))
        handle.update({"text/plain": words}, raw=True)  # a saved notebook holds text, and no view of a widget
        saved.update({"text/html": ""}, raw=True)

    if prediction.choices:
        control: Any = ToggleButtons(
            options=prediction.choices, value=None, style={"button_width": "auto"}, layout={"width": "100%"}
        )
        control.observe(lambda change: note(change["new"]), "value")
    else:
        low, high = map(float, between or (0, 1))
        slider = FloatSlider(
            value=low,
            min=low,
            max=high,
            step=(high - low) / 200,
            layout={"width": "100%"},
            readout_format=".3g",
        )
        button = Button(description="This is my guess")
        button.on_click(lambda _: note(slider.value))
        control = HBox([slider, button])
    place = uuid4().hex
    alive = HTML(f'<style>[data-guess="{place}"] {{ display: none }}</style>', layout={"display": "none"})
    handle = display.display(VBox([control, alive]), display_id=True)
    saved = _show_page(SAVED.format(id=place, choices=_listed(prediction)))


def reveal(name: str, actual: Any, close: float = 0.1, uses: str = "") -> None:
    """Print the guess and the answer.

    Args:
        name: as in `predict`.
        actual: the number, or the right choice.
        close: how far a guess may lie from the number, relative to it (absolute where it is zero).
        uses: the check of the student's code with which `actual` was measured: while it is wrong, a line says so.
    """
    prediction = _notes.predictions.get(str(name), Prediction(str(name), str(name)))
    question, guess, answer = prediction.question, prediction.guess, _shown(actual)
    if os.environ.get(PAGES):
        folded = f"<summary>{escape(question)}</summary><p>{escape(answer)}</p>"
        _show_page(f'<details class="guess">{folded}</details>')
        return
    if guess is None:
        tell(f"○ {question} Answer: {answer}. You made no guess.")
        return
    number, sentence, how = _number(actual), MEASURED, "a surprise?"
    if isinstance(guess, str):
        sentence = CHOSEN_RIGHT if _normalized(guess) == _normalized(answer) else CHOSEN_WRONG
    elif number is not None and agreement.within(guess, number, close * (abs(number) or 1.0)):
        how = "right." if _shown(guess) == answer else "close."
    elif number is not None:
        how = f"{abs(number - guess):.3g} away."
    tell(sentence.format(question=question, guess=_shown(guess), actual=answer, how=how))
    if uses in _notes.wrong:
        tell(f"  Your code measured this, and {uses} is not right yet.")


def claim(what: str, measured: float, theory: float, within: float = 0.01) -> None:
    """Print both numbers and whether they agree.

    `within` is the allowed distance, relative to the theory's number (absolute where that is zero). What is no
    number, of a function that is wrong, ends in a line.
    """
    if _number(measured) is None or _number(theory) is None:
        print(f"{what}: measured {_shown(measured)}, theory {_shown(theory)} ✗ one of them is not a number")
        return
    apart = abs(measured - theory) / (abs(theory) or 1.0)
    agree = agreement.within(apart, 0.0, within)
    words = "{what}: measured {measured:.5g}, theory {theory:.5g} ✓"
    if not agree:
        words = "{what}: measured {measured:.5g}, theory {theory:.5g} ✗ {apart} apart, more than the allowed {within:.2g}"
    shown = f"{apart:.1%}" if theory else f"{apart:.2g}"
    print(words.format(what=what, measured=measured, theory=theory, apart=shown, within=within))


def judged(check: str, passed: bool) -> None:
    """Record a check's result: while it is wrong, a cell's measurements may be wrong, too."""
    (_notes.wrong.discard if passed else _notes.wrong.add)(check)


def _ask(prediction: Prediction) -> str:
    if prediction.choices:
        listed = "; ".join(f"{place}  {choice}" for place, choice in enumerate(prediction.choices, 1))
        return f"Choose the number of one: {listed}."
    return "A guess is one number."


def _understood(guess: Any, choices: tuple[str, ...]) -> float | str | None:
    """The guess as a number, or as the choice that it is or begins; None if it is neither."""
    if not choices:
        return _number(guess)
    number = _number(guess)
    word = _normalized(guess) if isinstance(guess, str) else "" if number is None else f"{number:g}"
    ending = "" if number is None else r"(?![\d.])"  # 0.9 does not begin 0.95
    exact = [c for c in choices if _normalized(c) == word or (number is not None and _number(c) == number)]
    begun = [choice for choice in choices if word and re.match(re.escape(word) + ending, _normalized(choice))]
    if exact or len(begun) == 1:
        return (exact or begun)[0]
    if any(_number(choice) is not None for choice in choices):  # 2 is a choice, or none
        return None
    return next((choice for place, choice in enumerate(choices, 1) if place == number), None)


def _normalized(text: str) -> str:
    return " ".join(text.lower().split())


def _number(value: Any) -> float | None:
    """A finite number, also from quotes or from an array without axes; None for anything else."""
    try:
        if isinstance(value, bool) or np.ndim(value):
            return None
        number = float(value)
    except Exception:  # anything that a student's object raises
        return None
    return number if math.isfinite(number) else None


def _shown(value: Any) -> str:
    """A number to four digits, a text as it is, at most `LONGEST` characters; never raises."""
    try:
        if isinstance(value, str):
            text = value
        else:
            number = _number(value)
            text = repr(value) if number is None else f"{number:.4g}"
    except Exception:
        text = type(value).__name__
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
