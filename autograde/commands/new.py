"""`autograde new`: a course's folder, an assignment, or what another platform runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import HERE, CourseDir, app
from autograde.commands.demo import Solutions
from autograde.errors import UsageError
from autograde.scores import counted
from autograde.untrusted.names import shell_word

LessonOrFile = Annotated[
    str, typer.Argument(help="A lesson's name, or the notebook with the answers.", metavar="LESSON|FILE")
]

group = app.group("new", "Make a course, an assignment, …")


@group.command("course")
def course_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make; new or empty.")],
    solutions: Solutions = None,
    lesson: Annotated[
        list[str] | None, typer.Option(help="Only this lesson; can be repeated.", show_default="all")
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="No lessons, for assignments of your own.")] = False,
) -> None:
    """Make a course's folder.

    It contains solutions/ and nbgrader_config.py. Nothing is downloaded or overwritten. The folder of --solutions is a clone, or one that contains NAME/NAME.ipynb.

    Example:  autograde new course adam-2026 --lesson 01-sgd --lesson 06-adam
    """
    from autograde.course.creation import find_solutions, make_course

    if empty and (solutions or lesson):
        raise UsageError("--empty takes no lesson: leave out --solutions and --lesson, or --empty")
    names = make_course(folder, None if empty else solutions or find_solutions(), lesson)
    typer.echo(f"{folder}: {counted(len(names), 'assignment')}{': ' if names else ''}{', '.join(names)}")
    step = "release --all" if names else "new assignment NAME"
    typer.echo(f"next:  cd {shell_word(folder)} && autograde {step}")


@group.command("assignment")
def assignment_command(
    name: Annotated[str, typer.Argument(help="Its name: letters, digits, - and _.")],
    course_dir: CourseDir = HERE,
) -> None:
    """Make an assignment with ordinary nbgrader tests, to edit.

    solutions/NAME/NAME.ipynb can be released as it is: an answer with a visible and a hidden test, an answer whose test gives part
    of the points, and a question in words with a rubric.

    Example:  autograde new assignment hw1
    """
    from autograde.course.creation import make_assignment

    path = make_assignment(course_dir, name)
    typer.echo(f"made {path}: edit it in JupyterLab (autograde lab --teacher)")
    typer.echo(f"next:  autograde release {name}")


@group.command("gradescope")
def gradescope_command(
    lesson: LessonOrFile,
    out: Annotated[
        Path | None, typer.Option(help="The zip to write.", show_default="gradescope-LESSON.zip")
    ] = None,
    wheel: Annotated[
        Path | None, typer.Option(help="descentlab's wheel.", show_default="the file this was installed from")
    ] = None,
    isolation: Annotated[
        str, typer.Option(help="How submissions run there; none: unprotected. See autograde mark.")
    ] = "auto",
) -> None:
    """Make an autograder for Gradescope: a zip to upload.

    Example:  autograde new gradescope 06-adam
    """
    from autograde.course.mark_key import find_key
    from autograde.grading.mark_one import require_known
    from autograde.lms.platforms import make_autograder

    require_known(isolation)
    key = find_key(lesson, Path(lesson))
    path = out or Path(f"gradescope-{key.answers.assignment}.zip")
    names = make_autograder(key, path, wheel, isolation)
    typer.echo(f"{path}: {', '.join(names)}")
    typer.echo("next: upload it in Gradescope, Configure Autograder (docs/platforms.md)")


def _workflow_command(platform: str) -> Callable[..., None]:
    def command(
        lesson: LessonOrFile,
        package: Annotated[
            str,
            typer.Option(
                help="What pip installs there: a wheel's address, ending in [grader].", metavar="WORD"
            ),
        ],
        folder: Annotated[
            Path, typer.Option(help="The repository that students get.", metavar="FOLDER")
        ] = Path("."),
    ) -> None:
        from autograde.course.mark_key import find_key
        from autograde.lms.platforms import make_workflow

        path = make_workflow(platform, find_key(lesson, Path(lesson)), folder, package)
        typer.echo(f"made {path}: it prints feedback, no grade (docs/platforms.md)")

    return command


for platform, title in {"github-classroom": "GitHub Classroom", "gitlab-ci": "GitLab"}.items():
    explained = (
        f"Make a workflow for {title}.\n\nIt marks LESSON at each push: feedback, no grade.\n\n"
        f"Example:  autograde new {platform} 06-adam --package URL"
    )
    group.command(platform, help=explained)(_workflow_command(platform))
