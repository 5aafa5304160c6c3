"""`autograde report`: what the class understood."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs
from autograde.telling import tell
from autograde.untrusted.names import printable
from descentlab.sentences import say, say_count


@app.command("report", cls=needs("grader"))
def report_command(
    assignment: arguments.AssignmentOrTerm = None,
    course_dir: arguments.CourseDir = Path("."),
    out: arguments.ReportFile = None,
    anonymous: arguments.Anonymous = False,
    ids: arguments.WithMistakeIds = False,
) -> None:
    """Write one page on the class: who is missing, late or to look at, scores, answers and their mistakes.

    Without an assignment: all of them, a line a student. The pages need no network and can be printed.

    Example:  autograde report 06-adam --out adam.html
    """

    if assignment is None and ids:
        raise UsageError.say("--ids: the page of the term names no mistakes. Name an assignment.")
    if assignment is None:
        lines, path = _of_the_term(course_dir, out, anonymous)
    else:
        lines, path = _of_one(course_dir, assignment, out, anonymous, ids)

    for line in lines:
        typer.echo(line)
    tell("wrote {file}", file=path)


def _of_one(
    course_dir: Path, assignment: str, out: Path | None, hidden: bool, ids: bool
) -> tuple[list[str], Path]:
    """The page on one assignment: what a terminal says of it, and its place."""
    from autograde.files import put_where_asked
    from autograde.grading.graded_assignments import graded_assignment
    from autograde.grading.whole_class import read_class
    from autograde.report.class_page import render, summary_line
    from autograde.report.gather import gather
    from autograde.report.mistake_messages import mistake_messages
    from autograde.report.people_shown import anonymous, named, salt_of

    with graded_assignment(course_dir, assignment) as (course, gradebook, key):
        report = gather(read_class(course, gradebook, key))
    path = out or course.root / f"report-{assignment}{'-anonymous' if hidden else ''}.html"
    shown = (
        anonymous(report.names, salt_of(course)) if hidden else named(course, report.names, assignment, path)
    )
    put_where_asked(path, render(report, shown, ids).encode("utf-8", "replace"))
    lines = [summary_line(report)]
    for words, count in (
        (say("not handed in"), len(report.missing)),
        (say("handed in, not graded yet"), len(report.waiting)),
        (say("not on the roster"), len(report.strangers)),
        (say("late"), len(report.late)),
        (say("to look at"), len(report.attention)),
    ):
        lines += [f"  {words}: {count}"] if count else []
    for row in report.rows:
        for message in mistake_messages(row)[:3]:
            name = f" [{message.id}]" if ids and message.id else ""
            # A sentence may repeat what a student's code says in an exception.
            lines.append(f"  {row.title}: {printable(message.sentence)}{name} ({message.count})")
    return lines, path


def _of_the_term(course_dir: Path, out: Path | None, hidden: bool) -> tuple[list[str], Path]:
    from autograde.files import put_where_asked
    from autograde.report.people_shown import Shown, anonymous, salt_of
    from autograde.report.term import read_term, render_term

    course, term = read_term(course_dir)
    path = out or course.root / f"report-term{'-anonymous' if hidden else ''}.html"
    students = [line.student for line in term.lines]
    shown = anonymous(students, salt_of(course)) if hidden else Shown(term.names)
    put_where_asked(path, render_term(term, shown).encode("utf-8", "replace"))
    assignments = say_count("{count} assignment", "{count} assignments", len(term.assignments))
    return [f"{assignments}, {say_count('{count} student', '{count} students', len(students))}"], path
