"""What a course's folder holds in the end, comparable between runs: rows and files without random ids."""

import hashlib
import json
import re
import sqlite3
from pathlib import Path

DATABASE = "gradebook.db"
RANDOM_ID = re.compile(r"[0-9a-f]{32}")
BEGINNING, SHOWN = 60, 120  # characters of a long line
MEASURED = {"seconds"}  # columns that differ between two runs of the same
LINKED = {
    "grades": """
select student.id, notebook.name, base_cell.name, grade.auto_score, grade.manual_score, grade.extra_credit,
       grade.needs_manual_grade
from grade
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join notebook on notebook.id = submitted_notebook.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id
join base_cell on base_cell.id = grade.cell_id""",
    "comments": """
select student.id, notebook.name, base_cell.name, comment.auto_comment, comment.manual_comment
from comment
join submitted_notebook on submitted_notebook.id = comment.notebook_id
join notebook on notebook.id = submitted_notebook.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id
join base_cell on base_cell.id = comment.cell_id""",
    "points": """
select notebook.name, base_cell.name, base_cell.type, grade_cells.max_score, task_cells.max_score
from base_cell
join notebook on notebook.id = base_cell.notebook_id
left join grade_cells on grade_cells.id = base_cell.id
left join task_cells on task_cells.id = base_cell.id""",
}


def end_state(root: Path) -> list[str]:
    """One line for each row of the gradebook and for each file of the course, sorted."""
    return sorted([*_rows(root / DATABASE), *_files(root)])


def differences(expected: list[str], actual: list[str]) -> list[str]:
    """Lines that only one of two states has; of two that begin alike, from where they differ."""
    missing, odd = _without(expected, actual), _without(actual, expected)
    lines = []
    for line in missing:
        others = [(_alike(line, other), other) for other in odd]
        same, other = max(others, default=(0, ""))
        if same > len(line.split(":")[0]):  # a row of that table, a file with this name
            odd.remove(other)
            beginning = line[:BEGINNING]
            lines.append(f"{beginning} … - {line[same:][:SHOWN]} + {other[same:][:SHOWN]}")
        else:
            lines.append(f"- {line}")
    return [*lines, *(f"+ {line}" for line in odd)]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _without(lines: list[str], others: list[str]) -> list[str]:
    left = list(others)
    result = []
    for line in lines:
        if line in left:
            left.remove(line)
        else:
            result.append(line)
    return result


def _rows(path: Path) -> list[str]:
    if not path.exists():
        return ["no gradebook"]
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        lines = []
        for kind, name, sql in connection.execute("select type, name, sql from sqlite_master").fetchall():
            lines.append(f"{kind} {name}: {sql}")
            if kind == "table":
                lines += _table(connection, name)
        if any(line.startswith("table grade:") for line in lines):
            for name, query in LINKED.items():
                lines += [f"{name}: {row}" for row in connection.execute(query).fetchall()]
        return lines
    finally:
        connection.close()


def _table(connection: sqlite3.Connection, name: str) -> list[str]:
    cursor = connection.execute(f'select * from "{name}"')
    columns = [column[0] for column in cursor.description]
    return [
        f"{name}: " + json.dumps([_value(column, value) for column, value in zip(columns, row, strict=True)])
        for row in cursor.fetchall()
    ]


def _value(column: str, value: object) -> object:
    if column in MEASURED:
        return "measured"
    if isinstance(value, str) and RANDOM_ID.fullmatch(value):
        return "an id"
    return value if isinstance(value, int | float | str | None) else repr(value)


def _files(root: Path) -> list[str]:
    lines = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name in (DATABASE, ".autograde/lock"):
            continue
        if path.is_dir():
            lines.append(f"folder {name}")
        else:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            lines.append(f"file {name}: {digest} {path.stat().st_mode & 0o777:o}")
    return lines
