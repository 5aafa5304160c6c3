"""A Dask cluster in place of the local pool of sandboxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autograde.cluster.worker import prove_on_worker, run_on_worker, versions
from autograde.errors import UsageError
from autograde.roles import is_installed, remedy
from autograde.sandbox import CellTask, Limits, RunResult

CONNECT_SECONDS = 20


class ClusterPool:
    """Runs notebooks on a cluster's workers, each in that machine's own sandbox; a context manager.

    Raises:
        UsageError: no scheduler there, an open one, no workers, or workers of other versions.
    """

    def __init__(
        self,
        address: str,
        isolation: str,
        limits: Limits,
        packages: tuple[str, ...] = (),
        withheld: Mapping[str, Path] | None = None,
    ) -> None:
        require_closed(address)
        if not is_installed("cluster"):
            raise UsageError(f"--scheduler needs Dask. {remedy('cluster')}")
        from distributed import Client

        self._limits = limits
        self._pool = (isolation, packages, tuple((withheld or {}).items()))
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"no Dask scheduler answers at {address}: {error}") from error
        try:
            self._require_equal_workers(address)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False, retries=1)

    def _require_equal_workers(self, address: str) -> None:
        found: dict[str, dict[str, str]] = self._client.run(versions)
        if not found:
            raise UsageError(f"the scheduler at {address} has no workers: start some with `dask worker`.")
        here = versions()
        odd = next((worker for worker, theirs in found.items() if theirs != here), None)
        if odd:
            raise UsageError(
                f"the worker {odd} has {found[odd]}, this machine {here}: install the same versions."
            )

    @property
    def places(self) -> int:
        """How many notebooks the cluster runs at once."""
        return sum(self._client.nthreads().values())

    def __enter__(self) -> ClusterPool:
        return self

    def __exit__(self, *exception: Any) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    def prove(self) -> None:
        """As `autograde.sandbox.Pool.prove`, on some worker; the boxes of others fail where they cannot."""
        self._executor.submit(prove_on_worker, self._pool).result()

    def submit_run(
        self,
        cells: Sequence[CellTask],
        seed: int,
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Future[RunResult]:
        """As `autograde.sandbox.Pool.submit_run`, on some worker."""
        return self._executor.submit(
            run_on_worker, tuple(cells), seed, limits or self._limits, self._pool, files
        )


def require_closed(address: str) -> None:
    """Refuse an open scheduler on a network: whoever reaches its port can run programs as the grader.

    Raises:
        UsageError: neither TLS nor this machine alone.
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme == "tls" or parts.scheme == "inproc" or _is_this_machine(parts.hostname or ""):
        return
    raise UsageError(
        f"{address}: anyone who reaches an open scheduler can run programs as the grader. "
        'Set up TLS (Dask\'s documentation, "TLS/SSL") and give tls://HOST:PORT.'
    )


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
