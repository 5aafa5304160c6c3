"""`autograde cluster certificates`: what machines need to grade together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.roles import needs


def register(app: typer.Typer) -> None:
    """Add the command."""
    cluster = typer.Typer(no_args_is_help=True)
    cluster.callback()(cluster_command)
    cluster.command("certificates", cls=needs("cluster"))(certificates_command)
    app.add_typer(cluster, name="cluster")


def cluster_command() -> None:
    """Set up machines that grade together."""


def certificates_command(
    file: Annotated[Path, typer.Argument(help="The file to write; must not be there.")],
) -> None:
    """Make a certificate for scheduler, workers and grader, valid for a year, as a configuration of Dask's.

    Example:  autograde cluster certificates ~/autograde-tls.yaml

    Exit status: 0 written, 2 not.
    """
    from autograde.cluster.certificates import write_certificates
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("cluster certificates"):
        write_certificates(file)
    typer.echo(
        say(
            "written: {file}. Whoever has it can run programs on the workers: keep it like a password.",
            file=file,
        )
    )
    typer.echo(say("On every machine: {command}", command=f"export DASK_CONFIG={file}"))
