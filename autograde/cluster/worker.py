"""What runs on a worker. It takes bytes and returns bytes, even for errors."""

import atexit
import json
import os
import platform
from functools import cache
from pathlib import Path
from typing import Any

from distributed import get_worker

from autograde.cluster.messages import pack_error, pack_result, unpack_task
from autograde.installed import version_of
from autograde.sandbox import CellTask, Limits, Pool, SandboxError
from autograde.sandbox.inside import frames

PACKAGES = ("descentlab", "numpy", "ipython", "distributed")
MIB = 2**20
TRIES = 2  # a machine may be short of something for a moment; so may Python 3.11 in two threads at once
REFUSED = "refused: "  # begins the answer of a worker that differs from the others


def check_in(boxes: str, limits: dict[str, Any], dask_worker: Any) -> bytes:
    """This worker's versions, and the tier in which it has just run a cell within the limits.

    `boxes` is a JSON object: the isolation, packages and withheld folders of its sandboxes.
    """
    answer: dict[str, Any] = {"versions": versions()}
    for _ in range(TRIES):
        try:
            answer["tier"] = _try(boxes, Limits(**limits), dask_worker.state.nthreads)
            answer.pop("error", None)
            break
        except Exception as error:  # whatever the machine lacks goes into the answer
            answer["error"] = str(error)
    return frames.pack(answer)


def _try(boxes: str, limits: Limits, jobs: int) -> int:
    if memory() < limits.memory_bytes:
        raise MemoryError(
            f"it has {memory() // MIB} MiB of memory, a submission may use {limits.memory_bytes // MIB}"
        )
    pool = _pool(boxes, limits.disk_bytes, jobs)
    pool.submit_run([CellTask("1")], 0, limits).result()
    return pool.tier


def versions() -> dict[str, str]:
    """Versions that a result may depend on."""
    return {name: version_of(name) or "none" for name in PACKAGES} | {"python": platform.python_version()}


def memory() -> int:
    """Bytes of memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def answer(task: bytes, boxes: str, expected: dict[str, Any]) -> tuple[str, bytes]:
    """This worker's address, and its answer to a task. Nothing but these leaves it."""
    try:
        answered = run(task, boxes, expected)
        if not isinstance(answered, bytes):
            raise TypeError("an answer that is not bytes")
    except Exception as error:
        answered = pack_error(f"{type(error).__name__}: {error}")
    return get_worker().address, answered


def run(task: bytes, boxes: str, expected: dict[str, Any]) -> bytes:
    """Run a notebook in this machine's sandbox. A worker that joined late and differs refuses."""
    asked = unpack_task(task)
    try:
        pool = _pool(boxes, asked.limits.disk_bytes, get_worker().state.nthreads)
    except SandboxError as error:
        return pack_error(f"{REFUSED}{error}")
    this = {"versions": versions(), "tier": pool.tier}
    if this != expected:
        return pack_error(f"{REFUSED}it has {this}, the others {expected}")
    return pack_result(pool.submit_run(asked.cells, asked.seed, asked.limits, asked.files).result())


@cache
def _pool(boxes: str, disk_bytes: int, jobs: int) -> Pool:
    """The worker's pool, as wide as the worker."""
    asked = json.loads(boxes)
    pool = Pool(
        jobs=jobs,
        isolation=asked["isolation"],
        limits=Limits(disk_bytes=disk_bytes),
        packages=asked["packages"],
        withheld={what: Path(folder) for what, folder in asked["withheld"].items()},
    )
    atexit.register(pool.close)
    return pool
