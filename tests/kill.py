"""Kill -9 in every phase of a run, every kind of process; the next run must end as an undisturbed one does.

    python tests/kill.py --times 10            # each phase and role ten times
    python tests/kill.py --times 10 --busy 4   # with four busy loops beside
    python tests/kill.py --only cell/worker isolation/probe

The moment is drawn from the time that the run spends in the phase. What differs in the end is printed:
rows of the gradebook, files of the course, what lies in the temporary folder, processes that live on. The
course has no gradebook before. (`tests/grading/boundaries.py` kills between any two lasting effects.)
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from endstate import differences, end_state
from small_course import ASSIGNMENT, make_course

from autograde.course.course import Course, course_secret

ROLES = {
    "gradebook": ["grader"],
    "registration": ["grader"],
    "isolation": ["grader", "probe"],
    "reader": ["grader", "reader"],
    "box start": ["grader", "box", "zygote"],
    "cell": ["grader", "reader", "box", "zygote", "worker"],
    "judge": ["grader", "box", "zygote"],
    "save": ["grader", "reader", "box", "zygote"],
    "files": ["grader"],
    "conversion": ["grader"],
    "placing": ["grader"],
}
OF_RELEASE = ("conversion", "placing")
TRIES = 8  # for a kill that came too late
LEAVING = 5.0  # seconds in which the last processes may end


@dataclass(frozen=True)
class Kill:
    """Whom to kill, and when: `moment` seconds after the phase's entry of that number."""

    phase: str
    role: str
    entry: int
    moment: float


class Disturbed:
    """One course, graded again and again from the same beginning."""

    def __init__(self, scratch: Path, submissions: int) -> None:
        self._scratch, self._root, self._before = scratch, scratch / "course", scratch / "before"
        make_course(self._root, submissions)
        course_secret(Course.open(self._root), graded_before=False)
        shutil.copytree(self._root, self._before)

    def undisturbed(self, command: str) -> tuple[list[str], dict[str, list[float]]]:
        """How the run ends, and how long each entry of each phase takes."""
        self._begin()
        log = self._scratch / "phases"
        log.unlink(missing_ok=True)
        if self._run(command, f"measure({str(log)!r})") != 0:
            raise SystemExit("the undisturbed run failed")
        seconds: dict[str, list[float]] = {}
        for line in log.read_text().splitlines():
            phase, taken = json.loads(line)
            seconds.setdefault(phase, []).append(taken)
        return self._end(), seconds

    def disturbed(self, command: str, kill: Kill) -> tuple[str | None, int, list[str]]:
        """Who was killed, if somebody was; the exit status of the next run, and how that ends."""
        self._begin()
        note = self._scratch / "killed"
        note.unlink(missing_ok=True)
        self._run(command, f"arm({kill.phase!r}, {kill.role!r}, {kill.entry}, {kill.moment}, {str(note)!r})")
        killed = note.read_text() if note.exists() else None
        return killed, self._run(command) if killed else 0, self._end()

    def _begin(self) -> None:
        for folder in (self._root, self._scratch / "tmp"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._before, self._root)
        (self._scratch / "tmp").mkdir()

    def _run(self, command: str, first: str = "") -> int:
        follow = f"import killing; killing.{first}; " if first else ""
        program = f"{follow}from autograde.cli import main; main()"
        words = [sys.executable, "-c", program, command, ASSIGNMENT, "--course-dir", str(self._root)]
        words += ["--jobs", "2"] if command == "grade" else []
        rooms = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": rooms, "TMPDIR": str(self._scratch / "tmp")}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.run(words, **quiet, env=environment).returncode

    def _end(self) -> list[str]:
        left = [f"left in the temporary folder: {path.name}" for path in (self._scratch / "tmp").iterdir()]
        return end_state(self._root) + left + self._living()

    def _living(self) -> list[str]:
        """Processes that speak of this course's folders still, after a while."""
        deadline = time.monotonic() + LEAVING
        while (left := self._speaking()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [f"still running: {name}" for name in left]

    def _speaking(self) -> list[str]:
        names = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.pid != os.getpid() and str(self._scratch) in " ".join(process.cmdline()):
                    names.append(process.name())
        return names


def main() -> int:
    """Returns 1 where an end differed, a next run failed or nobody could be killed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=5, help="kills of each role in each phase")
    parser.add_argument("--only", nargs="+", metavar="PHASE/ROLE")
    parser.add_argument("--submissions", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--busy", type=int, default=0, help="busy loops beside")
    asked = parser.parse_args()
    cells = [(phase, role) for phase, roles in ROLES.items() for role in roles]
    cells = [cell for cell in cells if not asked.only or "/".join(cell) in asked.only]
    if not cells:
        parser.error(f"--only: there are {', '.join(f'{p}/{r}' for p, rs in ROLES.items() for r in rs)}")
    with tempfile.TemporaryDirectory(prefix="autograde-kill-") as scratch, busy(asked.busy):
        return _try_all(Disturbed(Path(scratch), asked.submissions), cells, asked.times, asked.seed)


def _try_all(course: Disturbed, cells: list[tuple[str, str]], times: int, seed: int) -> int:
    commands = {phase: "release" if phase in OF_RELEASE else "grade" for phase, _ in cells}
    known = {command: course.undisturbed(command) for command in sorted(set(commands.values()))}
    drawn, counts = random.Random(seed), Counter[tuple[str, str, str]]()
    for phase, role in cells:
        expected, seconds = known[commands[phase]]
        for _ in range(times):
            said, ended = _try_one(course, commands[phase], phase, role, expected, seconds[phase], drawn)
            counts[phase, role, ended] += 1
            print(f"{phase}/{role}: {said}", flush=True)
    print("\nphase         role      the same   another end   nobody there")
    for phase, role in cells:
        ends = [counts[phase, role, end] for end in ("same", "other", "nobody")]
        print("{:12}  {:8}  {:8d}   {:11d}   {:12d}".format(phase, role, *ends))
    print(
        f"{counts.total()} kills asked for, {sum(counts[p, r, 'same'] for p, r in cells)} with the same end"
    )
    return int(any(end != "same" for _, _, end in counts))


def _try_one(
    course: Disturbed,
    command: str,
    phase: str,
    role: str,
    expected: list[str],
    seconds: list[float],
    drawn: random.Random,
) -> tuple[str, str]:
    for attempt in range(TRIES):
        (entry,) = drawn.choices(range(len(seconds)), weights=seconds)  # any moment of the phase alike
        kill = Kill(phase, role, entry, drawn.uniform(0, seconds[entry]) / 2**attempt)
        killed, status, actual = course.disturbed(command, kill)
        if killed:
            break
    else:
        return "nobody could be killed in time", "nobody"
    where = f"{killed} killed {1000 * kill.moment:.1f} ms after entry {kill.entry + 1} of {len(seconds)}"
    odd = differences(expected, actual)
    if not odd and status == 0:
        return f"{where}: the same end", "same"
    lines = "".join(f"\n      {line}" for line in odd)
    return f"{where}: ANOTHER END, exit status {status}{lines}", "other"


@contextmanager
def busy(many: int) -> Iterator[None]:
    """So many loops that do nothing but take the processor."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(many)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


if __name__ == "__main__":
    sys.exit(main())
