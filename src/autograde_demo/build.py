"""The demo course on the disk: lessons, releases, a class of submissions, names in the gradebook.

DIR/solutions  notebooks  submitted  nbgrader_config.py  gradebook.db  .demo.json
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

import autograde
from autograde.assignments.settings import SOURCE, assignments, without_leftovers
from autograde.configuration import TEMPLATE
from autograde.errors import UsageError
from autograde.grading.course import Course
from autograde.grading.open_gradebook import open_gradebook
from autograde.lessons.current import update_notebooks
from autograde.lessons.release_notebooks import release_notebooks
from autograde_demo.cases import CASES, DemoCase

LESSONS = ("01-sgd", "06-adam")
MARKER = ".demo.json"
CELL_SECONDS = 5
SOLUTION_MARKS = ("### BEGIN SOLUTION", "### END SOLUTION")
CONFIG = f"{TEMPLATE.read_text(encoding='utf-8')}c.Execute.timeout = {CELL_SECONDS}\n"


def demo_class(students: int, seed: int) -> dict[str, DemoCase]:
    """The class: every case once, then honest ones drawn at random until there are enough students."""
    drawn = random.Random(seed)
    honest = [case for case in CASES if case.honest]
    cases = [*CASES, *(drawn.choice(honest) for _ in range(students - len(CASES)))]
    digits = max(2, len(str(len(cases))))
    return {f"s{number:0{digits}d}": case for number, case in enumerate(cases, start=1)}


def build(folder: Path, students: int, seed: int) -> tuple[list[str], dict[str, DemoCase]]:
    """Make the demo course in `folder`, or leave it as it is where it is that course already.

    Returns:
        The assignments' names and the class.

    Raises:
        UsageError: the folder holds something else, or no lessons are found.
    """
    source = _solutions(folder)
    lessons = [name for name in LESSONS if name in assignments(source.parent)]
    if not lessons:
        raise UsageError(f"no lesson in {source}: run this in a clone of the course.")
    cases = demo_class(students, seed)
    state = {"made_from": _fingerprint(source, lessons), "students": len(cases), "seed": seed}
    if _state(folder) != state:
        _make(folder, source, lessons, cases)
        (folder / MARKER).write_text(json.dumps(state) + "\n", encoding="utf-8")
    return lessons, cases


def _solutions(demo: Path) -> Path:
    """The lessons' folder: where the command runs, or the clone's; not the demo's own, which is made anew."""
    folders = [Path.cwd() / SOURCE, Path(autograde.__file__).resolve().parents[1] / SOURCE]
    elsewhere = (folder for folder in folders if not folder.is_relative_to(demo.resolve()))
    return next(filter(Path.is_dir, elsewhere), folders[0])


def _fingerprint(source: Path, lessons: list[str]) -> str:
    digest = hashlib.sha256(repr(CASES).encode() + CONFIG.encode())
    for lesson in lessons:
        for path in sorted((source / lesson).glob("[!.]*")):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _state(folder: Path) -> dict[str, object] | None:
    marker = folder / MARKER
    if not marker.exists():
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty and no demo course: choose another with --dir.")
        return None
    try:
        return json.loads(marker.read_text(encoding="utf-8"))
    except ValueError:
        return None


def _make(folder: Path, source: Path, lessons: list[str], cases: dict[str, DemoCase]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("{}\n", encoding="utf-8")  # it stays a demo course, whatever is broken off
    _empty(folder)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    for lesson in lessons:
        shutil.copytree(source / lesson, folder / SOURCE / lesson, ignore=without_leftovers)
        update_notebooks(folder / SOURCE / lesson)
        for released in release_notebooks(folder, lesson):
            complete = nbformat.read(folder / SOURCE / lesson / released.name, as_version=4)
            for student, case in cases.items():
                target = folder / "submitted" / student / lesson / released.name
                target.parent.mkdir(parents=True, exist_ok=True)
                if case.untouched:
                    shutil.copyfile(released, target)
                else:
                    text = case.file or nbformat.writes(submission(complete, case))
                    target.write_text(text, encoding="utf-8")
    _name_students(folder, cases)


def _empty(folder: Path) -> None:
    """Remove what an earlier demo left; not the folder, in which somebody may be."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != MARKER:
            entry.unlink()


def submission(complete: NotebookNode, case: DemoCase) -> NotebookNode:
    """What a student of this case handed in, from the instructor's complete notebook."""
    notebook = nbformat.from_dict(complete)
    kept = []
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in case.cells:
            if case.cells[grade_id] is None:
                continue
            cell.source = case.cells[grade_id]
        cell.source = _as_a_student_writes(cell.source)
        kept.append(cell)
    first = [new_code_cell(source, id=f"mine-{place}") for place, source in enumerate(case.first)]
    notebook.cells = [*first, *kept]
    return notebook


def _as_a_student_writes(source: str) -> str:
    """A solution's cell without what is meant for the instructor: marks around solutions, the rubric."""
    lines = source.partition("\n**Rubric.**")[0].rstrip().split("\n")
    return "\n".join(line for line in lines if line.strip() not in SOLUTION_MARKS)


def _name_students(folder: Path, cases: dict[str, DemoCase]) -> None:
    gradebook = open_gradebook(Course.open(folder))
    try:
        with gradebook.transaction():
            for student, case in cases.items():
                first, _, last = case.name.partition(" ")
                gradebook.update_or_create_student(student, first_name=first, last_name=last)
    finally:
        gradebook.close()
