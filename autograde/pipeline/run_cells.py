"""The steps `start` and `finish`: every code cell of a notebook, in order, where it can do no harm.

What comes back was said by the student's process. The sandbox has rebuilt its outputs field by field (see
`autograde.untrusted.outputs`), and evidence is bytes.

The points of a teacher's own test cells are what the student's process says. The sandbox undoes the cheap tricks
before each (`autograde/sandbox/inside/notebook.py`). Event hooks it can only name: a submission that has more of
them than the solution may have changed what the test gave, so those points wait for a person.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode, from_dict

from autograde.course.course import seed_of
from autograde.entries.answer_key import KeyNotebook, Solution, grade_id_of
from autograde.entries.entry import EVENT_HOOKS
from autograde.entries.graded import Graded, GradedNotebook
from autograde.errors import CourseError, MachineError
from autograde.sandbox import CellResult, CellTask, Pool
from verdicts.courses import ENGINE

if TYPE_CHECKING:
    from autograde.cluster.cluster_pool import ClusterPool
    from autograde.pipeline.solver import Solver

SKIP_TAG = "skip-execution"
# Anybody may plot: what that registers is no sign of anything.
PLOT_CELL = """try:
    get_ipython().run_line_magic("matplotlib", "inline")
    import matplotlib.pyplot
    matplotlib.pyplot.plot([1])
    matplotlib.pyplot.close()
except ImportError:
    pass"""


@dataclass(repr=False)  # it knows the secret
class CellRunner:
    """Runs submissions in a sandbox."""

    sandbox: "Pool | ClusterPool"
    secret: bytes
    """What seeds are drawn from."""
    files: Mapping[str, bytes]
    """Of the assignment: path within its folder, content."""
    allowed: Callable[[GradedNotebook], Mapping[str, Collection[str]]]
    """The event hooks that a notebook's tests may run with, by grade_id."""
    solver: "Solver | None" = None
    """Of the assignment's inline checks."""

    def __post_init__(self) -> None:
        self._hooks_of_plots = cache(self._read_hooks_of_plots)

    def prepare(self, runs: Sequence[Graded]) -> None:
        """Draw the seeds of submissions, and solve the problems of their inline checks."""
        for run in runs:
            for one in run.notebooks:
                checks = (cell.grade_id for cell in one.key.cells.values() if cell.check)
                one.seeds = {grade_id: self._seed(run, one, grade_id) for grade_id in checks}
        if self.solver:
            self.solver.prepare(runs)

    def start(self, graded: Graded) -> Graded:
        """Hand every notebook of a submission that was prepared to the sandbox."""
        for graded_notebook in graded.notebooks:
            tasks = [_task(cell, graded_notebook) for cell in cells_to_run(graded_notebook.notebook)]
            seed = self._seed(graded, graded_notebook, "")
            graded_notebook.future = self.sandbox.submit_run(tasks, seed, files=self.files)
        return graded

    def _seed(self, graded: Graded, graded_notebook: GradedNotebook, grade_id: str) -> int:
        submission = graded.submission
        where = graded_notebook.name_of(grade_id)
        return seed_of(self.secret, submission.student, submission.assignment, where, graded_notebook.digest)

    def finish(self, graded: Graded) -> None:
        """Put what the sandbox gave into the notebooks, and suspend the points of tests that ran with odd hooks.

        Raises:
            CourseError: no sandbox is left.
            MachineError: this one ended before the submission did.
        """
        for graded_notebook in graded.notebooks:
            try:
                result = graded_notebook.future.result()
            except CourseError:
                raise
            except Exception as error:
                raise MachineError(f"the sandbox failed: {error}") from error
            for index, cell in enumerate(cells_to_run(graded_notebook.notebook)):
                ran = result.cells[index] if index < len(result.cells) else CellResult([], None, None)
                cell["outputs"] = from_dict(ran.outputs)
                cell["execution_count"] = ran.execution_count
                grade_id = grade_id_of(cell)
                if grade_id in graded_notebook.seeds:
                    graded_notebook.evidence[grade_id] = ran.evidence
                elif ran.hooks:
                    graded_notebook.hooks[grade_id] = ran.hooks
            for flag in result.flags:
                graded.flag(flag)
            graded.seconds += result.seconds
            graded.cpu_seconds += result.cpu_seconds
            graded.tier = result.tier if graded.tier is None else min(graded.tier, result.tier)
        for graded_notebook in graded.notebooks:
            self._suspend_hooked_tests(graded, graded_notebook)

    def _suspend_hooked_tests(self, graded: Graded, one: GradedNotebook) -> None:
        """Let the points of a test cell wait for a person where it ran with more hooks than the solution's."""
        if not one.hooks:
            return
        allowed, anybodys = self.allowed(one), self._hooks_of_plots()
        pending = [
            name for name, hooks in one.hooks.items() if {*hooks} - anybodys - {*allowed.get(name, ())}
        ]
        if pending:
            graded.pending |= {one.name_of(name) for name in pending}
            graded.flag(
                EVENT_HOOKS, f"event hooks that the solution does not have ran around: {', '.join(pending)}"
            )

    def _read_hooks_of_plots(self) -> set[str]:
        tasks = [CellTask(PLOT_CELL), CellTask("None", test=True)]
        return {*self.sandbox.submit_run(tasks, 0).result().cells[-1].hooks}


def hooks_in(notebook: NotebookNode, sandbox: Pool) -> dict[str, Collection[str]]:
    """The event hooks that each test cell of a solution runs with, by grade_id."""
    cells = cells_to_run(notebook)
    tasks = [CellTask(cell["source"], test=grade_id_of(cell) is not None) for cell in cells]
    ran = sandbox.submit_run(tasks, 0).result().cells
    return {grade_id_of(cell): one.hooks for cell, one in zip(cells, ran, strict=False)}


def _task(cell: NotebookNode, graded_notebook: GradedNotebook) -> CellTask:
    grade_id = grade_id_of(cell)
    known = graded_notebook.key.cells.get(grade_id)
    if grade_id not in graded_notebook.seeds:
        return CellTask(cell["source"], test=known is not None and known.is_test)
    handed = graded_notebook.handed.get(grade_id, "")
    return CellTask(cell["source"], graded_notebook.seeds[grade_id], known.full_check, handed=handed)


def code_of(notebook: NotebookNode) -> list[list[str | None]]:
    """The code that a run executes, cell by cell, with the grade_ids."""
    return [[cell.source, grade_id_of(cell)] for cell in cells_to_run(notebook)]


def cells_to_run(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells that a run executes: those with a source, graded or not tagged to be skipped."""
    return [
        cell
        for cell in notebook.cells
        if cell["cell_type"] == "code"  # a node's attributes take five times as long as its items
        and cell["source"].strip()
        and (grade_id_of(cell) or SKIP_TAG not in cell["metadata"].get("tags", []))
    ]


def with_solutions(
    notebooks: Mapping[str, KeyNotebook],
    solutions: Mapping[str, Solution],
    names: Mapping[str, Sequence[Any]] = MappingProxyType({}),
) -> dict[str, KeyNotebook]:
    """The notebooks with what their solutions say of inline checks, and `names`, the mistakes that have one, by check."""
    made = dict(notebooks)
    for name, solution in solutions.items():
        cells = made[name].cells
        defined = {
            grade_id: replace(
                cells[grade_id],
                definition=text,
                course=ENGINE,
                named=tuple(names.get(cells[grade_id].check, ())),
            )
            for grade_id, text in solution.definitions.items()
            if grade_id in cells
        }
        made[name] = replace(made[name], cells=cells | defined)
    return made
