"""Points by hand are an answer's: who hands in another one waits for a person again.

The points stay in the gradebook, and formgrader ticks the answer. Until a person has saved points there, or
clicked on the tick, no output counts the earlier ones. Our row keeps a digest of what was handed in, so that
neither what is done to the autograded files nor another answer in between makes anybody look twice.

    answers_of     what was handed in, before a course's own steps change it
    ticks_of       which answers have points by hand, and whether formgrader ticks them
    answers_after  what the row says of the answers, once a submission is graded
    tick_after     tick in formgrader what waits then
    suspend        the same of test cells whose points nobody else vouches for
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from nbgrader.api import Grade, MissingEntry

from autograde.course.answer_key import KeyCell, KeyNotebook, grade_id_of
from autograde.course.gradebook import SharedGradebook
from autograde.course.results import REVIEW
from autograde.course.submission_rows import NOT_KEPT, Answer, SubmissionRow
from autograde.grading.submission_run import SubmissionRun

Texts = list[tuple[str | None, str]]  # of a notebook's cells: grade_id and source, in order


def answers_of(run: SubmissionRun) -> dict[str, str]:
    """A digest of each answer that only a person can grade, by "notebook/grade_id"."""
    digests: dict[str, str] = {}
    for one in run.notebook_runs:
        digests |= _digests(one.key, [(grade_id_of(cell), cell["source"]) for cell in one.notebook.cells])
    return digests


def answers_in(folder: Path, notebooks: Iterable[KeyNotebook]) -> dict[str, str]:
    """As `answers_of`, of the files that lie there; nothing of a file that is gone or odd."""
    digests: dict[str, str] = {}
    for notebook in notebooks:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            cells = json.loads((folder / f"{notebook.name}.ipynb").read_bytes())["cells"]
            texts = [
                (cell["metadata"].get("nbgrader", {}).get("grade_id"), "".join(cell["source"]))
                for cell in cells
            ]
            digests |= _digests(notebook, texts)
    return digests


def graded_by_hand(gradebook: SharedGradebook, run: SubmissionRun) -> dict[str, Grade]:
    """The answers in words that a person has given points, by "notebook/grade_id"."""
    who, by_hand = run.submission, {}
    for notebook in (notebook_run.key for notebook_run in run.notebook_runs):
        for cell in filter(lambda cell: cell.manual, notebook.cells.values()):
            with suppress(MissingEntry):  # a cell that was added since
                grade = gradebook.find_grade(cell.grade_id, notebook.name, who.assignment, who.student)
                if grade.manual_score is not None:
                    by_hand[f"{notebook.name}/{cell.grade_id}"] = grade
    return by_hand


def ticks_of(by_hand: Mapping[str, Grade]) -> dict[str, bool]:
    """Whether formgrader ticks each of these answers: to be asked before nbgrader's step ticks them all."""
    return {name: bool(grade.needs_manual_grade) for name, grade in by_hand.items()}


def settled(answers: Mapping[str, Answer], ticks: Mapping[str, bool]) -> dict[str, Answer]:
    """The answers of a row with what a person did since: points without a tick are of what was there then."""
    return {
        name: answer if ticks.get(name) else Answer(answer.now, answer.now)
        for name, answer in answers.items()
    }


def answers_after(
    now: Mapping[str, str],
    ticks: Mapping[str, bool],
    before: SubmissionRow | None,
    lying: Mapping[str, str],
) -> dict[str, Answer]:
    """What the row says of each answer from now on.

    Args:
        now: what `answers_of` gave.
        before: the row of the grading before.
        lying: what a person looked at, of answers of which that row says nothing.
    """
    known = settled(before.answers if before else {}, ticks)
    answers = {}
    for name, digest in now.items():
        points_of = known[name].points_of if name in known else lying.get(name, NOT_KEPT)
        answers[name] = Answer(digest, points_of if name in ticks else digest)
    return answers


def tick_after(
    by_hand: Mapping[str, Grade],
    answers: Mapping[str, Answer],
    ticks: Mapping[str, bool],
    before: SubmissionRow | None,
) -> None:
    """Tick what waits, and what somebody else than this grader ticked: nbgrader's step ticks everything."""
    ours = {name for name in ticks if before and (before.status == REVIEW or before.waits(name))}
    for name, ticked in ticks.items():
        waits = name in answers and answers[name].waits
        by_hand[name].needs_manual_grade = waits or (ticked and name not in ours)


def suspend(gradebook: SharedGradebook, run: SubmissionRun) -> None:
    """Take the automatic points of test cells that a person has to look at; points by hand stay."""
    for name in run.pending:
        notebook, _, grade_id = name.rpartition("/")
        who = run.submission
        grade = gradebook.find_grade(grade_id, notebook, who.assignment, who.student)
        grade.auto_score, grade.needs_manual_grade = None, grade.manual_score is None


def _digests(notebook: KeyNotebook, texts: Texts) -> dict[str, str]:
    by_id = dict(texts)
    unlocked = [
        text for grade_id, text in texts if text.strip() and not _is_locked(notebook.cells.get(grade_id))
    ]
    return {
        f"{notebook.name}/{cell.grade_id}": _digest(unlocked if cell.task else [by_id.get(cell.grade_id, "")])
        for cell in notebook.cells.values()
        if cell.manual
    }


def _is_locked(cell: KeyCell | None) -> bool:
    """Whether nothing that a student does stands in the cell: what is done for a task is in all others."""
    return cell is not None and (cell.locked or cell.task)


def _digest(texts: list[str]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
