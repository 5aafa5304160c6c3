"""`check`, the one line in the locked cell under a stub, and its helpers: hints, derivations.

Hints are shown before a check fails, the answer derived when it has passed. Both are Markdown in
the course's `mistakes.md` and `derivations.md`. No hint is the answer, and the lesson's own text leaves the
derivations out, so that they cannot be retyped. The grader's sandbox contains neither.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from verdicts import inline, solving
from verdicts.courses import UnknownCheckError, course_of, courses, find, is_inline
from verdicts.notebook import borrowing
from verdicts.notebook.cells import in_front_end, known_names, not_answered_yet, tell, why_older
from verdicts.notebook.course_copy import answer_link, keep_class, note, section_link
from verdicts.notebook.predictions import PAGES, judged
from verdicts.recorders import add_varied, record
from verdicts.recording import evidence_bytes, evidence_outbox
from verdicts.values import carried, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verdicts.judging.verdict import Verdict
    from verdicts.repair import Where
    from verdicts.spec import Check

_asked: Counter[str] = Counter()


class Score(float):
    """A float whose text is only the number, as nbgrader reads it."""

    def __repr__(self) -> str:
        return f"{float(self):g}"

    def _repr_html_(self) -> str:
        """Nothing below the verdict in a notebook; nbgrader reads the plain text."""
        return ""


def check(name: str, answer: Any, points: float = 1.0, **words: Any) -> Score | None:
    """Check an answer, show the verdict, and return fraction × points.

    With `points=0` the answer is an example, which is not recorded. In the grader's sandbox it records
    only: the verdict is made outside. `words` define a check of the notebook's own: see `verdicts.inline`.
    """
    try:
        if evidence_outbox.is_grading():
            _hand_over(name, answer, words)
            return None
        return _show(name, answer, points)
    except UnknownCheckError as error:
        print(_judged_later(name, answer, words) or error)
        return Score(0.0)


def _hand_over(name: str, answer: Any, words: Mapping[str, Any]) -> None:
    armed = evidence_outbox.armed()
    if armed is None:
        print(f"{name}: not graded here")
        return
    seed, task = armed
    with borrowing.in_check():
        evidence = solving.solved(name, answer, task, words, known_names())
        if evidence is None:
            asked = inline.of_task(task) or find(name)
            evidence = record(name, answer, seed, task, borrowed=borrowing.is_borrowed(asked))
        evidence_outbox.put(add_varied(evidence, name, answer, seed))
    print(f"{name}: recorded")


def _judged_later(name: str, answer: Any, words: Mapping[str, Any]) -> str:
    """The line about an answer to a check that a notebook defines and nobody can judge here; empty for an unknown name."""
    if not (isinstance(name, str) and is_inline(name)):
        return ""
    if words.get("example"):
        return (
            f"{name}: tried on the problems in the folded cell above, which a release makes. Run that first."
        )
    if callable(answer):
        return ""
    return f"{name}: received {named(carried(answer))}. It is judged when it is graded."


def problems(held: str) -> None:
    """Make known the problems on which `check` tries an answer in this kernel, as a release wrote them down."""
    if not evidence_outbox.is_grading():
        from verdicts.judging.examiners import make_known

        kept = evidence_bytes.unpack(held.encode())
        try:
            definition, _ = inline.CheckDefinition.of_text(held), kept["whole"]
        except (TypeError, KeyError):  # it says more, or less, than this version knows
            print(
                "The package verdicts is of another version than these problems: update it and restart the kernel, or fetch "
                "the notebook again."
            )
            return
        make_known(definition, kept["solved"], definition.own_functions())


def _show(name: str, answer: Any, points: float) -> Score:
    if stopped := why_older(str(name)):
        tell(stopped)
    asked = find(name)
    verdict = _verdict(name, answer)
    if points and verdict.is_judged:
        if not verdict.passed:
            borrowing.remember_failure(asked)
        judged(name, verdict.passed)
        note(name, verdict.points(points), points)
        if verdict.passed and asked.lends:
            keep_class(course_of(asked), asked.lends, known_names().get("In", []))
    _display(asked, verdict, points)
    if os.environ.get("NBGRADER_VALIDATING") and verdict.status == "unanswered":
        # Validate shows text on stderr, and without it says "Partial credit" for anything short of full.
        print(f"{name}: not attempted yet", file=sys.stderr)
    return Score(verdict.points(points))


def _verdict(name: str, answer: Any) -> Verdict:
    """The verdict on the fixed probes of a student's own kernel, with the next step.

    Where the place of a mistake is known, how the result changes with the arguments tells nothing more.
    """
    from verdicts.diagnosis.dependence import OTHER_ARGUMENT
    from verdicts.judging.verdict import judge

    with borrowing.in_check():
        evidence = record(name, answer, 0, borrowed=borrowing.is_borrowed(find(name)))
        verdict = judge(name, evidence, 0)
        found = _place(name, verdict, answer, evidence) if verdict.is_wrong else None
        # Only varied examples show whether an argument that is to blame is there at all.
        if verdict.is_wrong and (verdict.mistake == OTHER_ARGUMENT or not (found and found.makes_right)):
            varied = add_varied(evidence, name, answer, 0)
            verdict = verdict if varied == evidence else judge(name, varied, 0)
        if found:
            verdict = replace(verdict, place=found.sentence, place_link=answer_link(found.name))
    if verdict.missing:
        return replace(verdict, cause=not_answered_yet(verdict.missing), link=answer_link(verdict.missing))
    if _is_the_reference(answer):
        verdict = verdict.with_note(
            "This is the reference itself. It is not there when your work is graded: use your own class."
        )
    return replace(verdict, link=section_link(verdict.section)) if verdict.is_wrong else verdict


def _place(name: str, verdict: Verdict, answer: Any, evidence: bytes) -> Where | None:
    """The place in the student's code where a change makes the answer right, if there is one."""
    from verdicts.comparing.differences import TIME_LIMIT_ERRORS  # not there while grading
    from verdicts.repair import where

    is_seen = in_front_end() or os.environ.get(PAGES)
    if not is_seen or os.environ.get("NBGRADER_VALIDATING") or verdict.status != "answered":
        return None
    errors = {run["probe"]: run["error"] for run in evidence_bytes.unpack(evidence)["runs"] if "error" in run}
    if any(error["type"] in TIME_LIMIT_ERRORS for error in errors.values()):
        return None
    return where(name, answer, known_names(), {*errors})


