"""The steps of a release, from the teacher's notebook to what students get.

A graded cell's metadata say its points; what students read of them is printed from there: `points=` in a check's
call, the sum on top of the notebook, and the heading of a question in words. Where a call states other points than
its metadata, the release is refused: students read the one, the gradebook the other.
"""

import ast
import hashlib
import re
from difflib import get_close_matches
from pathlib import Path

from nbformat import NotebookNode, v4
from nbgrader import preprocessors, utils
from traitlets import Dict, List, Unicode, default

from autograde.course import assignments
from autograde.course.nbgrader_steps import Resources, Step
from autograde.entries.answer_key import (
    SCHEMA_VERSION,
    CheckCellError,
    check_calls,
    check_cells,
    check_name,
    fields_of,
    folded_id,
    grade_id_of,
    is_known,
    named_pictures,
    read_notebook,
)
from autograde.errors import UsageError
from autograde.installed import NAME, on_site, try_address, version_of
from autograde.release import texts
from autograde.untrusted.names import shell_word

STUB, ANSWER = "raise NotImplementedError  # your code here", "# your answer here"
_MARK = "# descentlab: stub"
INSTALL_CELL = """\
# On Colab, Kaggle or a bare VS Code: remove the # below and run this cell once.
# {line}"""
RUN_LESSON = "\n# Or run this lesson in your browser, without installing anything: "
IMPORT_CELL = """\
# `check` tries your answers here. Other problems count when your work is graded.
try:
    from verdicts import check, problems
except ImportError:
    print({missing!r})"""
IMPORT_ID = "import-check"
MISSING = (
    "The package verdicts, which has `check`, is missing or too old. Run: {line}  Then restart the kernel."
)
INSTALL = "%pip install"
CELL_ID = "install"
CELL_METADATA = "deletable editable jupyter lines_to_next_cell nbgrader tags"
PICTURE_IN_SCHEME = (
    "there is a picture in its mark scheme. Move it elsewhere, or set c.ClearMarkScheme.check_attachment_leakage = "
    "False in nbgrader_config.py: students get no picture that only a mark scheme names, and formgrader shows it"
)
EACH_ITS_END = "Each BEGIN line needs its END line, in a cell of the kind that nbgrader's toolbar has for it"
_USES_THE_PACKAGE = re.compile(r"^\s*(?:from|import) (?:descentlab|verdicts)\b", re.MULTILINE)
_IMPORTS_CHECK = re.compile(r"^from verdicts import check\n*", re.MULTILINE)
_DRAWS = re.compile(r"^figures\.\w+\(", re.MULTILINE)
MORE = re.compile(r"# More\b")
"""The heading at which a lesson's core ends."""

OF_THEM = re.compile(r", (?P<number>[\d.]+) of them in the core")
MINUTES = re.compile(r"\((?P<number>\d+) min\)\s*$", re.MULTILINE)
CORE_MINUTES = re.compile(r"the core takes about (?P<number>\d+) minutes")
TOTAL_POINTS = re.compile(r"^\*\*(?P<number>[\d.]+) points\*\*", re.MULTILINE)
MARKERS = (
    "BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME", "END MARK SCHEME",
)  # fmt: skip
MARKER = re.compile(r"^[ \t]*#+[ \t]*((?:BEGIN|END)\b[^\n]*)$", re.MULTILINE | re.IGNORECASE)
QUESTION_POINTS = re.compile(r"\((?P<number>[\d.]+) points?, read by a person\)")


