"""This copy of the course: the place and the best score of each check, and the rules that passed theirs.

The files are for the reader alone, on no server, in no grade. They are in `.descentlab`, in the folder that holds the
lessons' folders: `progress.json` has the best score so far of each check, `guesses.json` the guesses, `last.json` the
lesson of the last check or guess. Grading neither reads nor writes them; a file that cannot be read counts as empty, and
where none can be written nothing happens. The same holds for `my_rules.py` next to the lessons' folders: the classes that
passed their checks, for later lessons.
"""

import ast
import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from verdicts.courses import CourseContent, courses
from verdicts.recording import evidence_outbox

CALL = re.compile(r'\s*check\(\s*"([\w/-]+)"[^\n]*\bpoints\s*=\s*(\d+\.?\d*)')
NOTEBOOK = "JPY_SESSION_NAME"
"""The environment variable in which Jupyter's server names the notebook of a kernel."""
LESSON = re.compile(r"\d\d-\w+")
FILE = Path(".descentlab/progress.json")
GUESSES = Path(".descentlab/guesses.json")
LAST = Path(".descentlab/last.json")
BAR = 10
"""Characters of a lesson's progress bar."""


def folder() -> Path:
    """The folder that holds the lessons: the parent of the current one if that is a lesson's."""
    here = Path.cwd()
    return here.parent if LESSON.fullmatch(here.name) else here


def _link_to(notebook: Path, cell: str) -> str:
    """The address that opens a cell in JupyterLab, relative to the folder of the current notebook.

    `cell` is its id; where it has none, the address is the notebook's.
    """
    path = Path(os.path.relpath(notebook)).as_posix()
    return f"{path}#cell-id={cell}" if cell else path


def lessons() -> list[Path]:
    """The lessons' folders, in order.

    Raises:
        OSError: the folder that holds them cannot be read.
    """
    return sorted(path for path in folder().iterdir() if LESSON.fullmatch(path.name))


def check_locations() -> dict[str, tuple[str, float]]:
    """The address of the cell in which each check is called first, and its points there; skips unreadable notebooks."""
    where: dict[str, tuple[str, float]] = {}
    for lesson in lessons():
        for notebook in sorted(lesson.glob("*.ipynb")):
            for _, cell, source, _ in cells_of(notebook):
                if call := CALL.match(source):
                    where.setdefault(call[1], (_link_to(notebook, cell), float(call[2])))
    return where


def answer_link(name: str) -> str:
    """The address of a check's stub, function or class, in the current notebook; "" if unknown."""
    defines = re.compile(rf"^(?:class|def) {re.escape(name)}\b", re.MULTILINE)
    stub = ""
    for kind, cell, source, is_stub in own_cells():
        call = CALL.match(source)
        stub = cell if is_stub and kind == "code" else stub
        if stub and ((call and call[1] == name) or (is_stub and defines.search(source))):
            return _link_to(Path(os.environ[NOTEBOOK]), stub)
    return ""


def section_link(section: str) -> str:
    """The address of a section such as "02-ode, error per step" in the current notebook; "" if unknown."""
    _, comma, title = section.partition(", ")
    for kind, _, source, _ in own_cells() if comma else ():
        for line in source.splitlines() if kind == "markdown" else ():
            if line.startswith("#") and title.lower() in line.lower():
                return f"#{line.lstrip('#').strip().replace(' ', '-')}"
    return ""


def own_cells() -> list[tuple[str, str, str, bool]]:
    """Those of the current notebook, as it was saved last."""
    return cells_of(Path(os.environ.get(NOTEBOOK, "")))


def cells_of(notebook: Path) -> list[tuple[str, str, str, bool]]:
    """Each cell's kind, id and source, and whether it is a stub; none if the notebook is unreadable."""
    try:
        return _cells_at(notebook.absolute(), notebook.stat().st_mtime_ns)
    except OSError:
        return []