class _Bundle(dict[str, Any]):
    """A display by MIME type; without a notebook, as in a script, IPython prints its text."""

    def __repr__(self) -> str:
        return str(self["text/plain"])


def _display(asked: Check, verdict: Verdict, points: float) -> None:
    """Show the verdict, the picture of a wrong path, and the derivation of a right answer."""
    from IPython.display import display

    from verdicts.diagnosis.catalogue import catalogue_of  # not there while grading
    from verdicts.judging.display import fold, mimebundle, picture_output

    # Points are shown for answers: not for an empty stub.
    display(_Bundle(mimebundle(verdict, points if verdict.is_judged else 0.0)), raw=True)
    drawn = None
    with suppress(Exception):  # a verdict without its picture is still one
        drawn = picture_output(verdict)
    if drawn is not None:
        display(_Bundle(drawn["data"]), metadata=drawn["metadata"], raw=True)
    if verdict.passed and (text := catalogue_of(asked).derivation(asked.name)):
        summary = "The answer derived, to compare with yours"
        display(
            _Bundle({"text/markdown": fold(summary, f"\n\n{text}\n\n"), "text/plain": f"{summary}:\n{text}"}),
            raw=True,
        )
    if in_front_end() and verdict.is_wrong:
        _show_help(asked)


def _show_help(check: Check) -> None:
    """Show the hints, each in the fold of the one before, and how the rule can be borrowed.

    These are texts: buttons would be lost in a saved notebook.
    """
    from IPython.display import display

    from verdicts.diagnosis.catalogue import catalogue_of
    from verdicts.judging.display import INDENTED_DIV, fold

    hints = catalogue_of(check).hints(check.name)
    if not hints:
        return
    folds = f"<p>{escape(_last_hint(check))}</p>"
    for number, text in reversed(list(enumerate(hints, 1))):
        folds = fold(f"Hint {number} of {len(hints)}", f"<p>{escape(text)}</p>{folds}")
    if borrowing.can_borrow(rule := check.lends):
        line = f'{rule} = borrow("{rule}")'
        words = "Borrowing costs the points of this check. If you want to, run this in a new cell:"
        folds += fold(f"Borrow {rule}", f"<p>{words}</p><pre>{escape(line)}</pre>")
    display({"text/html": f"{INDENTED_DIV}{folds}</div>", "text/plain": ""}, raw=True)


def _last_hint(check: Check) -> str:
    return f"That is the last hint. Read again: {check.section}"


def _is_the_reference(answer: Any) -> bool:
    bases = answer.__mro__ if isinstance(answer, type) else ()
    modules = [str(getattr(base, "__module__", "")) for base in bases]
    return any(course.is_reference(module) for module in modules for course in courses().values())


def hint(name: str) -> None:
    """Show the hints of a check so far and one more, at most three in all; it costs no points.

    For an unknown name, one line names the nearest.
    """
    if evidence_outbox.is_grading():
        print(f"{name}: not shown while grading")
        return
    from verdicts.diagnosis.catalogue import catalogue_of

    try:
        check = find(name)
    except UnknownCheckError as error:
        print(error)
        return
    hints = catalogue_of(check).hints(check.name)
    _asked[check.name] = shown = min(_asked[check.name] + 1, len(hints))
    for number, text in enumerate(hints[:shown], 1):
        tell(f"Hint {number} of {len(hints)}: {text}")
    if shown == len(hints):
        tell(_last_hint(check))