def require_metadata(notebook: NotebookNode) -> None:
    """Raise `CheckCellError` where nbgrader would refuse a cell without saying which, and what to do."""
    places = {}
    for number, cell in enumerate(notebook.cells, 1):
        known = fields_of(cell)
        name, worth = known.get("grade_id"), known.get("points")
        if known.get("schema_version", SCHEMA_VERSION) < SCHEMA_VERSION:
            raise CheckCellError(
                f"cell {number} has the metadata of an older nbgrader: `nbgrader update` the folder"
            )
        for line in MARKER.findall(cell.source):
            near = get_close_matches(line.upper().strip(), MARKERS, 1, 0.8)
            if near and not any(marker in line for marker in MARKERS):
                raise CheckCellError(
                    f"cell {number}: {line.strip()!r} marks nothing, and students would get what it is to hide. Write "
                    f"### {near[0]}"
                )
        if not is_known(cell):
            continue
        if name in places:
            raise CheckCellError(
                f"cells {places[name]} and {number} both have the id {name!r}: give one of them another, as its "
                "grade_id in the cell's metadata"
            )
        places[name] = number
        if (known.get("grade") or known.get("task")) and not (isinstance(worth, int | float) and worth >= 0):
            raise CheckCellError(
                f"cell {number} ({name!r}) is graded, and its points are {worth!r}: give a number, 0 or more"
            )


def require_points(notebook: NotebookNode) -> None:
    """Raise `CheckCellError` where a call of `check` cannot be read, or says other points than its cell."""
    for cell, _ in check_cells(notebook):
        (call,) = check_calls(cell.source)
        points = next((word.value for word in call.keywords if word.arg == "points"), None)
        if points is None and len(call.args) <= 2:
            continue
        name, worth = grade_id_of(cell), fields_of(cell).get("points")
        if not (isinstance(points, ast.Constant) and isinstance(points.value, int | float)):
            raise CheckCellError(f"cell {name!r}: points=NUMBER must be written out in the call of check")
        if points.value != worth:
            raise CheckCellError(
                f"cell {name!r} says points={points.value}, its metadata says {worth}: write the same number in "
                "both, in the .md file if there is one"
            )


class CoreOnly(Step):
    """A step of every release: leaves out what follows the heading `# More` of the lessons that the course names."""

    lessons = List(Unicode(), help='Lessons of which only the core is released; "all" for every one').tag(
        config=True
    )

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        if {"all", resources["nbgrader"]["assignment"]} & set(self.lessons):
            nb.cells = core_cells(nb.cells)
            for cell in nb.cells[:1]:
                cell.source = OF_THEM.sub("", cell.source)


