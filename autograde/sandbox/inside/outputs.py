"""A cell's outputs as they are kept: neighbours merged, cut where a notebook has no room left."""

from __future__ import annotations

import json
from typing import Any

DECIDING = ("error", "execute_result")  # what a score of an ordinary test cell is read from
LONGEST_TEXT, LONGEST_TRACEBACK = 2_000, 20


def merged(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring texts of one stream become one output, however many pieces they were sent in."""
    merged: list[dict[str, Any]] = []
    for output in outputs:
        before = merged[-1] if merged else None
        if (
            before
            and output["output_type"] == before["output_type"] == "stream"
            and output["name"] == before["name"]
        ):
            before["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged


def shortened(output: dict[str, Any]) -> dict[str, Any]:
    """An error or a result at a length that always finds room: a score may depend on it."""
    if "traceback" in output:
        lines = [str(line)[:LONGEST_TEXT] for line in output["traceback"][-LONGEST_TRACEBACK:]]
        return {**output, "evalue": str(output["evalue"])[:LONGEST_TEXT], "traceback": lines}
    text = str(output["data"].get("text/plain", ""))[:LONGEST_TEXT]
    return {**output, "data": {"text/plain": text}, "metadata": {}}


def cut_to_size(
    outputs: list[dict[str, Any]], room: int, most: int
) -> tuple[list[dict[str, Any]], int, bool]:
    """The first `most` outputs that fit into `room` bytes, their size, and whether any was left out.

    Errors and results are never left out: nbgrader gives full points to a cell that shows neither. A text
    that is cut is marked `left_out`: whoever reads it says so.
    """
    kept, used, cut = [], 0, False
    for output in outputs:
        size = len(json.dumps(output))
        if not cut and used + size <= room and len(kept) < most:
            kept.append(output)
            used += size
        elif output["output_type"] in DECIDING:
            kept.append(shortened(output))
            cut = True
        elif not cut:
            cut = True
            if output["output_type"] == "stream":
                text = output["text"][: max(0, (room - used) // 8)]
                kept.append({**output, "text": text, "left_out": True})
                used += len(json.dumps(text))
    return kept, min(used, room), cut
