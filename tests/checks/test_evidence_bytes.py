"""Evidence is bytes that a hostile process may have written: the judge answers, and never with points."""

import base64
import json
import time
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from untrusted.junk import ANY_TEXT, places, replaced, thousands

import descentlab.rules
from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from descentlab.rule_diagnosis.rule_examiner import RuleExaminer
from descentlab.rules import SGD
from verdicts.courses import find
from verdicts.judging import display, judge
from verdicts.judging.examiners import reference_runs
from verdicts.recorders import record
from verdicts.recording import evidence_bytes
from verdicts.spec import ValueCheck
from verdicts.values import kind, strings
from verdicts.values.numbers import DTYPES

HONEST = json.loads(record("sgd/update", SGD, 3))


def packed(tree):
    return json.dumps(tree).encode()


def judged(tree, seed=3):
    return judge("sgd/update", packed(tree), seed)


def test_honest_evidence_earns_full_points_for_its_own_seed_only():
    assert judged(HONEST).passed
    assert judged(HONEST, 4).fraction < 0.5
    assert judged(HONEST, 4).criteria[0].passed is False


def test_no_evidence_is_no_points_with_a_reason():
    verdict = judge("sgd/update", None, 3)
    assert (verdict.status, verdict.fraction) == ("no-evidence", 0)
    assert verdict.cause


def bomb(levels):
    return b"[" * levels + b"]" * levels


ODD = json.loads(Path(__file__).with_name("odd_evidence.json").read_text())
FIRST, *REST = HONEST["runs"]
ODD_BYTES = {name: text.encode() for name, text in ODD["instead of it"].items()}
ODD_BYTES |= {name: packed(HONEST | odd) for name, odd in ODD["in it"].items()}
ODD_BYTES |= {
    name: packed(HONEST | {"runs": [FIRST | odd, *REST]}) for name, odd in ODD["in its first run"].items()
}
ODD_BYTES |= {
    "not text": b"\xff\xfe\x00",
    "deep": bomb(100_000),
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "huge": b" " * (evidence_bytes.MAX_BYTES + 1),
    "huge number": b'{"check": ' + b"9" * 5000 + b"}",
    "many values, nested": packed(HONEST | {"x": [[0] * 600] * 600}),
    "runs twice": packed(HONEST | {"runs": HONEST["runs"] * 2}),
    "a text for bytes": "text",
    "of no format": packed({name: part for name, part in HONEST.items() if name != "format"}),
}
FORMAT = evidence_bytes.FORMAT
ODD_BYTES |= {
    f"of format {odd!r}": packed(HONEST | {"format": odd})
    for odd in (FORMAT - 1, FORMAT + 1, [FORMAT], float(FORMAT))
}


@pytest.mark.parametrize("data", ODD_BYTES.values(), ids=ODD_BYTES)
def test_odd_bytes_earn_nothing_with_a_reason(data):
    verdict = judge("sgd/update", data, 3)
    assert (verdict.status, verdict.fraction) == ("odd-evidence", 0)
    assert verdict.cause


AT_A_LIMIT = {
    "values": lambda more: [0] * (evidence_bytes.MAX_VALUES - 2 + more),
    "depth": lambda more: json.loads(bomb(evidence_bytes.MAX_DEPTH + more)),
    "text": lambda more: "x" * (strings.MAX_TEXT + more),
    "name": lambda more: {"x" * (kind.MAX_NAME + more): 1},
}


@pytest.mark.parametrize("made", AT_A_LIMIT.values(), ids=AT_A_LIMIT)
def test_evidence_at_a_limit_is_read_and_one_beyond_it_refused(made):
    evidence_bytes.unpack(packed({"x": made(0)}))
    with pytest.raises(evidence_bytes.OddEvidenceError):
        evidence_bytes.unpack(packed({"x": made(1)}))


def let_comparing_raise(monkeypatch, fault, numbers):
    """Make the judge raise at some numbers: those of the evidence, or those of the reference too."""
    compare = RuleExaminer.difference

    def raises(self, criterion, probe, actual, expected):
        if actual is not expected or numbers == "any":
            raise fault
        return compare(self, criterion, probe, actual, expected)

    monkeypatch.setattr(RuleExaminer, "difference", raises)


