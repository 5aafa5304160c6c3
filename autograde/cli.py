"""The console script `autograde`: one file a command in `autograde/commands/`."""

from importlib import import_module
from pkgutil import iter_modules

import typer

from autograde import commands

app = typer.Typer(
    name="autograde",
    help="Grade notebooks in a sandbox, into nbgrader's gradebook.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for module in sorted(iter_modules(commands.__path__), key=lambda found: found.name):
    import_module(f"{commands.__name__}.{module.name}").register(app)


def main() -> None:
    """Run the command line."""
    app()
