"""Slides from a lesson that has run: headings, predictions, figures, and cells tagged `slide`.

A cell is marked in the lesson's text: `python tags=["slide"]` behind the fence, or for words
`<!-- #region tags=["slide"] -->` around them. A section begins a slide to the right; what belongs to it comes
below.
"""

from nbconvert import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from autograde.pages.lesson_outline import Answered, predicted_in

TAG = "slide"
WITHOUT_CODE = "without-code"
RIGHT, DOWN = "slide", "subslide"


def slides(notebook: NotebookNode, answered: list[Answered], reveal: str | None = None) -> str:
    """One HTML file; `reveal` is where reveal.js lies, or nbconvert's own address on the web."""
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_input_tags = {WITHOUT_CODE}
    if reveal:
        config.SlidesExporter.reveal_url_prefix = reveal
    shown = chosen_cells(notebook, {prediction.name: prediction for prediction in answered})
    body, _ = SlidesExporter(config=config).from_notebook_node(
        new_notebook(cells=shown, metadata=notebook.metadata)
    )
    return body


def chosen_cells(notebook: NotebookNode, answered: dict[str, Answered]) -> list[NotebookNode]:
    """What is shown, each cell with its place among the slides."""
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cells += _words(cell)
        elif cell.cell_type == "code":
            cells += _code(cell, answered)
    return cells


def _words(cell: NotebookNode) -> list[NotebookNode]:
    """A marked cell whole; of any other its headings of sections and the title."""
    if TAG in cell.metadata.get("tags", ()):
        right = cell.source.lstrip().startswith(("# ", "## "))
        return [_placed(new_markdown_cell(cell.source), RIGHT if right else DOWN)]
    headings = [line for line in cell.source.splitlines() if line.startswith(("# ", "## "))]
    kept = [line for line in headings if not line.startswith(("## Optional", "## Sources"))]
    return [_placed(new_markdown_cell(line), RIGHT) for line in kept]


def _code(cell: NotebookNode, answered: dict[str, Answered]) -> list[NotebookNode]:
    asked = [answered[name] for name in predicted_in(cell.source) if name in answered]
    if asked:
        return [_placed(new_markdown_cell(_question(prediction)), DOWN) for prediction in asked]
    if TAG in cell.metadata.get("tags", ()):
        return [_placed(cell, DOWN)]
    if any("<img" in "".join(output.get("data", {}).get("text/html", "")) for output in cell.outputs):
        picture = _placed(cell, DOWN)
        picture.metadata["tags"] = [WITHOUT_CODE]
        return [picture]
    return []


def _question(prediction: Answered) -> str:
    choices = "\n".join(f"- {choice}" for choice in prediction.choices)
    return f"### {'Predict'}\n\n{prediction.question}\n\n{choices}".rstrip()


def _placed(cell: NotebookNode, slide_type: str) -> NotebookNode:
    placed = cell.copy()
    placed.metadata = NotebookNode(slideshow={"slide_type": slide_type})
    return placed
