"""An export, from entries to the file, and what stderr says about it: who has no final score, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from autograde.delimited import DelimitedTable
from autograde.entries.entry import EARLIER_VERSION, MISSING, WAITING, Entry, WholeClass
from autograde.entries.matching import Matches
from autograde.entries.wording import (
    FLAGS,
    GONE_REMEDY,
    NO_RESULT,
    ORDINARY_TESTS_RUN,
    STRANGERS,
    counted,
    lines_about,
    notices,
)
from autograde.errors import UsageError
from autograde.files import put, put_where_asked
from autograde.lms.formats import CSV, OF_A_TERM, TABLES, Exported, number
from autograde.lms.systems import SYSTEMS, export_as, points_now
from autograde.untrusted.names import printable, shell_word

FORMATS = (*TABLES, *SYSTEMS)
GRADE = "Type: autograde grade {assignment}"
OTHER_POINTS = (
    "graded out of a different maximum than {assignment} has now ({now}), written as they are: {students}. "
    "`autograde grade {assignment}` grades them again"
)
FEWER_POINTS = f"{FLAGS[EARLIER_VERSION].words}: {{students}}"
SELF_REPORTED = (
    "self-reported, in the student's own process, by stock nbgrader: {students}. `autograde grade {assignment}` "
    "replaces these scores; --accept-self-reported accepts them"
)
ORDINARY_TESTS = f"{ORDINARY_TESTS_RUN}: {{students}}. Only checks are judged outside it"
NOTHING_GRADED = f"{{assignment}} is left out: nothing graded yet. Submitted by {{students}}. {GRADE}"


@dataclass(frozen=True)
class ExportOptions:
    """What `autograde export` was asked for."""

    folder: Path
    """Where the file goes that `out` does not name."""
    format: str
    template: Path | None
    column: str | None
    comments: str | None
    scale: bool
    out: Path | None
    accept_self_reported: bool
    zero_missing: bool


def export(
    classes: Sequence[WholeClass],
    kept: Matches,
    ungraded: Mapping[str, Sequence[str]] | None,
    asked: ExportOptions,
) -> bool:
    """Write the export; whether every submission is in it with a final score, out of as many points.

    Others are listed on stderr. A score by stock nbgrader counts as not final unless it is accepted.

    Args:
        kept: whose senders are.
        ungraded: of a whole term, who submitted for each assignment of which nothing is graded.

    Raises:
        UsageError: what the format itself refuses.
    """
    format, scale = asked.format, asked.scale
    table = DelimitedTable.read(asked.template) if asked.template else None
    names = [whole.key.assignment for whole in classes]
    require_one(format, names)
    rows = [
        replace(entry, score=0.0) if asked.zero_missing and entry.status == MISSING else entry
        for whole in classes
        for entry in whole.entries
    ]
    exported = export_as(format, rows, table, asked.column, asked.comments, kept, scale)
    require_somebody(exported, rows)
    _write(exported, asked.out, asked.folder / _usual_name(ungraded is not None, format, names))
    strangers = sorted({student for whole in classes for student in whole.strangers})
    complete = [
        warn_about_scores(exported, rows, scale),
        *(not _warn({NOTHING_GRADED: who}, name) for name, who in sorted((ungraded or {}).items())),
        *(not _warn({GONE_REMEDY: whole.gone}, whole.key.assignment, names) for whole in classes),
        warn_about_matches(exported, rows, strangers, classes[0].on_roster),
        asked.accept_self_reported or not any(row.self_reported for row in rows),
    ]
    return all(complete)


def require_known(format: str) -> None:
    """Refuse a format that there is not.

    Raises:
        UsageError: naming those that there are.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format}: unknown. Formats: {', '.join(sorted(FORMATS))}.")


def require_one(format: str, names: Sequence[str]) -> None:
    """Refuse several assignments for a format with one column.

    Raises:
        UsageError: naming the command for the first.
    """
    if len(names) > 1 and format not in OF_A_TERM:
        command = f"autograde export {shell_word(names[0])} --format {format}"
        raise UsageError(f"{format} takes one assignment at a time: {command}")


