"""A term of a large class: what report, export and feedback take.

python benchmarks/term.py demo --students 1000 --assignments 8      (demo: what `autograde demo` has made)

The rows and files of the demo's graded class are copied under other ids, in a copy of its folder: nothing of
them is graded again.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ORIGIN, NOTEBOOK = "06-adam", "adam"
# nbgrader's tables: the columns that name an assignment's rows, and those that name a submission's.
OF_ASSIGNMENT = {
    "assignment": ("id",),
    "notebook": ("id", "assignment_id"),
    "base_cell": ("id", "notebook_id"),
    "source_cell": ("id", "notebook_id"),
    "grade_cells": ("id",),
    "solution_cells": ("id",),
}
OF_SUBMISSION = {
    "submitted_assignment": (("id", "student_id"), ("assignment_id",)),
    "submitted_notebook": (("id", "assignment_id"), ("notebook_id",)),
    "grade": (("id", "notebook_id"), ("cell_id",)),
    "comment": (("id", "notebook_id"), ("cell_id",)),
}


def enlarge(course: Path, students: int, assignments: int) -> None:
    """Make the demo's class one of so many students and assignments."""
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        database.row_factory = sqlite3.Row
        rows = {name: database.execute(f"select * from {name}").fetchall() for name in tables()}
        (origin,) = (row["id"] for row in rows["assignment"] if row["name"] == ORIGIN)
        people = [row["id"] for row in rows["student"]]
        ends = ["", *(f"-{number:02d}" for number in range(1, -(-students // len(people))))]
        for end in ends[1:]:
            put(database, "student", [changed(row, end, ("id",)) for row in rows["student"]])
        for number in range(assignments):
            add_assignment(database, rows, origin, f"a{number}" if number else "", ends)
        database.commit()
    for end in ends[1:]:  # files of one assignment: feedback is written of one
        for who in people:
            there = course / "autograded" / who / ORIGIN
            if there.is_dir():
                shutil.copytree(there, course / "autograded" / f"{who}{end}" / ORIGIN)


def tables() -> list[str]:
    """The tables that are read."""
    return ["student", "autograde_submission", *OF_ASSIGNMENT, *OF_SUBMISSION]


def add_assignment(database, rows, origin: str, copy: str, ends: list[str]) -> None:
    """The origin's rows under another name, and everybody's submission of it."""
    notebooks = {row["id"] for row in rows["notebook"] if row["assignment_id"] == origin}
    cells = {row["id"] for row in rows["base_cell"] if row["notebook_id"] in notebooks}
    ours = {
        origin,
        *notebooks,
        *cells,
        *(r["id"] for r in rows["source_cell"] if r["notebook_id"] in notebooks),
    }
    if copy:
        for table, names in OF_ASSIGNMENT.items():
            made = [changed(row, copy, names) for row in rows[table] if row["id"] in ours]
            if table == "assignment":
                made[0]["name"] += copy
            put(database, table, made)
    for end in ends:
        if not (copy or end):
            continue  # the demo's own
        handed_in = {row["id"] for row in rows["submitted_assignment"] if row["assignment_id"] == origin}
        kept = {row["id"] for row in rows["submitted_notebook"] if row["assignment_id"] in handed_in}
        for table, (own, of_assignment) in OF_SUBMISSION.items():
            whose = {"submitted_assignment": "id", "submitted_notebook": "id"}.get(table, "notebook_id")
            made = [changed(row, copy + end, own) for row in rows[table] if row[whose] in handed_in | kept]
            for row in made:
                if table == "submitted_assignment":
                    row["student_id"] = row["student_id"].removesuffix(copy + end) + end
                for name in of_assignment:
                    row[name] += copy
            put(database, table, made)
        graded = [dict(row) for row in rows["autograde_submission"] if row["assignment"] == ORIGIN]
        for row in graded:
            row["student"] += end
            row["assignment"] += copy
        put(database, "autograde_submission", graded)


def changed(row: sqlite3.Row, end: str, names: tuple[str, ...]) -> dict:
    """A row with `end` behind the ids of these columns."""
    return {name: f"{row[name]}{end}" if name in names else row[name] for name in row.keys()}  # noqa: SIM118


def put(database: sqlite3.Connection, table: str, rows: list[dict]) -> None:
    """Insert rows."""
    if rows:
        names = list(rows[0])
        marks = ", ".join("?" * len(names))
        database.executemany(
            f"insert into {table} ({', '.join(names)}) values ({marks})", [list(row.values()) for row in rows]
        )


def timed(what: str, *words: str) -> None:
    """Run a command of the course's and print what it took."""
    began = time.perf_counter()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("autograde")), *words], capture_output=True, text=True
    )
    print(f"{what:36s} {time.perf_counter() - began:7.2f} s   exit {done.returncode}", flush=True)
    if done.returncode not in (0, 1):
        print(done.stderr)


def main() -> None:
    """Print the seconds of each command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("demo", type=Path)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--assignments", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="autograde-term-") as scratch:
        course = Path(scratch) / "course"
        shutil.copytree(options.demo, course, ignore=shutil.ignore_patterns("feedback"))
        enlarge(course, options.students, options.assignments)
        where = ("--course-dir", str(course))
        timed("start of a command", "report", "--help")
        timed("report of one assignment", "report", ORIGIN, *where)
        timed("report of the term", "report", *where)
        timed("export csv of one assignment", "export", ORIGIN, *where, "--out", f"{scratch}/one.csv")
        timed("export csv of all", "export", *where, "--out", f"{scratch}/all.csv")
        timed("feedback, every page new", "feedback", ORIGIN, *where)
        timed("feedback, nothing new", "feedback", ORIGIN, *where)
        timed("backup", "backup", *where, "--out", f"{scratch}/b.tar.gz")


if __name__ == "__main__":
    main()
