"""What a student's own kernel shows of an answer: the verdict at once, what takes longer in its place, hints, derivations.

Hints are shown before a check fails, the answer derived when it has passed. Both are Markdown in
the course's `mistakes.md` and `derivations.md`. No hint is the answer, and the lesson's own text leaves the
derivations out, so that they cannot be retyped. The grader's sandbox contains neither.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from html import escape
from typing import Any

from IPython import display

from verdicts.comparing.differences import TIME_LIMIT_ERRORS
from verdicts.courses import course_of, courses, find
from verdicts.diagnosis import catalogue
from verdicts.judging.display import INDENTED_DIV, fold, mimebundle, picture_output
from verdicts.judging.verdict import Verdict, judge
from verdicts.notebook import borrowing, course_copy, predictions
from verdicts.notebook.cells import (
    in_front_end,
    known_names,
    not_answered_yet,
    not_there_yet,
    tell,
    why_older,
)
from verdicts.recorders import Evidence, record, unpack
from verdicts.repair import AnswerCode, Where, beside, code_of, look, misspelt
from verdicts.spec import Check

LOOKING = "Looking for the place in your code. If this line stays, run the cell again."
_asked: Counter[str] = Counter()


def show(name: str, answer: Any, points: float) -> float:
    """Judge an answer, show the verdict, and return fraction × points."""
    if stopped := why_older(str(name)):
        tell(stopped)
    asked = find(name)
    beside.end(asked.name)
    search = _Search(name, answer, points)
    verdict = search.verdict
    if points and verdict.is_judged:
        if not verdict.passed:
            borrowing.remember_failure(asked)
        predictions.judged(name, verdict.passed)
        course_copy.note(name, verdict.points(points), points)
        if verdict.passed and asked.lends:
            course_copy.keep_class(course_of(asked), asked.lends, known_names().get("In", []))
    _display(asked, search)
    if "NBGRADER_VALIDATING" in os.environ and verdict.status == "unanswered":
        # Validate shows text on stderr, and without it says "Partial credit" for anything short of full.
        print(f"{name}: not answered yet", file=sys.stderr)
    return verdict.points(points)


class _Search:
    """The verdict on the fixed probes of a student's own kernel, and what takes longer: the place."""

    code: AnswerCode | None = None
    """The code in which a place is to be found."""

    def __init__(self, name: str, answer: Any, points: float) -> None:
        self.name, self.answer, self.points = name, answer, points
        with borrowing.in_check():
            evidence = record(name, answer, 0, borrowed=borrowing.is_borrowed(find(name)))
        self.verdict = self._explained(judge(name, evidence, 0))
        is_read = in_front_end() or predictions.PAGES in os.environ
        is_wrong = self.verdict.is_wrong and self.verdict.status == "answered"
        if is_wrong and is_read and "NBGRADER_VALIDATING" not in os.environ:
            self._begin(unpack(evidence)["runs"])

    def _begin(self, runs: list[Evidence]) -> None:
        """Say a name that is not there, or have a place found."""
        errors = {run["probe"]: run["error"] for run in runs if "error" in run}
        for error in errors.values():
            # Python's own message has the name between quotes; a student's may have none.
            if error["type"] == "NameError" and (
                step := not_there_yet(error["message"].partition("'")[2].partition("'")[0])
            ):
                self.verdict = replace(self.verdict, cause=step, hint="")
                return
        if not any(error["type"] in TIME_LIMIT_ERRORS for error in errors.values()):
            self.code = code_of(self.name, self.answer, known_names(), {*errors})
        with suppress(Exception):  # an odd object
            if self.code and (found := misspelt(self.code)):
                self.verdict, self.code = self._at(found), None

    def run(self, code: AnswerCode, tell: Callable[[Verdict], None]) -> None:
        """Look for the place in the code, and tell each better verdict; the last holds."""
        with borrowing.in_check():
            look(self.name, code, lambda place: tell(self._at(place)))

    def bundle(self, verdict: Verdict) -> dict[str, Any]:
        """A verdict as a display's data; points are shown for answers, not for an empty stub."""
        return mimebundle(verdict, self.points if verdict.is_judged else 0.0)

    def _explained(self, verdict: Verdict) -> Verdict:
        if verdict.missing:
            return replace(
                verdict,
                cause=not_answered_yet(verdict.missing),
                link=course_copy.answer_link(verdict.missing),
            )
        if _is_the_reference(self.answer):
            verdict = verdict.with_note(
                "This is the reference itself. It is not there when your work is graded: use your own class."
            )
        return (
            replace(verdict, link=course_copy.section_link(verdict.section)) if verdict.is_wrong else verdict
        )

    def _at(self, place: Where | None) -> Verdict:
        return (
            replace(self.verdict, place=place.sentence, place_link=course_copy.answer_link(place.name))
            if place
            else self.verdict
        )


