"""`check`, the one line in the locked cell under a stub, and `hint`: what they do in a box; `showing` does the rest."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verdicts import inline, solving
from verdicts.courses import UnknownCheckError, find, is_inline
from verdicts.notebook import borrowing, cells
from verdicts.recorders import record
from verdicts.recording import evidence_bytes, evidence_outbox
from verdicts.values import carried, named

if TYPE_CHECKING:
    from collections.abc import Mapping


class Score(float):
    """A float whose text is only the number, as nbgrader reads it."""

    def __repr__(self) -> str:
        return f"{float(self):g}"

    def _ipython_display_(self) -> None:
        """Nothing below the verdict in a front end; nbgrader reads the plain text."""
        if not cells.in_front_end():
            raise NotImplementedError


def check(name: str, answer: Any, points: float = 1.0, **words: Any) -> Score | None:
    """Check an answer, show the verdict, and return fraction × points.

    With `points=0` the answer is an example, which is not recorded. In the grader's sandbox it records
    only: the verdict is made outside. `words` define a check of the notebook's own: see `verdicts.inline`.
    """
    try:
        if evidence_outbox.is_grading():
            _hand_over(name, answer, words)
            return None
        from verdicts.notebook.showing import show

        return Score(show(name, answer, points))
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
        evidence = solving.solved(name, answer, task, words, cells.known_names())
        if evidence is None:
            asked = inline.of_task(task) or find(name)
            evidence = record(name, answer, seed, task, borrowed=borrowing.is_borrowed(asked))
        evidence_outbox.put(evidence)
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


def problems(held: str, names: Mapping[str, str] = MappingProxyType({})) -> None:
    """Make known the problems on which `check` tries an answer in this kernel, as a release wrote them down.

    `names`: those that a class gave to mistakes; only who makes one reads its name.
    """
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
        solved = kept["solved"]
        make_known(definition, solved, definition.own_functions(), public=solved, names=names)


def hint(name: str) -> None:
    """Show the hints of a check so far and one more, at most three in all; it costs no points.

    For an unknown name, one line names the nearest.
    """
    if evidence_outbox.is_grading():
        print(f"{name}: not shown while grading")
        return
    from verdicts.notebook.showing import show_hints

    try:
        show_hints(name)
    except UnknownCheckError as error:
        print(error)
