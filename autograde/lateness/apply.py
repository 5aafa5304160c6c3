"""Penalties of what was graded already, computed anew: no student's code runs, and no grade is touched.

A due date, an extension, a rule or a grade by hand may have changed since. The plugin that the course
configures for nbgrader decides, so that the result is what grading again would give.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select
from traitlets import TraitError
from traitlets.config import Config

from autograde.errors import UsageError
from autograde.lateness.due_dates import apply_due_dates
from autograde.lateness.extensions import put_on_submissions, read_extensions

log = logging.getLogger("autograde.nbgrader")


def apply_lateness(
    gradebook: Gradebook,
    config: Config,
    assignment: str | None = None,
    students: Collection[str] | None = None,
) -> dict[tuple[str, str], tuple[float, float]]:
    """Bring due dates, extensions and penalties up to date; within the transaction that runs.

    Returns:
        By student and assignment, the penalty before and now where it differs.

    Raises:
        UsageError: a due date in the configuration is no time, or a price no number.
    """
    apply_due_dates(gradebook, config)
    extensions = read_extensions(gradebook)
    if extensions:
        put_on_submissions(gradebook, extensions, students, assignment)
    gradebook.db.flush()
    rule = _rule(config)
    changed: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, submission, notebook in gradebook.db.execute(_submitted(assignment, students)):
        before, now = notebook.late_submission_penalty, _penalty(rule, submission, notebook)
        totals = changed[submission.student_id, name]
        totals[0] += before or 0.0
        totals[1] += now or 0.0
        if before != now:
            notebook.late_submission_penalty = now
    return {who: (before, now) for who, (before, now) in changed.items() if before != now}


def _rule(config: Config) -> AssignLatePenalties:
    """nbgrader's step with the plugin that the course configures.

    Raises:
        UsageError: the configuration gives it a value that it does not take.
    """
    try:
        rule = AssignLatePenalties(config=config, log=log)
        rule.init_plugin()
    except TraitError as error:
        raise UsageError.say("nbgrader_config.py: {reason}", reason=error) from error
    return rule


def _submitted(assignment: str | None, students: Collection[str] | None):
    """Notebooks of submissions that are or were late: of all others there is nothing to say."""
    query = (
        select(Assignment.name, SubmittedAssignment, SubmittedNotebook)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(
            (SubmittedAssignment.timestamp > Assignment.duedate)
            | SubmittedNotebook.late_submission_penalty.is_not(None)
        )
    )
    if assignment is not None:
        query = query.where(Assignment.name == assignment)
    if students is not None:
        query = query.where(SubmittedAssignment.student_id.in_(list(students)))
    return query


def _penalty(
    rule: AssignLatePenalties, submission: SubmittedAssignment, notebook: SubmittedNotebook
) -> float | None:
    """As nbgrader's step computes it."""
    if submission.assignment.duedate is None or submission.total_seconds_late <= 0:
        return None
    late = submission.total_seconds_late
    penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
    return None if penalty is None else rule._check_late_penalty(notebook, penalty)
