"""Evidence is bytes that a hostile process may have written: the judge answers, and never with points."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descentlab.checks import judge, record
from descentlab.checks.recording import wire
from descentlab.rules import SGD

HONEST = json.loads(record("sgd/update", SGD, 3))


def packed(tree):
    return json.dumps(tree).encode()


def test_honest_evidence_earns_full_points_for_its_own_seed_only():
    assert judge("sgd/update", packed(HONEST), 3).passed
    assert judge("sgd/update", packed(HONEST), 4).fraction < 0.5
    assert judge("sgd/update", packed(HONEST), 4).criteria[0].passed is False


def test_no_evidence_is_no_points_with_a_reason():
    verdict = judge("sgd/update", None, 3)
    assert (verdict.status, verdict.fraction) == ("no-evidence", 0)
    assert verdict.cause


def bomb(levels):
    return b"[" * levels + b"]" * levels


ODD_BYTES = {
    "empty": b"",
    "not text": b"\xff\xfe\x00",
    "not json": b"{",
    "a list": b"[]",
    "deep": bomb(100_000),
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "huge": b" " * (wire.MAX_BYTES + 1),
    "huge number": b'{"check": ' + b"9" * 5000 + b"}",
    "infinity": b'{"check": "sgd/update", "state": "answered", "runs": Infinity}',
    "other check": packed(HONEST | {"check": "adam/update"}),
    "other state": packed(HONEST | {"state": "passed"}),
    "unhashable state": packed(HONEST | {"state": ["answered"]}),
    "no runs": packed({"check": "sgd/update", "state": "answered"}),
    "runs twice": packed(HONEST | {"runs": HONEST["runs"] * 2}),
    "a text for bytes": "text",
    "a fraction": packed({"fraction": 1.0, "passed": True}),
    "an object array": packed(HONEST | {"x": {"dtype": "object", "shape": [1], "base64": "AAAA"}}),
    "a negative shape": packed(
        HONEST | {"x": {"dtype": "float64", "shape": [-1, -1], "base64": "AAAAAAAAAAA="}}
    ),
    "a huge shape": packed(HONEST | {"x": {"dtype": "float64", "shape": [2**62, 2**62], "base64": ""}}),
    "an empty huge shape": packed(HONEST | {"x": {"dtype": "float64", "shape": [0, 2**70], "base64": ""}}),
    "a dtype that is a list": packed(HONEST | {"x": {"dtype": ["float64"], "shape": [], "base64": ""}}),
    "a long text": packed(HONEST | {"printed": "x" * 3000}),
    "a long name": packed(HONEST | {"x" * 3000: 1}),
    "base64 that is a number": packed(HONEST | {"x": {"dtype": "float64", "shape": [], "base64": 7}}),
}


@pytest.mark.parametrize("data", ODD_BYTES.values(), ids=ODD_BYTES)
def test_odd_bytes_earn_nothing_with_a_reason(data):
    verdict = judge("sgd/update", data, 3)
    assert verdict.status == "odd-evidence"
    assert verdict.fraction == 0
    assert verdict.cause


def walk(tree, path=()):
    yield path
    if isinstance(tree, dict):
        for key in tree:
            yield from walk(tree[key], (*path, key))
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from walk(item, (*path, index))


def replaced(tree, path, value):
    copy = json.loads(json.dumps(tree))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copy


PATHS = [p for p in walk(HONEST) if p]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["odd", "base64", "params", "grads", "type", "line"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
# What the parameters are made of; the rest informs the diagnosis only.
COUNTS = [p for p in PATHS if "params" in p or p[-1] in ("runs", "calls", "probe", "check", "state")]


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(COUNTS), junk=JUNK)
def test_junk_in_the_place_of_numbers_never_raises_and_never_earns_all(path, junk):
    tree = replaced(HONEST, path, junk)
    verdict = judge("sgd/update", packed(tree), 3)
    assert 0 <= verdict.fraction < 1 or tree == HONEST
    assert isinstance(verdict.cause, str)
    assert verdict.notes == ()


@settings(max_examples=100, deadline=None)
@given(path=st.sampled_from(PATHS), junk=JUNK)
def test_junk_anywhere_never_raises(path, junk):
    verdict = judge("sgd/update", packed(replaced(HONEST, path, junk)), 3)
    assert 0 <= verdict.fraction <= 1
    assert verdict.notes == ()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_earn_nothing(value):
    tree = json.loads(json.dumps(HONEST))
    for run in tree["runs"]:
        for call in run["calls"]:
            for array in call["params"].values():
                full = np.full(array["shape"], value)
                array["base64"] = base64.b64encode(full.tobytes()).decode()
    assert judge("sgd/update", packed(tree), 3).fraction == 0


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.sampled_from([np.array(1.5), np.zeros((2, 0)), np.arange(3), np.array([True]), np.float64(2)]),
    )
)
def test_arrays_survive_the_wire(tree):
    tree = {k: np.asarray(v) for k, v in tree.items()}
    back = wire.unpack(wire.pack({"check": "x", "arrays": tree}))["arrays"]
    assert back.keys() == tree.keys()
    for k in tree:
        assert back[k].dtype == tree[k].dtype
        assert np.array_equal(back[k], tree[k])
        assert back[k].flags.writeable


def test_too_much_evidence_becomes_a_note_and_no_points():
    data = wire.pack({"check": "sgd/update", "state": "answered", "runs": ["x" * wire.MAX_BYTES]})
    assert len(data) < 1000
    verdict = judge("sgd/update", data, 3)
    assert verdict.fraction == 0
    assert "far more numbers" in verdict.cause
