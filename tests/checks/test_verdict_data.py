"""A verdict that was kept or sent as JSON is read as it was, or refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descentlab.checks import judge, record, run
from descentlab.checks.judging.verdict_data import read_verdict
from descentlab.exercises import all_checks, find
from descentlab.exercises.catalogue import mistake, mistakes

FEW = 3  # mistakes of each check
CHECK = find("adam/update")


def sent(verdict):
    return json.loads(json.dumps(verdict.as_data(), allow_nan=False))


def wrong():
    """A verdict with all that a verdict can have: facts, a picture's paths, a hint."""
    return run("adam/update", mistake("adam/stores-the-hats").make(), 3)


@pytest.mark.parametrize("name", all_checks())
def test_verdicts_on_wrong_answers_are_read_as_they_were(name):
    for entry in mistakes(name)[:FEW]:
        verdict = run(name, entry.make(), 3)
        assert read_verdict(find(name), sent(verdict)) == verdict


@pytest.mark.parametrize("evidence", [None, b"", b"odd", record("adam/update", ..., 3)], ids=str)
def test_verdicts_without_an_answer_are_read_as_they_were(evidence):
    verdict = judge("adam/update", evidence, 3)
    assert read_verdict(CHECK, sent(verdict)) == verdict


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("check", "sgd/update"),
        ("status", "right"),
        ("status", ["answered"]),
        ("criteria", []),
        ("criteria", None),
        ("cause", None),
        ("cause", 1),
        ("facts", [1]),
        ("misconception", 7),
        ("paths", {"probe": "main"}),
        ("paths", "everywhere"),
    ],
)
def test_a_field_that_is_odd_is_refused(field, value):
    with pytest.raises(ValueError, match="verdict"):
        read_verdict(CHECK, sent(wrong()) | {field: value})


@pytest.mark.parametrize("field", ["passed", "looked_at", "name", "message"])
@pytest.mark.parametrize("value", ["true", 1, None])
def test_a_criterion_that_is_odd_is_refused(field, value):
    data = sent(wrong())
    data["criteria"][1][field] = value if field != "message" else [value]
    with pytest.raises(ValueError, match="verdict"):
        read_verdict(CHECK, data)


def test_a_criterion_has_the_weight_that_the_check_gives_it():
    data = sent(wrong())
    for criterion in data["criteria"]:
        criterion["weight"] = 100 * criterion["passed"]
    assert read_verdict(CHECK, data) == wrong()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(wrong().as_data())), JSON)
@settings(deadline=None, max_examples=200)
def test_no_value_in_any_field_raises_anything_else(field, value):
    with suppress(ValueError):
        assert read_verdict(CHECK, sent(wrong()) | {field: value}).check == "adam/update"