def test_numbers_at_which_the_judge_raises_earn_nothing_with_a_reason(monkeypatch):
    let_comparing_raise(monkeypatch, ZeroDivisionError, "the evidence's")
    verdict = judged(HONEST)
    assert (verdict.status, verdict.fraction) == ("odd-evidence", 0)
    assert "ZeroDivisionError" in verdict.cause


def test_a_judge_that_raises_at_the_references_own_numbers_too_says_so(monkeypatch):
    let_comparing_raise(monkeypatch, ZeroDivisionError, "any")
    with pytest.raises(ZeroDivisionError):
        judged(HONEST)


@pytest.mark.parametrize("fault", [MemoryError, OSError, ImportError])
def test_the_machines_fault_is_never_the_evidences(monkeypatch, fault):
    let_comparing_raise(monkeypatch, fault, "the evidence's")
    with pytest.raises(fault):
        judged(HONEST)


def test_a_small_bundle_cannot_name_more_places_than_memory_holds():
    value = [0] * 300_000
    for letter in "abcdefgh":
        value = {letter * 300: value}
    runs = [{"probe": "value", "result": value}]
    data = packed({"check": "sgd/best-lr", "state": "answered", "runs": runs})
    assert len(data) < evidence_bytes.MAX_BYTES
    assert judge("sgd/best-lr", data, 3).status == "odd-evidence"


def with_numbers(made):
    """Honest evidence with other numbers in place of each array of parameters, made for its shape."""
    tree = json.loads(json.dumps(HONEST))
    for run in tree["runs"]:
        for call in run["calls"]:
            for array in call["params"].values():
                array["base64"] = base64.b64encode(made(array["shape"]).tobytes()).decode()
    return tree


def test_more_calls_than_were_asked_for_are_no_fault_of_the_judge():
    tree = with_numbers(lambda shape: np.random.default_rng(0).normal(size=shape))
    for run in tree["runs"]:
        run["calls"] += run["calls"][:1]
    verdict = judged(tree)
    assert verdict.fraction == 0
    assert verdict.notes == ()


SHAPES = st.sampled_from([(), (0,), (1,), (2,), (3, 2), (4,), (2, 3), (6, 3, 2)])
SIZES = st.sampled_from([0.0, 1.0, -1.0, 1e-320, 1e300, np.nan, np.inf, -np.inf])


@np.errstate(all="ignore")
def array_in_evidence(dtype, shape, size):
    return evidence_bytes._array(np.full(shape, size).astype(dtype))


ANY_NUMBERS = st.builds(array_in_evidence, st.sampled_from([*DTYPES]), SHAPES, SIZES)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | ANY_NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["odd", "base64", "table", "rows", "params", "grads", "line"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(places(HONEST)), junk=JUNK)
def test_junk_anywhere_never_raises_and_in_the_place_of_numbers_never_earns_all(path, junk):
    tree = replaced(HONEST, path, junk)
    verdict = judged(tree)
    counts = "params" in path or path[-1] in ("runs", "calls", "probe", "check", "state")
    assert 0 <= verdict.fraction <= 1
    assert not (verdict.passed and counts) or tree == HONEST
    assert isinstance(verdict.cause, str)
    assert verdict.notes == ()


def right_answer(name):
    """The reference's class, or a function or value with the reference's results."""
    check = find(name)
    if isinstance(check, RuleCheck):
        return getattr(descentlab.rules, check.rule)
    results = [run["result"] for run in reference_runs(name, 3).values()]
    if isinstance(check, ValueCheck):
        return results[0]
    if name == "comparison/tuned-rate":  # its own call counts the rest
        results = [result["rate"] for result in results]
    return Mock(side_effect=results)


HONEST_OF_ALL = [json.loads(record(name, right_answer(name), 3)) for name in all_checks()]


