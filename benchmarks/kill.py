"""Kill -9 at random moments of a run; the next run must end in the gradebook of an undisturbed one.

    python benchmarks/kill.py --times 50

Each time one process is killed: the grader itself, or one of those it started (a box, a worker). The course
has no gradebook before: making it and registering the assignment are a part of each run.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from autograde.bench.course import ASSIGNMENT, make_course
from autograde.grading.course import Course
from autograde.grading.secret import course_secret

GRADES = """
select student.id, base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
from grade
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id
join base_cell on base_cell.id = grade.cell_id
order by 1, 2
"""
COMMENTS = """
select student.id, base_cell.name, comment.auto_comment, comment.manual_comment
from comment
join submitted_notebook on submitted_notebook.id = comment.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id
join base_cell on base_cell.id = comment.cell_id
order by 1, 2
"""
CELLS = """
select base_cell.name, base_cell.type, grade_cells.max_score
from base_cell left join grade_cells on grade_cells.id = base_cell.id
order by 1, 2
"""
RECORDS = "select student, digest, products, status, flags, notes, cells from autograde_submission order by 1"


def main() -> int:
    """Returns 1 where a gradebook differed or a run did not finish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    drawn = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="autograde-kill-") as scratch:
        fresh, undisturbed = Path(scratch) / "fresh", Path(scratch) / "undisturbed"
        make_course(fresh, asked.submissions)
        course_secret(Course.open(fresh), graded_before=False)
        shutil.copytree(fresh, undisturbed)
        began = time.monotonic()
        if _grade(undisturbed).wait() != 0:
            print("the undisturbed run failed")
            return 1
        seconds = time.monotonic() - began
        wanted = _rows(undisturbed)
        failures = 0
        for number in range(1, asked.times + 1):
            root, killed = Path(scratch) / "disturbed", None
            while killed is None:
                shutil.rmtree(root, ignore_errors=True)
                shutil.copytree(fresh, root)
                moment, victim = drawn.uniform(0.05, 1.0) * seconds, drawn.choice(("grader", "child"))
                killed = _disturb(root, moment, victim)
                seconds *= 1 if killed else 0.8  # the machine is faster now than it was at first
            status = _grade(root).wait()
            same = _rows(root) == wanted
            failures += not (same and status == 0)
            said = "the same gradebook" if same else "ANOTHER GRADEBOOK"
            print(
                f"{number:3d}  {killed} killed after {moment:5.2f} s: {said}, exit status {status}",
                flush=True,
            )
    return int(failures > 0)


def _grade(root: Path) -> subprocess.Popen[bytes]:
    program = "from autograde.cli import main; main()"
    command = [sys.executable, "-c", program, "grade", ASSIGNMENT, "--course-dir", str(root), "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _disturb(root: Path, moment: float, victim: str) -> str | None:
    """Start a run, kill one of its processes, wait for its end; says what was killed, if it was in time."""
    grader = _grade(root)
    time.sleep(moment)
    killed = None
    try:
        children = psutil.Process(grader.pid).children(recursive=True)
        if victim == "child" and children:
            random.choice(children).kill()
            killed = "a child"
        elif grader.poll() is None:
            grader.kill()
            killed = "the grader"
    except psutil.NoSuchProcess:
        pass
    grader.wait()
    return killed


def _rows(root: Path) -> list[list[tuple]]:
    """What the gradebook holds, without random ids and times."""
    connection = sqlite3.connect(root / "gradebook.db")
    try:
        return [connection.execute(query).fetchall() for query in (CELLS, GRADES, COMMENTS, RECORDS)]
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
