"""`autograde notebooks`: a course's notebooks from its lessons' texts."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs
from autograde.telling import tell
from descentlab.sentences import say


@app.command("notebooks", cls=needs("grader"))
def notebooks_command(
    course_dir: arguments.CourseDir = Path("."),
    check: arguments.OnlyCheck = False,
    words: arguments.CountWords = False,
    force: arguments.OverwriteEdited = False,
) -> None:
    """Make the notebooks of every solutions/NN-name/name.md: the complete one beside it, and notebooks/.

    `autograde release` does this for the lesson that it releases, and tells the gradebook of it.

    Example:  autograde notebooks

    Exit status: 0 done, or nothing has drifted; 1 --check found drift; 2 something cannot be made.
    """
    from autograde.lessons.build import build, drift, lesson_paths

    if not lesson_paths(course_dir):
        raise UsageError.say("no lesson (solutions/NN-name/name.md) in {folder}", folder=course_dir.resolve())
    if words:
        for text in lesson_paths(course_dir):
            typer.echo(_counted(text))
        return
    if check:
        drifted = drift(course_dir)
        typer.echo("\n".join(drifted) or say("no drift"))
        raise typer.Exit(int(bool(drifted)))
    for path in build(course_dir, force=force):
        tell("wrote {file}", file=path.relative_to(course_dir))


def _counted(text: Path) -> str:
    from autograde.lessons.text import read_text
    from autograde.lessons.words import LIMIT, words_to_read

    count = words_to_read(read_text(text))
    return say(
        "{lesson}: {words} of at most {limit} words", lesson=text.parent.name, words=count, limit=LIMIT
    )
