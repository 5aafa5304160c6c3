"""`autograde new`: a course's folder, an assignment of one's own, a lesson, what another platform runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.arguments import CourseDir, EmptyCourse, Lessons, NewFolder, Solutions
from autograde.commands import app
from autograde.roles import needs

new = typer.Typer(
    name="new",
    help="Make a course's folder, an assignment in it, a lesson, or what another platform runs.",
    no_args_is_help=True,
)
app.add_typer(new)
Asked = Annotated[
    str, typer.Argument(help="A lesson's name, or the notebook with the answers.", metavar="LESSON|FILE")
]


@new.command("course", cls=needs("grader"))
def course_command(
    folder: NewFolder,
    solutions: Solutions = None,
    lesson: Lessons = None,
    empty: EmptyCourse = False,
) -> None:
    """Make a course's folder: solutions/, and nbgrader_config.py. Nothing is downloaded or overwritten.

    The folder of --solutions is a clone, or one that holds NAME/NAME.ipynb.

    Example:  autograde new course adam-2026 --lesson 01-sgd --lesson 06-adam
    """
    from autograde.new.make_course import find_solutions, make_course, make_empty_course
    from autograde.stopping import stop, stopping
    from descentlab.sentences import say, say_count

    if empty and (solutions or lesson):
        stop("new course", say("--empty takes no lesson: leave out --solutions and --lesson, or --empty"))
    with stopping("new course"):
        if empty:
            make_empty_course(folder)
            typer.echo(say("{folder}: no assignment yet", folder=folder))
            typer.echo(say("next:  cd {folder}  and  autograde new assignment NAME", folder=folder))
            return
        names = make_course(folder, solutions or find_solutions(), lesson)
    typer.echo(
        say_count(
            "{folder}: {count} assignment: {names}",
            "{folder}: {count} assignments: {names}",
            len(names),
            folder=folder,
            names=", ".join(names),
        )
    )
    typer.echo(say("next:  cd {folder}  and  autograde release --all", folder=folder))


@new.command("assignment", cls=needs("grader"))
def assignment_command(
    name: Annotated[str, typer.Argument(help="Its name: letters, digits, - and _.")],
    course_dir: CourseDir = Path("."),
) -> None:
    """Make solutions/NAME/NAME.ipynb: a notebook with ordinary nbgrader tests, to be edited.

    It can be released as it is: an answer with a test that students see and a hidden one, an answer whose
    test gives part of the points, and a question in words with a rubric.

    Example:  autograde new assignment hw1
    """
    from autograde.new.assignment import make_assignment
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("new assignment"):
        path = make_assignment(course_dir, name)
    typer.echo(say("made {file}: edit it in JupyterLab (autograde lab --teacher)", file=path))
    typer.echo(say("next:  autograde release {name}", name=name))


@new.command("lesson", cls=needs("grader"))
def lesson_command(
    name: Annotated[str, typer.Argument(help="Its number and name, such as 09-lion.")],
    clone: Annotated[Path, typer.Option(help="The clone of descentlab.")] = Path("."),
) -> None:
    """In a clone, make a lesson that runs: its text, an exercise with its known mistake, tests that pass.

    What it says is a place for what you will say: docs/lessons.md has the rules. One line is added to the
    list of files that the sandbox is given (autograde/sandbox/staging.py).

    Example:  autograde new lesson 09-lion
    """
    from autograde.new.lesson import HOLD_THE_AUTHOR, make_lesson
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("new lesson"):
        *made, staging = make_lesson(clone, name)
    for file in made:
        typer.echo(say("made {file}", file=file))
    typer.echo(say("one line more in {file}", file=staging))
    typer.echo(say("next:  autograde notebooks  and  python -m pytest {tests}", tests=made[-1]))
    typer.echo(say("Then edit {file} and its exercises. What holds you to the rules:", file=made[0]))
    for rule in HOLD_THE_AUTHOR:
        typer.echo(f"  {say(rule, lesson=name)}")


@new.command("gradescope", cls=needs("grader"))
def gradescope_command(
    lesson: Asked,
    out: Annotated[
        Path | None, typer.Option(help="The zip to write.", show_default="gradescope-LESSON.zip")
    ] = None,
    wheel: Annotated[
        Path | None,
        typer.Option(help="descentlab's wheel.", show_default="the file that this was installed from"),
    ] = None,
    isolation: Annotated[
        str, typer.Option(help="How submissions run there; none: unprotected. See autograde mark.")
    ] = "auto",
) -> None:
    """Make an autograder for Gradescope: a zip to upload.

    Example:  autograde new gradescope 06-adam
    """
    from autograde.mark.key import find_key
    from autograde.mark.one_notebook import require_known
    from autograde.new.gradescope import make_autograder
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("new gradescope"):
        require_known(isolation)
        key = find_key(lesson, Path(lesson))
        path = out or Path(f"gradescope-{key.answers.assignment}.zip")
        names = make_autograder(key, path, wheel, isolation)
    typer.echo(say("{file}: {names}", file=path, names=", ".join(names)))
    typer.echo(say("next: upload it in Gradescope, Configure Autograder. docs/gradescope.md says what then."))


Repository = Annotated[Path, typer.Option(help="The repository that students get.", metavar="FOLDER")]
Package = Annotated[
    str | None,
    typer.Option(
        help="What pip installs there, for example a wheel's address.",
        metavar="WORD",
        show_default="descentlab[grader] of this version",
    ),
]


@new.command("github-classroom", cls=needs("grader"))
def github_classroom_command(lesson: Asked, folder: Repository = Path("."), package: Package = None) -> None:
    """Make a workflow for GitHub Classroom that marks LESSON at each push: feedback, no grade.

    Example:  autograde new github-classroom 06-adam
    """
    _make_workflow("github-classroom", lesson, folder, package)


@new.command("gitlab-ci", cls=needs("grader"))
def gitlab_ci_command(lesson: Asked, folder: Repository = Path("."), package: Package = None) -> None:
    """Make a pipeline for GitLab that marks LESSON at each push: feedback, no grade.

    Example:  autograde new gitlab-ci 06-adam
    """
    _make_workflow("gitlab-ci", lesson, folder, package)


def _make_workflow(platform: str, lesson: str, folder: Path, package: str | None) -> None:
    from autograde.mark.key import find_key
    from autograde.new.workflows import make_workflow
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping(" ".join(("new", platform))):
        path = make_workflow(platform, find_key(lesson, Path(lesson)), folder, package)
    typer.echo(
        say("made {file}: what it prints is feedback, no grade (docs/feedback-at-each-push.md)", file=path)
    )
