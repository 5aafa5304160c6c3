"""The steps `start` and `await_results`: every code cell of a notebook, in order, where it can do no harm.

What comes back was said by the student's process. The sandbox has rebuilt its outputs field by field (see
`autograde.untrusted.outputs`), and evidence is bytes.

The points of a teacher's own test cells are what the student's process says. The sandbox undoes the cheap tricks
before each (`autograde/sandbox/inside/notebook.py`). Event hooks it can only name: a submission that has more of
them than the solution may have changed what the test gave, so those points wait for a person.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import nbformat
from nbformat import NotebookNode, from_dict
from nbgrader.exchange.default.exchange import Exchange
from nbgrader.utils import find_all_files
from sqlalchemy import make_url
from traitlets.config import Config

from autograde.course.answer_key import AnswerKey, grade_id_of
from autograde.course.assignments import notebooks_in
from autograde.course.course import Course, seed_of
from autograde.course.results import HOOKED
from autograde.errors import CourseError, MachineError, UsageError
from autograde.grading.read_submission import NotebookRun, SubmissionRun
from autograde.sandbox import CellResult, CellTask, Limits, RunResult, imported

SKIP = "skip-execution"
SLOW, IDLE = 60.0, 0.05  # seconds, and the part of them in which a notebook that sleeps computes at most
# Anybody may plot: what that registers is no sign of anything.
PLOTS = """try:
    get_ipython().run_line_magic("matplotlib", "inline")
    import matplotlib.pyplot
    matplotlib.pyplot.plot([1])
    matplotlib.pyplot.close()
except ImportError:
    pass"""


class Sandbox(Protocol):
    """Where notebooks run: a local pool, or workers of a cluster."""

    def submit_run(
        self, cells: list[CellTask], seed: int, *, files: Mapping[str, bytes]
    ) -> Future[RunResult]:
        """Run the cells of one notebook; the future has a SandboxError for the machine's fault."""

    def prove(self) -> None:
        """Wait until a submission is known to be able to read nothing withheld.

        Raises:
            SandboxError: it can, or nobody knows.
        """


def run_in_sandbox(
    run: SubmissionRun, sandbox: Sandbox, secret: bytes, files: Mapping[str, bytes]
) -> list[Future[RunResult]]:
    """Hand every notebook of a submission to the sandbox, with the files that belong to the assignment.

    Returns:
        One future for each notebook, in order.
    """
    futures = []
    for notebook_run in run.notebook_runs:
        notebook_run.seeds = {
            cell.grade_id: _seed(run, notebook_run, cell.grade_id, secret)
            for cell in notebook_run.key.cells.values()
            if cell.check
        }
        notebook_run.cells = cells_to_run(notebook_run.notebook)
        tasks = [_task(cell, notebook_run) for cell in notebook_run.cells]
        futures.append(sandbox.submit_run(tasks, _seed(run, notebook_run, "", secret), files=files))
    return futures


def _task(cell: NotebookNode, notebook_run: NotebookRun) -> CellTask:
    grade_id = grade_id_of(cell)
    if grade_id not in notebook_run.seeds:
        known = notebook_run.key.cells.get(grade_id)
        return CellTask(cell["source"], test=known is not None and known.is_test)
    return CellTask(cell["source"], notebook_run.seeds[grade_id], notebook_run.key.cells[grade_id].check)


def take_results(run: SubmissionRun, futures: list[Future[RunResult]]) -> None:
    """Put what the runs gave into the notebooks.

    Raises:
        CourseError: no sandbox is left.
        MachineError: this one ended before the submission did.
    """
    for notebook_run, future in zip(run.notebook_runs, futures, strict=True):
        try:
            result = future.result()
        except CourseError:
            raise
        except Exception as error:
            raise MachineError(f"the sandbox failed: {error}") from error
        _take(run, notebook_run, result)
    if run.seconds > SLOW and run.cpu_seconds < IDLE * run.seconds:
        run.flag("slow")


def _take(run: SubmissionRun, notebook_run: NotebookRun, result: RunResult) -> None:
    for index, cell in enumerate(notebook_run.cells):
        ran = result.cells[index] if index < len(result.cells) else CellResult([], None, None)
        cell["outputs"] = from_dict(ran.outputs)
        cell["execution_count"] = ran.execution_count
        grade_id = grade_id_of(cell)
        if grade_id in notebook_run.seeds:
            notebook_run.evidence[grade_id] = ran.evidence
        elif ran.hooks:
            notebook_run.hooks[grade_id] = ran.hooks
    for flag in result.flags:
        run.flag(flag)
    run.seconds += result.seconds
    run.cpu_seconds += result.cpu_seconds
    run.tier = result.tier if run.tier is None else min(run.tier, result.tier)


