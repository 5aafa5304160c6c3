"""What a submission's process says it showed becomes outputs that nbformat knows, whatever it says."""

from __future__ import annotations

import pytest
from nbformat.validator import validate

from autograde.grading.run import clean_outputs

ODD = (
    {"output_type": "stream", "name": "stdlog", "text": ["a", 1, "\ud800"]},
    {"output_type": "stream", "text": {"no": "text"}},
    {"output_type": "error", "ename": 3, "evalue": None, "traceback": "line"},
    {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["a", 1], "more": "fields"},
    {"output_type": "display_data", "data": {"text/plain": {"no": "text"}, "image/png": ["a", "b"]}},
    {"output_type": "display_data", "data": {"application/json": {"a": [1, None]}}, "metadata": []},
    {"output_type": "execute_result", "data": {}, "execution_count": True, "metadata": {"a": {"b": 1}}},
    {"output_type": "execute_result", "data": {1: None}, "execution_count": -1, "transient": {}},
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_output_becomes_one_that_the_schema_takes(odd):
    (output,) = clean_outputs([odd])
    validate(output, ref=odd["output_type"], version=4, version_minor=5)


def test_what_is_no_output_is_left_out():
    unknown = {"output_type": "update_display_data", "data": {}}
    assert clean_outputs([None, "text", {}, unknown, {"output_type": "display_data", "data": []}]) == []
