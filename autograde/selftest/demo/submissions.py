"""The demo course on the disk: lessons, releases, a class of submissions, names in the gradebook.

DIR/solutions  notebooks  submitted  nbgrader_config.py  gradebook.db  .demo.json
"""

import hashlib
import json
import random
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograde.book.gradebook import open_gradebook
from autograde.course import assignments, configuration
from autograde.course.course import Course
from autograde.errors import UsageError
from autograde.files import put
from autograde.release.creation import File, solution_files
from autograde.release.lessons import release_notebooks, update_notebooks
from autograde.selftest.demo.members import MEMBERS, DemoMember

LESSONS = ("01-sgd", "06-adam")
MARKER = ".demo.json"
CELL_SECONDS = 5
SOLUTION_MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")
CONFIG = f"{configuration.TEMPLATE.read_text('utf-8')}c.Execute.timeout = {CELL_SECONDS}\n"


def demo_class(students: int | None = None, seed: int = 0) -> dict[str, DemoMember]:
    """The class: everybody once, or fewer spread over them, or more by honest ones drawn at random."""
    count = students or len(MEMBERS)
    drawn = random.Random(seed)
    honest = [member for member in MEMBERS if member.honest]
    members = [*MEMBERS, *(drawn.choice(honest) for _ in range(count - len(MEMBERS)))]
    step = (len(members) - 1) / max(count - 1, 1)
    digits = max(2, len(str(count)))
    return {f"s{number + 1:0{digits}d}": members[round(number * step)] for number in range(count)}


def build(
    folder: Path, source: Path, students: int | None = None, seed: int = 0
) -> tuple[list[str], dict[str, DemoMember]]:
    """Make the demo course in `folder`, or leave it as it is where it is that course already.

    Args:
        source: a clone or the sdist of this version, as `autograde new course` takes it.

    Returns:
        The assignments' names and the class.

    Raises:
        UsageError: the folder holds something else, or the source has none of the demo's lessons.
    """
    files = [(path, data) for path, data in solution_files(source) if path.suffix != ".ipynb"]
    files = [(path, data) for path, data in files if len(path.parts) == 1 or path.parts[0] in LESSONS]
    lessons = sorted({path.parts[0] for path, _ in files if len(path.parts) > 1})
    if not lessons:
        raise UsageError(f"{source} has none of the demo's lessons: {', '.join(LESSONS)}.")
    members = demo_class(students, seed)
    digest = hashlib.sha256(repr((MEMBERS, CONFIG, files)).encode()).hexdigest()
    state = {"made_from": digest, "students": len(members), "seed": seed}
    if _state(folder) != state:
        _make(folder, files, lessons, members)
        (folder / MARKER).write_text(json.dumps(state) + "\n", "utf-8")
    return lessons, members


def _state(folder: Path) -> dict[str, object] | None:
    marker = folder / MARKER
    if not marker.exists():
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty and no demo course: choose another with --dir.")
        return None
    try:
        return json.loads(marker.read_text("utf-8"))
    except ValueError:
        return None


def _make(folder: Path, files: list[File], lessons: list[str], members: dict[str, DemoMember]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("{}\n", "utf-8")  # it stays a demo course, whatever is broken off
    _empty(folder)
    (folder / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    for path, data in files:
        put(folder / assignments.SOURCE / path, data)
    for lesson in lessons:
        update_notebooks(folder / assignments.SOURCE / lesson)
        for released in release_notebooks(folder, lesson):
            complete = nbformat.read(folder / assignments.SOURCE / lesson / released.name, as_version=4)
            for student, member in members.items():
                target = folder / "submitted" / student / lesson / released.name
                target.parent.mkdir(parents=True, exist_ok=True)
                if member.untouched:
                    shutil.copyfile(released, target)
                else:
                    text = member.file or nbformat.writes(submission(complete, member))
                    target.write_text(text, "utf-8")
    _name_students(folder, members)


def _empty(folder: Path) -> None:
    """Remove what an earlier demo left; not the folder, in which somebody may be."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != MARKER:
            entry.unlink()


def submission(complete: NotebookNode, member: DemoMember) -> NotebookNode:
    """What this member handed in, from the teacher's complete notebook."""
    notebook = nbformat.from_dict(complete)
    kept = []
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in member.cells:
            if member.cells[grade_id] is None:
                continue
            cell.source = member.cells[grade_id]
        cell.source = _as_a_student_writes(cell.source)
        kept.append(cell)
    first = [new_code_cell(source, id=f"mine-{place}") for place, source in enumerate(member.first)]
    notebook.cells = [*first, *kept]
    return notebook


def _as_a_student_writes(source: str) -> str:
    """A solution's cell without what is meant for the teacher: markers around solutions, the rubric."""
    lines = source.partition("\n**Rubric.**")[0].rstrip().split("\n")
    return "\n".join(line for line in lines if line.strip() not in SOLUTION_MARKERS)


def _name_students(folder: Path, members: dict[str, DemoMember]) -> None:
    gradebook = open_gradebook(Course.open(folder))
    try:
        with gradebook.transaction():
            for student, member in members.items():
                first, _, last = member.name.partition(" ")
                gradebook.update_or_create_student(student, first_name=first, last_name=last)
    finally:
        gradebook.close()
