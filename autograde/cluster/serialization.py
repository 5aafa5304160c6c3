"""What travels between the grader, the process that speaks with Dask, and the workers: bytes.

A task is one frame (`autograde.sandbox.inside.frames`). It names the assignment's files by their digest: a
worker gets them once, in a frame of their own. A result is a frame, too. Behind it are, cell by cell, the
long texts of its outputs (pictures, nine tenths of an answer, which no JSON parser need look at) and its
evidence; in it is what the worker makes of that evidence. What comes back is read with limits. Nothing of it
is unpickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autograde.sandbox import CellResult, CellTask, Limits, RunResult
from autograde.sandbox.inside import frames
from autograde.sandbox.inside.frames import OddFrameError
from autograde.untrusted.outputs import JSON_MIME, OddOutputError, read_count, read_outputs

ESCAPED = 6  # bytes that one byte of text may take in ASCII JSON
OF_A_CELL = 2**14  # bytes that it may need beside its outputs' text
OF_A_VERDICT = 2**17  # bytes
SLACK = 2**20  # bytes of an answer beside outputs and evidence
LONG = 1_000  # characters of an output's text that travels behind the frame
MOST_WORDS = 2_000  # characters of an error
MOST_SECONDS = 2**32
FLAGS = frozenset(["timeout", "memory", "processes", "disk", "output-limit", "died", "odd-reply"])


@dataclass(frozen=True)
class Task:
    """One notebook, the digest of its files, and the language in which verdicts are wanted; "" for none."""

    cells: tuple[CellTask, ...]
    seed: int
    limits: Limits
    files: str = ""
    language: str = ""


def pack_task(task: Task) -> bytes:
    """A task as bytes."""
    message = {
        "cells": [[cell.source, cell.seed, cell.check] for cell in task.cells],
        "seed": task.seed,
        "limits": asdict(task.limits),
        "files": task.files,
        "language": task.language,
    }
    return frames.pack(message)


def unpack_task(data: bytes) -> Task:
    """The task that the grader sent."""
    message, _ = _frame(data)
    cells = tuple(CellTask(*cell) for cell in message["cells"])
    return Task(cells, message["seed"], Limits(**message["limits"]), message["files"], message["language"])


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """The assignment's files as bytes, the same for the same files."""
    ordered = sorted(files.items())
    sizes = [[name, len(content)] for name, content in ordered]
    return frames.pack({"files": sizes}, b"".join(content for _, content in ordered))


def unpack_files(data: bytes) -> dict[str, bytes]:
    """The files that the grader sent."""
    message, raw = _frame(data)
    files, at = {}, 0
    for name, length in message["files"]:
        files[name] = raw[at : at + length]
        at += length
    return files


def pack_result(result: RunResult) -> bytes:
    """What a run gave, as bytes."""
    raw: list[bytes] = []
    message = {
        "cells": [_pack_cell(cell, raw) for cell in result.cells],
        "flags": list(result.flags),
        "seconds": result.seconds,
        "cpu_seconds": result.cpu_seconds,
        "tier": result.tier,
    }
    return frames.pack(message, b"".join(raw))


def _pack_cell(cell: CellResult, raw: list[bytes]) -> list[Any]:
    """A cell's outputs, count, its evidence's length and the verdict on it; long texts and evidence are added
    to `raw`."""
    outputs = []
    for output in cell.outputs:
        if "data" in output:
            output = output | {"data": dict(output["data"])}
            for mime, content in output["data"].items():
                if isinstance(content, str) and len(content) >= LONG and not JSON_MIME.fullmatch(mime):
                    raw.append(content.encode("utf-8"))
                    output["data"][mime] = {"bytes": len(raw[-1])}
        outputs.append(output)
    length = None
    if cell.evidence is not None:
        raw.append(cell.evidence)
        length = len(cell.evidence)
    return [outputs, cell.execution_count, length, cell.verdict]


def pack_error(words: str) -> bytes:
    """Why there is no result, as bytes."""
    return frames.pack({"error": words[:MOST_WORDS]})


def longest_answer(task: Task) -> int:
    """Bytes that an honest answer to a task may have."""
    outputs = ESCAPED * task.limits.output_bytes + OF_A_CELL * len(task.cells)
    checks = sum(cell.seed is not None for cell in task.cells)
    return outputs + (task.limits.evidence_bytes + OF_A_VERDICT) * checks + SLACK


def read_answer(data: bytes, task: Task, tier: int) -> RunResult | str:
    """A worker's answer: the run's result, or its own words for why there is none.

    Raises:
        OddFrameError: it is neither, with what is odd about it.
    """
    if len(data) > longest_answer(task):
        raise OddFrameError(f"{len(data)} bytes")
    message, raw = _frame(data)
    if isinstance(error := message.get("error"), str):
        return " ".join(error.split())[:MOST_WORDS]
    cells, flags = message.get("cells"), message.get("flags")
    if not isinstance(cells, list) or len(cells) > len(task.cells):
        raise OddFrameError("other cells than were asked for")
    if not isinstance(flags, list) or not all(isinstance(flag, str) and flag in FLAGS for flag in flags):
        raise OddFrameError("flags")
    if message.get("tier") != tier:
        raise OddFrameError(f"tier {message.get('tier')!r:.20} instead of {tier}")
    results, at = [], 0
    for cell in cells:
        result, at = _cell(cell, raw, at)
        results.append(result)
    if at != len(raw):
        raise OddFrameError("bytes of no cell")
    return RunResult(
        results, tuple(flags), _seconds(message.get("seconds")), _seconds(message.get("cpu_seconds")), tier
    )


def _cell(cell: Any, raw: bytes, at: int) -> tuple[CellResult, int]:
    if not isinstance(cell, list) or len(cell) != 4:
        raise OddFrameError("a cell")
    said, count, length, verdict = cell
    if not isinstance(verdict, dict | None):
        raise OddFrameError("a verdict")
    at = _put_long_texts_back(said, raw, at)
    try:
        outputs, count = read_outputs(said), read_count(count)
    except OddOutputError as odd:
        raise OddFrameError(str(odd)) from None
    evidence = None
    if length is not None:
        end = _end(length, raw, at)
        evidence, at = raw[at:end], end
    return CellResult(outputs, evidence, count, verdict), at


def _put_long_texts_back(outputs: Any, raw: bytes, at: int) -> int:
    """The texts whose bytes begin at `at` into their places; returns where they end. Anything else that is
    odd is left to `read_outputs`."""
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        for mime, content in data.items() if isinstance(data, dict) else ():
            if not isinstance(content, dict) or JSON_MIME.fullmatch(mime):
                continue
            end = _end(content.get("bytes"), raw, at)
            try:
                data[mime] = raw[at:end].decode("utf-8")
            except UnicodeDecodeError:
                raise OddFrameError("a text") from None
            at = end
    return at


def _end(length: Any, raw: bytes, at: int) -> int:
    if type(length) is not int or not 0 <= length <= len(raw) - at:
        raise OddFrameError("bytes that are not there")
    return at + length


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= MOST_SECONDS:
        raise OddFrameError("seconds")
    return float(value)


def _frame(data: bytes) -> tuple[dict[str, Any], bytes]:
    if len(data) < frames.HEADER.size:
        raise OddFrameError("no frame")
    text, raw = frames.lengths(data[: frames.HEADER.size], len(data), len(data))
    if frames.HEADER.size + text + raw != len(data):
        raise OddFrameError("a frame of another length")
    start = frames.HEADER.size + text
    return frames.parse(data[frames.HEADER.size : start]), data[start:]
