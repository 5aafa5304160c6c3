"""What runs on a worker. It takes bytes and returns bytes, for errors, too."""

from __future__ import annotations

import atexit
import json
import os
import platform
from functools import cache
from pathlib import Path
from typing import Any

from distributed import get_worker

from autograde.cluster.serialization import pack_error, pack_result, unpack_files, unpack_task
from autograde.cluster.worker_verdicts import with_verdicts
from autograde.roles import version_of
from autograde.sandbox import CellTask, Limits, Pool, SandboxError
from autograde.sandbox.inside import frames
from descentlab.sentences import say

PACKAGES = ("descentlab", "numpy", "ipython", "distributed")
MIB = 2**20
TRIES = 2  # a machine may be short of something for a moment; so may Python 3.11 in two threads at once
REFUSED = "refused: "  # begins the answer of a worker that does not fit
WITHOUT_FILES = "no files: "  # begins that of one which has to be sent the assignment's files first
MOST_KEPT = 4  # assignments

_files: dict[str, dict[str, bytes]] = {"": {}}  # by their digest


def check_in(boxes: str, limits: dict[str, Any], dask_worker: Any) -> bytes:
    """What this worker is: versions, and the tier in which it has just run a cell within the limits.

    `boxes` is the JSON object of what its sandboxes are made of: isolation, packages, withheld folders.
    """
    answer: dict[str, Any] = {"versions": versions()}
    for _ in range(TRIES):
        try:
            answer["tier"] = _try(boxes, Limits(**limits), dask_worker.state.nthreads)
            answer.pop("error", None)
            break
        except Exception as error:  # whatever the machine lacks is told, not raised
            answer["error"] = str(error)
    return frames.pack(answer)


def _try(boxes: str, limits: Limits, jobs: int) -> int:
    """The tier in which a cell has just run here."""
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
    """This worker's address, and what it answers to a task. Nothing but these leaves it."""
    try:
        answered = run(task, boxes, expected)
        if not isinstance(answered, bytes):
            raise TypeError("an answer that is no bytes")
    except Exception as error:
        answered = pack_error(f"{type(error).__name__}: {error}")
    return get_worker().address, answered


def run(task: bytes, boxes: str, expected: dict[str, Any]) -> bytes:
    """Run a notebook in the sandbox here and judge it. A worker that joined late and differs refuses."""
    asked = unpack_task(task)
    if asked.files not in _files:
        return pack_error(WITHOUT_FILES)
    try:
        pool = _pool(boxes, asked.limits.disk_bytes, get_worker().state.nthreads)
    except SandboxError as error:
        return pack_error(f"{REFUSED}{error}")
    this = {"versions": versions(), "tier": pool.tier}
    if this != expected:
        sentence = say("it has {actual}, the others {expected}", actual=this, expected=expected)
        return pack_error(f"{REFUSED}{sentence}")
    result = pool.submit_run(asked.cells, asked.seed, asked.limits, _files[asked.files]).result()
    return pack_result(with_verdicts(result, asked))


def keep_files(digest: str, data: bytes) -> None:
    """Keep an assignment's files for the tasks that name them."""
    while len(_files) > MOST_KEPT:
        del _files[list(_files)[1]]  # the oldest; the first is of assignments without files
    _files[digest] = unpack_files(data)


@cache
def _pool(boxes: str, disk_bytes: int, jobs: int) -> Pool:
    """One pool a worker and kind of boxes, as wide as the worker."""
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
