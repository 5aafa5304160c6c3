"""The answer keys of a course: what the gradebook has of the teacher's notebooks, never of a submission.

Next to each notebook is what students were handed out of it: a release keeps its versions. What nbgrader alone released
is adopted once: the course's own release steps make of the gradebook's cells what they would hand out, without hidden
tests and mark schemes. An assignment that the gradebook does not know yet is registered from the teacher's notebooks.

`autograde grade-one` has no gradebook: its key is a notebook, a lesson of the wheel or a file. One with nbgrader's checksums
is a release, and is taken as it is. Of any other nbgrader's release steps make, in memory, what students got.
"""

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode, from_dict
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import CheckCellMetadata, IncludeHeaderFooter, InstantiateTests, SaveCells
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from autograde.book.gradebook import SharedGradebook
from autograde.book.release_steps import RememberRelease
from autograde.book.releases import (
    HandedOut,
    Trial,
    keep_trial,
    read_handed_out,
    read_key,
    read_trial,
    released_cells,
    remember,
)
from autograde.book.submission_rows import submission_times
from autograde.course.assignments import SOURCE, notebooks_in, settings
from autograde.course.course import SCRATCH, Course, log
from autograde.course.nbgrader_steps import apply_steps, make_steps, resources_of, step_classes
from autograde.entries.answer_key import (
    AnswerKey,
    KeyCell,
    KeyNotebook,
    Pictures,
    Solution,
    Version,
    check_name,
    grade_id_of,
    is_known,
    named_pictures,
    pictures_in,
    read_notebook,
)
from autograde.errors import UsageError
from autograde.installed import lesson_folders
from autograde.pipeline.run_cells import with_solutions
from autograde.release.conversion import LAST_STEPS, convert, require_python, require_sound
from autograde.release.steps import RequireCurrent, Seal
from autograde.scratch import scratch_folder
from autograde.untrusted.names import shell_word

if TYPE_CHECKING:
    from verdicts.diagnosis.common_mistakes import Named


def read_released(course: Course, gradebook: SharedGradebook, assignment: str) -> AnswerKey:
    """The answer key of a registered assignment with the versions that students may hold.

    Raises:
        MissingEntry: the gradebook does not know the assignment.
        UsageError: it has no notebook, one that is not Python, or what was handed out cannot be found out.
    """
    key = read_key(gradebook, assignment)
    for name, notebook in key.notebooks.items():
        require_python(f"{name}.ipynb", notebook.kernelspec)
    known = read_handed_out(gradebook, assignment)
    gradebook.db.rollback()
    if others := [name for name in key.notebooks if not _is_current(course, key, name, known)]:
        for name in others:
            _adopt(course, gradebook, key, name)
        known = read_handed_out(gradebook, assignment)
    trial = read_trial(gradebook, assignment)
    gradebook.db.rollback()
    notebooks = {name: _as_handed_out(notebook, known[name]) for name, notebook in key.notebooks.items()}
    return replace(
        key,
        notebooks=with_solutions(notebooks, trial.solutions, read_names(course, assignment, trial.solutions)),
        solutions=trial.solutions,
        hooks=trial.hooks or {},
    )


def read_names(
    course: Course, assignment: str, solutions: Mapping[str, Solution]
) -> dict[str, list["Named"]]:
    """The mistakes to which the class gave names, by check.

    Raises:
        UsageError: its file is malformed.
    """
    if not (file := course.names_file(assignment)).exists():
        return {}
    # With NumPy, which an assignment without names does not need here.
    from verdicts.diagnosis import catalogue, common_mistakes

    try:
        return common_mistakes.read_names(
            file, [text for one in solutions.values() for text in one.definitions.values()]
        )
    except catalogue.TextError as error:
        raise UsageError(str(error)) from None


def _as_handed_out(notebook: KeyNotebook, known: HandedOut) -> KeyNotebook:
    """The notebook with its versions, its cells in the order of the newest, with what those say of them."""
    places = {cell.grade_id: index for index, cell in enumerate(known.versions[-1])}
    courses = {cell.grade_id: cell.course for version in known.versions for cell in version if cell.course}
    cells = {
        name: replace(
            cell,
            attachments=known.pictures.get(name, {}) if cell.locked else {},
            course=courses.get(name, ""),
        )
        for name, cell in sorted(notebook.cells.items(), key=lambda item: places.get(item[0], len(places)))
    }
    return replace(notebook, cells=cells, versions=known.versions)


