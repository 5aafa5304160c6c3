"""The step `save`: grades, late penalties, autograded notebook and our own row, all at once or not at all.

nbgrader's own steps write the grades and keep manual ones. A manual grade belongs to one version of an answer: for
a changed answer formgrader ticks the grade, and no output counts it until a person has saved points there or clicked
on the tick. Our row has a digest of each submitted answer, so that neither a change to the autograded files nor
another answer in between makes anybody look twice.
"""

import base64
import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Grade, MissingEntry, SubmittedAssignment
from nbgrader.converters import Autograde

from autograde import files
from autograde.book import late, marks
from autograde.book.gradebook import SharedGradebook
from autograde.book.submission_rows import (
    AnswerDigests,
    SubmissionRow,
    read_rows,
    read_scores,
    result_of,
    write_row,
)
from autograde.course import graded_files, nbgrader_steps, submission_files
from autograde.course.course import Course
from autograde.entries import answer_key
from autograde.entries.entry import EARLIER_VERSION, REVIEW, Entry, Submission
from autograde.entries.graded import Graded, GradedNotebook
from autograde.errors import MachineError, NeedsReviewError


class Saver:
    """nbgrader's own steps, made once a run, and where their results go."""

    def __init__(self, course: Course, gradebook: SharedGradebook, key: answer_key.AnswerKey) -> None:
        self._course, self._gradebook, self._key = course, gradebook, key
        converter = Autograde(course.directory, config=course.config)
        self._sanitizing = nbgrader_steps.make_steps(course, converter.sanitize_preprocessors)
        self._saving = nbgrader_steps.make_steps(course, converter.autograde_preprocessors)
        self._is_due = late.read_due_dates(gradebook).get(key.assignment) is not None
        self._mode = 0o664 if course.directory.groupshared else 0o444
        registered = gradebook.find_assignment(key.assignment).notebooks
        graded = {
            f"{one.name}/{cell.name}" for one in registered for cell in [*one.grade_cells, *one.task_cells]
        }
        self._removed = graded - key.points.keys()  # since an earlier release

    def sanitize(self, graded: Graded) -> None:
        """Take the steps that a course adds to nbgrader's sanitize steps, whose own work `restore` has done."""
        with self._gradebook.shared():
            self._apply(self._sanitizing, graded)

    def _apply(self, steps: list[Preprocessor], graded: Graded) -> None:
        for one in graded.notebooks:
            who, db_url = graded.submission, self._course.directory.db_url
            resources = nbgrader_steps.resources_of(who.student, who.assignment, one.key.name, db_url)
            one.notebook = nbgrader_steps.apply_steps(steps, one.notebook, resources)

    def save(self, graded: Graded, keep: bool = True, answers: Mapping[str, str] | None = None) -> Entry:
        """Write a graded submission; with `keep=False` only return what it would come to.

        Args:
            answers: the digests of `answers_of`, where what was submitted is not at hand.

        Raises:
            MachineError: it was replaced meanwhile, or nbgrader's steps fail.
            CourseError: the gradebook or the disk refuses.
        """
        submission = graded.submission
        folder = self._course.folder("autograded", submission.student, submission.assignment)
        graded_files.refuse_what_lies_in_the_way(folder)
        with self._gradebook.transaction(keep):
            try:
                with self._gradebook.shared():
                    updated = self._take_steps(graded, answers_of(graded) if answers is None else answers)
            except MissingEntry as lost:
                raise MachineError(
                    f"the gradebook lost a row of this submission ({lost}): put a backup in its place"
                ) from lost
            if submission_files.digest_of_submitted(submission, self._key.notebooks) != graded.submitted:
                raise MachineError("it was replaced while it was graded")
            files = autograded_files(graded) if keep else {}
            row = replace(row_of(graded), products=submission_files.digest_of_files(files), answers=updated)
            result = self._write(row, graded.added)
        if keep:
            graded_files.write_autograded(files, folder, self._mode)
        return replace(result, cpu_seconds=graded.cpu_seconds)

    def _take_steps(self, graded: Graded, submitted: Mapping[str, str]) -> dict[str, AnswerDigests]:
        """Take nbgrader's steps; returns the row's entries for the answers that a person grades."""
        submission, gradebook = graded.submission, self._gradebook
        student = submission.student
        self._submit(submission, graded.timestamp)
        by_hand = graded_by_hand(gradebook, self._key, student)
        ticked = {name for name, grade in by_hand.items() if grade.needs_manual_grade}
        before = self._row_before(submission) if by_hand else SubmissionRow("", "")
        known = settled(before.answers, ticked)
        answers = {}
        for name, now in submitted.items():
            points_of = known[name].points_of if name in known else ""  # no digest
            answers[name] = AnswerDigests(now, points_of if name in by_hand else now)
        self._apply(self._saving, graded)  # ticks every grade that a person gave
        full = marks.give_full(gradebook, self._key, student)
        if self._is_due:
            # nbgrader's step counts days of 24 hours, and knows no extension before a submission.
            late.apply_lateness(gradebook, self._course.config, self._key.assignment, student)
        suspend(gradebook, graded)
        for name, grade in by_hand.items():
            waits = name in answers and answers[name].waits
            ours = before.status == REVIEW or before.waits(name)
            grade.needs_manual_grade = waits or (name in ticked and not ours)
        for grade in full:
            grade.needs_manual_grade = False
        for name in self._removed | (graded.added - graded.pending):
            grade = gradebook.grade_of(name, submission.assignment, student)
            grade.needs_manual_grade = False
            if name in self._removed:  # nbgrader would count it
                grade.auto_score = grade.manual_score = grade.extra_credit = None
        return answers

    def _row_before(self, submission: Submission) -> SubmissionRow:
        student, assignment = submission.student, submission.assignment
        rows = read_rows(self._gradebook, assignment, [student])
        return rows.get(student) or SubmissionRow(assignment, student)

    def save_review(self, submission: Submission, digest: str, reason: NeedsReviewError) -> Entry:
        """Write that a person has to look: no automatic score, what a person gave stays.

        Raises:
            CourseError: the gradebook or the disk refuses.
        """
        with self._gradebook.transaction():
            submitted = self._submit(submission)
            ticked = set()
            for notebook in submitted.notebooks:
                for grade in notebook.grades:
                    if grade.manual_score is not None and grade.needs_manual_grade:
                        ticked.add(f"{notebook.name}/{grade.name}")
                    grade.auto_score, grade.needs_manual_grade = None, True
            answers = settled(self._row_before(submission).answers, ticked)
            graded_files.remove_autograded(
                self._course.folder("autograded", submission.student, submission.assignment)
            )
            row = SubmissionRow(
                submission.assignment,
                submission.student,
                digest,
                status=REVIEW,
                flags=(reason.flag,),
                notes=(str(reason),),
                answers=answers,
            )
            return self._write(row)

    def _submit(self, submission: Submission, timestamp: datetime | None = None) -> SubmittedAssignment:
        fields = {"timestamp": timestamp} if timestamp else {}
        self._gradebook.update_or_create_student(submission.student)
        return self._gradebook.update_or_create_submission(
            submission.assignment, submission.student, **fields
        )

    def _write(self, row: SubmissionRow, added: Collection[str] = ()) -> Entry:
        """Write the row with the scores that the gradebook has now; returns what they come to.

        Args:
            added: cells that count only where they have points.
        """
        key = self._key
        self._gradebook.db.flush()
        scores = read_scores(self._gradebook, key.assignment, [row.student])[row.student]
        points = {
            name: worth for name, worth in key.points.items() if name not in added or scores.cells.get(name)
        }
        if points != key.points:
            missing = ", ".join(name.rpartition("/")[2] for name in key.points.keys() - points.keys())
            notes = dict.fromkeys((*row.notes, f"without {missing}"))
            row = replace(row, flags=(*row.flags, EARLIER_VERSION), notes=tuple(notes))
        row = replace(row, auto_scores=scores.automatic, points=points)
        write_row(self._gradebook, row)
        return result_of(row, scores, key)


