"""Run a solution as a submission is run, and read its text, before students get the assignment."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode, v4
from nbgrader import utils

from autograde.book import releases
from autograde.book.gradebook import has_gradebook, opened_gradebook
from autograde.course import assignments, submission_files
from autograde.course.course import SECRET_BYTES, Course
from autograde.entries import wording
from autograde.entries.answer_key import KeyNotebook, Solution, grade_id_of, read_notebook
from autograde.entries.entry import Submission
from autograde.entries.graded import Graded, GradedNotebook
from autograde.errors import MachineError, UsageError
from autograde.files import put
from autograde.installed import lesson_folders
from autograde.pipeline import defining, judge, run_cells, settings
from autograde.pipeline.solver import Solver
from autograde.release import steps
from autograde.release.keys import key_notebook, read_names
from autograde.untrusted.names import shell_word
from verdicts.diagnosis.common_mistakes import with_results

SINGLE_DENSITY = "from verdicts import canvas\ncanvas.DENSITY = 1"  # half the size
TOO_LONG = ", after as long as c.Execute.timeout in nbgrader_config.py allows"
RAISES_TAG = "raises-exception"  # the tag of a cell that is to fail, as nbclient knows it
NOT_PROSE = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(\s*(?!<?(?:[A-Za-z][\w+.-]*:|//))<?([^)\s>]+)")  # none with a scheme or host
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
# "section 4 of the book" is another text's, and so is "section 2.1".
SECTIONS = re.compile(r"\b[Ss]ections? (\d+)(?:(?:,| and| to|–) (\d+))?(?![\d.]*\d)(?!\s+(?:of|in)\b)")


def try_solution(root: Path, assignment: str) -> releases.Trial:
    """Run the solution in the sandbox, and look for what its text refers to.

    Raises:
        UsageError: naming the cells that fail, that earn less than all points, or whose links or sections
            are missing; or a check that a cell defines and that cannot be held to anything.
        SandboxError: it cannot be run here.
    """
    course = Course.open(root)
    paths = assignments.notebooks_in(course.source(assignment))
    keys = [key_notebook(path) for path in paths]
    read = zip(keys, paths, strict=True)
    notebooks = [GradedNotebook(defining.without_inline(key), "", read_notebook(path)) for key, path in read]
    openings = _openings(paths)
    graded = run_solution(course, assignment, [*notebooks, *openings.values()])
    try:
        judge.judge_submission(graded)
    except MachineError as error:  # a check's name that the course does not know
        raise UsageError(f"{assignment} is not released: {error}") from error
    problems = [problem for one in notebooks for problem in _problems(one, graded.submission.folder)]
    if problems:
        raise UsageError(
            f"{assignment} is not released, as its solution does not pass: "
            f"{'; '.join(problems[:5])}. Fix it, or skip this check with --untried"
        )
    trial = releases.Trial({name: _picture(opening) for name, opening in openings.items()})
    files = settings.assignment_files(course, assignment, kind="source")
    with Solver(lambda: settings.local_pool(course, assignment)) as solver:
        try:
            for key, one in zip(keys, notebooks, strict=True):
                trial.lines.extend(defining.define(solver, key, one.notebook, files))
            trial.lines.extend(_names(course, assignment, keys, solver))
        except UsageError as error:
            raise UsageError(f"{assignment} is not released: {error}") from error
    trial.lines.extend(_of_submissions(course, assignment, keys, files, solver.solutions))
    return replace(trial, solutions=solver.solutions, hooks={one.key.name: one.hooks for one in notebooks})


def _names(course: Course, assignment: str, keys: Sequence[KeyNotebook], solver: Solver) -> Iterator[str]:
    """Write into the class's file what the code in it gives; yield a line on the names that no answer gets."""
    if not read_names(course, assignment, solver.solutions):
        return
    cells = {check: (key.name, of) for key in keys for of, check in defining.inline_cells(key).items()}
    file = course.names_file(assignment)
    text = with_results(file, lambda check, code: defining.results_of_code(solver, *cells[check], code))
    if text != file.read_text("utf-8"):
        put(file, text.encode())
    named = read_names(course, assignment, solver.solutions)
    if waiting := [entry.what for rows in named.values() for entry, digests in rows if not digests]:
        yield f"{file.name}: right by now, on other problems, or telling nothing: {'; '.join(waiting)}"


def skip_trial(root: Path, assignment: str) -> releases.Trial:
    """What a release says that runs no solution: whose answers cannot be judged then."""
    course = Course.open(root)
    keys = list(map(key_notebook, assignments.notebooks_in(course.source(assignment))))
    files = settings.assignment_files(course, assignment, kind="source")
    lines = [*_of_submissions(course, assignment, keys, files, {})]
    if checks := [check for key in keys for check in defining.inline_cells(key).values()]:
        lines.append(
            f"without a solution that ran, nobody's answer to {', '.join(checks)} can be judged: points that were given "
            f"stay, everything else waits for `autograde release {shell_word(assignment)}`"
        )
    return releases.Trial(lines=lines)