def require_somebody(exported: Exported, rows: Sequence[Entry]) -> None:
    """Refuse a template that names none of the students.

    Raises:
        UsageError: naming how they were looked up.
    """
    if exported.not_in_gradebook and rows and {row.student for row in rows} <= {*exported.not_in_template}:
        raise UsageError(
            "nobody in the template is in this course by id, login, LMS id or e-mail address "
            f"({printable(exported.not_in_gradebook[0])}, …), so nothing is written. Take the export of the "
            "system that the roster came from"
        )


def _usual_name(whole_term: bool, format: str, names: Sequence[str]) -> str:
    """`grades-ASSIGNMENT-FORMAT`; `grades-term` for the whole term, no `-csv`."""
    of = "term" if whole_term and format in OF_A_TERM else names[0]
    return f"grades-{of}" if format == CSV else f"grades-{of}-{format}"


def _write(exported: Exported, out: Path | None, usual: Path) -> None:
    if isinstance(exported.content, bytes):
        path = out or usual.with_name(f"{usual.name}.csv")
        put_where_asked(path, exported.content)
        typer.echo(f"wrote {path}")
        return
    folder, written = out or usual, 0
    for name, content in exported.content.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            put(folder / name, content)
            written += 1
    typer.echo(f"wrote {counted(written, 'file')} into {folder}")


def warn_about_scores(exported: Exported, rows: Sequence[Entry], scaled: bool = False) -> bool:
    """Whether every submission has a final score, out of today's points; warns about the others."""
    names = list(dict.fromkeys(row.assignment for row in rows))
    complete = True
    for name in names:
        results = [row for row in rows if row.assignment == name]
        without = {}
        for row in results:
            if row.final is None or row.status == MISSING:
                status = NO_RESULT.get(row.status, "not final yet")
                without.setdefault((status, _fate(exported, row)), []).append(row.student)
        for (status, fate), students in sorted(without.items(), reverse=True):
            remedy = f". {GRADE}" if status == NO_RESULT[WAITING] else ""
            _warn({f"{status}{fate}: {{students}}{remedy}": students}, name, names)
        earlier = [one for one in results if one.points_now is not None and not scaled]
        now = number(earlier[0].points_now) if earlier else ""
        said = {
            **notices([one for one in results if one.status not in NO_RESULT]),
            SELF_REPORTED: [one.student for one in results if one.self_reported],
            ORDINARY_TESTS: [test.grade_id for one in results for test in one.ordinary_tests],
            OTHER_POINTS: [f"{one.student} ({number(one.max_score)})" for one in earlier],
            FEWER_POINTS: [
                f"{one.student} ({number(one.max_score)})"
                for one in results
                if EARLIER_VERSION in one.flags and not scaled
            ],
        }
        _warn(said, name, names, now)
        complete &= not earlier and all(status == NO_RESULT[MISSING] for status, _ in without)
    return complete


def _fate(exported: Exported, row: Entry) -> str:
    """What became of the line of a student without a final score."""
    if row.student in exported.left_out:
        return ", left out"
    return exported.fate if row.final is None else ", 0 points"


def warn_about_matches(
    exported: Exported, rows: Sequence[Entry], strangers: Sequence[str], on_roster: bool
) -> bool:
    """Whether template, gradebook and roster agree on the students and the points; warns if not."""
    place = "nobody on the roster has that key and name" if on_roster else "nothing of theirs is graded"
    said = {
        "not in the template: {students}": exported.not_in_template,
        "the template has words instead of a number, left as they are: {students}": exported.words,
        f"in the template, but {place}: {{students}}": exported.not_in_gradebook,
        STRANGERS: strangers,
    }
    _warn(said)
    if exported.other_maxima:
        ours = number(points_now(rows))
        typer.echo(
            f"the template says {', '.join(exported.other_maxima)} points at most, {rows[0].assignment} has "
            f"{ours}: scores were written as they are. Is this the right column? If so, give it {ours} points "
            "there first, or add --scale.",
            err=True,
        )
    return not (exported.not_in_template or exported.not_in_gradebook or exported.other_maxima or strangers)


def _warn(
    sentences: Mapping[str, Sequence[str]], assignment: str = "", names: Sequence[str] = (), now: str = ""
) -> bool:
    """Whether any sentence is about somebody; these are said on stderr, of several assignments with their names."""
    prefix = f"{assignment}: " if len(names) > 1 else ""
    lines = list(lines_about(sentences, assignment, now=now))
    for line in lines:
        typer.echo(prefix + line, err=True)
    return bool(lines)
