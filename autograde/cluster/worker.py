"""The worker's side, and the bytes exchanged between the grader, its Dask client and the workers.

A worker takes bytes and returns bytes, even for errors. A task is one frame (`autograde.sandbox.inside.frames`) with
the assignment's files after it, a result is one with the cells' evidence after it. What comes back is read with
limits and never unpickled. The grader reads replies with this module and does not load Dask.
"""

import atexit
import json
import os
import platform
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from autograde.installed import version_of
from autograde.sandbox import CellResult, CellTask, Limits, Pool, RunResult, SandboxError
from autograde.sandbox.inside import frames
from autograde.sandbox.inside.frames import OddFrameError
from autograde.sandbox.limits import MIB
from autograde.untrusted.flags import RUN_FLAGS
from autograde.untrusted.outputs import OddOutputError, read_count, read_hooks, read_outputs

BYTES_PER_CHARACTER = 6  # at most, in ASCII JSON
CELL_BYTES = 2**14  # for a cell beyond its outputs' text
SPARE_BYTES = 2**20  # of a reply, beyond outputs and evidence
MOST_WORDS = 2_000  # characters of an error
MOST_SECONDS = 2**32


@dataclass(frozen=True)
class Task:
    """One notebook's cells, and the files (path: content) of its folder."""

    cells: tuple[CellTask, ...]
    seed: int
    limits: Limits
    files: Mapping[str, bytes]


def pack_task(task: Task) -> bytes:
    """A task as bytes."""
    files = [[name, len(content)] for name, content in task.files.items()]
    return frames.pack(asdict(task) | {"files": files}, b"".join(task.files.values()))


def unpack_task(data: bytes) -> Task:
    """The task that the grader sent."""
    message, contents = unpack(data)
    cells = tuple(CellTask(**cell) for cell in message["cells"])
    files = {name: contents.read(length) for name, length in message["files"]}
    return Task(cells, message["seed"], Limits(**message["limits"]), files)


def pack_result(result: RunResult) -> bytes:
    """The result of a run as bytes."""
    message = asdict(result)
    for cell in message["cells"]:
        if cell["evidence"] is not None:
            cell["evidence"] = len(cell["evidence"])
    return frames.pack(message, b"".join(cell.evidence or b"" for cell in result.cells))


def pack_error(words: str) -> bytes:
    """The reason for a missing result, as bytes."""
    return frames.pack({"error": words[:MOST_WORDS]})


def longest_reply(task: Task) -> int:
    """The largest size of an honest reply to a task, in bytes."""
    outputs = BYTES_PER_CHARACTER * task.limits.output_bytes + CELL_BYTES * len(task.cells)
    checks = sum(cell.seed is not None for cell in task.cells)
    return outputs + task.limits.evidence_bytes * checks + SPARE_BYTES


def read_reply(data: bytes, task: Task, tier: int) -> RunResult:
    """The result of a run, of a worker's reply.

    Raises:
        OddFrameError: there is none; the message is the worker's reason or what is wrong with the reply.
    """
    if len(data) > longest_reply(task):
        raise OddFrameError(f"{len(data)} bytes")
    message, evidence = unpack(data)
    if isinstance(error := message.get("error"), str):
        raise OddFrameError(" ".join(error.split())[:MOST_WORDS])
    cells, flags = message.get("cells"), message.get("flags")
    if not isinstance(cells, list) or len(cells) > len(task.cells):
        raise OddFrameError("cells that are not in the task")
    if not isinstance(flags, list) or not all(isinstance(flag, str) and flag in RUN_FLAGS for flag in flags):
        raise OddFrameError("flags")
    if message.get("tier") != tier:
        raise OddFrameError(f"tier {message.get('tier')!r:.20} instead of {tier}")
    results = [_cell(cell, evidence) for cell in cells]
    if evidence.read(1):
        raise OddFrameError("bytes of no cell")
    return RunResult(
        results, tuple(flags), _seconds(message.get("seconds")), _seconds(message.get("cpu_seconds")), tier
    )


