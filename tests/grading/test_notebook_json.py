"""The autograded notebook is the file that nbformat would write, whatever stands in it."""

from __future__ import annotations

import copy
import json

import nbformat.v4
from hypothesis import given
from hypothesis import strategies as st
from nbformat import from_dict

from autograde.grading.notebook_json import LONG, lines_as_json, notebook_as_json, text_as_json

METADATA = {"trusted": True, "tags": [], "deep": {"b": [1, {"c": None}], "a": 2.5}, "empty": {}}
BUNDLE = {
    "text/plain": "a\nb",
    "text/html": "",
    "image/svg+xml": "<svg>\n</svg>",
    "image/png": "iVBOR\n",
    "application/javascript": "a\r\nb",
    "application/json": {"lines": "a\nb", "list": [[], True]},
}
CELLS = [
    {"id": "a", "cell_type": "markdown", "source": "è\n\u2028\ud800 x\n", "metadata": METADATA},
    {"id": "b", "cell_type": "markdown", "source": "", "metadata": {}, "attachments": {"x.png": BUNDLE}},
    {
        "id": "c",
        "cell_type": "code",
        "source": "print(1)\nprint(2)",
        "metadata": {"nbgrader": {"points": 2.0, "grade": True}},
        "execution_count": 3,
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": "1\n2\n"},
            {"output_type": "error", "ename": "E", "evalue": "a\nb", "traceback": ["a\nb", ""]},
            {"output_type": "display_data", "data": BUNDLE, "metadata": {"image/png": {"alt": "ß"}}},
            {"output_type": "execute_result", "data": BUNDLE, "metadata": {}, "execution_count": None},
        ],
    },
]


def test_a_notebook_is_written_as_nbformat_writes_it_and_stays_as_it_is():
    fields = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"signature": "x", **METADATA}, "cells": CELLS}
    notebook = from_dict(copy.deepcopy(fields))
    written = b"".join(notebook_as_json(notebook)).decode("utf-8")
    assert json.loads(written) == json.loads(nbformat.v4.writes(from_dict(fields)).encode("utf-8", "replace"))
    assert written.endswith("}\n")
    assert max(map(len, written.splitlines())) < 200
    assert json.dumps(notebook) == json.dumps(fields)


ODD = '"\\\t\b\0\x1f\x7fß→\U0001f600\ud800'
ENDS = "\n\r\f\x85\u2028"  # of lines


@given(st.text(st.characters() | st.sampled_from(ODD + ENDS)))
def test_a_text_is_the_bytes_that_pythons_writer_makes(text):
    assert text_as_json(text) == json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")


@given(st.text(st.characters() | st.sampled_from(ODD + ENDS)))
def test_lines_are_the_bytes_that_pythons_writer_makes_of_each(text):
    lines = [json.dumps(line, ensure_ascii=False) for line in text.splitlines(True)]
    assert lines_as_json(text) == ",\n".join(lines).encode("utf-8", "replace")


def picture(letters):
    return (letters * LONG)[: LONG + 100]


def test_long_texts_stand_where_nbformat_writes_them():
    data = {
        "image/png": picture("iVBOR/+="),
        "text/html": f'<style>\n</style><img alt="ß" src="{picture("a")}">\n{picture(ODD)}',
        "text/latex": picture(ODD + ENDS),
        "text/x": picture(ODD[:2] + "\n") + "\n\n",
        "text/y": picture("a\u2028\n"),
        "application/json": [picture("b"), {picture("c"): picture("d")}],
    }
    outputs = [
        {"output_type": "display_data", "data": dict(reversed(data.items())), "metadata": data},
        {"output_type": "stream", "name": "stdout", "text": picture("e\n")},
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1},
    ]
    cell = {"id": "a", "cell_type": "code", "source": picture("f"), "metadata": {}, "execution_count": 1}
    fields = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, "outputs": outputs}]}
    notebook = from_dict(copy.deepcopy(fields))
    written = b"".join(notebook_as_json(notebook))
    stock = json.loads(nbformat.v4.writes(from_dict(fields)).encode("utf-8", "replace"))
    assert (
        written
        == json.dumps(stock, ensure_ascii=False, sort_keys=True, separators=(",\n", ": ")).encode() + b"\n"
    )
    assert notebook == fields
