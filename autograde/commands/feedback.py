"""`autograde feedback`: the pages that students get back."""

from typing import Annotated

import typer

from autograde.commands import HERE, Assignment, CourseDir, Students, app

SHOWN = 20


@app.command("feedback")
def feedback_command(
    assignment: Assignment,
    course_dir: CourseDir = HERE,
    student: Students = None,
    exchange: Annotated[
        bool, typer.Option("--exchange", help="Return the pages through nbgrader's exchange too.")
    ] = False,
) -> None:
    """Write a feedback page for every graded submission.

    The pages are feedback/STUDENT/ASSIGNMENT/*.html. A page is one file that needs no network. Return the folders feedback/STUDENT, or use --exchange: students
    who submitted through nbgrader's exchange then type `nbgrader fetch_feedback ASSIGNMENT`.

    Example:  autograde feedback 06-adam
    """
    from rich.progress import track

    from autograde.pages.feedback import pages_of, release, require_course_id, write_pages
    from autograde.people.class_results import graded_assignment
    from autograde.scores import counted, named

    with graded_assignment(course_dir, assignment, student) as (course, gradebook, key):
        if exchange:
            require_course_id(course)
        pages = pages_of(course, gradebook, key, student)
        total = len(pages.notebooks)
        written = list(track(write_pages(pages), "writing pages", total=total, transient=True))
    typer.echo(f"{counted(len(written), 'page')}, new or changed: {sum(page.fresh for page in written)}")
    if exchange:
        released, elsewhere = release(course, assignment, sorted(pages.graded))
        typer.echo(f"{counted(len(released), 'student')} can fetch feedback from the exchange")
        if elsewhere:
            typer.echo(f"not in the exchange, as submitted elsewhere: {named(elsewhere)}", err=True)
    for sentence, students in pages.without.items():
        if students:
            values = {"students": named(students, SHOWN), "first": students[0], "assignment": assignment}
            typer.echo(sentence.format(**values), err=True)
    if waiting := [who for who, one in pages.graded.items() if one.result.pending_manual]:
        typer.echo(f"waiting for manual grading: {named(waiting)}. Type this again when it is done")
    if written:
        typer.echo(f"for example {written[0].path}")
