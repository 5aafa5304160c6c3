"""`autograde new`: a course's folder, an assignment of one's own, a lesson, what another platform runs."""

from __future__ import annotations

from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.errors import UsageError
from autograde.roles import needs
from autograde.telling import tell, tell_count
from descentlab.sentences import say

new = typer.Typer(
    name="new",
    help="Make a course's folder, an assignment in it, a lesson, or what another platform runs.",
    no_args_is_help=True,
)
app.add_typer(new)


@new.command("course", cls=needs("grader"))
def course_command(
    folder: arguments.NewFolder,
    solutions: arguments.Solutions = None,
    lesson: arguments.Lessons = None,
    empty: arguments.EmptyCourse = False,
) -> None:
    """Make a course's folder: solutions/, and nbgrader_config.py. Nothing is downloaded or overwritten.

    The folder of --solutions is a clone, or one that holds NAME/NAME.ipynb.

    Example:  autograde new course adam-2026 --lesson 01-sgd --lesson 06-adam
    """
    from autograde.new.make_course import find_solutions, make_course, make_empty_course

    if empty and (solutions or lesson):
        raise UsageError.say("--empty takes no lesson: leave out --solutions and --lesson, or --empty")
    if empty:
        make_empty_course(folder)
        tell("{folder}: no assignment yet", folder=folder)
        tell("next:  cd {folder}  and  autograde new assignment NAME", folder=folder)
        return
    names = make_course(folder, solutions or find_solutions(), lesson)
    tell_count(
        "{folder}: {count} assignment: {names}",
        "{folder}: {count} assignments: {names}",
        len(names),
        folder=folder,
        names=", ".join(names),
    )
    tell("next:  cd {folder}  and  autograde release --all", folder=folder)


@new.command("assignment", cls=needs("grader"))
def assignment_command(
    name: arguments.AssignmentName,
    course_dir: arguments.CourseDir = Path("."),
) -> None:
    """Make solutions/NAME/NAME.ipynb: a notebook with ordinary nbgrader tests, to be edited.

    It can be released as it is: an answer with a test that students see and a hidden one, an answer whose
    test gives part of the points, and a question in words with a rubric.

    Example:  autograde new assignment hw1
    """
    from autograde.new.assignment import make_assignment

    path = make_assignment(course_dir, name)
    tell("made {file}: edit it in JupyterLab (autograde lab --teacher)", file=path)
    tell("next:  autograde release {name}", name=name)


@new.command("lesson", cls=needs("grader"))
def lesson_command(
    name: arguments.LessonName,
    clone: arguments.Clone = Path("."),
) -> None:
    """In a clone, make a lesson that runs: its text, an exercise with its known mistake, tests that pass.

    What it says is a place for what you will say: docs/lessons.md has the rules. One line is added to the
    list of files that the sandbox is given (autograde/sandbox/staging.py).

    Example:  autograde new lesson 09-lion
    """
    from autograde.new.lesson import HOLD_THE_AUTHOR, make_lesson

    *made, staging = make_lesson(clone, name)
    for file in made:
        tell("made {file}", file=file)
    tell("one line more in {file}", file=staging)
    tell("next:  autograde notebooks  and  python -m pytest {tests}", tests=made[-1])
    tell("Then edit {file} and its exercises. What holds you to the rules:", file=made[0])
    for rule in HOLD_THE_AUTHOR:
        typer.echo(f"  {say(rule, lesson=name)}")


@new.command("gradescope", cls=needs("grader"))
def gradescope_command(
    lesson: arguments.LessonOrFile,
    out: arguments.AutograderFile = None,
    wheel: arguments.WheelFile = None,
    isolation: arguments.IsolationThere = "auto",
) -> None:
    """Make an autograder for Gradescope: a zip to upload.

    Example:  autograde new gradescope 06-adam
    """
    from autograde.mark.key import find_key
    from autograde.mark.one_notebook import require_known
    from autograde.new.gradescope import make_autograder

    require_known(isolation)
    key = find_key(lesson, Path(lesson))
    path = out or Path(f"gradescope-{key.answers.assignment}.zip")
    names = make_autograder(key, path, wheel, isolation)
    tell("{file}: {names}", file=path, names=", ".join(names))
    tell("next: upload it in Gradescope, Configure Autograder. docs/gradescope.md says what then.")


@new.command("github-classroom", cls=needs("grader"))
def github_classroom_command(
    lesson: arguments.LessonOrFile,
    folder: arguments.StudentsRepository = Path("."),
    package: arguments.PackageThere = None,
) -> None:
    """Make a workflow for GitHub Classroom that marks LESSON at each push: feedback, no grade.

    Example:  autograde new github-classroom 06-adam
    """
    _make_workflow("github-classroom", lesson, folder, package)


@new.command("gitlab-ci", cls=needs("grader"))
def gitlab_ci_command(
    lesson: arguments.LessonOrFile,
    folder: arguments.StudentsRepository = Path("."),
    package: arguments.PackageThere = None,
) -> None:
    """Make a pipeline for GitLab that marks LESSON at each push: feedback, no grade.

    Example:  autograde new gitlab-ci 06-adam
    """
    _make_workflow("gitlab-ci", lesson, folder, package)


def _make_workflow(platform: str, lesson: str, folder: Path, package: str | None) -> None:
    from autograde.mark.key import find_key
    from autograde.new.workflows import make_workflow

    path = make_workflow(platform, find_key(lesson, Path(lesson)), folder, package)
    tell("made {file}: what it prints is feedback, no grade (docs/feedback-at-each-push.md)", file=path)
