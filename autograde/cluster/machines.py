"""Processes of Dask's on this machine: a scheduler with workers, or workers that join one elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograde.cluster.address import parse_address
from autograde.errors import UsageError

DASHBOARD_PORT = 8787
LOOK_SECONDS = 0.2
END_SECONDS = 10.0
# Dask's pages, which certificates do not guard: where they are asked for, on the loopback address alone.
PAGES = json.dumps(["distributed.http.scheduler.info", "distributed.http.health", "distributed.http.statics"])


def start_scheduler(port: int, dashboard: bool) -> list[str]:
    """The command of a scheduler, which listens with TLS alone."""
    pages = ["--dashboard-address", f"127.0.0.1:{DASHBOARD_PORT}"] if dashboard else ["--no-dashboard"]
    return [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", str(port), *pages]


def start_workers(address: str, workers: int, folder: str) -> list[str]:
    """The command of so many worker processes, each of which runs one notebook at a time."""
    options = [address, "--nworkers", str(workers), "--nthreads", "1", "--no-dashboard"]
    # A sandbox has limits of its own; Dask's folder would be one for all users of this machine.
    return [
        *(sys.executable, "-m", "distributed.cli.dask_worker"),
        *options,
        *("--memory-limit", "0", "--local-directory", folder),
    ]


def serve(certificates: Path, workers: int, port: int, dashboard: bool) -> None:
    """A scheduler and workers here, until one of them ends or Ctrl-C.

    Raises:
        UsageError: the certificates are not there, or a process ended.
    """
    with tempfile.TemporaryDirectory(prefix="autograde-workers-") as folder:
        commands = [start_scheduler(port, dashboard)]
        if workers:
            commands.append(start_workers(f"tls://127.0.0.1:{port}", workers, folder))
        with running(commands, certificates, dashboard) as processes:
            wait_for_one(processes)


def join(address: str, certificates: Path, workers: int) -> None:
    """Workers here for a scheduler elsewhere, until they end or Ctrl-C.

    Raises:
        UsageError: no address with TLS, the certificates are not there, or the workers ended.
    """
    if not parse_address(address).url:
        raise UsageError.say("{address}: give the scheduler's address, tls://HOST:PORT.", address=address)
    with tempfile.TemporaryDirectory(prefix="autograde-workers-") as folder:
        commands = [start_workers(address, workers, folder)]
        with running(commands, certificates) as processes:
            wait_for_one(processes)


@contextmanager
def running(
    commands: list[list[str]], certificates: Path, dashboard: bool = False
) -> Iterator[list[subprocess.Popen]]:
    """Processes with these certificates, ended at the end."""
    if not certificates.is_file():
        template = "{file} is not there. Make it once, and give every machine a copy: {command}"
        command = f"autograde cluster certificates {certificates}"
        raise UsageError.say(template, file=certificates, command=command)
    environment = {**os.environ, "DASK_CONFIG": str(certificates)}
    if dashboard:
        environment["DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES"] = PAGES
    processes = []
    try:
        for command in commands:
            processes.append(subprocess.Popen(command, env=environment))
        yield processes
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
            process.kill()
            process.wait()


def wait_for_one(processes: list[subprocess.Popen]) -> None:
    """Until one of them ends, which none should.

    Raises:
        UsageError: one has ended.
    """
    while all(process.poll() is None for process in processes):
        time.sleep(LOOK_SECONDS)
    raise UsageError.say("A process of the cluster ended; what it said stands above.")
