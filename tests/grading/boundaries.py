"""Kill a command at every boundary between two lasting effects, run it again, compare the end.

    PYTHONPATH=tests python tests/grading/boundaries.py grade release

One process that forks: everything is imported once. It prints a JSON object: for each command its effects,
how many kills, and for each kill whose end differs the boundary and the lines that differ.
"""

import contextlib
import io
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import nbformat
from course_folder import ASSIGNMENT, WRONG, CourseFolder, MilderRubric, NoSandbox, answer
from effects import Effect, strike, watch
from endstate import differences, end_state
from nbgrader.converters import GenerateAssignment
from typer.testing import CliRunner

from autograde.book.gradebook import open_gradebook
from autograde.cli import app
from autograde.course.course import Course
from autograde.grading.grade_class import GradeOptions, grade_class
from autograde.pipeline import judge as graders_judge

Command = Callable[[Path], None]


def grade(root: Path, **options: bool) -> None:
    """`autograde grade` without boxes."""
    with patch("autograde.pipeline.settings.Pool", NoSandbox):
        grade_class(GradeOptions(ASSIGNMENT, root, jobs=1, **options))


def force(root: Path) -> None:
    """`autograde grade --force`."""
    grade(root, force=True)


def rejudge(root: Path) -> None:
    """`autograde grade --rejudge` under another rubric: every criterion of a check passes."""

    with patch.object(graders_judge, "judging", MilderRubric):
        grade(root, rejudge=True)


def typed(*words: str) -> Command:
    """A command as it is typed in the course's folder."""

    def run(root: Path) -> None:
        os.chdir(root)
        result = CliRunner().invoke(app, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code in (0, 1), result.output

    return run


def fresh(root: Path) -> None:
    """Two submissions: one with a time, one that a person has to look at; no gradebook."""
    course = CourseFolder.make(root)
    stamp = course.submit("s01", answer(WRONG)).with_name("timestamp.txt")
    stamp.write_text("2026-01-01 10:00:00 UTC\n")
    course.submit("s02", "no notebook")


def released_by_nbgrader(root: Path) -> None:
    """The same, of an assignment that nbgrader alone released."""
    fresh(root)
    directory = Course.open(root).directory
    open_gradebook(Course.open(root)).close()
    directory.assignment_id = ASSIGNMENT
    GenerateAssignment(coursedir=directory).start()


def graded(root: Path) -> None:
    """The same, graded."""
    fresh(root)
    grade(root)


def resubmitted(root: Path) -> None:
    """Handed in again: a file that is not a notebook, and a notebook at last."""
    graded(root)
    course = CourseFolder(root)
    course.submit("s01", "no notebook")
    course.submit("s02")


def returned(root: Path) -> None:
    """Graded, with feedback pages, then handed in again by one."""
    graded(root)
    typed("feedback", ASSIGNMENT)(root)
    CourseFolder(root).submit("s01", answer(half="return 0"))
    grade(root)


def released(root: Path) -> None:
    """Released before, and the lesson has changed since."""
    fresh(root)
    typed("release", ASSIGNMENT, "--untried")(root)
    path = root / "solutions" / ASSIGNMENT / "adam.ipynb"
    lesson = nbformat.read(path, as_version=4)
    lesson.cells[0].source += "\n# mended"
    nbformat.write(lesson, path)


RUNS: dict[str, tuple[Callable[[Path], None], Command]] = {
    "grade": (fresh, grade),
    "grade what nbgrader released": (released_by_nbgrader, grade),
    "grade what was handed in again": (resubmitted, grade),
    "grade --force": (graded, force),
    "grade --rejudge": (graded, rejudge),
    "release": (fresh, typed("release", ASSIGNMENT, "--untried")),
    "release again": (released, typed("release", ASSIGNMENT, "--untried")),
    "feedback": (graded, typed("feedback", ASSIGNMENT)),
    "feedback again": (returned, typed("feedback", ASSIGNMENT)),
    "export": (graded, typed("export", ASSIGNMENT)),
    "export of several files": (graded, typed("export", ASSIGNMENT, "--format", "gradescope")),
}


class Trial:
    """A command, tried in one folder again and again."""

    def __init__(self, name: str, scratch: Path) -> None:
        prepare, self._command = RUNS[name]
        self._scratch, self._root, self._before = scratch, scratch / "course", scratch / "before"
        (scratch / "tmp").mkdir()
        _quietly(prepare, self._root, scratch / "tmp")
        shutil.copytree(self._root, self._before)
        _quietly(self._command, self._root, scratch / "tmp")  # all is imported that the forks will need

    def run(self) -> dict:
        """Every boundary, and at every file that is written half of it, too."""
        wanted, effects = self._undisturbed()
        found = []
        places = [(number, torn) for number, effect in enumerate(effects) for torn in {False, effect.tears}]
        for number, torn in sorted(places):
            self._begin()
            killed = self._in_fork(lambda n=number, t=torn: strike(n, self._scratch, t))
            again = self._in_fork(lambda: None)
            odd = differences(wanted, self._state())
            if killed != -signal.SIGKILL or again != 0 or odd:
                where = f"{'within' if torn else 'before'} {number}: {effects[number]}"
                found.append({"where": where, "ended": [killed, again], "differs": odd})
        return {"kills": len(places), "effects": [str(effect) for effect in effects], "found": found}

    def _undisturbed(self) -> tuple[list[str], list[Effect]]:
        self._begin()
        log = self._scratch.with_suffix(".effects")

        def record() -> None:
            file = log.open("w", buffering=1)
            watch(lambda effect: print(json.dumps(vars(effect)), file=file), self._scratch)

        assert self._in_fork(record) == 0
        effects = [Effect(**json.loads(line)) for line in log.read_text().splitlines()]
        return self._state(), effects

    def _begin(self) -> None:
        for folder in (self._root, self._scratch / "tmp"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._before, self._root)
        (self._scratch / "tmp").mkdir()

    def _state(self) -> list[str]:
        left = [f"left in the temporary folder: {path.name}" for path in (self._scratch / "tmp").iterdir()]
        return end_state(self._root) + left

    def _in_fork(self, arm: Callable[[], None]) -> int:
        child = os.fork()
        if child == 0:
            status = 1
            with contextlib.suppress(BaseException):
                arm()
                _quietly(self._command, self._root, self._scratch / "tmp")
                status = 0
            os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _quietly(command: Command, root: Path, temporary: Path) -> None:
    tempfile.tempdir = str(temporary)
    secrets.token_bytes = lambda size: bytes(size)  # the same seeds each time
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            command(root)
    except BaseException as error:
        print(repr(error), shown.getvalue(), file=sys.stderr)
        raise
    finally:
        os.chdir("/")


def main(names: list[str]) -> None:
    """Try these commands, or all."""
    with tempfile.TemporaryDirectory(prefix="boundaries-") as folder:
        found = {}
        for number, name in enumerate(names or RUNS):
            scratch = Path(folder) / str(number)
            scratch.mkdir()
            found[name] = Trial(name, scratch).run()
        json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
