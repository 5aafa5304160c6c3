"""`autograde teach`: a lesson for those who teach it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import Assignment, CourseDir
from autograde.commands import app
from autograde.roles import needs


@app.command("teach", cls=needs("grader"))
def teach(
    assignment: Assignment,
    course_dir: CourseDir = Path("."),
    slides: Annotated[bool, typer.Option("--slides", help="Slides instead of the page.")] = False,
    reveal: Annotated[
        str | None,
        typer.Option(help="Where the slides find reveal.js: a folder or an address.", show_default="the web"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write there.", show_default="teach-ASSIGNMENT.html or slides-ASSIGNMENT.html"),
    ] = None,
) -> None:
    """Write a lesson's plan: minutes, predictions with answers, mistakes to expect; or its slides.

    Runs the complete lesson once. Once a class is graded, the mistakes are its own.

    Example:  autograde teach 06-adam --slides
    """
    import nbformat

    from autograde.assignments.settings import SOURCE, assignments, notebooks_in
    from autograde.errors import UsageError
    from autograde.files import put_where_asked
    from autograde.lessons.current import bring_up_all
    from autograde.stopping import stopping
    from autograde.teach import page
    from autograde.teach import slides as slides_of
    from autograde.teach.expected import class_counts
    from autograde.teach.rehearse import rehearse
    from descentlab.sentences import say, template

    with stopping("teach"):
        bring_up_all(course_dir / SOURCE / assignment)
        notebooks = notebooks_in(course_dir / SOURCE / assignment)
        if not notebooks:
            known = ", ".join(assignments(course_dir)) or say("none")
            sentence = template("no notebook in {folder}; assignments there: {known}")
            raise UsageError.say(sentence, folder=course_dir / SOURCE / assignment, known=known)
        notebook, answered = rehearse(nbformat.read(notebooks[0], as_version=4))
        if slides:
            text = slides_of.slides(notebook, answered, reveal)
        else:
            text = page.render(assignment, notebook, answered, class_counts(course_dir, assignment))
        path = out or course_dir / f"{'slides' if slides else 'teach'}-{assignment}.html"
        put_where_asked(path, text.encode("utf-8", "replace"))
    typer.echo(say("wrote {file}", file=path))
