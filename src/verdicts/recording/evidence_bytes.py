"""Evidence as bytes: JSON in which an array is {"dtype", "shape", "base64"}. No pickle, no objects.

Evidence contains its `format`. It is numbers without the questions: if it was recorded on other probes, or in
another form, right answers would be judged wrong. So a change of either raises `FORMAT`.

`evidence_of` reads bytes that a hostile process may have written: sizes are checked before memory is taken,
and texts for messages must be valid UTF-8. Anything else is an OddEvidenceError. Numbers
may be of any value, kind and shape: they are compared.
"""

import binascii
import json
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from verdicts.values import kind, numbers, strings

FORMAT = 11
"""The format of evidence and of its probes; evidence without a number has format 1."""
MAX_BYTES = 4 << 20
MAX_DEPTH = 40
MAX_VALUES = 300_000
"""Values, an array being one; a rule's longest evidence has some 6,000."""
_KINDS = {name: (dtype.newbyteorder("<"), dtype) for dtype, name in numbers.DTYPES.items()}
_FIELDS = {"dtype", "shape", "base64"}
_STATES = ("answered", "unanswered", "too-large", "not-callable")


Evidence = dict[str, Any]
"""The evidence of a check, or of one of its probes."""
AGAIN = "called again"
"""Where the evidence of a function keeps a second run of the first probe, which earns and costs nothing."""


class OddEvidenceError(ValueError):
    """The bytes are not evidence."""


def pack(evidence: Evidence) -> bytes:
    """Pack evidence into bytes that contain its format.

    Too much of it (an answer that grows its arrays) is replaced by a note of its size.
    """
    data = json.dumps({"format": FORMAT, **evidence}, default=_array, separators=(",", ":")).encode()
    if AGAIN in evidence and len(data) > MAX_VALUES:  # a value takes a byte or more
        return pack({name: part for name, part in evidence.items() if name != AGAIN})
    if len(data) <= MAX_BYTES:
        return data
    return pack({"check": evidence["check"], "state": "too-large", "runs": []})


def calls_of(run: Any, field: str = "calls") -> list[Any]:
    """A field of a rule's run, call by call; empty if there is anything else."""
    calls = run.get(field) if isinstance(run, Mapping) else None
    return calls if isinstance(calls, list) else []


def inner(value: Any, field: str) -> Mapping[str, Any] | None:
    """A dict that recorded evidence holds in a field; None without one: what a student's code wrote has any form."""
    found = value.get(field) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _array(value: Any) -> dict[str, Any]:
    name = numbers.DTYPES.get(value.dtype) if type(value) is np.ndarray else None
    if name is None:
        raise TypeError(f"{type(value).__name__} is nothing that evidence holds")
    data = value.astype(_KINDS[name][0], copy=False).tobytes()
    return {
        "dtype": name,
        "shape": value.shape,
        "base64": binascii.b2a_base64(data, newline=False).decode(),
    }


def evidence_of(data: bytes, check: str) -> Evidence:
    """The evidence in `data`, which has the fields that `record` writes for this check.

    Raises:
        OddEvidenceError: they are any other bytes.
    """
    evidence = unpack(data)
    require_format(evidence.get("format", 1))
    runs = evidence.get("runs")
    well_formed = (
        _is_word(evidence.get("check"), (check,))
        and _is_word(evidence.get("state"), _STATES)
        and all(isinstance(evidence.get(name, ""), str) for name in ("probes", "given", "calls", "printed"))
        and isinstance(runs, list)
        and all(map(_is_run, (*runs, *([evidence[AGAIN]] if AGAIN in evidence else ()))))
        and len({run["probe"] for run in runs}) == len(runs)
    )
    if not well_formed:
        raise OddEvidenceError("fields are missing, or it is of another check")
    return evidence


def require_format(number: Any) -> None:
    """Refuse evidence of another format: it was recorded on other probes, or is put together otherwise.

    Raises:
        OddEvidenceError: the number is not `FORMAT`.
    """
    if type(number) is not int or number != FORMAT:
        raise OddEvidenceError(f"it is of another version: this one judges evidence of the format {FORMAT}")


def _is_word(value: Any, words: Sequence[str]) -> bool:
    """Whether a value is one of the words; an array is never compared."""
    return isinstance(value, str) and value in words


def _is_run(run: Any) -> bool:
    """Whether all parts of a run that messages show are text."""
    if not isinstance(run, dict):
        return False
    error = run.get("error", {})
    if not isinstance(error, dict):
        return False
    return all(
        isinstance(word, str)
        for word in (run.get("probe"), run.get("returned", ""), run.get("slip", ""), *error.values())
    )


def unpack(data: bytes) -> Evidence:
    """The evidence in `data`, arrays restored.

    Raises:
        OddEvidenceError: `pack` does not write such bytes.
    """
    if not isinstance(data, bytes) or len(data) > MAX_BYTES:
        raise OddEvidenceError(f"more than {MAX_BYTES >> 20} MiB, or not bytes")
    try:
        tree = json.loads(data.decode("utf-8"))
        evidence = _Reader().restore(tree, 0)
    except OddEvidenceError:
        raise
    except (ValueError, RecursionError, TypeError, OverflowError) as error:
        raise OddEvidenceError(f"not the format of evidence ({type(error).__name__})") from None
    if not isinstance(evidence, dict):
        raise OddEvidenceError("not an object")
    return evidence


class _Reader:
    """Values restored, and counted."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def restore(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if depth > MAX_DEPTH:
            raise OddEvidenceError("nested too deeply")
        if self.left < 0:
            raise OddEvidenceError(f"more than {MAX_VALUES} values")
        if isinstance(value, dict):
            if "base64" in value:
                return _restore_array(value)
            restored = {
                _text(key, kind.MAX_NAME): self.restore(item, depth + 1) for key, item in value.items()
            }
            if "odd" in value and not (
                kind.is_tagged(restored) if len(value) > 1 else isinstance(value["odd"], str)
            ):
                raise OddEvidenceError("a value of an unknown kind")
            return restored
        if isinstance(value, list):
            return [self.restore(item, depth + 1) for item in value]
        if isinstance(value, str):
            return _text(value, strings.MAX_TEXT)
        return value


def _text(text: str, most: int) -> str:
    """A text of limited length without lone surrogates, which no file can hold."""
    if len(text) > most:
        raise OddEvidenceError(f"a text of more than {most} characters")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _restore_array(value: dict[str, Any]) -> np.ndarray:
    kinds = _KINDS.get(value["dtype"]) if value.keys() == _FIELDS else None
    if kinds is None:
        raise OddEvidenceError("an array of an unknown kind")
    shape = value["shape"]
    if (
        not isinstance(shape, list)
        or not all(type(n) is int and n >= 0 for n in shape)
        or len(shape) > numbers.MAX_AXES
    ):
        raise OddEvidenceError("an array of an unknown shape")
    raw = binascii.a2b_base64(value["base64"], strict_mode=True)
    little, native = kinds
    if prod(shape) * native.itemsize != len(raw):
        raise OddEvidenceError("an array whose bytes do not fill its shape")
    return np.ndarray(shape, little, bytearray(raw)).astype(native, copy=False)