class _Bundle(dict[str, Any]):
    """A display by MIME type; without a notebook, as in a script, IPython prints its text."""

    def __repr__(self) -> str:
        return str(self["text/plain"])


def _display(asked: Check, search: _Search) -> None:
    """Show the verdict, the picture of a wrong path, and the derivation of a right answer; then search on, where somebody reads it."""
    verdict = search.verdict
    now = replace(verdict, facts=(*verdict.facts, LOOKING)) if search.code else verdict
    shown = display.display(_Bundle(search.bundle(now)), raw=True, display_id=True)
    drawn = None
    with suppress(Exception):  # a verdict without its picture is still one
        drawn = picture_output(verdict)
    if drawn is not None:
        display.display(_Bundle(drawn["data"]), metadata=drawn["metadata"], raw=True)
    if verdict.passed and (text := catalogue.catalogue_of(asked).derivation(asked.name)):
        summary = "The answer derived, to compare with yours"
        display.display(
            _Bundle({"text/markdown": fold(summary, f"\n\n{text}\n\n"), "text/plain": f"{summary}:\n{text}"}),
            raw=True,
        )
    if in_front_end() and verdict.is_wrong:
        _show_help(asked, verdict)
    if code := search.code:
        beside.begin(
            asked.name,
            lambda show: search.run(code, lambda better: show(search.bundle(better))),
            known_names(),
            shown.display_id,
            search.bundle(verdict),
        )
        if predictions.PAGES in os.environ:
            beside.wait()


def _show_help(check: Check, verdict: Verdict) -> None:
    """Show the hints, each in the fold of the one before, and how the rule can be borrowed.

    A mistake that is known brings its own hint. These are texts: buttons would be lost in a saved notebook.
    """
    hints = () if verdict.mistake and verdict.hint else catalogue.catalogue_of(check).hints(check.name)
    folds = f"<p>{escape(_last_hint(check))}</p>" if hints else ""
    for number, text in reversed(list(enumerate(hints, 1))):
        folds = fold(f"Hint {number} of {len(hints)}", f"<p>{escape(text)}</p>{folds}")
    if borrowing.can_borrow(rule := check.lends):
        line = f'{rule} = borrow("{rule}")'
        words = "Borrowing costs the points of this check. If you want to, run this in a new cell:"
        folds += fold(f"Borrow {rule}", f"<p>{words}</p><pre>{escape(line)}</pre>")
    if folds:
        display.display({"text/html": f"{INDENTED_DIV}{folds}</div>", "text/plain": ""}, raw=True)


def _last_hint(check: Check) -> str:
    return f"That is the last hint. Read again: {check.section}"


def _is_the_reference(answer: Any) -> bool:
    bases = answer.__mro__ if isinstance(answer, type) else ()
    modules = [str(getattr(base, "__module__", "")) for base in bases]
    return any(course.is_reference(module) for module in modules for course in courses().values())


def show_hints(name: str) -> None:
    """Show the hints of a check so far and one more.

    Raises:
        UnknownCheckError: there is none of this name.
    """
    check = find(name)
    hints = catalogue.catalogue_of(check).hints(check.name)
    _asked[check.name] = shown = min(_asked[check.name] + 1, len(hints))
    for number, text in enumerate(hints[:shown], 1):
        tell(f"Hint {number} of {len(hints)}: {text}")
    if shown == len(hints):
        tell(_last_hint(check))
