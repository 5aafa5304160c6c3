"""The console script `autograde`: finds the commands in `autograde/commands/`."""

import io
import os
import sys
from importlib import import_module
from pkgutil import iter_modules

from autograde import commands
from autograde.commands import app
from autograde.errors import what_failed

for module in sorted(iter_modules(commands.__path__), key=lambda command: command.name):
    import_module(f"{commands.__name__}.{module.name}")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without ✗ shows its code
    if not os.environ.get("COLUMNS", "1").strip("0"):  # no terminal: Rich would print nothing
        del os.environ["COLUMNS"]
    try:
        os.getcwd()
    except OSError:
        sys.exit("autograde: the current folder was removed or cannot be read: cd to another one.")
    try:
        app()
    except OSError as error:
        print(f"autograde: {what_failed(error)}", file=sys.stderr)
        sys.exit(2)
