"""The common mistakes of a class, as lines for a terminal: wrong results that are equal on everybody's problems.

Kept evidence is read; nobody's code runs.
"""

import ast
import base64
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograde.course import graded_files
from autograde.entries.answer_key import Solution, read_notebook
from autograde.entries.entry import CellScore, WholeClass, common_results
from autograde.entries.wording import counted, safe
from autograde.errors import UsageError
from autograde.files import put
from autograde.untrusted.names import printable, shell_word
from verdicts.diagnosis.common_mistakes import (
    SHIFTS,
    Named,
    on_grid,
    problems_of,
    results_in,
    results_line,
    row_of,
)
from verdicts.inline import CheckDefinition, probe_of, public_in
from verdicts.values import Carried, shown

MOST_LINES = 12
"""Of a student's code."""
MOST_SHOWN = 2
"""Problems on which a common mistake is shown."""
BEFORE = "graded before everybody had the same problems: `autograde grade {} --force` grades them again"


@dataclass(frozen=True)
class CommonMistakes:
    """Those of one check that a notebook defines."""

    whole: WholeClass
    name: str
    """ "notebook/grade_id"."""
    packed: str
    """The definition, as a release packed it."""
    rows: Sequence[Named]

    @property
    def definition(self) -> CheckDefinition:
        """That of the check."""
        return CheckDefinition.of_text(self.packed)

    @cached_property
    def wrong(self) -> dict[str, CellScore]:
        """The wrong answers by student."""
        every = self.whole.answers.get(self.name, {})
        return {who: cell for who, cell in every.items() if cell.verdict.get("failed")}

    @cached_property
    def of_today(self) -> dict[str, CellScore]:
        """Those whose results are on today's problems, or tell nothing."""
        today = problems_of(public_in(self.packed))
        return {
            who: cell
            for who, cell in self.wrong.items()
            if len(cell.alike) == 1 or next(iter(cell.alike), "").endswith(today)
        }

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Who has equal wrong results on today's problems, by the code of these."""
        return common_results(self.of_today)

    def named(self, cell: CellScore) -> str:
        """The name of the mistake; empty if it has none."""
        return next((entry.what for entry, digests in self.rows if {*digests} & {*cell.alike}), "")

    def results(self, student: str) -> list[Carried]:
        """What an answer gives on everybody's problems."""
        notebook, _, grade_id = self.name.partition("/")
        kept = graded_files.read_evidence(self.whole.graded[student].folder, notebook)["checks"][grade_id]
        return results_in(base64.b64decode(kept["evidence"]), public_in(self.packed))

    def lines(self, least: int) -> Iterator[str]:
        """Lines with Rich's markup on those of so many students; everything a student wrote is escaped."""
        wrong, groups = self.wrong, self.groups
        yield f"[bold]{safe(self.definition.name)}[/bold]: {counted(len(wrong), 'wrong answer')}"
        results = {code: self.results(students[0]) for code, students in groups.items()}
        every = {"": [right for _, right in public_in(self.packed)], **results}
        cells = {
            code: [repr(on_grid(self.definition, one, SHIFTS[0])) for one in each]
            for code, each in every.items()
        }
        others = Counter(
            cell.alike[0] if who in self.of_today else BEFORE
            for who, cell in wrong.items()
            if who not in self.of_today or len(cell.alike) == 1
        )
        for code, students in groups.items():
            if len(students) < least:
                others["with results of few students"] += len(students)
                continue
            named = self.named(wrong[students[0]])
            yield f"\n[bold]{code}[/bold]  {counted(len(students), 'student')}  {safe(named) or 'no name yet'}"
            yield from (f"  {line}" for line in self._shown(results[code], cells[code], cells.values()))
            yield f"  students read: {safe(wrong[students[0]].sentence)}"
            yield "  one student's code:"
            yield from (f"    {safe(line)}" for line in self._code(students[0]).splitlines()[:MOST_LINES])
        word = shell_word(self.whole.key.assignment)
        yield from (safe(f"not listed, {what.format(word)}: {number}") for what, number in others.items())
        yield ""

    def _shown(
        self, results: Sequence[Carried], cells: Sequence[str], every: Collection[Sequence[str]]
    ) -> Iterator[str]:
        """Yield results next to the right ones, on the problems on which the fewest others give the same.

        Args:
            cells: where the results are on the grid.
            every: the same of all groups and of what is right.
        """
        public, definition = public_in(self.packed), self.definition
        functions: Any = {name: SimpleNamespace(__name__=name) for name in definition.functions}

        def alike(number: int) -> int:
            return sum(other[number] == cells[number] for other in every)

        for number in sorted(sorted(range(len(public)), key=alike)[:MOST_SHOWN]):
            problem, right = public[number]
            label = probe_of(definition, problem, functions, number + 1).label if problem else "value"
            yield safe(f"{label}: {shown(results[number])}, right is {shown(right)}")

    def _code(self, student: str) -> str:
        """The answer above the check, without comments: they may hold a name."""
        notebook, _, grade_id = self.name.partition("/")
        code, key = "", self.whole.key.notebooks[notebook]
        for cell in read_notebook(self.whole.graded[student].folder / f"{notebook}.ipynb").cells:
            right = key.find(cell)
            if right and right.grade_id == grade_id:
                break
            code = cell.source if right and right.solution else code
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            code = ast.unparse(ast.parse(code))
        return code


def common_mistakes(
    whole: WholeClass, solutions: Mapping[str, Solution], rows: Mapping[str, Sequence[Named]]
) -> list[CommonMistakes]:
    """Those of each check that a notebook defines; `rows`: the mistakes that have a name, by check."""
    return [
        CommonMistakes(whole, f"{name}/{of}", text, rows.get(CheckDefinition.of_text(text).name, ()))
        for name, solution in solutions.items()
        for of, text in solution.definitions.items()
    ]


def give_name(file: Path, every: Sequence[CommonMistakes], code: str, name: str, hint: str) -> str:
    """Write a name for the mistake with this code into the class's file; what to do next, in a line.

    Raises:
        UsageError: not one mistake has the code, or it has a name; or the words are no single lines.
    """
    found = [(one, who) for one in every if (who := one.groups.get(code))]
    if len(found) != 1 or not name.strip():
        raise UsageError(f"{printable(code)} is the code of {len(found)} mistakes, or the name is empty")
    if not (name + hint).isprintable():
        raise UsageError(f"{printable(name + hint)!r}: write one line, without control characters")
    one, (student, *_) = found[0]
    for entry, _ in one.rows:
        if entry.id == code or entry.what in (name, one.named(one.wrong[student])):
            raise UsageError(f"{entry.what!r} is a mistake in {file} already: change it there")
    line = results_line(public_in(one.packed), one.results(student))
    row = row_of(one.definition.name, code, name, hint, line)
    before = f"{file.read_text('utf-8').rstrip()}\n\n" if file.exists() else ""
    file.parent.mkdir(exist_ok=True)
    put(file, (before + row).encode())
    command = f"autograde grade {shell_word(one.whole.key.assignment)} --rejudge"
    return f"{file}: {code} has a name. `{command}` puts it into the report, and into feedback"
