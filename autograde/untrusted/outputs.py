"""Strict reading of the outputs that a submission's process reports.

The process belongs to the student. Only nbformat's shapes pass, rebuilt piece by piece; anything else raises
OddOutputError, which becomes a flag and never stops the grader.
"""

import re
from typing import Any, NamedTuple

MIME = re.compile(r"[a-z0-9.+-]{1,64}/[A-Za-z0-9.+-]{1,96}")
JSON_MIME = re.compile(r"application/(.*\+)?json")  # nbformat's schema allows data of no other kind
MOST_OUTPUTS_READ = 10_000  # of a notebook, counting changed ones again
MOST_LINES = 20_000
DEPTH = 16
MOST_COUNT = 10**6
MOST_HOOKS = 100
Output = dict[str, Any]
"""An output as nbformat has it."""


class OddOutputError(ValueError):
    """A reply that no notebook's process sends."""


class Reply(NamedTuple):
    """The reply for one cell: its outputs, those of `earlier` cells (by number) that it changed, whether evidence
    follows, whether output was left out (`cut`), and its event hooks.
    """

    outputs: list[Output]
    earlier: dict[int, list[Output]]
    execution_count: int | None
    evidence: bool
    cut: bool
    hooks: tuple[str, ...]


def read_reply(message: dict[str, Any]) -> Reply:
    """Read a cell's reply.

    Raises:
        OddOutputError: it is malformed.
    """
    earlier = _sized(message.get("earlier"), dict, "earlier cells", MOST_OUTPUTS_READ)
    return Reply(
        outputs=read_outputs(message.get("outputs")),
        earlier={_cell_number(key): read_outputs(outputs) for key, outputs in earlier.items()},
        execution_count=read_count(message.get("execution_count")),
        evidence=message.get("evidence") is True,
        cut=message.get("cut") is True,
        hooks=read_hooks(message.get("hooks", [])),
    )


def read_hooks(hooks: Any) -> tuple[str, ...]:
    """The names of event hooks."""
    return tuple(map(_text, _sized(hooks, list, "hooks", MOST_HOOKS)))


def read_outputs(outputs: Any) -> list[Output]:
    """The output nodes of a cell, each of a kind that nbformat knows."""
    return [_output(output) for output in _sized(outputs, list, "outputs", MOST_OUTPUTS_READ)]


def _sized(value: Any, kind: type[list | dict], what: str, most: float = float("inf")) -> Any:
    """The value, if it is of that kind and no longer than `most`."""
    if not isinstance(value, kind) or len(value) > most:
        raise OddOutputError(what)
    return value


def _output(output: Any) -> Output:
    kind = _sized(output, dict, "an output").get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        text = _text(output.get("text"))
        if output.get("left_out") is True:
            text += "\n[the rest was left out: too much output]\n"
        return {"output_type": "stream", "name": output["name"], "text": text}
    if kind == "error":
        lines = _sized(output.get("traceback"), list, "a traceback", MOST_LINES)
        return {
            "output_type": "error",
            "ename": _text(output.get("ename")),
            "evalue": _text(output.get("evalue")),
            "traceback": [_text(line) for line in lines],
        }
    if kind in ("display_data", "execute_result"):
        node = {
            "output_type": kind,
            "data": _bundle(output.get("data")),
            "metadata": _bounded_json(_sized(output.get("metadata"), dict, "nested data")),
        }
        if kind == "execute_result":
            node["execution_count"] = read_count(output.get("execution_count"))
        return node
    raise OddOutputError("an output's kind")


def _bundle(data: Any) -> dict[str, Any]:
    bundle = {}
    for mime, content in _sized(data, dict, "a bundle").items():
        if not MIME.fullmatch(mime):
            continue  # no reader would show it
        if JSON_MIME.fullmatch(mime):
            bundle[mime] = _bounded_json(content)
        elif isinstance(content, str):
            bundle[mime] = _text(content)
        elif isinstance(content, list) and all(isinstance(line, str) for line in content):
            bundle[mime] = _text("".join(content))
    return bundle


def _bounded_json(value: Any, depth: int = 0) -> Any:
    """JSON of limited depth, with texts that UTF-8 can encode."""
    if depth > DEPTH:
        raise OddOutputError("nested data")
    if isinstance(value, dict):
        return {_text(key): _bounded_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_bounded_json(item, depth + 1) for item in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise OddOutputError("a number")
    return value


def _text(value: Any) -> str:
    """A string without lone surrogates, which no file could hold."""
    if not isinstance(value, str):
        raise OddOutputError("a text")
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def read_count(value: Any) -> int | None:
    """The number of an execution, if it has one."""
    if value is None or (type(value) is int and 0 <= value <= MOST_COUNT):
        return value
    raise OddOutputError("an execution count")


def _cell_number(key: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", key):
        raise OddOutputError("a cell's number")
    return int(key)