def cells_to_run(notebook: NotebookNode) -> list[NotebookNode]:
    """The code cells that a run executes: those with a source, graded or not tagged to be skipped."""
    return [
        cell
        for cell in notebook.cells
        if cell["cell_type"] == "code"  # a node's attributes take five times as long as its items
        and cell["source"].strip()
        and (grade_id_of(cell) or SKIP not in cell["metadata"].get("tags", []))
    ]


def _seed(run: SubmissionRun, notebook_run: NotebookRun, grade_id: str, secret: bytes) -> int:
    submission = run.submission
    where = f"{notebook_run.key.name}/{grade_id}"
    return seed_of(secret, submission.student, submission.assignment, where, notebook_run.digest)


class SolutionHooks:
    """The event hooks that each test cell of a solution runs with: it is run once, when they are asked for.

    Args:
        sandbox: where.
        files: of the assignment.
        folder: where the instructor's notebooks lie.
    """

    def __init__(self, sandbox: Sandbox, files: Mapping[str, bytes], folder: Path) -> None:
        self._sandbox, self._files, self._folder = sandbox, files, folder
        self.at = cache(self._at)

    def _at(self, notebook: str) -> dict[str, set[str]]:
        """The hooks by grade_id; none where there is no solution of that name."""
        path = self._folder / f"{notebook}.ipynb"
        cells = cells_to_run(nbformat.read(path, as_version=4)) if path.is_file() else []
        tasks = [CellTask(cell["source"], test=grade_id_of(cell) is not None) for cell in cells]
        _, *ran = self._sandbox.submit_run([CellTask(PLOTS), *tasks], 0, files=self._files).result().cells
        return {grade_id_of(cell): {*one.hooks} for cell, one in zip(cells, ran, strict=False)}


def suspend_hooked_tests(run: SubmissionRun, solution: SolutionHooks) -> None:
    """Let the points of a test cell wait for a person where it ran with more hooks than the solution's."""
    for one in run.notebook_runs:
        allowed = solution.at(one.key.name) if one.hooks else {}
        pending = [name for name, hooks in one.hooks.items() if {*hooks} - allowed.get(name, set())]
        if pending:
            run.pending |= {f"{one.key.name}/{name}" for name in pending}
            run.flag(HOOKED, f"event hooks that the solution does not have ran around: {', '.join(pending)}")


# The least with which an empty notebook runs, and the most that the system takes: beyond either, students
# would pay for a slip in the configuration.
SECONDS, SIZES = (0, 10**6), (1, 2**60)
RANGES = {
    "memory_bytes": (64 * 2**20, 2**60),
    "disk_bytes": (2**16, 2**60),
    "processes": (1, 2**20),
    "busy_threads": (1, 2**20),
    "evidence_bytes": (2**10, Limits.evidence_bytes),  # longer evidence is not even packed
}
EXAMPLE = '{"07-comparison": {"wall_seconds": 900}}'
IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+(\w.*))", re.MULTILINE)
MOST_BYTES = 16 * 2**20  # of all files together
DRAWS = re.compile(rb"plot|pylab|figure|explorers|widget")


def limits_of(config: Config, assignment: str) -> Limits:
    """The limits for an assignment's submissions.

    Raises:
        UsageError: a limit that does not exist or is no positive number.
    """
    asked: dict[str, Any] = {}
    timeout = config.get("Execute", {}).get("timeout", config.get("ExecutePreprocessor", {}).get("timeout"))
    if isinstance(timeout, int | float) and timeout > 0:
        asked["cell_seconds"] = float(timeout)
    section = dict(config.get("Limits", {}))
    of_assignments = section.pop("of", {})
    of_this = of_assignments.get(assignment, {}) if isinstance(of_assignments, Mapping) else of_assignments
    if not isinstance(of_this, Mapping):
        raise UsageError(f"c.Limits.of: {of_this!r} is no table, as in {EXAMPLE}.")
    asked |= section | dict(of_this)
    known = {field.name for field in fields(Limits)}
    for name, value in asked.items():
        if name not in known:
            raise UsageError(f"c.Limits.{name}: no such limit. There are: {', '.join(sorted(known))}.")
        asked[name] = _number(name, value)
    return replace(Limits(), **asked)