def _is_current(course: Course, key: AnswerKey, name: str, known: Mapping[str, HandedOut]) -> bool:
    """Whether the newest version that is known of a notebook is of what the gradebook holds now."""
    rows, _, source = known[name].of.partition(" ") if name in known else ("", "", "")
    return rows == key.notebooks[name].rows and (not source or source == _digest(_source(course, key, name)))


def _source(course: Course, key: AnswerKey, name: str) -> Path:
    return course.source(key.assignment) / f"{name}.ipynb"


def _adopt(course: Course, gradebook: SharedGradebook, key: AnswerKey, name: str) -> None:
    """Keep what nbgrader alone released as versions: the gradebook's cells and, as it does not know what stands
    between them, the teacher's notebook.

    Raises:
        UsageError: a release step of the course's own fails, and no version is known.
    """
    notebook, path = key.notebooks[name], _source(course, key, name)
    try:
        made: list[tuple[Version, Pictures, str]] = [
            (_as_released_now(course, key.assignment, notebook), {}, notebook.rows)
        ]
        if path.is_file():
            source = read_notebook(path)
            made.append((released_cells(source), pictures_in(source), f"{notebook.rows} {_digest(path)}"))
    except Exception as error:  # a release step of the course's own may fail in any way
        if read_handed_out(gradebook, key.assignment).get(name):
            return
        raise UsageError(
            f"what students were given of {key.assignment!r} cannot be found out: a release step of "
            f"the course fails on {name}.ipynb as the gradebook has it ({error}). Mend "
            f"it in nbgrader_config.py, or release again: autograde release {shell_word(key.assignment)}"
        ) from error
    with gradebook.transaction():
        for cells, pictures, of in made:
            remember(gradebook, key.assignment, name, cells, pictures, of)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _as_released_now(course: Course, assignment: str, key: KeyNotebook) -> Version:
    """The gradebook's cells after the steps that follow nbgrader's SaveCells in the course's release."""
    converter = GenerateAssignment(coursedir=course.directory, config=course.config)
    classes = step_classes(converter.preprocessors)
    saved = [index for index, step in enumerate(classes) if issubclass(step, SaveCells)]
    after = classes[saved[-1] + 1 :] if saved else []
    steps = make_steps(course, [step for step in after if not issubclass(step, (Seal, RememberRelease))])
    # As nbformat's new_notebook makes one, which would load a validator first.
    notebook = NotebookNode(
        nbformat=4,
        nbformat_minor=5,
        metadata=from_dict({"kernelspec": key.kernelspec}),
        cells=[cell.as_cell(f"gradebook-{index}") for index, cell in enumerate(key.cells.values())],
    )
    resources = resources_of(".", assignment, key.name, course.directory.db_url)
    return released_cells(apply_steps(steps, notebook, resources))


def registered_key(course: Course, gradebook: SharedGradebook, assignment: str) -> tuple[AnswerKey, bool]:
    """The assignment's answer key, and whether it had to be registered first.

    Raises:
        UsageError: neither the gradebook nor the source folder knows it, or its notebooks are not sound.
    """
    if gradebook.notebooks_of(assignment):
        return read_released(course, gradebook, assignment), False
    gradebook.db.rollback()
    course.require_assignment(assignment, course.source_assignments())
    try:
        register(course, gradebook, assignment)
    except UsageError as error:
        raise UsageError(f"{assignment!r} cannot be registered: {error}") from error
    return read_released(course, gradebook, assignment), True


def register(course: Course, gradebook: SharedGradebook, assignment: str) -> None:
    """Makes the assignment known to the gradebook without writing what students get.

    Raises:
        UsageError: the assignment cannot be released.
    """
    for path in notebooks_in(course.root / SOURCE / assignment):
        require_sound(path)
    with scratch_folder(course.private, SCRATCH) as scratch:
        convert_and_register(course, gradebook, assignment, scratch, Trial())


def convert_and_register(
    course: Course,
    gradebook: SharedGradebook,
    assignment: str,
    scratch: Path,
    trial: Trial,
) -> Path:
    """What students get, made in `scratch`, and the gradebook knows of it: wholly, or not at all.

    Args:
        trial: of the solution.

    Raises:
        UsageError: nbgrader's own refusal, or there are submissions and other notebooks than before.
    """
    _require_as_submitted(course, gradebook, assignment)
    config = deepcopy(course.config)
    config.AddProblems.folded = {name: dict(solution.folded) for name, solution in trial.solutions.items()}
    config.AddProblems.names = read_names(course, assignment, trial.solutions)
    # nbgrader commits cell by cell: a kill between two would leave an assignment with fewer points.
    with gradebook.transaction(), gradebook.shared():
        keep_trial(gradebook, assignment, trial)
        return convert(course.root, config, assignment, scratch)


