"""How a command ends when it cannot go on: one line on stderr and an exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from autograde.errors import MachineError, SaidError, what_failed
from autograde.untrusted.names import printable


@contextmanager
def stopping(command: str, machine_fault: int = 1) -> Iterator[None]:
    """End the command with 2 for a wrong argument or set-up, or where no sandbox can be had.

    Args:
        machine_fault: the exit status where the machine is at fault.
    """
    try:
        yield
    except MachineError as error:
        stop(command, str(error), status=machine_fault)
    except SaidError as error:
        stop(command, str(error))
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
