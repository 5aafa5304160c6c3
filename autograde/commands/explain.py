"""`autograde explain`: why a grade is what it is."""

from typing import Annotated

import typer

from autograde.commands import HERE, Assignment, CourseDir, app

Student = Annotated[str, typer.Argument(help="The student's id.")]


@app.command("explain")
def explain_command(assignment: Assignment, student: Student, course_dir: CourseDir = HERE) -> None:
    """Show why STUDENT has this grade for ASSIGNMENT.

    That is each check, its criteria, their numbers, and the mistake.

    Example:  autograde explain 06-adam s05
    """
    from rich.console import Console

    from autograde.pages.explain import explain_grade
    from autograde.people.class_results import graded_assignment

    with graded_assignment(course_dir, assignment, [student]) as (course, gradebook, key):
        console = Console()
        for line in explain_grade(course, gradebook, key, student):
            console.print(line, highlight=False, soft_wrap=True)