def core_cells(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells above the heading `# More`; all of them where there is none."""
    ends = (at for at, cell in enumerate(cells) if cell.cell_type == "markdown" and MORE.match(cell.source))
    return cells[: next(ends, len(cells))]


class PrintPoints(Step):
    """The first step of a release: what students read of points is what the gradebook has.

    Each cell's points are printed in its check's call or its heading in words, their sums on top of the notebook, and
    there the core's minutes, to the next five.
    """

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        total, above, core = 0.0, None, core_cells(nb.cells)
        in_core = sum(fields_of(cell).get("points") or 0.0 for cell in core)
        minutes = sum(int(number) for cell in core for number in MINUTES.findall(cell.source))
        for cell in nb.cells:
            known = fields_of(cell)
            if known.get("grade") or known.get("task"):
                worth = known.get("points")
                if not isinstance(worth, int | float):  # `require_metadata` refuses it
                    continue
                total += worth
                if cell.cell_type == "code":
                    cell.source = _with_points(cell.source, worth)
                elif above is not None:
                    above.source = _renumbered(QUESTION_POINTS, above.source, worth)
            elif cell.cell_type == "markdown":
                above = cell
        for cell in nb.cells[:3]:  # a title, its points, and what else is above the first section
            if cell.cell_type == "markdown" and not fields_of(cell).get("grade"):
                for pattern, number in (
                    (TOTAL_POINTS, total), (OF_THEM, in_core), (CORE_MINUTES, 5 * round(minutes / 5)),
                ):  # fmt: skip
                    cell.source = _renumbered(pattern, cell.source, number) if number else cell.source


class AddProblems(Step):
    """A step of every release: above the call of an inline check a locked, folded cell has its public problems, and a
    locked cell at the top imports `check`; no generator of problems is handed out.
    """

    folded = Dict(help="The folded cells, by the notebook and the grade_id of the call").tag(config=True)
    names = Dict(help="The mistakes to which the class gave names, by check").tag(config=True)

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        nb.cells = [
            cell for cell in nb.cells if not any("draws:" in tag for tag in cell.metadata.get("tags", []))
        ]
        sources = self.folded.get(resources["nbgrader"]["notebook"])
        if sources is None:
            return
        for cell in [cell for cell in nb.cells if cell.cell_type == "code"]:
            cell.source = _IMPORTS_CHECK.sub("", cell.source)
            if source := sources.get(grade_id_of(cell)):
                if rows := self.names.get(check_name(cell.source)):
                    from verdicts.diagnosis.common_mistakes import masked

                    source = f"{source.removesuffix(')')}, {masked(tuple(rows))})"
                folded = _locked_cell(folded_id(grade_id_of(cell)), source)
                folded.metadata["jupyter"] = {"source_hidden": True}
                nb.cells.insert(nb.cells.index(cell), folded)
        line = AddInstallCell(config=self.config).line or "the line that your course names."
        imports = _locked_cell(IMPORT_ID, IMPORT_CELL.format(missing=MISSING.format(line=line)))
        nb.cells.insert(_below_the_title(nb), imports)


def _locked_cell(grade_id: str, source: str) -> NotebookNode:
    fields = {"grade_id": grade_id, "locked": True, "grade": False, "solution": False, "task": False}
    cell = v4.new_code_cell(source, id=grade_id[-64:])
    cell.metadata["nbgrader"] = fields | {"cell_type": "code", "schema_version": SCHEMA_VERSION}
    return cell


def _below_the_title(nb: NotebookNode) -> int:
    return int(nb.cells[0].cell_type == "markdown")


def _with_points(source: str, worth: float) -> str:
    calls = check_calls(source)
    says_points = any(word.arg == "points" for call in calls for word in call.keywords)
    if len(calls) != 1 or says_points or len(calls[0].args) not in (1, 2):
        return source
    call = ast.get_source_segment(source, calls[0]) or ""
    return source.replace(call, f"{call[:-1].rstrip().removesuffix(',')}, points={worth:g})", 1)


def _renumbered(pattern: re.Pattern[str], text: str, number: float) -> str:
    """The first match with the number in place of its own."""
    match = pattern.search(text)
    if match is None or float(match["number"].rstrip(".") or 0) == number:
        return text
    return f"{text[: match.start('number')]}{number:g}{text[match.end('number') :]}"


class _NamesTheCell:
    """A step of nbgrader's that says which cell it refuses, and what to do, on one line."""

    def preprocess_cell(self, cell, resources, cell_index):
        try:
            return super().preprocess_cell(cell, resources, cell_index)
        except RuntimeError as problem:
            said = " ".join(str(problem).split())
            refusal = PICTURE_IN_SCHEME if "attachment" in said else f"{said.rstrip('.')}. {EACH_ITS_END}"
            raise RuntimeError(f"cell {grade_id_of(cell) or cell_index + 1!r}: {refusal}") from problem


class ClearHiddenTests(_NamesTheCell, preprocessors.ClearHiddenTests):
    """nbgrader's, with refusals that name the cell."""


class ClearMarkScheme(_NamesTheCell, preprocessors.ClearMarkScheme):
    """nbgrader's, with refusals that name the cell."""


class ClearSolutions(_NamesTheCell, preprocessors.ClearSolutions):
    """A stub inside a function raises NotImplementedError; one at the top level keeps the line above it.

    A course that sets `c.ClearSolutions.code_stub` gets its own.
    """

    code_stub = Dict({**preprocessors.ClearSolutions.code_stub.default(), "python": _MARK}).tag(config=True)
    text_stub = Unicode("*Your answer here.*").tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.cell_type == "code":
            inside = rf"^([ \t]+){re.escape(_MARK)}$"
            source = re.sub(inside, rf"\1{STUB}", cell.source, flags=re.MULTILINE)
            cell.source = source.replace(_MARK, ANSWER)
        return cell, resources


class KeepNamed(Step):
    """A step of every release: students get what is named here, and nothing else that an editor keeps in a notebook.

    Outputs were made by the solution. A picture stays where students can read its name, never in a solution cell.
    """

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        _keep(nb, "cells", "metadata", "nbformat", "nbformat_minor")
        _keep(nb.metadata, "kernelspec", "language_info")
        _keep(nb.metadata.get("kernelspec", {}), "display_name", "language", "name")
        for cell in nb.cells:
            pictures = named_pictures(cell)
            _keep(cell, "cell_type", "id", "metadata", "source")
            _keep(cell.metadata, *CELL_METADATA.split())
            _keep(cell.metadata.get("jupyter", {}), "source_hidden")
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
            elif pictures and not utils.is_solution(cell):
                cell["attachments"] = pictures


def _keep(node: NotebookNode, *names: str) -> None:
    for name in node.keys() - set(names):
        del node[name]


class AddInstallCell(Step):
    """A step of every release: adds a cell that installs descentlab below the title of a notebook that imports it.

    The course names the line (`c.AddInstallCell.line = "%pip install -q https://…"`), else it takes the wheel from the
    project's site; without one there is no cell, as the package is on no index. The cell has no nbgrader metadata, so
    grading ignores it. Its lines are comments: nothing is installed unasked, and Run All needs no network.
    """

    line = Unicode(help="What installs descentlab, e.g. %pip install URL").tag(config=True)

    @default("line")
    def _from_the_site(self) -> str:
        wheel = on_site(f"try/pyodide/{NAME}-{version_of(NAME)}-py3-none-any.whl")
        return wheel and f"%pip install -q {wheel}"

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        code = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
        if self.line and _USES_THE_PACKAGE.search(code) and INSTALL not in code:
            names = resources["nbgrader"]
            tried = try_address(f"{names['assignment']}/{names['notebook']}.ipynb")
            source = INSTALL_CELL.format(line=self.line) + (tried and RUN_LESSON + tried)
            nb.cells.insert(_below_the_title(nb), v4.new_code_cell(source, id=CELL_ID))


class Seal(Step):
    """Writes down what was released, so that a notebook somebody worked in is never overwritten."""

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        nb.metadata["descentlab"] = {"released": digest(nb)}


def opening_cell(notebook: NotebookNode) -> NotebookNode | None:
    """The first code cell, if it draws and is nobody's answer: students get it with its picture."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code" and cell.get("id") != CELL_ID)
    first = next(code, None)
    return first if first and not is_known(first) and _DRAWS.search(first.source) else None


def open_with(notebook: NotebookNode, outputs: list[NotebookNode]) -> None:
    """Put these outputs, perhaps none, under the opening cell of a released notebook, and seal it again."""
    cell = opening_cell(notebook)
    if cell is not None and "descentlab" in notebook.metadata:
        cell.update(outputs=outputs, execution_count=None)
        notebook.metadata["descentlab"] = {"released": digest(notebook)}


class RequireCurrent(Step):
    """A step of every release, formgrader's button too: refuses a notebook that its text has outgrown."""

    def change(self, nb: NotebookNode, resources: Resources) -> None:
        metadata = resources.get("metadata", {})
        text = Path(metadata.get("path") or ".", f"{metadata.get('name')}.md")
        if assignments.is_text(text) and not texts.says_the_same(nb, text):
            raise UsageError(
                f"{text.with_suffix('.ipynb')} is not what {text.name} says, and would hand out an "
                f"old lesson: `autograde release {shell_word(text.parent.name)}` regenerates it"
            )


def digest(notebook: NotebookNode) -> str:
    """SHA-256 (hex) of what a person can change: kinds, sources and outputs of the cells, in order."""
    parts = [(cell.cell_type, cell.source, bool(cell.get("outputs"))) for cell in notebook.cells]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_as_sealed(notebook: NotebookNode) -> bool:
    """Whether a notebook is what its seal says that was released."""
    return notebook.metadata.get("descentlab", {}).get("released") == digest(notebook)


def untouched(path: Path) -> bool:
    """Whether the notebook at `path` is still exactly what was released."""
    try:
        return is_as_sealed(read_notebook(path))
    except Exception:  # whatever it is, it is not what was released
        return False