def _of_submissions(
    course: Course,
    assignment: str,
    keys: Sequence[KeyNotebook],
    files: Mapping[str, bytes],
    solutions: Mapping[str, Solution],
) -> Iterator[str]:
    """Yield what a release means for what was handed in: what has to run again, and who holds a check that asked for
    something else, and waits.
    """
    if not (has_gradebook(course) and course.submitters(assignment)):
        return
    earlier, anew = {}, []
    with opened_gradebook(course) as gradebook:
        earlier = releases.read_trial(gradebook, assignment).solutions
        known = (
            releases.read_key(gradebook, assignment).graded_cells
            if gradebook.notebooks_of(assignment)
            else {}
        )
        anew = [
            f"{was.check} is now {cell.check}"
            for key in keys
            for of, cell in key.cells.items()
            if (was := known.get(f"{key.name}/{of}")) and was.check != cell.check
        ]
    released = settings.assignment_files(course, assignment)
    anew += [f"{name} has changed" for name, data in files.items() if released.get(name) != data]
    if anew:
        yield (
            f"{', '.join(anew)}: `autograde grade {shell_word(assignment)}` runs again what was handed in; with "
            "--rejudge it keeps its points"
        )
    for name, solution in solutions.items():
        changed = {
            of: (head.encode(), f"{asked}\\n".encode())
            for of, text in earlier.get(name, solution).folded.items()
            for head, asked in [solution.folded.get(of, text).splitlines()[:2]]
            if asked not in text.splitlines()
        }
        held = [
            submission_files.read_if_possible(course.submission(student, assignment), f"{name}.ipynb") or b""
            for student in (course.submitters(assignment) if changed else ())
        ]
        for of, (head, asked) in changed.items():
            older = sum(head in one and asked not in one for one in held)
            yield (
                f"cell {of!r}: asks for something else than its last release: {wording.counted(older, 'submission')} of an "
                "earlier one will wait for a person there"
            )


def opening_pictures(root: Path, assignment: str) -> dict[str, list[NotebookNode]]:
    """What the opening cell of each notebook draws, run alone in the sandbox, before any answer.

    Raises:
        SandboxError: it cannot be run here.
    """
    course = Course.open(root)
    if openings := _openings(assignments.notebooks_in(course.source(assignment))):
        run_solution(course, assignment, list(openings.values()))
    return {name: _picture(opening) for name, opening in openings.items()}


def _openings(paths: list[Path]) -> dict[str, GradedNotebook]:
    """A notebook of the opening cell alone, of each notebook that has one."""
    cells = {path.stem: steps.opening_cell(read_notebook(path)) for path in paths}
    return {
        name: GradedNotebook(
            KeyNotebook("", {}, {}),
            "",
            v4.new_notebook(cells=[v4.new_code_cell(SINGLE_DENSITY), v4.new_code_cell(cell.source)]),
        )
        for name, cell in cells.items()
        if cell is not None
    }


def _picture(opening: GradedNotebook) -> list[NotebookNode]:
    """Its outputs, where they are pictures with words and nothing else."""
    outputs = opening.notebook.cells[-1].get("outputs", [])
    shown = all({"text/html", "image/png", "text/plain"} == {*output.get("data", {})} for output in outputs)
    return outputs if shown else []


def run_solution(course: Course, assignment: str, notebooks: list[GradedNotebook]) -> Graded:
    """Run notebooks of an assignment's as submissions are run, with the files next to them.

    Raises:
        SandboxError: they cannot be run here.
    """
    submission = Submission("solution", assignment, course.source(assignment))
    graded = Graded(submission, notebooks=notebooks)
    files = settings.assignment_files(course, assignment, kind="source")
    with settings.local_pool(course, assignment) as pool:
        runner = run_cells.CellRunner(pool, os.urandom(SECRET_BYTES), files, lambda one: one.hooks)
        runner.prepare([graded])
        runner.finish(runner.start(graded))
    return graded


def _problems(run: GradedNotebook, folder: Path) -> Iterator[str]:
    """The first problem of each cell."""
    texts = [cell.source for cell in run.notebook.cells if cell.cell_type == "markdown"]
    headings = [heading for text in texts for heading in HEADING.findall(text)]
    for number, cell in enumerate(run.notebook.cells, start=1):
        if cell.cell_type == "markdown":
            problem = next(_unresolved(NOT_PROSE.sub("", cell.source), headings, folder), "")
        else:
            problem = _failure(cell, run)
        if problem:
            name = grade_id_of(cell) or cell.source.strip().partition("\n")[0][:60]
            yield f"cell {number} ({name}): {problem}"


def _failure(cell: NotebookNode, run: GradedNotebook) -> str:
    """How a code cell ended, or what a check or a test gave, if it is not what a solution's should be."""
    if (error := wording.error_of(cell)) and RAISES_TAG not in cell.metadata.get("tags", []):
        return error + (TOO_LONG if error.startswith("KeyboardInterrupt") else "")
    known = run.key.find(cell)
    if known is None or not (known.check or known.is_test):
        return ""
    score, most = utils.determine_grade(cell)
    return "" if score == most else f"it earns {wording.score_of(score, most)}"


def _unresolved(text: str, headings: list[str], folder: Path) -> Iterator[str]:
    """Links and numbers of sections in a text that lead nowhere."""
    anchors = {heading.replace(" ", "-") for heading in headings}
    for target in LINK.findall(text):
        file, _, anchor = unquote(target).partition("#")
        # A lesson of the wheel may not be in this course.
        shipped = (lessons / folder.name / file for lessons in lesson_folders())
        places = folder / file, (folder / file).with_suffix(".md"), *shipped
        if not (any(path.exists() for path in places) if file else anchor in anchors):
            yield f"the link {target} leads nowhere"
    numbers = {heading.split()[0].rstrip(".") for heading in headings}
    for number in filter(None, (number for pair in SECTIONS.findall(text) for number in pair)):
        if number not in numbers and any(map(str.isdigit, numbers)):
            yield f"there is no section {number}"
