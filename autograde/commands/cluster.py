"""`autograde cluster`: certificates, a scheduler with workers here, workers that join from elsewhere."""

import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app

HERE = Path("autograde-tls.yaml")
Certificates = Annotated[Path, typer.Option(help="The file of `autograde cluster certificates`.")]

group = app.group("cluster", "Set up machines that grade together.")


@group.command("certificates", "cluster")
def certificates_command(
    file: Annotated[Path, typer.Argument(help="The file to write; must not exist.")],
) -> None:
    """Make a certificate for scheduler, workers and grader, valid for a year, as a Dask configuration.

    Example:  autograde cluster certificates ~/autograde-tls.yaml

    Exit status: 0 written; 2 not written.
    """
    from autograde.cluster.machines import write_certificates

    write_certificates(file)
    typer.echo(
        f"written: {file}. Anyone with this file can run programs on the workers: keep it like a password."
    )
    # Dask ignores a missing file, as a relative path would be in another folder.
    typer.echo(f"On every machine: export DASK_CONFIG={shlex.quote(str(file.absolute()))}")


@group.command("start", "cluster")
def start_command(
    workers: Annotated[int, typer.Option(min=0, help="Worker processes on this machine.")] = 1,
    certificates: Certificates = HERE,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the scheduler.")] = 8786,
) -> None:
    """Start a scheduler and worker processes on this machine, until Ctrl-C.

    Example:  autograde cluster start --workers 4 --certificates ~/autograde-tls.yaml

    Exit status: 0 ended by Ctrl-C; 2 something ended by itself.
    """
    from autograde.cluster.machines import serve

    with _until_interrupted():
        serve(certificates.expanduser(), workers, port)


@group.command("join", "cluster")
def join_command(
    scheduler: Annotated[str, typer.Argument(help="The scheduler's address, tls://HOST:PORT.")],
    workers: Annotated[int, typer.Option(min=1, help="Worker processes on this machine.")] = 1,
    certificates: Certificates = HERE,
) -> None:
    """Start worker processes here for a scheduler elsewhere, until Ctrl-C.

    Example:  autograde cluster join tls://HOST:8786 --workers 4 --certificates ~/autograde-tls.yaml

    Exit status: 0 ended by Ctrl-C; 2 something ended by itself.
    """
    from autograde.cluster.machines import join

    with _until_interrupted():
        join(scheduler, certificates.expanduser(), workers)


@contextmanager
def _until_interrupted() -> Iterator[None]:
    """Ctrl-C, or a batch system's SIGTERM, is how these commands end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        yield
