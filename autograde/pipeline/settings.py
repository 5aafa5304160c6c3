"""How a course's submissions run: limits, packages, withheld folders, the assignment's files."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.exchange.default.exchange import Exchange
from nbgrader.utils import find_all_files
from traitlets.config import Config

from autograde.course.assignments import notebooks_in
from autograde.course.course import Course
from autograde.entries import answer_key
from autograde.errors import UsageError
from autograde.files import sha256
from autograde.sandbox import Limits, Pool, imported

# The least with which an empty notebook runs, and the most that the system takes: beyond either, students
# would pay for a slip in the configuration.
SECONDS, SIZES = (0.1, 10**6), (1, 2**60)
RANGES = {
    "memory_bytes": (2**26, 2**60),
    "disk_bytes": (65_536, 2**60),
    "processes": (1, 2**20),
    "busy_threads": (1, 2**20),
    "evidence_bytes": (1024, Limits.evidence_bytes),  # longer evidence is not even packed
}
LIMITS_EXAMPLE = '{"07-comparison": {"wall_seconds": 900}}'
IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+(\w.*))", re.MULTILINE)
MOST_BYTES = 16 * 2**20  # of all files together
CALLED_POINTS = re.compile(r",\s*points\s*=\s*[\d.]+")
DRAWS = re.compile(rb"plot|pylab|figure|explorers|widget")


def limits_of(config: Config, assignment: str) -> Limits:
    """The limits for an assignment's submissions.

    Raises:
        UsageError: a limit that does not exist, or is out of its range.
    """
    asked: dict[str, Any] = {}
    timeout = config.get("Execute", {}).get("timeout", config.get("ExecutePreprocessor", {}).get("timeout"))
    if isinstance(timeout, int | float) and timeout > 0:
        asked["cell_seconds"] = float(timeout)
    section = dict(config.get("Limits", {}))
    of_assignments = section.pop("of", {})
    of_this = of_assignments.get(assignment, {}) if isinstance(of_assignments, Mapping) else of_assignments
    if not isinstance(of_this, Mapping):
        raise UsageError(f"c.Limits.of: {of_this!r} is not a table, as in {LIMITS_EXAMPLE}.")
    asked |= section | dict(of_this)
    known = vars(Limits())
    for name, value in asked.items():
        if name not in known:
            raise UsageError(f"c.Limits.{name}: no such limit. There are: {', '.join(sorted(known))}.")
        asked[name] = _number(name, value)
    return Limits(**asked)


def _number(name: str, value: object) -> int | float:
    in_seconds = name.endswith("seconds")
    least, most = RANGES.get(name, SECONDS if in_seconds else SIZES)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not least <= value <= most  # nor NaN
        or not (in_seconds or value == int(value))
    ):
        kind = "number" if in_seconds else "whole number"
        raise UsageError(f"c.Limits.{name} = {value!r}: must be a {kind} from {least} to {most}.")
    return value if in_seconds else int(value)


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
    """The distributions that the teacher's notebooks import."""
    return imported({name for path in notebooks for name in _imports(path)})


def withheld_of(course: Course) -> dict[str, Path]:
    """The folders that no submission may read, by the template of what they are."""
    exchange = course.config.get("Exchange", {}).get("root") or Exchange.root.default_value
    return {
        "the course": course.root,
        "the exchange": Path(exchange),
        "the submissions": course.all_submissions,
        "the solutions": course.root / course.directory.source_directory,
    }


def _imports(path: Path) -> set[str]:
    """The first names of what a notebook imports, or seems to: one too many lets submissions import it, too."""
    try:
        text = path.read_text("utf-8")
        notebook = nbformat.convert(nbformat.reader.reads(text), 4)  # `nbformat.read` would verify it: 30 ms
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    except Exception:  # whoever registers the assignment says what is wrong with it
        return set()
    imported_names = set()
    for one, several in IMPORT.findall(source):
        imported_names |= {one} if one else {re.match(r"\w*", name.strip())[0] for name in several.split(",")}
    return imported_names - {""}


def assignment_files(course: Course, assignment: str, kind: str = "release") -> dict[str, bytes]:
    """The files of an assignment's release, notebooks aside: path within the folder, content.

    They come from the release and not from the source folder, so that nothing is in the sandbox that students
    were not given: `kind="source"` is for a solution that is tried. Links are left out.

    Raises:
        UsageError: together they are too large, or a limit is out of its range.
    """
    folder = course.folder(kind, ".", assignment)
    found = map(Path, find_all_files(str(folder), [*course.directory.ignore, "*.ipynb"]))
    paths = sorted(path for path in found if path.is_file() and not path.is_symlink())
    most = min(MOST_BYTES, limits_of(course.config, assignment).disk_bytes // 2)
    if sum(path.stat().st_size for path in paths) > most:
        raise UsageError(
            f"{folder}: the files next to the notebook are larger than {most // 2**20} MiB "
            "together. Take some away, or let the notebook make them."
        )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def may_draw(course: Course, assignment: str) -> bool:
    """Whether the teacher's notebooks speak of figures or widgets anywhere; True where there is none."""
    notebooks = notebooks_in(course.source(assignment))
    return not notebooks or any(map(draws, notebooks))


def draws(notebook: Path) -> bool:
    """Whether a notebook of the teacher's speaks of figures or widgets."""
    return bool(DRAWS.search(notebook.read_bytes()))


def release_digest(key: answer_key.AnswerKey, files: Mapping[str, bytes]) -> str:
    """Three digests of what the teacher's part in a result is, with colons between: the cells and the files that a
    submission is run with, and the points.
    """
    folded = {
        answer_key.folded_id(grade_id) for one in key.solutions.values() for grade_id in one.folded
    }  # do nothing here
    # The points in a check's call do nothing when it runs.
    cells = [
        (
            notebook.name,
            cell.grade_id,
            cell.cell_type,
            cell.check,
            cell.locked and (CALLED_POINTS.sub("", cell.source) if cell.check else cell.source),
        )
        for notebook in key.notebooks.values()
        for cell in notebook.cells.values()
        if cell.grade_id not in folded
    ]
    digests = [(name, sha256(data)) for name, data in sorted(files.items())]
    parts = cells, digests, dict(key.points) | {name: one.digest for name, one in key.solutions.items()}
    return ":".join(sha256(json.dumps(part).encode()) for part in parts)


def local_pool(
    course: Course,
    assignment: str,
    jobs: int = 1,
    isolation: str = "auto",
    checks: Sequence[str] | None = None,
) -> Pool:
    """A pool of this machine's boxes, for answers to these checks; None: for a solution."""
    return Pool(
        jobs=jobs,
        isolation=isolation,
        limits=limits_of(course.config, assignment),
        figures=may_draw(course, assignment),
        packages=packages_of(course, assignment),
        withheld=withheld_of(course),
        checks=checks,
        for_solution=checks is None,
    )
