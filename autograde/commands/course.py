"""A course and what is handed out: `new`, `release`, `notebooks`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from autograde.commands import (
    Isolation,
    Solutions,
    app,
    argument,
    assignment_name,
    course_dir,
    option,
    show,
)
from autograde.entries.wording import counted, named
from autograde.errors import UsageError
from autograde.untrusted.names import printable, shell_word

new = app.group("new", "Make a course, an assignment, …")


@new.command("course")
def course_command(
    folder: Annotated[Path, argument("The folder to make; new or empty.")],
    solutions: Solutions = None,
    lesson: Annotated[
        list[str] | None, option("Only this lesson; can be repeated.", show_default="all")
    ] = None,
    empty: Annotated[bool, option("No lessons, for assignments of your own.", "--empty")] = False,
    core: Annotated[bool, option("Release only each lesson's core, one hour.", "--core")] = False,
    old: Annotated[
        Path | None,
        option("Last term's course: take its assignments and settings.", "--from", metavar="COURSE"),
    ] = None,
) -> None:
    """Make a course's folder.

    It contains solutions/ and nbgrader_config.py. Nothing is downloaded or overwritten. The folder of
    --solutions is a clone, or one that contains NAME/NAME.ipynb. nbgrader_config.py says of which lessons only
    the core is released: of all with --core. With --from nobody's work, grade or date is taken, and no setting
    that names the old course's folders, gradebook, exchange or a password.

    \b
    Examples:  autograde new course adam-2026 --lesson 01-sgd --lesson 06-adam
               autograde new course adam-2027 --from adam-2026
    """
    from autograde.release.creation import find_solutions, make_course, settings_of

    if empty and (solutions or lesson or core):
        raise UsageError("--empty takes no lesson: leave out --solutions, --lesson and --core, or --empty")
    if old and (empty or solutions or core):
        raise UsageError(
            "--from takes last term's assignments and settings: leave out --empty, --solutions and --core"
        )
    text, taken, left = settings_of(old) if old else ("", [], [])
    names = make_course(folder, None if empty else old or find_solutions(solutions), lesson, core, text)
    show(printable(f"setting: {' '.join(setting.split())}") for setting in taken)
    if left:
        typer.echo(f"not taken, as they name the old course's places or passwords: {named(left)}")
    typer.echo(f"{folder}: {counted(len(names), 'assignment')}{': ' if names else ''}{', '.join(names)}")
    step = "release --all" if names else "new assignment NAME"
    typer.echo(f"next:  cd {shell_word(folder)} && autograde {step}")


@new.command("assignment")
def assignment_command(name: Annotated[str, argument("Its name: letters, digits, - and _.")]) -> None:
    """Make an assignment with an example of each kind of check, to edit.

    solutions/NAME/NAME.ipynb can be released as it is: a function, one whose problems you draw yourself, a class, a
    value, and a question in words with a rubric.

    Example:  autograde new assignment hw1
    """
    from autograde.release.creation import make_assignment

    path = make_assignment(course_dir(), name)
    typer.echo(f"made {path}: edit it in JupyterLab (autograde lab --teacher)")
    typer.echo(f"next:  autograde release {name}")


@new.command("gradescope")
def gradescope_command(
    lesson: Annotated[
        str, argument("A lesson's name, or the notebook with the answers.", metavar="LESSON|FILE")
    ],
    out: Annotated[Path | None, option("The zip to write.", show_default="gradescope-LESSON.zip")] = None,
    wheel: Annotated[
        Path | None, option("descentlab's wheel.", show_default="the file this was installed from")
    ] = None,
    isolation: Annotated[
        Isolation, option("How submissions run there; none: unprotected. See autograde grade-one.")
    ] = "auto",
) -> None:
    """Make an autograder for Gradescope: a zip to upload.

    Example:  autograde new gradescope 06-adam
    """
    from autograde.lms.gradescope import make_autograder
    from autograde.release.keys import find_key

    key = find_key(lesson, Path(lesson))
    path = out or Path(f"gradescope-{key.answers.assignment}.zip")
    names = make_autograder(key.file, path, wheel, isolation)
    typer.echo(f"{path}: {', '.join(names)}")
    typer.echo("next: upload it in Gradescope, Configure Autograder (docs/platforms.md)")


@app.command("release")
def release_command(
    assignment: Annotated[
        str | None, argument("An assignment's folder in solutions/.", callback=assignment_name)
    ] = None,
    every: Annotated[bool, option("Release every assignment.", "--all")] = False,
    force: Annotated[bool, option("Overwrite released notebooks that were edited.")] = False,
    untried: Annotated[bool, option("Release without running the solution first.", "--untried")] = False,
) -> None:
    """Make and register the notebooks that students get.

    Runs the solution, makes notebooks/ASSIGNMENT without it, and registers that in the gradebook. If
    solutions/NN-name/name.md was edited, its notebook is regenerated first. The release is refused if a cell
    fails, a check or test gives less than full points, or a link or section is missing.

    Example:  autograde release 06-adam
    """
    from autograde.course.assignments import SOURCE, assignments

    if bool(assignment) == every:
        raise UsageError("name one assignment, or use --all (autograde release --help shows both)")
    course = course_dir()
    names = assignments(course) if every else [assignment]
    if not names:
        raise UsageError(
            f"no assignment in {course / SOURCE} as NAME/NAME.ipynb. Another course: --course-dir"
        )
    from autograde.lab.workspace import trust
    from autograde.release.lessons import release_notebooks, update_notebooks
    from autograde.release.trial import skip_trial, try_solution

    trial, refused = skip_trial if untried else try_solution, []
    for name in names:
        try:
            regenerated = update_notebooks(course / SOURCE / name)
            show(f"regenerated {made} from {text.name}" for made, text in regenerated)
            trust([made for made, _ in regenerated])
            show(f"released {path}" for path in release_notebooks(course, name, force=force, trial=trial))
        except UsageError as refusal:
            if not every:
                raise
            typer.echo(printable(str(refusal)), err=True)
            refused.append(name)
    if refused:
        raise UsageError(f"not released, see above: {', '.join(refused)}. All others are released.")


@app.command("notebooks", hidden=True)
def notebooks_command(
    force: Annotated[bool, option("Overwrite notebooks edited by hand.", "--force")] = False,
) -> None:
    """Make the notebooks from the lessons' texts.

    From each solutions/NN-name/name.md: the complete notebook next to it, and the one in notebooks/. Jupyter trusts
    the first, so that JupyterLab saves text and notebook together. `autograde release` does this for the lesson that
    it releases, and registers it in the gradebook.

    Example:  autograde notebooks
    """
    from autograde.course.assignments import lesson_paths
    from autograde.lab.workspace import trust
    from autograde.release.lessons import build
    from autograde.release.trial import opening_pictures
    from autograde.sandbox import SandboxError

    def pictures(course: Path, assignment: str) -> dict[str, list[Any]]:
        try:
            return opening_pictures(course, assignment)
        except SandboxError as error:
            typer.echo(f"{assignment}: without its first picture: {error}", err=True)
            return {}

    folder = course_dir()
    texts = lesson_paths(folder)
    if not texts:
        raise UsageError(f"no lesson (solutions/NN-name/name.md) in {folder.resolve()}")
    show(f"wrote {path.relative_to(folder)}" for path in build(folder, force, pictures))
    trust([text.with_suffix(".ipynb") for text in texts])
