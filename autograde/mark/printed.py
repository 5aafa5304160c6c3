"""A result as lines for a terminal, or for the log of a platform."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from autograde.grading.flag_messages import words_of
from autograde.grading.result_messages import safe
from autograde.grading.results import GRADED, CellScore, Result
from autograde.scores import score_of
from descentlab.checks.judging.display import mark_of
from descentlab.sentences import say


def print_marked(result: Result) -> None:
    """Print the lines of a result."""
    console = Console(highlight=False, soft_wrap=True)
    for line in lines(result):
        console.print(line)


def lines(result: Result) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped."""
    yield f"[bold]{safe(result.assignment)}[/bold]: {score_of(result.score, result.max_score)}"
    for sentence in (*map(words_of, result.flags), *result.notes):
        yield f"  {safe(sentence)}"
    if result.status != GRADED:
        return
    for cell in result.cells:
        yield from _cell(cell)
    if result.tier is not None:
        yield "[dim]" + say("isolation tier {tier}", tier=result.tier) + "[/dim]"


def _cell(cell: CellScore) -> Iterator[str]:
    name = f"[bold]{safe(cell.check or cell.grade_id)}[/bold]"
    if cell.score is None:
        yield f"{mark_of(False, False)} {name}  " + say("waits for a person")
        return
    passed = cell.score >= cell.max_score
    yield f"{mark_of(passed, True)} {name}  {score_of(cell.score, cell.max_score)}"
    yield from (f"    {safe(line)}" for line in ([] if passed else cell.lines()))
    if cell.self_reported:
        yield "    " + say("an ordinary test cell: the score is what the student's own process said")
