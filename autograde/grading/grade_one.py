"""`autograde grade-one`: the pipeline's steps for one file, without a course; only the result is kept.

The secret is drawn for each run and stays in this process, which no submission can look into. The caller writes
results after the sandbox has ended.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from nbgrader.utils import determine_grade

from autograde.book import save, submission_rows
from autograde.course import course, submission_files
from autograde.entries.entry import GRADED, REVIEW, Entry, Submission
from autograde.entries.graded import Graded, GradedNotebook
from autograde.entries.wording import (
    ORDINARY_TEST,
    in_the_notebook,
    reason_and_hint,
    safe,
    score_of,
    words_of,
)
from autograde.errors import NeedsReviewError, UsageError
from autograde.files import put
from autograde.pipeline import defining, judge, read_submission, restore, run_cells, settings
from autograde.pipeline.solver import Solver
from autograde.release import keys
from autograde.sandbox import Pool, staging
from verdicts.sentences import check_sign

MOST_NOTEBOOKS = 1000
NOBODY = "submission"  # who handed it in is not asked: the platform knows


@dataclass(frozen=True)
class GradeOneOptions:
    """What is graded, a file or a folder that holds it, by which key, and how.

    `isolation` is "auto", "same-user" or "none". `results` are the files that will be written: no submission
    may read what lies next to them.
    """

    notebook: Path
    key: keys.KeyFile
    isolation: str = "auto"
    secret: Path | None = None
    results: tuple[Path, ...] = ()


def grade_one(options: GradeOneOptions) -> Entry:
    """The result of one notebook.

    Raises:
        UsageError: the secret's file cannot be used, or results would be written over what is read.
        SandboxError: submissions cannot be confined here as asked.
        MachineError: the machine or the grader failed: nobody is to blame for that.
    """
    _require_apart(options, options.notebook)
    secret = _secret(options.secret)
    key = options.key
    answers = key.answers
    graded = Graded(Submission(NOBODY, answers.assignment, options.notebook.parent))
    with read_submission.NotebookReader() as reader:
        try:
            file = _handed_in(options)
            _require_apart(options, file)
            notebook, digest = read_submission.read_file(file, reader)
            graded.notebooks.append(GradedNotebook(key.notebook, digest, notebook))
            restore.restore_submission(graded)
        except NeedsReviewError as reason:
            graded.flag(reason.flag, str(reason))
            return _result(graded, answers, REVIEW)
    make_pool = partial(
        Pool,
        jobs=1,
        isolation="none" if options.isolation == "none" else "auto",
        figures=settings.draws(key.file),
        packages=settings.packages_in([key.file]),
        withheld=_withheld(options, file),
        another_user=options.isolation != "same-user",
    )
    with make_pool(checks=answers.checks) as pool, Solver(partial(make_pool, for_solution=True)) as solver:
        pool.prove()
        solution = keys.read_notebook(key.file)
        defining.define(solver, key.notebook, solution)
        of_solutions = run_cells.with_solutions({key.notebook.name: key.notebook}, solver.solutions)
        graded.notebooks[0].key = of_solutions[key.notebook.name]
        runner = run_cells.CellRunner(pool, secret, {}, lambda _: run_cells.hooks_in(solution, pool), solver)
        runner.prepare([graded])
        runner.finish(runner.start(graded))
    judge.judge_submission(graded)
    return _result(graded, answers, GRADED)


def _require_apart(options: GradeOneOptions, notebook: Path) -> None:
    """Nothing that is read is written over, nor one result by another, and no notebook is its own key."""
    if os.path.realpath(notebook) == os.path.realpath(options.key.file):
        raise UsageError(f"--key {options.key.file} is the notebook itself: name what was handed out.")
    read = filter(None, (notebook, options.key.file, options.secret))
    kept = set(map(os.path.realpath, read))
    for result in _result_files(options):
        real = os.path.realpath(result)
        if real in kept:
            raise UsageError(f"{result} would be written over: name another file.")
        kept.add(real)


def _result_files(options: GradeOneOptions) -> list[Path]:
    """The results that are files: into a device or a pipe, as /dev/stdout, several can go."""
    return [path for path in options.results if path.is_file() or not path.exists()]


def _handed_in(options: GradeOneOptions) -> Path:
    """The notebook itself: of a folder the one with the key's name, or the only one.

    Raises:
        UsageError: nothing is there.
        NeedsReviewError: `missing-notebook`: nobody can say which one it is.
    """
    path = options.notebook.absolute()
    if not os.path.lexists(path):
        raise UsageError(f"{options.notebook} is not there.")
    if path.is_symlink() or not path.is_dir():
        return path
    file = f"{options.key.notebook.name}.ipynb"
    if os.path.lexists(path / file):
        return path / file
    with os.scandir(path) as entries:
        alike = (entry.name for entry in entries if ".ipynb" in entry.name.lower())
        names = sorted(islice(alike, MOST_NOTEBOOKS))
    notebooks = [name for name in names if name.endswith(".ipynb")]
    if len(notebooks) != 1:
        raise NeedsReviewError("missing-notebook", submission_files.missing(file, names))
    return path / notebooks[0]


def _withheld(options: GradeOneOptions, handed_in: Path) -> Mapping[str, Path]:
    """Folders of this machine that the submission may not read, by the template of what they are."""
    folders = {
        "the notebook's folder": handed_in,
        "the key's folder": None if options.key.is_lesson else options.key.file,
        "the secret's folder": options.secret,
    }
    withheld = {what: path.absolute().parent for what, path in folders.items() if path is not None}
    of_results = dict.fromkeys(path.absolute().parent for path in _result_files(options))
    return withheld | dict(zip(staging.OF_RESULTS, of_results, strict=False))


def _secret(path: Path | None) -> bytes:
    """A fresh secret, or the one in a file, which is made where it is not there.

    Raises:
        UsageError: the file is none of ours.
    """
    fresh = secrets.token_bytes(course.SECRET_BYTES)
    if path is None:
        return fresh
    if not path.exists():
        put(path, fresh, 0o600)
    kept = path.read_bytes()
    if len(kept) != course.SECRET_BYTES:
        raise UsageError(
            f"--secret {path}: {len(kept)} bytes, and a secret has {course.SECRET_BYTES}. Name a new file, and it is made."
        )
    return kept


def _result(graded: Graded, key: keys.AnswerKey, status: str) -> Entry:
    """The scores by nbgrader's own rule, next to what the verdicts say."""
    scores, verdicts = submission_rows.Scores(), save.verdicts_of(graded)
    for graded_notebook in graded.notebooks if status == GRADED else ():
        for cell, known in graded_notebook.known_cells():
            if known.grade:
                score, _ = determine_grade(cell)
                name = graded_notebook.name_of(known.grade_id)
                scores.cells[name] = None if name in graded.pending else score
                if known.manual:  # it has a score, 0, only as it was handed out
                    verdicts[name] = {"status": "unanswered"}
    return submission_rows.result_of(replace(save.row_of(graded), status=status, cells=verdicts), scores, key)


def everything_earned(result: Entry) -> bool:
    """Whether every point that no person has to give was earned."""
    return result.status == GRADED and all(
        cell.manual or (cell.score or 0.0) >= cell.max_score for cell in result.cells
    )


def lines(result: Entry) -> Iterator[str]:
    """Lines with Rich's markup; everything a student wrote is escaped."""
    yield f"[bold]{safe(result.assignment)}[/bold]: {score_of(result.score, result.max_score)}"
    for sentence in (*map(words_of, result.flags), *result.notes):
        yield f"  {safe(sentence)}"
    if result.status != GRADED:
        return
    for cell in result.cells:
        name = f"[bold]{safe(cell.label)}[/bold]"
        if cell.score is None:
            yield f"{check_sign(False, False)} {name}  needs manual grading"
            continue
        passed = cell.score >= cell.max_score
        yield f"{check_sign(passed, True)} {name}  {score_of(cell.score, cell.max_score)}"
        yield from (f"    {safe(line)}" for line in ([] if passed else reason_and_hint(cell)))
        if cell.self_reported:
            yield f"    {ORDINARY_TEST}"
    if advice := in_the_notebook(result):
        yield safe(advice)
    if result.tier is not None:
        yield f"[dim]isolation tier {result.tier}[/dim]"
