"""How a command ends when it cannot go on: one line on stderr and an exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from autograde.errors import MachineError, UsageError, what_failed
from autograde.untrusted.names import printable


@contextmanager
def stopping(command: str, *also: type[Exception]) -> Iterator[None]:
    """End the command with 2 for a wrong argument or set-up, with 1 for the machine's fault.

    Args:
        also: further kinds of errors that end it with 2.
    """
    try:
        yield
    except (UsageError, *also) as error:
        stop(command, str(error))
    except MachineError as error:
        stop(command, str(error), status=1)
    except BrokenPipeError:  # whoever read the output has read enough (`| head`)
        raise
    except OSError as error:
        stop(command, what_failed(error))


def stop(command: str, reason: str, status: int = 2) -> None:
    """End with one line; control characters that came from a file's name are escaped.

    Args:
        command: its words after `autograde`; empty before one is known.
    """
    typer.echo(f"{f'autograde {command}'.rstrip()}: {printable(reason)}", err=True)
    raise typer.Exit(status)
