"""What a worker answers is a result, or named; it never raises anything else."""

import copy
import json
import pickle
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.cluster.worker import (
    Task,
    longest_reply,
    pack_error,
    pack_result,
    pack_task,
    read_reply,
    unpack_task,
)
from autograde.sandbox import CellResult, CellTask, Limits, RunResult
from autograde.sandbox.inside import frames
from autograde.sandbox.inside.frames import OddFrameError

TASK = Task(
    (CellTask("1"), CellTask("check()", 7, "adam/update")),
    3,
    Limits(output_bytes=1000),
    {"a/b.csv": b"\x00,1", "c": b""},
)
STREAM = {"output_type": "stream", "name": "stdout", "text": "né\n"}
PICTURE = {
    "output_type": "display_data",
    "data": {"image/png": "aB+/", "text/plain": "a", "application/json": {"bytes": 5}},
    "metadata": {},
}
RESULT = RunResult(
    [
        CellResult([STREAM], None, 1),
        CellResult([PICTURE], b"\x00evidence", 2, ("post_run_cell: hook",)),
    ],
    ("memory",),
    1.5,
    0.5,
    2,
)

ODD = json.loads(Path(__file__).with_name("odd_fields.json").read_text())
CELL = {"outputs": [], "evidence": None, "execution_count": None, "hooks": []}


def message_of(data: bytes) -> tuple[dict, bytes]:
    text, _ = frames.lengths(data[: frames.HEADER.size], 10**6, 10**6)
    end = frames.HEADER.size + text
    return json.loads(data[frames.HEADER.size : end]), data[end:]


def test_tasks_and_results_arrive_as_they_were_sent():
    assert unpack_task(pack_task(TASK)) == TASK
    before = copy.deepcopy(RESULT)
    assert read_reply(pack_result(RESULT), TASK, 2) == RESULT == before


def test_an_error_is_its_words_in_one_line():
    with pytest.raises(OddFrameError, match=r"^no room$"):
        read_reply(pack_error("no\nroom"), TASK, 2)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", pickle.dumps(RESULT), frames.pack({}), frames.pack({"cells": []})[:-1], bytes(10**7)],
    ids=["nothing", "garbage", "pickle", "empty", "cut", "long"],
)  # fmt: skip
def test_what_is_no_reply_is_named(data):
    with pytest.raises(OddFrameError):
        read_reply(data, TASK, 2)


def test_a_reply_longer_than_an_honest_one_is_not_looked_at():
    with pytest.raises(OddFrameError, match="bytes"):
        read_reply(pack_error("") + bytes(longest_reply(TASK)), TASK, 2)
    with pytest.raises(OddFrameError, match="bytes"):
        read_reply(frames.pack({"error": "x" * longest_reply(TASK)}), TASK, 2)


def test_a_reply_as_long_as_the_limits_let_it_be_is_taken():
    full = {"output_type": "stream", "name": "stdout", "text": "\x00" * TASK.limits.output_bytes}
    cells = [CellResult([full], bytes(TASK.limits.evidence_bytes), 1), CellResult([], None, 2)]
    result = RunResult(cells, (), 1.0, 1.0, 2)
    assert read_reply(pack_result(result), TASK, 2) == result


@pytest.mark.parametrize("odd", [*ODD, {"seconds": 10**400}], ids=lambda odd: str(odd)[:60])
def test_a_field_that_is_odd_is_named(odd):
    message, raw = message_of(pack_result(RESULT))
    if odd.get("cells"):
        odd = {"cells": [CELL | cell if isinstance(cell, dict) else cell for cell in odd["cells"]]}
    with pytest.raises(OddFrameError):
        read_reply(frames.pack(message | odd, raw), TASK, 2)


@given(st.data())
@settings(deadline=None, max_examples=500)
def test_no_changed_byte_raises_anything_else(data):
    reply = bytearray(pack_result(RESULT))
    for _ in range(data.draw(st.integers(1, 4))):
        reply[data.draw(st.integers(0, len(reply) - 1))] = data.draw(st.integers(0, 255))
    with suppress(OddFrameError):
        found = read_reply(bytes(reply), TASK, 2)
        assert isinstance(found, RunResult)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
        | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ),
    st.sampled_from(["cells", "flags", "seconds", "cpu_seconds", "tier", "error"]),
)
@settings(deadline=None, max_examples=300)
def test_no_value_in_any_field_raises_anything_else(value, field):  # fmt: skip
    message, raw = message_of(pack_result(RESULT))
    with suppress(OddFrameError):
        assert isinstance(read_reply(frames.pack(message | {field: value}, raw), TASK, 2), RunResult)
