"""The commands, one file each: a module that adds its own to `app` becomes part of `autograde`.

A command imports what it uses in its body: `--help` is there without the extra that it needs, and a wrong
word is answered before anything large is loaded. What it raises ends it in one line: `autograde.roles.needs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from autograde.stopping import stop
from descentlab.sentences import say

HELP_TEXTS = ("help", "show_default")
USAGE_ERROR = typer.BadParameter.__base__  # any wrong word's; Typer has no public name for it


class SaidGroup(TyperGroup):
    """Commands whose help texts are said in the language in use: docstrings, options, arguments."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for owner, attribute, text in help_texts(self):
            setattr(owner, attribute, say(text))

    def make_context(self, *args: Any, **settings: Any) -> Any:
        with _in_one_line(lambda: self.name):
            return super().make_context(*args, **settings)

    def invoke(self, ctx: Any) -> Any:
        with _in_one_line(lambda: f"{self.name} {ctx.invoked_subcommand}"):
            return super().invoke(ctx)


@contextmanager
def _in_one_line(typed: Callable[[], str]) -> Iterator[None]:
    """A wrong word on the command line ends the command as everything else does: one line, status 2.

    Where nothing was typed the error is the help itself, and stays.

    Args:
        typed: the command, where the error does not know it.
    """
    try:
        yield
    except USAGE_ERROR as error:
        message = error.format_message()
        if not message.strip() or "\n" in message.strip():
            raise
        words = (error.ctx.command_path if error.ctx else typed()).partition(" ")[2]
        end = "" if message.endswith((".", "?")) else "."
        more = say("More: {command} --help", command=f"autograde {words}".rstrip())
        stop(words, f"{message}{end} {more}")


def help_texts(command: Any) -> Iterator[tuple[Any, str, str]]:
    """Every help text below a command: whose it is, of which name, and the English."""
    for owner in (command, *command.params):
        for attribute in HELP_TEXTS:
            text = getattr(owner, attribute, None)
            if isinstance(text, str) and text:
                yield owner, attribute, text
    for inner in getattr(command, "commands", {}).values():
        yield from help_texts(inner)


app = typer.Typer(
    name="autograde",
    cls=SaidGroup,
    help="Grade notebooks in a sandbox, into nbgrader's gradebook.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(is_on: bool) -> None:
    if is_on:
        typer.echo(f"autograde, descentlab {version('descentlab')}")
        raise typer.Exit


@app.callback()
def every_command(
    says_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version, and end.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    """What may stand before a command."""
