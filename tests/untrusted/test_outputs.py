"""What a submission's process says it showed: outputs that nbformat knows, or none at all."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from nbformat import from_dict
from nbformat.validator import validate

from autograde.untrusted.outputs import OddOutputError, read_outputs, read_reply
from untrusted.junk import mutants, thousands
from untrusted.watching import watched


def nested(levels):
    """An object that holds an object, so many times."""
    return {} if not levels else {"a": nested(levels - 1)}


ERROR = {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["a"]}
SHOWN = {"output_type": "display_data", "data": {}, "metadata": {}}
TAKEN, REFUSED = json.loads(Path(__file__).with_name("outputs.json").read_text()).values()


@pytest.mark.parametrize("output", TAKEN)
def test_an_output_that_is_taken_is_one_that_the_schema_takes_and_a_file_can_hold(output):
    (taken,) = read_outputs([output])
    validate(from_dict(taken), ref=output["output_type"], version=4, version_minor=5)
    assert str(taken).encode()


@pytest.mark.parametrize(
    "output", [*REFUSED, ERROR | {"traceback": [""] * 20_001}, SHOWN | {"metadata": nested(17)}]
)
def test_an_odd_output_is_refused(output):
    with pytest.raises(OddOutputError):
        read_outputs([output])


def test_only_what_a_reader_could_show_is_kept_of_a_bundle():
    (taken,) = read_outputs([TAKEN[2]])
    assert taken["data"] == {"image/png": "ab"}


REPLY = {
    "outputs": list(TAKEN),
    "earlier": {"0": [ERROR], "3": []},
    "execution_count": 3,
    "evidence": True,
    "cut": False,
}


ODD_REPLIES = {
    "outputs that are none": {"outputs": {}},
    "too many outputs": {"outputs": [ERROR] * 10_001},
    "too many earlier cells": {"earlier": {str(number): [] for number in range(10_001)}},
    "an earlier cell that is not a number": {"earlier": {"-1": []}},
    "an earlier cell of many digits": {"earlier": {"1" * 7: []}},
    "earlier cells in a list": {"earlier": []},
}


@pytest.mark.parametrize("odd", ODD_REPLIES.values(), ids=ODD_REPLIES)
def test_an_odd_reply_is_refused(odd):
    read_reply(REPLY)
    with pytest.raises(OddOutputError):
        read_reply(REPLY | odd)


@pytest.mark.parametrize("said", [1, "true", [1], None, False])
def test_evidence_is_announced_by_true_and_by_nothing_else(said):
    assert read_reply(REPLY | {"evidence": True}).evidence
    assert not read_reply(REPLY | {"evidence": said}).evidence
    assert not read_reply(REPLY | {"cut": said}).cut


def test_data_may_be_nested_sixteen_deep():
    assert read_outputs([SHOWN | {"metadata": nested(16)}])


@thousands
@given(message=mutants(REPLY))
def test_any_reply_is_outputs_of_the_schema_or_odd_and_opens_nothing(message):
    reply = None
    with watched() as opened, suppress(OddOutputError):
        reply = read_reply(message)
    if reply:
        for output in [*reply.outputs, *(output for some in reply.earlier.values() for output in some)]:
            validate(from_dict(output), ref=output["output_type"], version=4, version_minor=5)
        json.dumps(reply, ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert opened == []


def test_a_text_that_was_cut_says_so():
    cut = {"output_type": "stream", "name": "stdout", "text": "a", "left_out": True}
    assert read_outputs([cut])[0]["text"] == "a\n[the rest was left out: too much output]\n"
    assert read_outputs([cut | {"left_out": 1}])[0]["text"] == "a"
