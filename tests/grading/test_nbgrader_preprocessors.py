"""nbgrader's own steps are shown only the cells that they look at, and do the same."""

from __future__ import annotations

import copy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.preprocessors import LimitOutput

from autograde.grading.nbgrader_preprocessors import LOOKS_AT, apply_steps


def long_lesson():
    """Each kind of cell, and more output than nbgrader keeps."""
    outputs = [
        new_output("stream", name="stdout", text="line\n" * 700),
        new_output("display_data", data={"text/plain": "row\n" * 2000}),
        new_output("stream", name="stderr", text="line\n" * 700),
        new_output("error", ename="E", evalue="e", traceback=["frame"] * 300),
    ]
    cells = [new_markdown_cell("words"), new_code_cell("1"), new_code_cell("2", outputs=outputs)]
    return new_notebook(cells=cells)


def test_output_is_cut_as_nbgrader_cuts_it_and_every_cell_is_there():
    notebook = long_lesson()
    stock, _ = LimitOutput()(copy.deepcopy(notebook), {})
    assert stock != notebook
    assert apply_steps([LimitOutput()], notebook, {}) == stock


def test_a_cell_that_a_step_is_not_shown_is_one_that_it_does_nothing_with():
    """A new version of nbgrader may look at more: that step's own `preprocess_cell` is asked."""
    for kind, looks_at in LOOKS_AT.items():
        step = kind()
        for index, cell in enumerate(long_lesson().cells):
            if not looks_at(cell):
                before = copy.deepcopy(cell)
                assert step.preprocess_cell(cell, {}, index) == (before, {})
