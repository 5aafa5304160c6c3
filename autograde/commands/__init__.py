"""The commands with their options, a file for each part of a term; importing one adds its commands to `app`.

A command imports what it uses in its body: `--help` works without the extra that it needs, and a wrong argument
is reported before anything large is loaded. An error ends it in one line.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from autograde.course.configuration import CONFIG_FILE, leave_out_formats
from autograde.errors import AutogradeError, MachineError, UsageError, what_failed
from autograde.installed import NAME, is_installed, remedy
from autograde.untrusted.names import printable

USAGE_ERROR = typer.BadParameter.__base__  # of every wrong argument; Typer has no public name for it
USERS = {"lab": "students", "grader": "teachers", "cluster": "a cluster's workers", "site": "building a site"}
STUDENTS, MACHINES = "For students", "For machines"
TERM = """lab new release notebooks roster groups due collect grade explain mistakes marks feedback report export student demo
site grade-one cluster doctor selftest"""
WITHOUT_COURSE = (
    "new course", "new gradescope", "demo", "site", "grade-one", "cluster certificates", "selftest",
)  # fmt: skip


def assignment_name(assignment: str | None) -> str | None:
    """An assignment's name without the slash that a shell completes a folder with.

    Raises:
        BadParameter: it is a path, which could be taken for another assignment.
    """
    if assignment is None:
        return None
    name = assignment.rstrip("/")
    if "/" in name or name in ("", ".", ".."):
        raise typer.BadParameter(f"{assignment!r} is not an assignment's name.")
    return name


def option(help: str, *names: str, **settings: Any) -> Any:
    """An option of a command. One that is there or not needs its name: Typer makes a second, --no-…, of it else."""
    return typer.Option(*names, help=help, **settings)


def argument(help: str, **settings: Any) -> Any:
    """An argument of a command."""
    return typer.Argument(help=help, **settings)


def file_to_write(usual: str) -> Any:
    """The option --out of a command that writes one file, its `usual` name unless given."""
    return option("The file to write.", show_default=usual)


# What several commands take.
NAME_HELP = "An assignment's name, e.g. 06-adam."
Assignment = Annotated[str, argument(NAME_HELP, callback=assignment_name)]
Assignments = Annotated[list[str] | None, argument("Assignments' names, e.g. 06-adam.", show_default=False)]
Every = Annotated[bool, option("Every assignment that somebody submitted.", "--all")]
Encoding = Annotated[str | None, option("The file's encoding, e.g. cp1252.", show_default="UTF-8 or UTF-16")]
Student = Annotated[str, argument("The student's id.")]
Isolation = Literal["auto", "same-user", "none"]
Students = Annotated[list[str] | None, option("Only this student; can be repeated.")]
JsonFile = Annotated[  # a folder is refused before anything is graded
    Path | None, option("Write the results to this file.", "--json", dir_okay=False)
]

Solutions = Annotated[
    Path | None,
    option(
        "The sdist of this version (descentlab-VERSION.tar.gz), or a folder.",
        show_default="the clone, or an sdist here, in dist/ or next to the wheel",
    ),
]


def course_dir() -> Path:
    """The folder of the course: --course-dir, or the current one.

    Raises:
        UsageError: no such folder.
    """
    folder = app.course or Path()
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such course folder. Give one with --course-dir.")
    return folder


def opened_course() -> Any:
    """The course and its gradebook, made where there is none; for a `with`."""
    from autograde.book.gradebook import course_gradebook

    return course_gradebook(course_dir())


def graded_assignment(assignment: str, students: list[str] | None = None) -> Any:
    """A graded assignment's course, gradebook and key; for a `with`."""
    from autograde.book import class_results

    return class_results.graded_assignment(course_dir(), assignment, students)


def for_each(names: list[str] | None, every: bool, run: Callable[[str], int], **of_one: object) -> NoReturn:
    """Run a command for these assignments, or for `every` one with submissions, and end with the largest status.

    One of several that is refused is named, and the others are run.

    Raises:
        UsageError: no name and no --all, or both; an option of `of_one`, which belongs to one assignment, for several.
    """
    if bool(names) == every:
        raise UsageError("name assignments, or use --all")
    if every:
        from autograde.book.class_results import submitted_assignments

        names = submitted_assignments(course_dir())
    chosen, status = [assignment_name(name) for name in dict.fromkeys(names)], 0
    several = len(chosen) > 1
    if several and (options := [name for name, value in of_one.items() if value]):
        raise UsageError(f"--{options[0]} belongs to one assignment: name one")
    for name in chosen:
        if several:
            typer.echo(f"{name}:")
        try:
            status = max(status, run(name))
        except UsageError as refusal:
            if not several:
                raise
            typer.echo(printable(str(refusal)), err=True)
            status = max(status, 1)
    raise typer.Exit(status)


def show(lines: Iterable[str], err: bool = False) -> None:
    """Print lines, with `err` to stderr."""
    for line in lines:
        typer.echo(line, err=err)


def show_marked_up(lines: Iterable[str]) -> None:
    """Print lines with Rich's markup."""
    from rich.console import Console  # most commands print none

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(line)


