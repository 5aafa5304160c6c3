"""The commands, one file each: a module that adds its own to `app` becomes part of `autograde`."""

import typer

app = typer.Typer(
    name="autograde",
    help="Grade notebooks in a sandbox, into nbgrader's gradebook.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