def row_of(graded: Graded) -> SubmissionRow:
    """The row of a graded submission, as far as it says so itself."""
    return SubmissionRow(
        graded.submission.assignment,
        graded.submission.student,
        graded.digest,
        flags=tuple(graded.flags),
        notes=tuple(graded.notes),
        cells=verdicts_of(graded),
        seconds=graded.seconds,
        tier=graded.tier,
    )


def verdicts_of(graded: Graded) -> dict[str, dict[str, Any]]:
    """What the table and the report show of each check, by "notebook/grade_id"."""
    return {
        graded_notebook.name_of(grade_id): {
            "check": graded_notebook.key.cells[grade_id].check,
            "mistake": verdict.mistake,
            "cause": verdict.cause,
            "fact": next(iter(verdict.facts), ""),
            "hint": verdict.hint,
            "status": verdict.status,
            "alike": [*verdict.alike],
            "failed": [criterion.name for criterion in verdict.criteria if criterion.wrong],
        }
        for graded_notebook in graded.notebooks
        for grade_id, verdict in graded_notebook.verdicts.items()
    }


def answers_of(graded: Graded) -> dict[str, str]:
    """A digest of each answer that only a person can grade, by "notebook/grade_id"."""
    digests: dict[str, str] = {}
    for one in graded.notebooks:
        texts = [(answer_key.grade_id_of(cell), _answer(cell)) for cell in one.notebook.cells]
        by_id, known = dict(texts), one.key.cells
        # These hold no student work. A task is answered in the other cells.
        others = {cell.grade_id for cell in known.values() if cell.locked or cell.task}
        unlocked = [text for name, text in texts if text.strip() and name not in others]
        for cell in known.values():
            if cell.manual:
                name = one.name_of(cell.grade_id)
                elsewhere = cell.task or name in graded.pending
                answers = unlocked if elsewhere else [by_id.get(cell.grade_id, "")]
                digests[name] = files.sha256(json.dumps(answers).encode())
    return digests