def test_the_evidence_that_is_mutated_is_right():
    assert all(judge(tree["check"], packed(tree), 3).passed for tree in HONEST_OF_ALL)


LONE = "\ud83d"
WITH_A_LONE_SURROGATE = {
    "what it printed": {"printed": LONE, "runs": []},
    "an error": {"runs": [{"probe": "main", "error": {"type": "E", "message": LONE, "line": LONE}}]},
}


@pytest.mark.parametrize("odd", WITH_A_LONE_SURROGATE.values(), ids=WITH_A_LONE_SURROGATE)
def test_text_that_no_file_can_hold_is_replaced(odd):
    verdict = judged(HONEST | odd)
    assert verdict.status == "answered"
    assert json.dumps(display.outputs(verdict, 5.0), ensure_ascii=False).encode("utf-8")


PLACES = [
    (tree, path)
    for tree in HONEST_OF_ALL
    for path in places(tree)
    if path[-1] not in evidence_bytes._FIELDS and (len(path) < 4 or "calls" not in path)
]


@thousands
@given(place=st.sampled_from(PLACES), junk=JUNK, numbers=ANY_NUMBERS)
def test_a_mutation_of_any_checks_evidence_is_a_verdict_that_a_file_can_hold(place, junk, numbers):
    tree, path = place
    name = tree["check"]
    for instead in (junk, numbers):
        verdict = judge(name, packed(replaced(tree, path, instead)), 3)
        assert verdict.status in ("answered", "unanswered", "borrowed", "odd-evidence", "not-judged")
        assert 0 <= verdict.fraction <= 1
        assert verdict.notes == ()
        json.dumps(display.outputs(verdict, 5.0), ensure_ascii=False, allow_nan=False).encode("utf-8")


@pytest.mark.parametrize("shape", [(), (2,), (4,), (3, 2)])
@pytest.mark.parametrize("tree", HONEST_OF_ALL, ids=lambda tree: tree["check"])
def test_an_example_whose_result_has_another_shape_leaves_no_note(tree, shape):
    for number in range(len(tree["runs"])):
        zeros = array_in_evidence(np.dtype(float), shape, 0.0)
        verdict = judge(tree["check"], packed(replaced(tree, ("runs", number, "result"), zeros)), 3)
        assert verdict.notes == ()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_earn_nothing(value):
    assert judged(with_numbers(lambda shape: np.full(shape, value))).fraction == 0


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.sampled_from([np.array(1.5), np.zeros((2, 0)), np.arange(3), np.array([True]), np.float64(2)]),
    )
)
def test_arrays_survive_the_wire(tree):
    tree = {k: np.asarray(v) for k, v in tree.items()}
    back = evidence_bytes.unpack(evidence_bytes.pack({"check": "x", "arrays": tree}))["arrays"]
    assert back.keys() == tree.keys()
    for k in tree:
        assert (back[k].dtype, back[k].flags.writeable) == (tree[k].dtype, True)
        assert np.array_equal(back[k], tree[k])


LATER = {
    "a text instead": lambda: "none",
    "far too much": lambda: ["x"] * 3_000,
    "an exception": lambda: 1 / 0,
    "no end": lambda: time.sleep(1),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_what_a_function_does_when_it_is_called_once_more_costs_nothing(later, monkeypatch):
    monkeypatch.setattr(evidence_bytes, "MAX_VALUES", 2_000)
    calls = iter(find("sgd/noise-floor").draw(0))

    def floor(lr, curvature, sigma, batch):
        if next(calls, None) is None:
            return later()
        return lr * sigma**2 / (batch * curvature * (2 - lr * curvature))

    assert judge("sgd/noise-floor", record("sgd/noise-floor", floor, 0), 0).passed


def test_too_much_evidence_becomes_a_note_and_no_points():
    data = evidence_bytes.pack(
        {"check": "sgd/update", "state": "answered", "runs": ["x" * evidence_bytes.MAX_BYTES]}
    )
    assert len(data) < 1000
    verdict = judge("sgd/update", data, 3)
    assert verdict.fraction == 0
    assert "far more numbers" in verdict.cause
