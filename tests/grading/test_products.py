"""The autograded notebook is the file that nbformat would write."""

from __future__ import annotations

import copy
import json

import nbformat.v4
from nbformat import from_dict

from autograde.grading.products import _Shared

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
    assert nbformat.v4.writes(_Shared(notebook)) == nbformat.v4.writes(from_dict(fields))
    assert json.dumps(notebook) == json.dumps(fields)
