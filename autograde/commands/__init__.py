"""The commands, one file each: a module that adds its own to `app` becomes part of `autograde`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from descentlab.sentences import say

HELP_TEXTS = ("help", "show_default")


class SaidGroup(TyperGroup):
    """Commands whose help texts are said in the language in use: docstrings, options, arguments."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for owner, attribute, text in help_texts(self):
            setattr(owner, attribute, say(text))


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
