"""One feedback page: the scores first, then each answer with its verdict, then the notebook as it ran.

The page is one file without scripts or anything loaded from elsewhere. The outputs of the student's code are
cleaned and framed; verdicts are outside the frames.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup
from nbconvert.filters import ansi2html
from nbformat import NotebookNode
from pygments import formatters, highlight, lexers

from autograde.entries import answer_key, wording
from autograde.entries.entry import CellScore, Entry
from autograde.pages.clean import (
    PICTURES,
    alt_of,
    clean_data,
    clean_markdown,
    width_of,
    without_trailing_space,
)
from autograde.pages.render import render_page

LONGEST_TEXT = 20_000  # characters of one output that a page shows
LONGEST_NOTEBOOK = 1_000_000  # and of a notebook, pictures aside
LONGEST_VERDICT = 100_000  # and of a graded cell
LEXER, FORMATTER = lexers.PythonLexer(), formatters.HtmlFormatter(cssclass="code")
NOTHING, PARAGRAPH = Markup(), Markup("<p>{}</p>")


@dataclass(frozen=True)
class GradedAnswer:
    """One graded cell on the page."""

    cell: CellScore
    title: str
    answer: Markup
    verdict: Markup

    @property
    def comment_shown(self) -> Markup:
        """The comment as formgrader promises it: Markdown with formulas."""
        return Markup(clean_markdown(self.cell.comment[:LONGEST_TEXT]))

    @property
    def state(self) -> str:
        """In words with hyphens between; the style has a color for each."""
        score = self.cell.score
        if score is None:
            return "to-be-graded"
        if score >= self.cell.max_score:
            return "full-points"
        return "part-of-the-points" if score > 0 else "no-points"

    @property
    def happened(self) -> str:
        """The overview's line on the answer: who gave the points, why points are missing, or its state."""
        said = filter(None, (wording.points_by_hand(self.cell), self.cell.sentence))
        return "; ".join(said) or self.state.replace("-", " ")


@dataclass(frozen=True)
class Page:
    """All that a page shows."""

    title: str
    name: str
    result: Entry
    marks: list[GradedAnswer]
    cells: list[Markup]

    @property
    def notes(self) -> tuple[str, ...]:
        """What flags say to the student, and where a line is named."""
        return tuple(
            filter(None, (*wording.sentences_of(self.result.flags), wording.in_the_notebook(self.result)))
        )


def render(page: Page) -> str:
    """The page as one HTML file."""
    return render_page("pages/student_page.html.j2", FORMATTER.get_style_defs(".code"), page=page)


def answer_of(notebook: NotebookNode, grade_id: str, key: answer_key.KeyNotebook) -> Markup:
    """What the student wrote for a graded cell: the cell itself, or the solution cells just before it."""
    cells = []
    for cell in notebook.cells:
        right = key.find(cell)
        if right is None:
            continue
        if right.grade_id == grade_id:
            chosen = [cell] if right.manual or not cells else cells
            return Markup("\n").join(_source(one) for one in chosen)
        if right.points is not None:
            cells = []
        elif right.solution:
            cells.append(cell)
    return NOTHING


def verdict_of(notebook: NotebookNode, grade_id: str) -> Markup:
    """The outputs of a graded cell: the verdict for a check, what the test said for any other."""
    for cell in notebook.cells:
        if answer_key.grade_id_of(cell) == grade_id and cell.cell_type == "code":
            if _length(cell) > LONGEST_VERDICT:
                return PARAGRAPH.format("What this cell put out is too long to be shown here.")
            score = {"text/plain"}
            said = [
                one for one in cell.outputs if one.output_type != "execute_result" or {*one.data} != score
            ]
            return Markup("\n").join(map(_output, said))
    return NOTHING


def cells_of(notebook: NotebookNode, key: answer_key.KeyNotebook) -> Iterator[Markup]:
    """The notebook as it ran, without the verdicts' cells: code, its outputs in frames, headings."""
    room = LONGEST_NOTEBOOK
    for cell in notebook.cells:
        room -= _length(cell)
        if room < 0:
            yield PARAGRAPH.format("The rest of the notebook is too long to be shown here.")
            return
        right = key.find(cell)
        if right is not None and right.points is not None:
            continue
        heading = re.search(r"^#[# ]*(.*)", cell.source, re.MULTILINE)
        if cell.cell_type == "code":
            frames = Markup("\n").join(_output(output) for output in cell.outputs)
            label = "output of this cell"
            shown = Markup('<div class="students" aria-label="{}">{}</div>').format(label, frames)
            yield _source(cell) + (shown if frames else NOTHING)
        elif cell.cell_type == "markdown" and heading:
            yield Markup("<p class=heading>{}</p>").format(heading[1])


def _length(cell: NotebookNode) -> int:
    """Characters of a cell and its outputs, pictures aside."""
    texts = [cell.source]
    for output in cell.get("outputs", ()):
        texts += [output.get("text", ""), *output.get("traceback", ())]
        texts += [str(value) for mime, value in output.get("data", {}).items() if mime not in PICTURES]
    return sum(map(len, texts))


def _source(cell: NotebookNode) -> Markup:
    source = _cut(cell.source)
    if cell.cell_type == "code":
        return _colored(source)
    return Markup('<div class="words">{}</div>').format(Markup(clean_markdown(source, cell)))


@lru_cache(512)  # cells that everybody has are colored once
def _colored(source: str) -> Markup:
    return Markup(highlight(without_trailing_space(source), LEXER, FORMATTER))


def _output(output: NotebookNode) -> Markup:
    if output.output_type == "stream":
        return _text(output.text)
    if output.output_type == "error":
        return _text("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    data = clean_data(output.data)
    for mime in [mime for mime in PICTURES if mime in data]:  # what else comes with a picture is not shown
        words = alt_of(output) or "a picture without a description"
        width = Markup(' width="{}"').format(wide) if (wide := width_of(output, mime)) else ""
        picture = Markup('<img src="data:{};base64,{}" alt="{}"{}>')
        return picture.format(mime, Markup(data[mime]), words, width)
    if "text/html" in data:
        return Markup('<div class="html">{}</div>').format(Markup(data["text/html"]))
    return _text(data.get("text/plain", ""))


def _text(text: str) -> Markup:
    if not text:
        return NOTHING  # an explorer, whose picture is an output of its own
    return Markup("<pre>{}</pre>").format(Markup(ansi2html(_cut(text))))


def _cut(text: str) -> str:
    more = len(text) - LONGEST_TEXT
    return f"{text[:LONGEST_TEXT]}\n[… {wording.counted(more, 'more character')}]" if more > 0 else text