@lru_cache(maxsize=16)
def _cells_at(notebook: Path, changed: int) -> list[tuple[str, str, str, bool]]:
    """The same, read once for each time that the file `changed`: the start page and its links look at every lesson."""
    try:
        return [
            (
                cell.get("cell_type", "code"),
                str(cell.get("id", "")),
                "".join(cell["source"]),
                cell.get("metadata", {}).get("nbgrader", {}).get("solution") is True,
            )
            for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


@dataclass(frozen=True)
class ProgressLine:
    """One check of a lesson and the best score so far; None: not tried yet."""

    course: str
    """The name of the course that has it."""
    lesson: str
    check: str
    earned: float | None
    points: float | None
    """Unknown if it was not tried and the lesson's notebook is missing."""
    link: str
    """Its cell, relative to the current folder."""

    @property
    def passed(self) -> bool:
        """Whether it earned full points."""
        return self.earned is not None and self.earned >= self.points


def note(check: str, earned: float, points: float) -> None:
    """Write down a score, if it is the best so far; never while grading or validating.

    Where nothing can be written, nothing happens.
    """
    if _is_someone_elses():
        return
    _touch()
    best = _best()
    if check not in best or _share(*best[check]) < _share(earned, points):
        write(FILE, json.dumps(best | {check: [float(earned), float(points)]}, indent=1))


def _touch() -> None:
    """Remember that the reader is in this kernel's lesson."""
    with suppress(OSError):  # the current folder is gone
        if LESSON.fullmatch(lesson := Path.cwd().name):
            write(LAST, json.dumps({"lesson": lesson}))


def last_lesson() -> str:
    """The folder's name of the lesson of the last check or guess; empty before the first."""
    return str(_read(LAST).get("lesson", ""))


def _is_someone_elses() -> bool:
    """Whether a grader or nbgrader's Validate runs this kernel."""
    return bool(os.environ.get("NBGRADER_EXECUTION")) or evidence_outbox.is_grading()


def keep_guess(name: str, guess: float | str) -> None:
    """Write down the guess of a prediction, for a second run of its cell and for the next day."""
    if not _is_someone_elses():
        _touch()
        write(GUESSES, json.dumps(_read(GUESSES) | {name: guess}, indent=1, ensure_ascii=False))


def kept_guess(name: str) -> Any:
    """The guess that was written down; None where there is none."""
    return None if _is_someone_elses() else _read(GUESSES).get(name)


def _read(file: Path) -> dict[str, Any]:
    """What a file of this copy holds; empty if it is not ours."""
    try:
        return dict(json.loads((folder() / file).read_text("utf-8")).items())
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def write(file: Path, text: str) -> None:
    """Write a file of this copy wholly, or not at all."""
    with suppress(OSError):  # the current folder may be gone, too
        path = folder() / file
        path.parent.mkdir(exist_ok=True)
        scratch = path.with_suffix(f".{os.getpid()}")
        try:
            scratch.write_text(text, "utf-8")
            scratch.replace(path)
        finally:  # on a full disk half of it is there
            scratch.unlink(missing_ok=True)


def text_of(file: str, first: str) -> str | None:
    """The text of a file that a student may write in, `first` where there is none; None if it cannot be read."""
    try:
        return (folder() / file).read_text("utf-8")
    except FileNotFoundError:
        return first
    except (OSError, ValueError):
        return None


def keep_class(course: CourseContent, name: str, cells: Iterable[str]) -> None:
    """Keep a student's class in the course's file, as the last of the cells that defines it has it.

    A file that cannot be read stays as it is.
    """
    source = next((found for cell in reversed([*cells]) if (found := _class_in(cell, name))), "")
    known = text_of(course.kept_file, course.kept_head)
    if not source or known is None or _is_someone_elses():
        return
    before = _class_in(known, name)
    text = known.replace(before, source) if before else f"{known.rstrip()}\n\n\n{source}\n"
    if text != known:
        write(Path(course.kept_file), text)


def _class_in(code: str, name: str) -> str:
    """The text of a class; empty where it is not defined."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError):
        return ""
    found = [node for node in body if isinstance(node, ast.ClassDef) and node.name == name]
    return ast.get_source_segment(code, found[-1]) or "" if found else ""


def kept_classes(course: CourseContent) -> tuple[dict[str, type], str]:
    """The classes in the course's file by name, and one sentence if something in it does not work."""
    names: dict[str, Any] = {}
    file = course.kept_file
    try:
        path = folder() / file
        if not path.exists():
            return {}, ""
        exec(compile(path.read_text("utf-8"), file, "exec"), names)
        kept = {name: made for name, made in names.items() if name in course.lent and isinstance(made, type)}
        for one in kept.values():
            course.try_kept(one)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        return {}, (
            f"{file} does not run ({why:.80}): the course's rules are used. Run the cells of your rules and their "
            "checks again."
        )
    return kept, ""


def progress() -> None:
    """Show, by lesson, the points of this copy of the course and the next open check."""
    from IPython.display import display

    try:
        checks = lines()
    except OSError as error:
        print(f"The folder that this notebook is in cannot be read: {error.strerror or error}.")
        return
    passed = f"{sum(line.passed for line in checks)} of {len(checks)} checks pass in `{folder()}`"
    titles = ["lesson", "", "points", "next open check"]
    rows = [_row(name, list(group)) for name, group in groupby(checks, key=lambda line: line.lesson)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [titles, ["---"] * len(titles), *rows])
    text = f"{passed}. Points for answers in words are not counted here.\n\n{table}"
    display({"text/markdown": text, "text/plain": text}, raw=True)


def _row(lesson: str, checks: list[ProgressLine]) -> list[str]:
    """A lesson's name, bar, points and a link to its next open check."""
    earned = sum(line.earned or 0.0 for line in checks)
    points = sum(line.points or 0.0 for line in checks)
    filled = round(BAR * _share(earned, points))
    open_one = next((line for line in checks if not line.passed), None)
    following = "✓ all pass"
    if open_one:
        following = f"[{open_one.check}]({open_one.link})" if open_one.link else open_one.check
    return [
        lesson,
        "█" * filled + "░" * (BAR - filled),
        f"{earned:g} of {points:g}" if points else "",
        following,
    ]


def lines() -> list[ProgressLine]:
    """Every check of the course, in the order of the lessons, with the best score so far."""
    best, where = _best(), check_locations()
    order = {name: number for number, name in enumerate(where)}
    checks = []
    for course, content in courses().items():
        for name, check in content.checks().items():
            earned, points = best.get(name, (None, None))
            link, lesson = "", check.section.partition(",")[0]
            if name in where:
                link, worth = where[name]
                if earned is not None:  # a check in a student's own cell may say other points
                    earned = round(_share(earned, points) * worth, 2)
                points = worth
            checks.append(ProgressLine(course, lesson, name, earned, points, link))
    return sorted(checks, key=lambda line: (line.lesson, order.get(line.check, len(order))))


def _share(earned: float, points: float) -> float:
    return earned / points if points else 0.0


def _best() -> dict[str, list[float]]:
    """The recorded scores; empty if the file is not ours."""
    try:
        return {name: [float(earned), float(points)] for name, (earned, points) in _read(FILE).items()}
    except (ValueError, TypeError, OverflowError):
        return {}