def _cell(cell: Any, left: BytesIO) -> CellResult:
    """The cell whose evidence, if it has some, is the first that is left."""
    if not isinstance(cell, dict):
        raise OddFrameError("a cell")
    try:
        outputs, hooks = read_outputs(cell.get("outputs")), read_hooks(cell.get("hooks"))
        count = read_count(cell.get("execution_count"))
    except OddOutputError as odd:
        raise OddFrameError(str(odd)) from None
    length, evidence = cell.get("evidence"), None
    if length is not None:
        evidence = left.read(length) if type(length) is int and length >= 0 else None
        if evidence is None or len(evidence) != length:
            raise OddFrameError("evidence that is not there")
    return CellResult(outputs, evidence, count, hooks)


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= MOST_SECONDS:
        raise OddFrameError("seconds")
    return float(value)


def unpack(data: bytes) -> tuple[frames.Message, BytesIO]:
    """The message and the bytes of one frame, to be read.

    Raises:
        OddFrameError: it is not exactly one.
    """
    begin = frames.HEADER.size
    if len(data) < begin:
        raise OddFrameError("no frame")
    text, raw = frames.lengths(data[:begin], len(data), len(data))
    end = begin + text
    if end + raw != len(data):
        raise OddFrameError("a frame of another length")
    return frames.parse(data[begin:end]), BytesIO(data[end:])


PACKAGES = ("descentlab", "numpy", "ipython", "distributed")


def check_in(boxes: str, limits: dict[str, Any], dask_worker: Any) -> bytes:
    """This worker's versions, and the tier in which it has just run a cell within the limits.

    `boxes` is a JSON object: the isolation, packages, withheld folders and checks of its sandboxes.
    """
    try:
        asked = Limits(**limits)
        if memory() < asked.memory_bytes:
            raise MemoryError(
                f"it has {memory() // MIB} MiB of memory, a submission may use {asked.memory_bytes // MIB}"
            )
        pool = _pool(boxes, asked.disk_bytes, dask_worker.state.nthreads)
        pool.submit_run([CellTask("1")], 0, asked).result()
        return frames.pack({"versions": versions(), "tier": pool.tier})
    except Exception as error:  # anything the machine lacks is reported in the reply
        return pack_error(str(error))


def versions() -> dict[str, str]:
    """Versions that may affect a result."""
    return {name: version_of(name) or "none" for name in PACKAGES} | {"python": platform.python_version()}


def memory() -> int:
    """This machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def reply_to(task: bytes, boxes: str, expected: dict[str, Any]) -> tuple[str, bytes | None]:
    """This worker's address, and its reply to a task: None of one that joined late and differs.

    Nothing but these leaves it.
    """
    from distributed import get_worker

    here = get_worker()
    try:
        reply = run(task, boxes, expected, here.state.nthreads)
        if not isinstance(reply, bytes | None):
            raise TypeError("a reply that is not bytes")
    except Exception as error:
        reply = pack_error(f"{type(error).__name__}: {error}")
    return here.address, reply


def run(task: bytes, boxes: str, expected: dict[str, Any], jobs: int) -> bytes | None:
    """Run a notebook in this machine's sandbox, if the machine is as expected."""
    asked = unpack_task(task)
    try:
        pool = _pool(boxes, asked.limits.disk_bytes, jobs)
    except SandboxError:
        return None
    if {"versions": versions(), "tier": pool.tier} != expected:
        return None
    return pack_result(pool.submit_run(asked.cells, asked.seed, asked.limits, asked.files).result())


def _pool(boxes: str, disk_bytes: int, jobs: int) -> Pool:
    """The worker's pool, with as many boxes as the worker runs tasks; the first task makes it, and others wait."""
    with _making:
        return _made_pool(boxes, disk_bytes, jobs)


_making = threading.Lock()


@cache
def _made_pool(boxes: str, disk_bytes: int, jobs: int) -> Pool:
    asked = json.loads(boxes)
    asked["withheld"] = {what: Path(folder) for what, folder in asked["withheld"].items()}
    pool = Pool(jobs, limits=Limits(disk_bytes=disk_bytes), **asked)
    atexit.register(pool.close)
    return pool