def _number(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:  # nor NaN
        raise UsageError(f"c.Limits.{name} = {value!r}: not a positive number.")
    least, most = RANGES.get(name, SECONDS if name.endswith("seconds") else SIZES)
    if not least <= value <= most:
        raise UsageError(f"c.Limits.{name} = {value!r}: must be {least} to {most}.")
    if name.endswith("seconds"):
        return value
    if value != int(value):
        raise UsageError(f"c.Limits.{name} = {value!r}: not a whole number.")
    return int(value)


def packages_of(course: Course, *assignments: str) -> tuple[str, ...]:
    """The course's own list, and what the solution notebooks of these assignments import.

    Raises:
        UsageError: the list is none.
    """
    asked = course.config.get("Sandbox", {}).get("packages", [])
    if not isinstance(asked, list | tuple) or not all(isinstance(name, str) and name for name in asked):
        raise UsageError(f'c.Sandbox.packages = {asked!r}: not a list of names, as in ["scipy"].')
    notebooks = [path for name in assignments for path in course.source(name).glob("*.ipynb")]
    return tuple(dict.fromkeys([*asked, *packages_in(notebooks)]))


def packages_in(notebooks: Iterable[Path]) -> list[str]:
    """The distributions that the instructor's notebooks import."""
    return imported({name for path in notebooks for name in _imports(_source_code(path))})


def withheld_of(course: Course) -> dict[str, Path]:
    """The folders that no submission may read, by the template of what they are."""
    exchange = course.config.get("Exchange", {}).get("root") or Exchange.root.default_value
    directory = course.directory
    return {
        "the course": course.root,
        "the exchange": Path(exchange),
        "the submissions": course.root / directory.submitted_directory,
        "the solutions": course.root / directory.source_directory,
    }


def gradebook_files(course: Course) -> list[Path]:
    """Where grades, or the way to them, may lie beside the course's own folder: the database's file and those
    that SQLite puts beside it; PostgreSQL's passwords."""
    url = make_url(course.directory.db_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return [Path(os.environ.get("PGPASSFILE") or Path.home() / ".pgpass")]
    return [Path(f"{url.database}{ending}").absolute() for ending in ("", "-wal", "-shm", "-journal")]


def _source_code(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)  # `nbformat.read` would verify it: 30 ms
        return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    except Exception:  # whoever registers the assignment says what is wrong with it
        return ""


def _imports(source: str) -> set[str]:
    """The first names of what a source imports, or seems to: one too many lets submissions import it, too."""
    imported_names = set()
    for one, several in IMPORT.findall(source):
        imported_names |= {one} if one else {re.match(r"\w*", name.strip())[0] for name in several.split(",")}
    return imported_names - {""}


def assignment_files(
    course: Course, assignment: str, limits: Limits, step: str = "release"
) -> dict[str, bytes]:
    """The files of an assignment's release, notebooks aside: path within the folder, content.

    They come from the release and not from the source folder, so that nothing is in the sandbox that students
    were not given: `step="source"` is for a solution that is tried. Links are left out.

    Raises:
        UsageError: together they are too large.
    """
    folder = course.folder(step, ".", assignment)
    paths = [Path(name) for name in find_all_files(str(folder), [*course.directory.ignore, "*.ipynb"])]
    paths = sorted(path for path in paths if path.is_file() and not path.is_symlink())
    most = min(MOST_BYTES, limits.disk_bytes // 2)
    if sum(path.stat().st_size for path in paths) > most:
        raise UsageError(
            f"{folder}: the files beside the notebook are larger than {most // 2**20} MiB "
            "together. Take some away, or let the notebook make them."
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def may_draw(course: Course, assignment: str) -> bool:
    """Whether the instructor's notebooks speak of figures or widgets anywhere; True where there is none."""
    notebooks = notebooks_in(course.source(assignment))
    return not notebooks or any(map(draws, notebooks))


def draws(notebook: Path) -> bool:
    """Whether a notebook of the instructor's speaks of figures or widgets."""
    return bool(DRAWS.search(notebook.read_bytes()))


def released(key: AnswerKey, files: Mapping[str, bytes]) -> str:
    """One word for all of the instructor's that a submission is run and judged with: cells, points, files."""
    cells = [
        (notebook.name, cell.grade_id, cell.cell_type, cell.points, cell.check, cell.locked and cell.source)
        for notebook in key.notebooks.values()
        for cell in notebook.cells.values()
    ]
    digests = [(name, hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items())]
    return hashlib.sha256(json.dumps([cells, digests]).encode()).hexdigest()
