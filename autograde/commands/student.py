"""`autograde student`: what is kept of one student, given out or erased."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell, tell_count

student_app = typer.Typer(
    name="student", help="What is kept of one student: give it out, or erase it.", no_args_is_help=True
)
app.add_typer(student_app)


@student_app.command("export", cls=needs("grader"))
def export_command(
    student: arguments.Student,
    course_dir: arguments.CourseDir = Path("."),
    out: arguments.StudentFile = None,
) -> None:
    """Write a zip with everything that is kept of STUDENT: person, grades, submissions, feedback.

    Example:  autograde student export s05
    """
    from autograde.keeping.student_data import export_student

    path = out or Path(f"student-{Path(student).name}.zip")
    count = export_student(course_dir, student, path)
    tell_count("wrote {file}: {count} file", "wrote {file}: {count} files", count, file=path)


@student_app.command("erase", cls=needs("grader"))
def erase_command(
    student: arguments.Student,
    course_dir: arguments.CourseDir = Path("."),
    assignment: arguments.OneSubmission = None,
    yes: arguments.ReallyErase = False,
) -> None:
    """Erase STUDENT from the gradebook and the course's folders. Without --yes it says what would go.

    With --assignment one submission alone goes, with its grade and its page: one that was collected for the
    wrong person, for example.

    Backups, exports, reports that were written before, and nbgrader's exchange are not touched: they are
    named.

    Example:  autograde student erase s05 --yes
    """
    if assignment is not None:
        _erase_submission(course_dir, student, assignment, yes)
        return
    from autograde.keeping.student_data import erase_student, what_is_kept

    rows, files = what_is_kept(course_dir, student)
    named = {"student": student, "rows": rows, "files": files}
    if not yes:
        tell("{student}: {rows} rows of the gradebook and {files} files would go", **named)
        tell("nothing was erased. To erase for good: add --yes")
        return
    erase_student(course_dir, student)
    tell("erased {student}: {rows} rows of the gradebook and {files} files", **named)
    tell(
        "not touched: backups, exported files, reports written before, nbgrader's exchange. Write the "
        "reports anew; delete or replace the others yourself"
    )


def _erase_submission(course_dir: Path, student: str, assignment: str, yes: bool) -> None:
    from autograde.keeping.student_data import erase_submission, require_submission

    named = {"student": student, "assignment": assignment}
    if not yes:
        require_submission(course_dir, student, assignment)
        tell("{student}: the submission of {assignment} would go, with its grade and its page", **named)
        tell("nothing was erased. To erase for good: add --yes")
        return
    erase_submission(course_dir, student, assignment)
    tell("erased the submission of {assignment} by {student}, with its grade and its page", **named)
