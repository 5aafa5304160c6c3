"""The formats that need no template: of each entry a line, or a file.

csv, wide and long are tables for spreadsheets and scripts, of several assignments at once. Gradescope gets one
results.json per student, in text only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autograde.delimited import DelimitedTable, guarded
from autograde.entries import wording
from autograde.entries.entry import MISSING, CellScore, Entry
from autograde.files import json_bytes

# Columns, with spaces between.
WHO = "student_id last_name first_name email lms_user_id id_number section"
CSV_HEADER = f"assignment {WHO} timestamp status score max_score seconds_late late_penalty to_be_graded flags"
LONG_HEADER = f"assignment {WHO} status notebook answer check score max_score mistake sentence"


@dataclass
class Exported:
    """The content to write, and who is missing on which side."""

    # One file, or files by name: None for one that must not exist.
    content: bytes | dict[str, bytes | None]
    not_in_template: Sequence[str] = ()
    not_in_gradebook: Sequence[str] = ()
    other_maxima: Sequence[str] = ()  # maximum points by the template, where they differ
    left_out: Sequence[str] = ()  # students without a line, as they have no score
    words: Sequence[str] = ()  # students whose cell of the template has words, and stays
    fate: str = ""  # of a line without a final score, in words; empty: it has the score as it is


def _who(entry: Entry) -> list[str]:
    """The student, as `WHO` names the columns."""
    return [guarded(getattr(entry.person, name)) for name in ("id", *WHO.split()[1:])]


def number(score: float | None) -> str:
    """A score with a decimal point and at most two decimals; empty for None."""
    return "" if score is None else wording.points(score)


def csv_table(rows: Sequence[Entry]) -> Exported:
    """A line per student and assignment; where `to_be_graded` counts answers that wait, there is no score yet."""
    lines = []
    for row in rows:
        flags = [*row.flags, *["marked-late"] * row.marked_late]
        if row.self_reported or row.ordinary_tests:
            flags.append("self-reported")
        late = str(round(row.late)), number(row.penalty)
        when = row.submitted.isoformat() if row.submitted else ""
        start = [guarded(row.assignment), *_who(row), when, row.status]
        scores = number(row.final), number(row.max_score)
        lines.append([*start, *scores, *late, str(row.pending_manual), " ".join(flags)])
    return Exported(DelimitedTable([CSV_HEADER.split(), *lines]).write())


def long_table(rows: Sequence[Entry]) -> Exported:
    """A line per answer with its mistake; a missing submission has one line without an answer."""
    lines = []
    for row in rows:
        start = [guarded(row.assignment), *_who(row), row.status]
        for cell in row.cells:
            names = map(guarded, (cell.notebook, cell.grade_id, cell.check or ""))
            scores = number(cell.score), number(cell.max_score)
            lines.append([*start, *names, *scores, cell.mistake or "", guarded(cell.sentence)])
        if not row.cells:
            lines.append([*start, "", "", "", number(row.final), number(row.max_score), "", ""])
    return Exported(DelimitedTable([LONG_HEADER.split(), *lines]).write())


def wide_table(rows: Sequence[Entry]) -> Exported:
    """A line per student, three columns per assignment; no score without a submission or a final score."""
    names = list(dict.fromkeys(row.assignment for row in rows))
    by_student = {}
    for row in rows:
        by_student.setdefault(row.student, {})[row.assignment] = row
    header = [*WHO.split(), *(f"{name}{of}" for name in names for of in ("", ": status", ": late_penalty"))]
    lines = [
        _who(next(iter(theirs.values()))) + [text for name in names for text in _wide_cells(theirs.get(name))]
        for _, theirs in sorted(by_student.items())
    ]
    table = DelimitedTable([[*map(guarded, header)], *lines])
    return Exported(table.write())


def _wide_cells(row: Entry | None) -> list[str]:
    if row is None:
        return ["", MISSING, ""]
    penalty = number(row.penalty) if row.late else ""
    return [number(row.final), row.status, penalty]


def comments_html(row: Entry) -> str:
    """A paragraph for each answer: its points, what is wrong, and what a person wrote."""
    paragraphs = []
    for cell in row.cells:
        full = (cell.score or 0.0) >= cell.max_score
        said = [
            *([] if full else wording.reason_and_hint(cell)),
            cell.comment,
        ]
        lines = [f"{cell.label}: {wording.score_of(cell.score, cell.max_score)}", *filter(None, said)]
        paragraphs.append(
            f"<p>{'<br>'.join(escape(line) for text in lines for line in text.splitlines())}</p>"
        )
    return "".join(paragraphs)


def result_files(rows: Sequence[Entry]) -> Exported:
    """Files named STUDENT.json; a submission without a score has none, nor one of an earlier export."""
    files = {
        f"{row.student}.json": None
        if row.score is None or row.status == MISSING
        else json_bytes(results_json(row))
        for row in rows
    }
    left_out = [name.removesuffix(".json") for name, content in files.items() if content is None]
    return Exported(files, left_out=left_out)


def results_json(result: Entry) -> dict[str, Any]:
    """The object that Gradescope reads; answers that wait for manual grading have no score.

    A submission that needs attention has the score 0 here, and says why: without a score Gradescope tells the
    student of a fault of the autograder.
    """
    sentences = [*wording.sentences_of(result.flags), *(result.notes if result.score is None else ())]
    return {
        "score": result.score or 0.0,
        "execution_time": round(result.seconds, 3),
        "output": " ".join(sentences),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(cell) for cell in result.cells if result.score is not None],
    }


def _test(cell: CellScore) -> dict[str, Any]:
    test = {"name": cell.label, "name_format": "text", "output_format": "text"}
    if cell.score is None:
        return {**test, "output": "needs manual grading"}
    passed = cell.score >= cell.max_score
    return {
        **test,
        "score": cell.score,
        "max_score": cell.max_score,
        "status": "passed" if passed else "failed",
        "output": "" if passed else "\n".join(wording.reason_and_hint(cell)),
    }


CSV = "csv"
TABLES = {CSV: csv_table, "wide": wide_table, "long": long_table, "gradescope": result_files}
OF_A_TERM = (CSV, "wide", "long")  # take several assignments at once
