"""Kill -9 of a process that a run starts: the next run ends as an undisturbed one does.

The moment is drawn from the time that the run spends in a phase. Compared are the rows of the gradebook, the files of
the course, what lies in the temporary folder, processes that live on. (`boundaries.py` kills the grader itself.)
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from endstate import differences, end_state
from killing import PHASES
from small_course import ASSIGNMENT, make_course
from support import ROOT

from autograde.course.course import Course, course_secret

TRIES = 8  # for a kill that came too late
LEAVING = 5.0  # seconds in which the last processes may end


class Disturbed:
    """One course, graded again and again from the same beginning."""

    def __init__(self, scratch: Path) -> None:
        self._scratch, self._root, self._before = scratch, scratch / "course", scratch / "before"
        make_course(self._root, 2)
        course_secret(Course.open(self._root), graded_before=False)
        shutil.copytree(self._root, self._before)
        log = scratch / "phases"
        assert self._run(f"measure({str(log)!r})") == 0
        self.expected = self._end()
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        self.seconds = {name: [taken for phase, taken in lines if phase == name] for name in PHASES}

    def kill(self, phase: str, role: str, entry: int, moment: float) -> bool:
        """Whether somebody was there to be killed, so many seconds after the phase's entry of that number."""
        note = self._scratch / "killed"
        note.unlink(missing_ok=True)
        self._run(f"arm({phase!r}, {role!r}, {entry}, {moment}, {str(note)!r})")
        return note.exists()

    def differences(self) -> list[str]:
        """What differs after the next run from the end of an undisturbed one."""
        status = self._run(fresh=False)
        return [*differences(self.expected, self._end()), *([f"status {status}"] if status else [])]

    def _run(self, first: str = "", fresh: bool = True) -> int:
        if fresh:
            for folder in (self._root, self._scratch / "tmp"):
                shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self._before, self._root)
            (self._scratch / "tmp").mkdir()
        follow = f"import killing; killing.{first}; " if first else ""
        program = f"{follow}from autograde.cli import main; main()"
        words = ["grade", ASSIGNMENT, "--course-dir", str(self._root), "--jobs", "2"]
        rooms = os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": rooms, "TMPDIR": str(self._scratch / "tmp")}
        ran = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, env=environment)
        return ran.returncode

    def _end(self) -> list[str]:
        left = [f"left in the temporary folder: {path.name}" for path in (self._scratch / "tmp").iterdir()]
        deadline = time.monotonic() + LEAVING
        while (living := self._living()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return end_state(self._root) + left + living

    def _living(self) -> list[str]:
        """Processes that speak of this course's folders still."""
        names = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.pid != os.getpid() and str(self._scratch) in " ".join(process.cmdline()):
                    names.append(f"still running: {process.name()}")
        return names


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Disturbed(tmp_path_factory.mktemp("killed"))


@pytest.mark.slow
@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(
    ("phase", "role"),
    [
        ("isolation", "probe"),
        ("reader", "reader"),
        ("box start", "box"),
        ("box start", "zygote"),
        ("cell", "reader"),
        ("cell", "box"),
        ("cell", "zygote"),
        ("cell", "worker"),
    ],
)
def test_kill_9_of_any_process_that_a_run_starts_loses_nothing(course, phase, role):
    drawn, seconds = random.Random(f"{phase} {role}"), course.seconds[phase]
    for attempt in range(TRIES):
        (entry,) = drawn.choices(range(len(seconds)), weights=seconds)  # any moment of the phase alike
        if course.kill(phase, role, entry, drawn.uniform(0, seconds[entry]) / 2**attempt):
            break
    else:
        pytest.fail("nobody could be killed in time")
    assert course.differences() == []