def _require_as_submitted(course: Course, gradebook: SharedGradebook, assignment: str) -> None:
    folder = course.root / SOURCE / assignment
    there, known = {path.stem for path in notebooks_in(folder)}, {*gradebook.notebooks_of(assignment)}
    if there != known and submission_times(gradebook, assignment):
        what = "is new: move it away" if there - known else "is missing: put it back"
        name = min(there - known or known - there)
        raise UsageError(f"{folder}: {name}.ipynb {what}. There are submissions with the notebooks of before")


# They need a course around the notebook: its gradebook, its files, a kernel; RequireCurrent the lesson's text.
NEED_A_COURSE = (RequireCurrent, SaveCells, IncludeHeaderFooter, InstantiateTests, *LAST_STEPS)


@dataclass(frozen=True)
class KeyFile:
    """An answer key, the file that it was read from, and the name of what is graded."""

    answers: AnswerKey
    file: Path

    @property
    def notebook(self) -> KeyNotebook:
        """The one notebook it has."""
        return next(iter(self.answers.notebooks.values()))

    @property
    def is_lesson(self) -> bool:
        """Whether it is one of the wheel's, which everybody has."""
        return any(map(self.file.is_relative_to, lesson_folders()))


def find_key(name: str | None, notebook: Path) -> KeyFile:
    """The key for a notebook: the file or the lesson `name`, else the lesson of the notebook's name.

    Raises:
        UsageError: there is none, or it cannot be used.
    """
    lessons = {path.parent.name: path for one in lesson_folders() for path in sorted(one.glob("*/*.ipynb"))}
    if name is None:
        name = next((lesson for lesson, path in lessons.items() if path.name == notebook.name), None)
        if name is None:
            raise UsageError(
                f"{notebook} has the name of no lesson: say with --key which it is (a lesson's name, "
                f"or the notebook that was handed out). Lessons: {', '.join(lessons)}."
            )
    path = lessons.get(name, Path(name))
    if not path.is_file():
        raise UsageError(f"--key {name}: neither a file nor a lesson. Lessons: {', '.join(lessons)}.")
    answers = AnswerKey(name if name in lessons else path.stem, {path.stem: key_notebook(path)})
    if not answers.points:
        raise UsageError(f"{path} has no graded cell, so it cannot be a key.")
    return KeyFile(answers, path)


def key_notebook(path: Path) -> KeyNotebook:
    """What a notebook of the teacher's says, graded cells or none.

    Raises:
        UsageError: it cannot be read, or nbgrader would refuse to release it.
    """
    require_sound(path)
    notebook = read_notebook(path)
    try:
        cells, released = _cells_of(notebook, path.stem)
    except Exception as error:  # nbgrader's steps refuse by many kinds
        raise UsageError(f"{path} cannot be a key: {error}") from error
    kernel = dict(notebook.metadata.get("kernelspec", {}))
    return KeyNotebook(path.stem, kernel, {cell.grade_id: cell for cell in cells}, (released,))


def _cells_of(notebook: NotebookNode, name: str) -> tuple[list[KeyCell], Version]:
    """The cells as the gradebook would have them, and as students got them."""
    resources = resources_of(".", name, name)
    config = settings()
    config.ClearMarkScheme.check_attachment_leakage = False  # a key is not handed out
    classes = step_classes(config.GenerateAssignment.preprocessors)
    (saved,) = [index for index, step in enumerate(classes) if issubclass(step, SaveCells)]
    before, after = (
        [step(config=config, log=log) for step in steps if not issubclass(step, NEED_A_COURSE)]
        for steps in (classes[:saved], classes[saved + 1 :])
    )
    if all(cell.metadata.nbgrader.get("checksum") for cell in notebook.cells if is_known(cell)):
        before, after = [CheckCellMetadata(config=config, log=log)], []
    notebook = apply_steps(before, notebook, resources)
    cells = [_key_cell(cell) for cell in notebook.cells if is_known(cell)]
    return cells, released_cells(apply_steps(after, notebook, resources))


def _key_cell(cell: NotebookNode) -> KeyCell:
    fields = cell.metadata.nbgrader
    solution, task = bool(is_solution(cell)), bool(is_task(cell))
    graded = task or is_grade(cell)
    return KeyCell(
        grade_id=grade_id_of(cell),
        cell_type=cell.cell_type,
        source=cell.source,
        checksum=fields.get("checksum"),
        locked=bool(is_locked(cell)),
        solution=solution,
        task=task,
        points=float(fields.points) if graded else None,
        check=check_name(cell.source) if graded and not (solution or task) else None,
        attachments=named_pictures(cell) if is_locked(cell) else {},
    )
