"""`autograde teach`: a lesson for those who teach it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell
from descentlab.sentences import say

if TYPE_CHECKING:
    from nbformat import NotebookNode


@app.command("teach", cls=needs("grader"))
def teach(
    assignment: arguments.Assignment,
    course_dir: arguments.CourseDir = Path("."),
    slides: arguments.AsSlides = False,
    reveal: arguments.RevealAddress = None,
    out: arguments.PlanFile = None,
) -> None:
    """Write a lesson's plan: minutes, predictions with answers, mistakes to expect; or its slides.

    Runs the complete lesson once. Once a class is graded, the mistakes are its own.

    Example:  autograde teach 06-adam --slides
    """
    from autograde.files import put_where_asked
    from autograde.teach import page
    from autograde.teach import slides as slides_of
    from autograde.teach.expected import class_counts
    from autograde.teach.rehearse import rehearse

    complete, folder = _complete_notebook(course_dir, assignment)
    notebook, answered = rehearse(complete, folder)
    if slides:
        text = slides_of.slides(notebook, answered, reveal)
    else:
        text = page.render(assignment, notebook, answered, class_counts(course_dir, assignment))
    path = out or course_dir / f"{'slides' if slides else 'teach'}-{assignment}.html"
    put_where_asked(path, text.encode("utf-8", "replace"))
    tell("wrote {file}", file=path)


def _complete_notebook(course_dir: Path, assignment: str) -> tuple[NotebookNode, Path]:
    """The assignment's first notebook with its answers, made from its text where that is newer; its folder.

    Raises:
        UsageError: there is none, or it is none that can be read.
    """
    import nbformat

    from autograde.assignments.convert import require_sound
    from autograde.assignments.settings import SOURCE, assignments, notebooks_in
    from autograde.errors import UsageError
    from autograde.lessons.current import update_notebooks

    folder = course_dir / SOURCE / assignment
    update_notebooks(folder)
    notebooks = notebooks_in(folder)
    if not notebooks:
        known = ", ".join(assignments(course_dir)) or say("none")
        raise UsageError.say(
            "no notebook in {folder}; assignments there: {known}", folder=folder, known=known
        )
    require_sound(notebooks[0])
    return nbformat.read(notebooks[0], as_version=4), folder
