"""The cell below a released lesson's title that installs the package where a front end has none.

It has no nbgrader metadata, so it is no part of the assignment: grading leaves it alone. Its lines are
comments: nothing is installed unasked, and Run All reaches the end without a network.
"""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import NbGraderPreprocessor

SOURCE = """\
# On Colab, Kaggle or a bare VS Code: remove the # below and run this cell once.
# %pip install -q descentlab"""
INSTALL = "%pip install"
CELL_ID = "install"
_USES_THE_PACKAGE = re.compile(r"^\s*(?:from|import) descentlab\b", re.MULTILINE)


class AddInstallCell(NbGraderPreprocessor):
    """A step of every release: a notebook that imports descentlab gets the cell, any other stays as it is."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        code = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        if any(map(_USES_THE_PACKAGE.search, code)) and not any(INSTALL in source for source in code):
            titled = bool(nb.cells) and nb.cells[0].cell_type == "markdown"
            nb.cells.insert(int(titled), new_code_cell(SOURCE, id=CELL_ID))
        return nb, resources
