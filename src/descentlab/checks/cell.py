"""`check`: the one line in the locked cell under a stub."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from descentlab import borrowing
from descentlab.check_progress import note
from descentlab.checks.recording import evidence_outbox, record
from descentlab.checks.spec import UnknownCheckError
from descentlab.exercises import find
from descentlab.failed_cells import is_of_an_earlier_run
from descentlab.hints import all_hints
from descentlab.predictions import judged
from descentlab.sentences import say

ABSENT_WHEN_GRADED = (
    "descentlab.rules",
    "descentlab.diagnosis",
    "descentlab.checks.comparing",
    "descentlab.checks.judging",
)


SEE_EVERY_CALL = 'from descentlab import why; why("{check}", {answer})'


class Score(float):
    """A float whose text is only the number, as nbgrader reads it."""

    def __repr__(self) -> str:
        return f"{float(self):g}"

    def _repr_html_(self) -> str:
        """Nothing below the verdict in a notebook; nbgrader reads the plain text."""
        return ""


def check(name: str, answer: Any, points: float = 1.0) -> Score | None:
    """Check an answer, show why, and give fraction × points.

    In the grader's sandbox it records only: the verdict is made outside.
    """
    try:
        if evidence_outbox.is_grading():
            return _hand_over(name, answer)
        return _show(name, answer, points)
    except UnknownCheckError as error:
        print(error)
        return Score(0.0)


def _hand_over(name: str, answer: Any) -> None:
    seed = evidence_outbox.armed_seed()
    if seed is None:
        print(say("{check}: not graded here", check=name))
        return
    evidence_outbox.put(record(name, answer, seed))
    print(say("{check}: recorded", check=name))


def _show(name: str, answer: Any, points: float) -> Score:
    from IPython.display import display

    from descentlab.checks.judging import judge, mimebundle, picture_output
    from descentlab.checks.judging.section_links import link_to
    from descentlab.derivations import derivation

    with borrowing.in_check():
        evidence = record(name, answer, 0)
    verdict = borrowing.after_check(find(name), judge(name, evidence, 0, local=True))
    if _is_the_reference(answer):
        verdict = verdict.with_note(
            say("This is the reference itself. It is not there when your work is graded: use your own class.")
        )
    if is_of_an_earlier_run(answer):
        verdict = verdict.with_note(
            say(
                "The cell that makes {name} failed when it was run last: this judges {name} of an earlier "
                "run. Mend that cell, run it, and check again.",
                name=answer.__name__,
            )
        )
    wrong = verdict.status == "answered" and not verdict.passed
    if wrong and isinstance(answer, type):
        verdict = replace(verdict, code=SEE_EVERY_CALL.format(check=name, answer=answer.__name__))
    if wrong and not verdict.hint and name in all_hints():
        verdict = verdict.with_note(say('hint("{check}") shows a first hint, at no cost.', check=name))
    judged(name, not wrong)
    verdict = replace(verdict, link=link_to(verdict.section))
    data, metadata = mimebundle(verdict, points)
    display(data, metadata=metadata, raw=True)
    drawn = picture_output(verdict)
    if drawn is not None:
        display(drawn["data"], metadata=drawn["metadata"], raw=True)
    derived = derivation(name) if verdict.passed else {}
    if derived:
        display(derived, raw=True)
    note(name, verdict.points(points), points)
    return Score(verdict.points(points))


def _is_the_reference(answer: Any) -> bool:
    bases = answer.__mro__ if isinstance(answer, type) else ()
    return any(str(getattr(base, "__module__", "")).startswith(ABSENT_WHEN_GRADED) for base in bases)


def why(name: str, answer: Any) -> Any:
    """Where an answer first differs, call by call, and what it remembers beside what is expected.

    For your own eyes: `why("adam/update", Adam)` in a cell of its own costs and earns nothing.
    """
    if evidence_outbox.is_grading():
        print(say("{check}: not shown while grading", check=name))
        return None
    try:
        from descentlab.checks.judging.differences import why as explain_why

        return explain_why(name, answer)
    except UnknownCheckError as error:
        print(error)
        return None