def _answer(cell: NotebookNode) -> str:
    """A cell's text and its pictures."""
    return cell["source"] + (json.dumps(cell["attachments"]) if cell.get("attachments") else "")


def graded_by_hand(gradebook: SharedGradebook, key: answer_key.AnswerKey, student: str) -> dict[str, Grade]:
    """The answers that a person has given points, over those of a check too, by "notebook/grade_id"."""
    by_hand = {}
    for name in key.points:
        with suppress(MissingEntry):  # a cell that was added since
            grade = gradebook.grade_of(name, key.assignment, student)
            if grade.manual_score is not None:
                by_hand[name] = grade
    return by_hand


def settled(answers: Mapping[str, AnswerDigests], ticked: Collection[str]) -> dict[str, AnswerDigests]:
    """A row's answers, updated: a manual grade without a tick belongs to the answer graded last."""
    return {
        name: answer if name in ticked else AnswerDigests(answer.now, answer.now)
        for name, answer in answers.items()
    }


def suspend(gradebook: SharedGradebook, graded: Graded) -> None:
    """Take the automatic points and comments of cells that a person has to look at; points by hand stay."""
    for name in graded.pending:
        who = graded.submission
        grade = gradebook.grade_of(name, who.assignment, who.student)
        grade.auto_score, grade.needs_manual_grade = None, True
        with suppress(MissingEntry):  # a test cell has none
            comment = gradebook.comment_of(name, who.assignment, who.student)
            comment.auto_comment = None  # "No response."


def autograded_files(graded: Graded) -> dict[str, bytes]:
    """The files stored for a submission, by name: every notebook, its evidence and the time of submission."""
    files: dict[str, bytes] = {}
    if graded.timestamp is not None:  # first: no digest would miss it
        files[submission_files.TIMESTAMP] = f"{graded.timestamp} UTC\n".encode()
    for graded_notebook in graded.notebooks:
        name = graded_notebook.key.name
        files[f"{name}.ipynb"] = json.dumps(graded_notebook.notebook).encode()
        files[f"{name}.json"] = evidence_of(graded_notebook)
    return files


def evidence_of(graded_notebook: GradedNotebook) -> bytes:
    """What is kept of a notebook, as JSON: enough to judge it again without running it again."""
    from verdicts.recording import evidence_bytes  # NumPy: nothing else here needs it

    checks = {}
    for grade_id, seed in graded_notebook.seeds.items():
        evidence, solved = graded_notebook.evidence.get(grade_id), graded_notebook.solved.get(grade_id)
        packed = solved and evidence_bytes.pack({"check": "", "solved": asdict(solved)}).decode()
        checks[grade_id] = {
            "seed": seed,
            "evidence": None if evidence is None else base64.b64encode(evidence).decode(),
            "error": graded_notebook.errors.get(grade_id, ""),
            "verdict": graded_notebook.verdicts[grade_id].as_data(),
            "solved": packed,
        }
    stored = {
        "version": graded_files.FORMAT,
        "evidence_format": evidence_bytes.FORMAT,
        "submitted": graded_notebook.digest,
        "checks": checks,
    }
    return json.dumps(stored).encode()
