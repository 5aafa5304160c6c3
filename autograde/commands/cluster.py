"""`autograde cluster`: certificates, a scheduler with workers here, workers that join from elsewhere."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell

cluster = typer.Typer(no_args_is_help=True)
app.add_typer(cluster, name="cluster")


@cluster.callback()
def cluster_command() -> None:
    """Set up machines that grade together."""


@cluster.command("certificates", cls=needs("cluster"))
def certificates_command(
    file: arguments.CertificatesFile,
) -> None:
    """Make a certificate for scheduler, workers and grader, valid for a year, as a configuration of Dask's.

    Example:  autograde cluster certificates ~/autograde-tls.yaml

    Exit status: 0 written, 2 not.
    """
    from autograde.cluster.certificates import write_certificates

    write_certificates(file)
    tell(
        "written: {file}. Whoever has it can run programs on the workers: keep it like a password.",
        file=file,
    )
    # A file that is not there from some folder is passed over in silence by Dask.
    tell("On every machine: {command}", command=f"export DASK_CONFIG={shlex.quote(str(file.absolute()))}")


HERE = Path("autograde-tls.yaml")


@cluster.command("start", cls=needs("cluster"))
def start_command(
    workers: arguments.WorkerCount = 1,
    certificates: arguments.Certificates = HERE,
    port: arguments.SchedulerPort = 8786,
    dashboard: arguments.Dashboard = False,
) -> None:
    """Start a scheduler and worker processes on this machine, until Ctrl-C.

    Example:  autograde cluster start --workers 4 --certificates ~/autograde-tls.yaml

    Exit status: 0 ended by Ctrl-C, 2 something ended by itself.
    """
    from autograde.cluster.machines import serve

    with _until_interrupted():
        serve(certificates.expanduser(), workers, port, dashboard)


@cluster.command("join", cls=needs("cluster"))
def join_command(
    scheduler: arguments.SchedulerAddress,
    workers: arguments.JoiningWorkers = 1,
    certificates: arguments.Certificates = HERE,
) -> None:
    """Start worker processes here for a scheduler elsewhere, until Ctrl-C.

    Example:  autograde cluster join tls://HOST:8786 --workers 4 --certificates ~/autograde-tls.yaml

    Exit status: 0 ended by Ctrl-C, 2 something ended by itself.
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
