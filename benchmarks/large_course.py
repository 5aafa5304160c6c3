"""A large class for measurements: the demo's graded one, copied under other ids, of so many assignments.

Nothing is graded again. The notebooks of the one assignment whose pages are made differ from each other as
those of a real class do: each answered cell, each output and each picture has something of its own.
"""

import argparse
import base64
import json
import os
import re
import shutil
import sqlite3
from contextlib import closing
from hashlib import md5
from pathlib import Path

SHOWING = {"image/png", "text/html"}  # outputs in which a picture stands
ORIGIN, NOTEBOOK = "06-adam", "adam"
WITH_ENDS = re.compile(r"[0-9a-f]{32}(a\d+(-\d+)?|-\d+)")
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


def class_asked_for(words: str) -> argparse.ArgumentParser:
    """A measurement's command line: the demo, how many students and assignments; `words` are its help."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--assignments", type=int, default=8)
    return parser


def make_large(asked: argparse.Namespace, scratch: str) -> Path:
    """The class that was asked for, in a copy of the demo's course that has no page yet."""
    course = Path(scratch) / "course"
    shutil.copytree(asked.demo, course, ignore=shutil.ignore_patterns("feedback", "*.page"))
    enlarge(course, asked.students, asked.assignments)
    return course


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
    for number in range(1, assignments):
        shutil.copytree(course / "solutions" / ORIGIN, course / "solutions" / f"{ORIGIN}a{number}")
    for who in people:
        for number in range(assignments):
            for end in ends:
                add_files(course, who, end, f"a{number}" if number else "")


def add_files(course: Path, who: str, end: str, copy: str) -> None:
    """What `who` handed in and what grading made of it, as another student's or another assignment's."""
    if not (end or copy):
        return
    for kind in ("submitted", "autograded"):
        there, here = course / kind / who / ORIGIN, course / kind / f"{who}{end}" / f"{ORIGIN}{copy}"
        if there.is_dir():  # files that nothing writes: pages are made of one assignment
            shutil.copytree(there, here, copy_function=os.link)
    notebook = course / "autograded" / f"{who}{end}" / f"{ORIGIN}{copy}" / f"{NOTEBOOK}.ipynb"
    if not copy and notebook.exists():
        own = with_own_words(notebook.read_bytes(), f"{who}{end}")
        notebook.unlink()
        notebook.write_bytes(own)


def with_own_words(notebook: bytes, who: str) -> bytes:
    """An autograded notebook as another student's: own answers, own outputs, own pictures."""
    read = json.loads(notebook)
    for number, cell in enumerate(read["cells"]):
        own = f"{who}, cell {number}"
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "".join(cell["source"]) + f"\n# {own}\n"
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = "".join(output["text"]) + f"{own}\n"
            data = output.get("data", {})
            data |= {name: "".join(value) for name, value in data.items() if isinstance(value, list)}
            if picture := data.get("image/png", "").strip():
                another = base64.b64encode(base64.b64decode(picture) + own.encode()).decode()
                data |= {name: data[name].replace(picture, another) for name in SHOWING & data.keys()}
            elif "text/html" in data:
                data["text/html"] += f"<p>{own}</p>"
    return json.dumps(read, ensure_ascii=False, sort_keys=True, separators=(",\n", ": ")).encode()


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
            matcher = {"submitted_assignment": "id", "submitted_notebook": "id"}.get(table, "notebook_id")
            made = [changed(row, copy + end, own) for row in rows[table] if row[matcher] in handed_in | kept]
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
    """Insert rows; ids get nbgrader's length, which PostgreSQL holds them to."""
    if rows:
        names = list(rows[0])
        rows = [{name: of_32_letters(value) for name, value in row.items()} for row in rows]
        marks = ", ".join("?" * len(names))
        database.executemany(
            f"insert into {table} ({', '.join(names)}) values ({marks})", [list(row.values()) for row in rows]
        )


def of_32_letters(value: object) -> object:
    """An id with ends behind it as one that is as long as nbgrader's; any other value as it is."""
    is_id = isinstance(value, str) and WITH_ENDS.fullmatch(value)
    return md5(value.encode(), usedforsecurity=False).hexdigest() if is_id else value
