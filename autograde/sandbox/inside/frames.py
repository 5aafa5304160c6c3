"""Frames on a stream socket: two lengths, JSON, then raw bytes.

    4 bytes  length of the JSON text      4 bytes  length of the raw part      both parts

Lengths are compared with a limit before anything is allocated. Text is ASCII JSON without NaN; what does not
keep to this is an `OddFrameError`.
"""

import json
import struct
from collections.abc import Callable
from typing import Any

AT_ONCE = 2**20  # bytes requested at once
HEADER = struct.Struct(">II")
MOST_VALUES = 1_000_000  # a short text takes five bytes to send and a hundred to hold


Message = dict[str, Any]


class OddFrameError(Exception):
    """Bytes that no honest sender writes."""


def pack(message: Message, raw: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
    return HEADER.pack(len(text), len(raw)) + text + raw


def exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    """Read exactly `size` bytes; `receive(most)` returns some of them, or none at the end.

    Raises:
        EOFError: the other side ended before.
    """
    parts = []
    while size:
        part = receive(min(size, AT_ONCE))
        if not part:
            raise EOFError("the connection ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def lengths(header: bytes, text_limit: int, raw_limit: int) -> tuple[int, int]:
    """The two lengths of a header.

    Raises:
        OddFrameError: one is over its limit.
    """
    text, raw = HEADER.unpack(header)
    if text > text_limit or raw > raw_limit:
        raise OddFrameError(f"a frame of {text} + {raw} bytes")
    return text, raw


def _refuse(literal: str) -> None:
    raise ValueError(f"{literal} is not JSON")


PARSER = json.JSONDecoder(parse_constant=_refuse)


def values(text: bytes) -> int:
    """Estimate how many values a parser would make of this JSON, without making them."""
    bare = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    quotes = bare.count(b'"')
    if quotes > 2 * MOST_VALUES:
        return quotes // 2
    outside = b"".join(bare.split(b'"')[::2])
    return sum(map(outside.count, (b",", b":", b"[", b"{")))


def parse(text: bytes) -> Message:
    """The JSON object of a frame.

    Raises:
        OddFrameError: it is anything else.
    """
    return counted(text, MOST_VALUES)[0]


def counted(text: bytes, most: int) -> tuple[Message, int]:
    """The JSON object of a frame and how many values it has.

    Raises:
        OddFrameError: it is none, or has more than `most`.
    """
    count = values(text)
    if count > most:
        raise OddFrameError("far more values than are taken")
    try:
        message = PARSER.decode(text.decode("ascii"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise OddFrameError(type(error).__name__) from None
    if not isinstance(message, dict):
        raise OddFrameError("not an object")
    return message, count
