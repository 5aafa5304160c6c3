"""The console script `autograde`: one file a command in `autograde/commands/`."""

import atexit
import gc
import os
import sys
from importlib import import_module
from pkgutil import iter_modules

from autograde import commands
from autograde.commands import app
from autograde.errors import what_failed
from descentlab.sentences import say

GARBAGE = 50_000  # objects made before the newest are looked through: a few megabytes

for module in sorted(iter_modules(commands.__path__), key=lambda command: command.name):
    import_module(f"{commands.__name__}.{module.name}")


def main() -> None:
    """Run the command line."""
    # What is imported is never garbage: to look through it takes a third of a command's start and end.
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no ✗ shows its number
    if not os.environ.get("COLUMNS", "1").strip("0"):  # of no terminal: Rich would print nothing
        del os.environ["COLUMNS"]
    try:
        os.getcwd()
    except OSError:
        folder_gone = say("the folder you are in was removed or cannot be read: cd to another one.")
        sys.exit(f"autograde: {folder_gone}")
    try:
        app()
    except OSError as error:
        print(f"autograde: {what_failed(error)}", file=sys.stderr)
        sys.exit(2)