def stop(command: str, reason: str, status: int = 2) -> NoReturn:
    """End with one line on stderr; control characters, as a file's name may hold, are escaped.

    Args:
        command: its words after `autograde`; empty before one is known.
    """
    typer.echo(f"{f'autograde {command}'.rstrip()}: {printable(reason)}", err=True)
    raise typer.Exit(status)


def require(command: str, *extras: str) -> None:
    """End the command unless all packages of one of `extras` are installed, on Linux, except for student commands."""
    if not any(map(is_installed, extras)):
        users = " and ".join(USERS[extra] for extra in extras)
        stop(command, f"this is for {users}, and what it needs is not installed. {remedy(extras[0])}")
    if sys.platform == "win32" and "lab" not in extras:
        stop(command, "grading needs Linux. On Windows: install descentlab inside WSL 2.")


@contextmanager
def _ending_in_one_line(ctx: Any = None) -> Iterator[None]:
    try:
        yield
    except USAGE_ERROR as error:
        message, words = error.format_message(), _words(error.ctx or ctx)
        if not message.strip() or "\n" in message.strip():  # nothing was typed: this is the help itself
            raise
        end = "" if message.endswith((".", "?")) else "."
        stop(words, f"{message}{end} More: {f'autograde {words}'.rstrip()} --help")
    except AutogradeError as error:
        show((f"  {problem}" for problem in error.problems), err=True)
        stop(_words(ctx), str(error), 1 if isinstance(error, MachineError) else 2)
    except BrokenPipeError:  # the reader has read enough (`| head`)
        raise
    except OSError as error:
        stop(_words(ctx), what_failed(error))


def _words(ctx: Any) -> str:
    """The command's words after `autograde`."""
    if ctx is None:
        return ""
    return " ".join(filter(None, [ctx.command_path.partition(" ")[2], ctx.invoked_subcommand]))


class Group(TyperGroup):
    """Commands whose errors end in one line."""

    def make_context(self, *args: Any, **settings: Any) -> Any:
        with _ending_in_one_line():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: Any) -> Any:
        with _ending_in_one_line(ctx):
            return super().invoke(ctx)


class FirstScreen(Group):
    """The commands of `autograde` itself."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words, with --course-dir wherever it stands before a `--`."""
        words, given, rest = iter(args), [], []
        for word in words:
            name, equals, value = word.partition("=")
            if name == "--course-dir":
                given += [name, value if equals else next(words, "")]
            else:
                rest += [word, *words] if word == "--" else [word]
        if len(given) > 2 or "" in given:
            raise typer.BadParameter("--course-dir takes one folder")
        return super().parse_args(ctx, given + rest)

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names in the order of a term."""
        return sorted(self.commands, key=TERM.split().index)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write those that are not hidden, by who runs them; without the grader a student's alone."""
        listed: Any = map(self.commands.get, self.list_commands(ctx))
        for panel, commands in groupby(
            listed, lambda one: one.rich_help_panel or "For teachers, in the order of a term"
        ):
            if panel == STUDENTS or is_installed("grader"):
                with formatter.section(panel):
                    formatter.write_dl(
                        [
                            (one.name.ljust(8), one.get_short_help_str(66))
                            for one in commands
                            if not one.hidden
                        ]
                    )


def _needing(*extras: str) -> type[TyperCommand]:
    """The class of a command that needs one of these extras and names what to install; --help works without."""

    class Needing(TyperCommand):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            if set(ctx.help_option_names).isdisjoint(args):
                require(_words(ctx), *extras)
                if app.course and _words(ctx) in WITHOUT_COURSE:
                    raise UsageError("this takes no course: leave out --course-dir.")
                if "grader" in extras:
                    leave_out_formats()
            return super().parse_args(ctx, args)

    return Needing


class Commands(typer.Typer):
    """A group of commands, each of which needs an extra."""

    course: Path | None = None  # what --course-dir says

    def command(self, name: str, *extras: str, **settings: Any) -> Callable[[Any], Any]:
        """The decorator of a command that needs one of `extras`, the grader's unless given."""
        return super().command(name, cls=_needing(*(extras or ("grader",))), **settings)

    def group(self, name: str, help: str, **settings: Any) -> "Commands":
        """A new group within this one."""
        group = Commands(name=name, cls=Group, help=help, no_args_is_help=True)
        self.add_typer(group, **settings)
        return group


app = Commands(
    name="autograde",
    cls=FirstScreen,
    help="Grade notebooks in a sandbox, into nbgrader's gradebook.\n\nIn a course's folder, without a command: show what waits.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def every_command(
    ctx: typer.Context,
    course_dir: Annotated[Path | None, option("Another course's folder; also behind a command.")] = None,
    show_version: Annotated[bool, option("Show the version.", "--version")] = False,
) -> None:
    """What may stand before a command; without one, what waits in the course that is here."""
    if show_version:
        typer.echo(f"autograde, descentlab {version(NAME)}")
        raise typer.Exit
    app.course = course_dir
    if ctx.invoked_subcommand:
        return
    if not (course_dir or Path(CONFIG_FILE).is_file()):
        typer.echo(ctx.get_help())
        raise typer.Exit(2)
    require("", "grader")
    leave_out_formats()
    from autograde.people.overview import overview

    show(overview(course_dir or Path()))
