"""The console script `autograde`."""

import io
import os
import sys
import warnings

from autograde.commands import app, course, grading, lessons, machine, people, results  # noqa: F401
from autograde.errors import what_failed


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without ✗ shows its code
    if not os.environ.get("COLUMNS", "1").strip("0"):  # no terminal: Rich would print nothing
        del os.environ["COLUMNS"]
    warnings.filterwarnings("ignore", "Cell is missing an id|Non-unique cell id")  # nbformat gives one
    try:
        os.getcwd()
    except OSError:
        sys.exit("autograde: the current folder was removed or cannot be read: cd to another one.")
    try:
        app(prog_name="autograde")  # also of `python -m autograde`
    except OSError as error:
        print(f"autograde: {what_failed(error)}", file=sys.stderr)
        sys.exit(2)
