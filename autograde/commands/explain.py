"""`autograde explain`: why a grade is what it is."""

from __future__ import annotations

from pathlib import Path

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs


@app.command("explain", cls=needs("grader"))
def explain_command(
    assignment: arguments.Assignment,
    student: arguments.Student,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Show why STUDENT has this grade for ASSIGNMENT: every check, its criteria, their numbers, the mistake.

    Example:  autograde explain 06-adam s05
    """
    from rich.console import Console

    from autograde.feedback.explain_grade import explain_grade
    from autograde.grading.graded_assignments import graded_assignment

    with graded_assignment(course_dir, assignment, [student]) as (course, gradebook, key):
        console = Console()
        for line in explain_grade(course, gradebook, key, student):
            console.print(line, highlight=False, soft_wrap=True)
